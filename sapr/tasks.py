"""Celery's door to the project package: names without content."""

from celery import shared_task


@shared_task(name="sapr.ping")
def ping() -> None:
    """Leave an event that says: a worker took a task from the broker and reached the database."""
    from reports.ledger.services import append_system
    from sapr import clock

    append_system(kind="worker_pinged", actor=None, at=clock.now())

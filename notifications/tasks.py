"""Celery's door: names without content."""

from celery import shared_task


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Look for due work now."""
    from notifications.services import sweep as run

    run()

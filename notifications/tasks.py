"""Celery's door: names without content."""

from datetime import datetime

from celery import shared_task


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Look for due work now, until there is none left: a catch-up after downtime needs no further wake-up."""
    from notifications.sweeping import more
    from notifications.sweeping import sweep as run

    while more(run()):
        pass


@shared_task(name="notifications.demo_clock_advance")
def demo_clock_advance(to: str) -> None:
    """Move a demo's clock to an instant (ISO 8601), doing what falls due on the way.

    Delivered twice it moves once: an instant that has passed already is left alone.
    """
    from notifications.sweeping import demo_clock_advance as advance
    from reports.ledger.services import append_system
    from sapr import clock
    from sapr.models import Kind

    target = datetime.fromisoformat(to)
    if clock.kind() != Kind.DEMO or target <= clock.now():
        return
    stops = advance(to=target)
    append_system(
        kind="clock_moved", actor=None, at=clock.now(), data={"to": target.isoformat(), "stops": stops}
    )

"""Whatever is imported, nobody is told of what was long before."""

from datetime import timedelta

from notifications.sweeping import demo_clock_advance
from tests.legacy.looking import counts
from tests.legacy.old import T0, imported, past, row, written

MANY = 1_000
TOLD = (
    "notifications_notice", "notifications_inboxitem", "notifications_outgoing", "notifications_escalation",
    "notifications_reminder", "notifications_receipt", "notifications_ladder",
)  # fmt: skip


def test_a_thousand_old_restricted_reports_and_a_year_of_sweeps_tell_nobody_anything(stage, tmp_path) -> None:
    """Each was signed more than a year before; of every third the commander notice was missed, says the old record."""
    missed = {"duties": [past("commander_notice_restricted", 399, "missed")]}
    rows = [row(f"M-{number}", days=400, **({} if number % 3 else missed)) for number in range(MANY)]
    found = imported(written(tmp_path, rows), processes=2)
    assert (found.imported, found.opened) == (MANY, {})
    with stage.as_worker():
        for quarter in range(1, 5):
            demo_clock_advance(to=T0 + quarter * timedelta(days=92), hold=True)
    assert counts(stage, *TOLD) == [0] * len(TOLD)

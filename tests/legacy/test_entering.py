import pytest
from datetime import timedelta
from reports import access
from reports.models import Case, Event, Duty
from tests.legacy.old import *

def test_first(stage, tmp_path):
    rows = [row("A-1"), row("A-2", days=100), row("A-3", "unrestricted", 400, duties=[past("monthly_update", 380), past("monthly_update", 350, "missed"), past("mcio_notice", 400, "unknown")]),
      row("A-4", days=500, report={"converted_at": iso(CUTOVER - timedelta(days=60))}),
      row("A-5", "unrestricted", 300, disposed_at=iso(CUTOVER-timedelta(days=1))), row("A-6", days=900, closed_at=iso(CUTOVER-timedelta(days=100)))]
    path = written(tmp_path, rows)
    s = imported(path, dry_run=True)
    print(s)
    s = imported(path)
    print(s)
    s = imported(path)
    print(s)
    w = stage.world
    with access.viewing(w.sarc):
        for c in Case.objects.all():
            print(c.number, c.state, c.report.election, [(e.kind, e.data) for e in Event.objects.filter(case_id=c.pk)], [(d.kind, d.state, d.due_at, d.occurrence) for d in Duty.objects.filter(case=c)])
    assert 0

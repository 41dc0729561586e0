"""A SARC's figures against counting one by one; flat in the number of other people's cases."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports import access
from reports.casework.services import step_record
from reports.obligations.models import Duty
from reports.statistics.own import figures
from sapr import clock
from tests.erasure.conftest import left_without_signing
from tests.signed_in import signed_in
from tests.times import T0

UPDATE, BY = "monthly_update_given", {"by": "commander"}


def at(instant):
    clock.move(instant, hold=True)
    return instant


def test_figures_of_own_cases_are_what_counting_one_by_one_gives(world) -> None:
    restricted, open_case = world.signed("restricted"), world.signed("unrestricted")
    left_without_signing(world)
    world.contact(actor=world.stranger)
    client = signed_in(world.sarc)
    with CaptureQueriesContext(connection) as before:
        assert client.get("/admin/figures/").status_code == 200
    for days, kind, details in ((1, "sarc_advised", {}), (40, UPDATE, BY), (75, UPDATE, BY)):
        moment = at(T0 + timedelta(days=days))
        step_record(actor=world.sarc, case_id=open_case.case_id, kind=kind, at=moment, details=details)
    now = at(T0 + timedelta(days=80))
    with access.viewing(world.sarc):
        found = figures(viewer=world.sarc, at=now, zone=world.installation.zone)
        duties = list(Duty.objects.filter(case__walked_away_at=None, state__in=["discharged", "missed"]))
    by_hand = [sum(each.state == state for each in duties) for state in ("discharged", "missed")]
    assert by_hand[0] * by_hand[1] > 0
    for rows in (found.months, found.kinds):
        assert [sum(each.in_time for each in rows), sum(each.late for each in rows)] == by_hand
    assert len(found.months) == 12
    assert found.months[-1].name == "2026-05"
    assert found.ages == {"restricted": [80], "unrestricted": [80], "other": []}
    assert {(each.restricted, each.unrestricted, each.other) for each in found.load} == {(1, 1, 0)}
    # A session of that day: the earlier one ran out.
    client = signed_in(world.sarc)
    assert restricted.case.number not in client.get("/admin/figures/").content.decode()
    world.signed("restricted", at=now)
    with CaptureQueriesContext(connection) as after:
        page = client.get("/admin/figures/").content.decode()
    assert len(after) <= len(before) + 2 <= 40
    assert page.count('data-test="chart-') == 7
    # Who has cases of their own sees nothing of these.
    other = signed_in(world.stranger).get("/admin/figures/").content.decode()
    assert world.sarc.display_name not in other

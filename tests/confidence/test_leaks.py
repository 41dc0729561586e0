"""TR-18, TR-19: a disclosure without right leaves the report Restricted; of some the MCIO is told."""

import pytest

from notifications.models import InboxItem, Notice
from reports import access
from reports.disclosure import leaks, selectors
from reports.disclosure.leaks import leak_find, leak_hand_on
from reports.election.models import Report
from sapr.errors import DomainError
from tests.confidence.conftest import duties_about, kinds_of, refused_by, undone
from tests.times import T0


def test_tr_19_the_mcio_is_told_by_a_duty_and_by_no_notice_and_tr_18_the_report_stays(world, report) -> None:
    on = {"actor": world.sarc, "case_id": report.case_id, "at": T0}
    with access.viewing(world.sarc):
        before = set(Notice.objects.values_list("pk", "kind", "state"))
    for reached, due in (
        (["commander"], True),
        (["law_enforcement", "other"], True),
        (["other"], False),
    ):
        with undone():
            leak = leak_find(**on, reached=reached)
            opened = [("tell_mcio_of_leak", "CD-22", "open")] if due else []
            assert duties_about(world, leak) == opened
            if not due:
                with refused_by("TR-19"):
                    leak_hand_on(**on, leak_id=leak)
                continue
            leak_hand_on(**on, leak_id=leak)
            assert duties_about(world, leak) == [("tell_mcio_of_leak", "CD-22", "discharged")]
            with refused_by("TR-19", "already_told"):
                leak_hand_on(**on, leak_id=leak)
            with access.viewing(world.sarc):
                assert Report.objects.get(pk=report.pk).election == "restricted"
                assert set(Notice.objects.values_list("pk", "kind", "state")) == before
                (found,) = selectors.case_leaks(viewer=world.sarc, case=report.case)
            assert (found.reached, found.handed_on_at) == (reached, T0)
            with access.viewing(world.mcio):
                assert not InboxItem.objects.exists()
            assert "report_converted" not in kinds_of(world, report.case_id)


def test_two_leaks_of_one_case_are_two_duties(world, report) -> None:
    on = {"actor": world.sarc, "case_id": report.case_id, "at": T0}
    first, second = (leak_find(**on, reached=["commander"]) for _ in range(2))
    leak_hand_on(**on, leak_id=second)
    assert duties_about(world, first)[0][2] == "open"
    assert duties_about(world, second)[0][2] == "discharged"


def test_a_leak_is_of_a_restricted_report_in_known_words(world, report) -> None:
    on = {"actor": world.sarc, "case_id": report.case_id, "at": T0}
    for wrong in ([], ["a neighbour"], "commander", [7]):
        with pytest.raises(DomainError):
            leak_find(**on, reached=wrong)
    with refused_by("TR-18", "not_restricted"):
        leak_find(**on | {"case_id": world.signed("unrestricted").case_id}, reached=["other"])
    with pytest.raises(DomainError, match="no such leak"):
        leak_hand_on(**on, leak_id=report.pk)
    assert leaks.tells_mcio(report.case, ["law_enforcement"], T0)

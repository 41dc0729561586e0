"""CL-5 and CL-6: closing a case by its number from a command above, by its record alone, seeing nothing of it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.models import Location, LocationKind, Post, Role
from reports import access, policy
from reports.access.models import Look
from reports.adoption.models import Service
from reports.casework.closing import closing_tests
from reports.casework.closing_above import case_close_from_above
from reports.election.models import Case
from reports.erasure.services import hold_place
from reports.ledger.models import Event
from reports.ledger.services import append
from reports.models import Duty
from reports.policy import FactsError
from sapr import clock
from sapr.errors import DomainError
from tests.database.reading import everything
from tests.database.refusals import refused
from tests.election.way import closed, duties, limited, state
from tests.factories import AppointmentFactory, PostFactory
from tests.meeting.ways import DAY, kinds_of
from tests.signed_in import signed_in
from tests.times import T0

DONE = (
    ("referral_made", {"matter": "a"}), ("referral_ended", {"matter": "a"}),
    ("investigation_opened", {}), ("investigation_closed", {}), ("final_disposition_decided", {}),
)  # fmt: skip
EVENT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, '{}')"


def above(world, role=Role.SARC, *, at: Location | None = None, **kwargs: Any):
    """Somebody on a post of the command above the world's installations, or of another place."""
    post = PostFactory(location=at or world.posts["higher"].location, role=role)
    return AppointmentFactory(post=post, **kwargs).user


def sarc_post(world) -> Post:
    """The post of the supervisory SARC, there already."""
    return Post.objects.get(location=world.posts["higher"].location, role=Role.SARC)


def said(world, case_id, kind: str, data: dict[str, str]) -> None:
    with access.viewing(world.sarc):
        append(case_id=case_id, kind=kind, actor=world.sarc, at=T0, data=data)


def ready(world, option: str = "unrestricted") -> Case:
    """A case whose own record passes every test."""
    case = world.signed(option).case
    for kind, data in DONE if option == "unrestricted" else DONE[:2]:
        said(world, case.pk, kind, data)
    return case


def close(person, case, at=None) -> bool:
    return case_close_from_above(actor=person, number=case.number, at=at or clock.now())


def test_cl_5_a_supervisory_sarc_closes_what_the_record_allows_and_sees_nothing_of_it(world) -> None:
    case, sarc = ready(world), above(world)
    clock.move(T0 + DAY, hold=True)
    assert close(sarc, case)
    assert state(world, case.pk) == "CLOSED"
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=case.pk, kind="case_closed")
        ended = Duty.objects.filter(case=case, closed_event=event.pk)
        assert (event.actor_id, event.occurred_at) == (sarc.pk, T0 + DAY)
        assert event.data == dict.fromkeys(
            ("referrals_complete", "under_cmg_review", "investigation_complete"), "recorded"
        ) | {"closer": "supervisory_sarc"}
        assert {each.state for each in ended} == {"ended"}
        assert kinds_of(world.sarc, case.pk)[-len(ended) :] == ["duty_ended"] * len(ended)
    # What closing leaves open stays open.
    assert duties(world, case.pk)["dsaid_entry"] == "open"
    seen = everything(sarc)
    assert [each for each in (str(case.pk), case.number) if each in seen] == []


def test_cl_6_so_does_a_programme_manager_above_and_what_fell_due_is_missed_not_ended(world) -> None:
    case, restricted = ready(world), ready(world, "restricted")
    with access.viewing(world.sarc):
        first = Duty.objects.filter(case=case, kind="monthly_update").get().due_at
    clock.move(first + DAY, hold=True)
    assert close(world.manager, case)
    assert duties(world, case.pk)["monthly_update"] == "missed"
    with access.viewing(world.sarc):
        assert (
            Event.objects.get(case_id=case.pk, kind="case_closed").data["closer"]
            == "service_programme_manager"
        )
    assert close(world.manager, restricted)


def test_cl_5_cl_6_nobody_else_closes_and_every_refusal_is_the_same_answer_and_a_look(world) -> None:
    case, sarc = ready(world), above(world)
    unready = world.signed("unrestricted").case
    elsewhere = Location.objects.create(kind=LocationKind.COMMAND, name="Another Command", zone="UTC")
    for person in (
        world.stranger, world.sarc, above(world, at=elsewhere), above(world, Role.PROGRAMME_MANAGER, at=elsewhere),
        above(world, at=Location.objects.create(
            kind=LocationKind.INSTALLATION, name="Fort Beside", zone="UTC", parent=world.posts["higher"].location)),
    ):  # fmt: skip
        assert not close(person, case)
    lapsed = AppointmentFactory(post=sarc_post(world), certified=False).user
    for person in (world.va, world.commander, world.higher, lapsed):
        with pytest.raises(DomainError) as told:
            close(person, case)
        assert told.value.code == "not_your_role"
    # Of the number no more is said than that nothing was closed.
    nobodys = policy.new_control_number(prefix="C")
    already = closed(world, ready(world).pk)
    for number in (unready.number, nobodys, already.number, world.contact().number):
        assert not case_close_from_above(actor=sarc, number=number, at=T0)
    with pytest.raises(FactsError):
        case_close_from_above(actor=sarc, number="C-0000", at=T0)
    with access.viewing(sarc):
        assert Look.objects.filter(user=sarc, kind="not_there").count() == 4
    pages = [
        signed_in(sarc).post("/admin/close-from-above/", {"number": number}, follow=True).content.decode()
        for number in (unready.number, nobodys)
    ]
    assert "Nothing was closed" in pages[0]
    assert unready.number not in pages[0]
    assert state(world, case.pk) == "UNRESTRICTED_OPEN"
    assert (
        "The case is closed."
        in signed_in(sarc)
        .post("/admin/close-from-above/", {"number": case.number}, follow=True)
        .content.decode()
    )


def test_cl_1_to_cl_3_from_above_the_record_counts_as_it_does_for_the_sarc_of_the_case(world) -> None:
    """The database reads the record as `completeness` does: after each event both say the same."""
    story = (
        ("service_accepted", {"matter": "m"}), ("service_declined", {"matter": "m"}),
        ("referral_ended", {"matter": "r"}), ("investigation_opened", {"investigation": "i"}),
        ("final_disposition_decided", {}), ("investigation_closed", {"investigation": "other"}),
        ("investigation_closed", {"investigation": "i"}),
        ("referral_made", {"matter": "r"}), ("referral_made", {"matter": "r"}),
        ("referral_ended", {"matter": "r"}), ("referral_ended", {"matter": "r"}),
    )  # fmt: skip
    answers = set()
    for case in (world.signed("restricted").case, limited(world)):
        for kind, data in story:
            if kind.startswith(("cmg", "final", "investigation")) and _restricted(case):
                continue
            said(world, case.pk, kind, data)
            with access.viewing(world.sarc):
                own = closing_tests(case=Case.objects.get(pk=case.pk), answers={}, at=T0)
            with transaction.atomic():
                found = close(world.manager, case)
                transaction.set_rollback(True)
            assert found is (not own.unmet), (case, kind, own.unmet)
            answers.add((_restricted(case), found))
    assert answers == {(True, True), (True, False), (False, True), (False, False)}


def _restricted(case) -> bool:
    return getattr(getattr(case, "report", None), "election", "") == "restricted"


def test_cl_5_raw_sql_closes_no_more_than_that_and_the_kinds_that_end_are_the_rules(world) -> None:
    unready, sarc = world.signed("restricted").case, above(world)
    with access.viewing(sarc), connection.cursor() as cursor:
        for roles in ("{sarc,programme_manager}", "{sapr_va}", "{sarc,senior_commander}", "{}"):
            cursor.execute("SELECT sapr_close_from_above(%s, %s)", [unready.number, roles])
            assert cursor.fetchone() == (False,)
        with refused("row-level security"):
            cursor.execute(EVENT, [uuid4(), unready.pk, "case_closed", T0, sarc.pk])
        for call in ("sapr_closing_recorded(%s)", "sapr_closes_from_above(%s, '{sarc}')"):
            with refused("permission denied"):
                cursor.execute(f"SELECT {call}", [unready.pk])
        cursor.execute("SELECT kind FROM reports_endedbyclosing")
        ends = {row[0] for row in cursor.fetchall()}
    told = [
        policy.duties("case_closed", {"service": each.value}, at=T0, zone="UTC", profile="dated")
        for each in Service
    ]
    assert ends == {kind for each in told for kind in each.discharged}
    # A hold keeps nothing open: it is about erasing.
    case = ready(world, "restricted")
    hold_place(actor=world.sarc, case_id=case.pk, reason="appeal", at=T0)
    assert close(sarc, case)

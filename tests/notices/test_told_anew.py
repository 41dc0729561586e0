"""DN-55: details are told anew in a notice that nothing links to the earlier one; a Restricted report never is."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Location, LocationKind
from notifications.correcting.services import notice_correct
from notifications.models import InboxItem, Notice, NoticeKind, NoticeState
from notifications.services import inbox_open
from notifications.sweeping import sweep
from reports import access
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from reports.recording import record
from sapr import clock
from tests.desk.conftest import text as page_text
from tests.factories import AppointmentFactory, PostFactory, UserFactory
from tests.notices.corrected import code, completed
from tests.notices.test_words import LAST_SLOT, imported, notice_of
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES

DETAILS, MCIO, UNIT = NoticeKind.DETAILS, NoticeKind.MCIO, NoticeKind.UNIT


def notices(world, report, kind: str) -> list[Notice]:
    """In the order of their composing."""
    with access.viewing(world.sarc):
        composed = Event.objects.filter(case_id=report.case_id, kind="notice_composed", data__kind=kind)
        return [Notice.objects.get(pk=each.data["notice"]) for each in composed.order_by("seq")]


def correct(world, notice: Notice, actor=None) -> Notice:
    return notice_correct(actor=actor or world.sarc, notice_id=notice.pk, at=T0)


def lying(world, notice: Notice) -> dict[str, Any]:
    """The row of the commander's inbox as the database holds it."""
    with access.viewing(world.commander), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(i) FROM notifications_inboxitem i WHERE id = %s", [notice.pk])
        return json.loads(cursor.fetchone()[0])


def test_dn_55_the_right_details_follow_at_once_in_a_notice_that_names_no_earlier_one(world) -> None:
    """CN-2: a duty, an inbox row and an acknowledgement of its own; what lay in the inbox lies there as it was."""
    report = world.signed("unrestricted")
    (first,) = notices(world, report, DETAILS)
    before = lying(world, first)
    assert code(correct, world, first) == "nothing_to_correct"
    completed(world, report.case_id, identity={"name": "Rightly Spelt"}, incident_on="2026-02-28")
    for person in (world.va, world.commander, world.stranger, world.manager):
        assert code(correct, world, first, person) in ("not_your_role", "not_found")
    second = correct(world, first)

    with access.viewing(world.sarc):
        duty = Duty.objects.get(pk=second.duty_id)
        event = Event.objects.get(pk=duty.opened_event)
        waits = Duty.objects.filter(case_id=report.case_id, kind="acknowledge_notice")
        assert {first.pk, second.pk} <= set(waits.values_list("about", flat=True))
        after = Notice.objects.filter(pk=first.pk).values().get()
    assert (duty.rule, duty.state, duty.due_at, second.state) == (
        "DN-55",
        DutyState.DISCHARGED,
        T0,
        NoticeState.PLACED,
    )
    assert (event.kind, event.data) == ("notice_corrected", {"kind": DETAILS})
    assert after["state"] == NoticeState.PLACED
    assert lying(world, first) == before
    row = lying(world, second)
    # The case alone, without which the addressee could not open either.
    assert {name for name in row if row[name] == before[name]} <= {
        "kind", "slot", "post_id", "case_id", "body", "acknowledged_at", "acknowledged_by_id", "acknowledged_by",
    }  # fmt: skip
    texts = [inbox_open(actor=world.commander, item_id=each.pk, at=T0)[1] for each in (first, second)]
    assert CANARIES["name"] in texts[0]
    assert "2026-03-01" in texts[0]
    assert "Rightly Spelt" in texts[1]
    assert "2026-02-28" in texts[1]
    for token in (str(first.pk), CANARIES["name"], "orrect", "earlier", "replace", "again"):
        assert token not in texts[1]
    # The signature it tells of is that of the report, as before.
    signed_line = next(line for line in texts[0].splitlines() if line.startswith("Signed"))
    assert signed_line in texts[1]
    # Nobody else was told, and each is told anew once.
    assert (len(notices(world, report, MCIO)), len(notices(world, report, UNIT))) == (1, 1)
    assert code(correct, world, first) == "corrected_already"
    assert code(correct, world, second) == "nothing_to_correct"


def test_dn_55_a_wrong_addressee_keeps_what_was_told_and_the_right_one_is_told(world) -> None:
    """CN-3: the unit commander whom the case names now gets the notice; the other one's does not change."""
    report = world.signed("unrestricted")
    (first,) = notices(world, report, UNIT)
    unit = Location.objects.create(
        kind=LocationKind.UNIT, name="2nd Sample Company", zone="UTC", parent=world.installation
    )
    post = PostFactory(location=unit, role="unit_commander", next_higher=world.posts["higher"])
    right = AppointmentFactory(post=post, user=UserFactory(username="right")).user
    completed(world, report.case_id, identity={"unit_commander_post": str(post.pk)})
    second = correct(world, first)
    assert second.post_id == post.pk
    with access.viewing(right):
        assert list(InboxItem.objects.values_list("pk", flat=True)) == [second.pk]
    with access.viewing(world.unit_commander):
        assert list(InboxItem.objects.values_list("pk", flat=True)) == [first.pk]
    assert code(correct, world, notices(world, report, DETAILS)[0]) == "nothing_to_correct"


def test_dn_55_the_sarc_does_it_on_the_notices_page(world) -> None:
    report = world.signed("unrestricted")
    (first,) = notices(world, report, MCIO)
    client, url = signed_in(world.sarc), f"/admin/notices/{first.pk}/"
    assert f"{url}correct/" in client.get(url).content.decode()
    assert "Complete the sealed details first" in page_text(client.post(f"{url}correct/", {}))
    completed(world, report.case_id, identity={"phone": "+1 555 0100 111"})
    assert client.get(f"{url}correct/").status_code == 200
    done = client.post(f"{url}correct/", {})
    assert done.status_code == 302
    assert done["Location"] == f"/admin/notices/{notices(world, report, MCIO)[1].pk}/"


def test_the_database_lets_no_further_notice_out_but_a_correction_of_the_sarc(world) -> None:
    """Round the services: no second notice of a kind, no correction by others, none of a Restricted report."""
    report = world.signed("unrestricted")
    restricted = world.signed("restricted")
    (first,) = notices(world, report, DETAILS)

    def duty_of(case_id, event) -> Duty:
        return Duty(
            case_id=case_id, rule="DN-55", kind=DETAILS, role="sarc", opened_event=event, opened_at=T0, due_at=T0,
            discharged_by="commander_details_placed",
        )  # fmt: skip

    def refused(match: str, *rows) -> None:
        def saved() -> None:
            for row in rows:
                row.save(force_insert=True)

        with pytest.raises(DatabaseError, match=match), access.viewing(world.sarc), transaction.atomic():
            saved()

    told = notice_of(world, restricted)
    duty = duty_of(report.case_id, uuid4())
    copy = {
        each.attname: getattr(first, each.attname)
        for each in Notice._meta.concrete_fields
        if each.attname not in ("id", "duty_id", "details")
    } | {"state": "composed", "placed_at": None, "look_at": T0, "details": "Something else."}
    refused("corrects what was told", duty, Notice(**copy, duty=duty))

    def said(case_id) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)"
                " VALUES (gen_random_uuid(), %s, 'notice_corrected', %s, sapr_viewer(), '{}')",
                [case_id, T0],
            )
        return "said"

    for person, case_id in ((world.va, report.case_id), (world.sarc, restricted.case_id)):
        with (
            pytest.raises(DatabaseError, match=r"told anew by the SARC|row-level security"),
            access.viewing(person),
            transaction.atomic(),
        ):
            said(case_id)
    with access.viewing(world.sarc), transaction.atomic():
        assert said(report.case_id) == "said"
    # CN-1: of one report one notice, placed or not.
    again = {
        each.attname: getattr(told, each.attname)
        for each in Notice._meta.concrete_fields
        if each.attname not in ("id", "duty_id")
    }
    other = duty_of(restricted.case_id, uuid4())
    refused("notifications_notice_restricted_once", other, Notice(**again, duty=other))


def test_cn_1_nothing_follows_a_restricted_notice(stage) -> None:
    """Neither by the SARC nor by an event that would open its duty once more."""
    world = stage.world
    imported(world, 400)
    report = world.signed("restricted")
    notice = notice_of(world, report)
    assert code(correct, world, notice) == "nothing_follows"
    clock.move(LAST_SLOT, hold=True)
    with stage.as_worker():
        sweep()
    completed(world, report.case_id, identity={"sex": "male", "grade": "E-7"})
    assert code(correct, world, notice) == "nothing_follows"

    def opened_again() -> None:
        with access.viewing(world.sarc):
            record(
                case=report.case,
                kind="report_signed",
                actor=world.sarc,
                at=T0,
                facts={"election": "restricted"},
            )

    assert code(opened_again) == "nothing_follows"
    with access.viewing(world.sarc):
        kinds = list(Event.objects.filter(case_id=report.case_id).values_list("kind", flat=True))
        assert "notice_recomposed" not in kinds
        assert Notice.objects.filter(case_id=report.case_id).count() == 1
    with access.viewing(world.commander):
        assert InboxItem.objects.count() == 1

"""One lived case: whatever was opened stands on the account exactly once, with its rule, and nothing sealed with it."""

import re
from datetime import timedelta

from django.db import connections

from notifications.models import InboxItem
from notifications.services import inbox_acknowledge, inbox_open
from reports import access
from reports.breakglass.services import break_glass_ask, break_glass_decide
from reports.election.models import SignedForm
from reports.election.papers.document import form_document
from reports.ledger.services import append_each
from reports.models import Event
from tests.access import people
from tests.desk.conftest import text
from tests.election import way
from tests.erasure.conftest import left_without_signing
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES

# By which rule a seal may be opened for a purpose by who is on the case; and by others. Written by hand.
ON_CASE = {
    "case_work": "AC-03", "eligibility": "AC-03", "signing": "AC-03", "notice": "AC-03", "document": "AC-03",
    "evidence": "AC-03", "preview": "AC-04", "second_person": "AC-01",
}  # fmt: skip
OTHERS = {"inbox": "AC-07", "emergency": "AC-14", "second_person": "AC-13"}
REASON = "The canary cannot be reached."
ROW = re.compile(r'<li class="row knows" data-test="knows" data-seq="(\d+)" data-kind="(\w+)".*?</li>', re.S)
OLDER = re.compile(r'href="(\?[^"]*)" data-test="older"')


def lived(world) -> people.Scene:
    """The converted case of the access matrix, with whatever else can be opened in it, opened."""
    scene = people.build(world, "converted")
    case, sarc = scene.case, world.sarc
    signed_in(sarc).post(f"/admin/cases/{case.pk}/open/")
    with access.viewing(sarc):
        form = SignedForm.objects.filter(case=case).first()
    form_document(actor=sarc, case_id=case.pk, form_id=form.pk, at=T0)
    for who in (world.mcio, world.unit_commander):
        with access.viewing(who):
            item = InboxItem.objects.get()
        inbox_open(actor=who, item_id=item.pk, at=T0)
        inbox_acknowledge(actor=who, item_id=item.pk, at=T0)
    request = break_glass_ask(actor=world.stranger, case=case.number, reason=REASON, at=T0)
    for reader in (sarc, world.manager):
        signed_in(reader).post(f"/admin/emergency/{request.pk}/", {"do": "read"})
    break_glass_decide(actor=world.manager, request_id=request.pk, approve=True, at=T0)
    assert CANARIES["name"] in text(signed_in(world.stranger).post(f"/admin/cases/{case.pk}/open/"))
    return scene


def walked(client, page: str, first: str = "") -> list[str]:
    """The pages from the newest on, as far back as they go."""
    pages, query = [], first
    while True:
        answer = client.get(f"{page}{query}")
        assert answer.status_code == 200
        pages.append(text(answer))
        further = OLDER.search(pages[-1])
        if not further:
            return pages
        query = further[1].replace("&amp;", "&")


def rows(pages: list[str]) -> list[tuple[int, str, str]]:
    return [(int(each[1]), each[2], each[0]) for page in pages for each in ROW.finditer(page)]


def events_of(viewer, case_id) -> list[Event]:
    with access.viewing(viewer):
        return list(Event.objects.filter(case_id=case_id).order_by("seq"))


def test_whatever_was_opened_stands_there_once_with_its_rule_and_the_look_at_it_is_recorded(world) -> None:
    scene = lived(world)
    stands_once_in_order_and_nothing_sealed(scene)
    is_recorded_and_older_pages_stand_still(scene)


def stands_once_in_order_and_nothing_sealed(scene) -> None:
    world, case = scene.world, scene.case
    client, page = signed_in(world.sarc), f"/admin/cases/{case.pk}/who-knew/"
    pages = walked(client, page)
    assert len(pages) > 1
    shown = rows(pages)
    assert [seq for seq, _, _ in shown] == sorted((seq for seq, _, _ in shown), reverse=True)
    opened = [each for each in events_of(world.sarc, case.pk) if each.kind == "sealed_opened"]
    assert {each.data["purpose"] for each in opened} >= {
        "case_work", "document", "inbox", "emergency", "second_person", "preview", "notice", "signing",
    }  # fmt: skip
    of_seq: dict[int, list[str]] = {}
    for seq, kind, html in shown:
        if kind == "sealed_opened":
            of_seq.setdefault(seq, []).append(html)
    assert sorted(of_seq) == [each.seq for each in opened]
    names = {user.pk: user.display_name for user in (world.sarc, world.mcio, world.unit_commander)}
    names |= {user.pk: user.display_name for user in (world.manager, world.stranger)}
    for each in opened:
        [html] = of_seq[each.seq]
        rule = (ON_CASE if each.actor_id == world.sarc.pk else OTHERS)[each.data["purpose"]]
        assert f"<b>{rule}</b>" in html, (each.data, html)
        assert names[each.actor_id] in html
        assert each.hash.hex() in html
        # Somebody who is on no case sees nothing as if they were.
        assert ("VIS-02" in html) <= (each.actor_id == world.sarc.pk)
    assert all("No rule" not in html for _, _, html in shown)
    everything = "".join(pages)
    assert not [name for name, value in CANARIES.items() if value in everything]
    assert REASON not in everything
    for kind in ("commander_notice_placed", "mcio_notice_placed", "report_converted",
                 "break_glass_approved", "form_printed", "cmg_held", "cmg_listed", "va_assigned"):  # fmt: skip
        assert kind in {each for _, each, _ in shown}, kind
    # What a Restricted notice said is said; what stayed among those on the case is not.
    [placed] = [html for _, kind, html in shown if kind == "commander_notice_placed"]
    assert "its words said: Minimal" in placed
    assert "contact_logged" not in {kind for _, kind, _ in shown}


def is_recorded_and_older_pages_stand_still(scene) -> None:
    world, case = scene.world, scene.case
    client, page = signed_in(world.sarc), f"/admin/cases/{case.pk}/who-knew/"
    looks = [each for each in events_of(world.sarc, case.pk) if each.kind == "knowledge_shown"]
    first = text(client.get(page))
    query = OLDER.search(first)[1].replace("&amp;", "&")
    second = rows([text(client.get(f"{page}{query}"))])
    with access.viewing(world.sarc):
        append_each(
            case_id=case.pk,
            said=[("sealed_opened", {"what": ["identity.name"], "purpose": "case_work"})] * 3,
            actor=world.sarc,
            at=T0,
        )
    assert rows([text(client.get(f"{page}{query}"))]) == second
    now = [each for each in events_of(world.sarc, case.pk) if each.kind == "knowledge_shown"]
    assert len(now) == len(looks) + 3
    assert {each.actor_id for each in now} == {world.sarc.pk}
    narrowed = rows(walked(client, page, "?only=looks"))
    assert {kind for _, kind, _ in narrowed} == {
        "sealed_opened", "knowledge_shown", "form_printed", "break_glass_asked", "break_glass_approved",
        "break_glass_ended",
    }  # fmt: skip
    for query in ("?before=x", "?before=-1", "?before=9999999999", "?only=nothing", "?before=²"):
        assert client.get(f"{page}{query}").status_code == 200
    assert signed_in(world.va).get(page).status_code == 403
    assert signed_in(world.manager).get(page).status_code == 403
    # Who sees the case in an emergency sees who looked, and is not shown the account.
    assert signed_in(world.stranger).get(page).status_code == 403
    assert text(signed_in(world.stranger).get(f"/admin/cases/{case.pk}/")).count('data-test="knows"') >= 8


class Asked:
    """Counts what is asked of a database."""

    times = 0

    def __call__(self, execute, sql, params, many, context):
        self.times += 1
        return execute(sql, params, many, context)


def test_a_case_of_ten_years_asks_no_more_and_stays_small(world) -> None:
    """And a closed one is looked at like any other; that is recorded too."""
    case, client = world.signed("unrestricted").case, signed_in(world.sarc)

    def looked(page: str) -> tuple[int, str]:
        asked = Asked()
        with connections["default"].execute_wrapper(asked), connections["keys"].execute_wrapper(asked):
            answer = client.get(f"/admin/cases/{case.pk}/{page}")
        return asked.times, text(answer)

    pages = ("", "?show=all", "who-knew/")
    before = [looked(page)[0] for page in pages]
    opening = ("sealed_opened", {"what": ["identity.name"], "purpose": "case_work"})
    with access.viewing(world.sarc):
        for day in range(3):
            at = T0 - timedelta(hours=1, minutes=day)
            said = [("contact_logged", {"means": "phone"}), opening] * 300
            append_each(case_id=case.pk, said=said, actor=world.sarc, at=at)
    for page, asked in zip(pages, before, strict=True):
        times, body = looked(page)
        assert times == asked <= 40, page
        assert len(body.encode()) < 150_000, page
        assert 'data-test="older"' in body
    way.closed(world, case.pk)
    assert looked("who-knew/")[1].count('data-kind="knowledge_shown"') == 2
    left = left_without_signing(world)
    assert 'data-kind="knowledge_shown"' in text(client.get(f"/admin/cases/{left.pk}/who-knew/"))

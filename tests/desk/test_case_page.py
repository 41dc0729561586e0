"""The case page: what each part says of one case that lived, and that its lists go on without shifting."""

import re
from datetime import timedelta

from notifications.models import InboxItem
from notifications.services import inbox_open
from reports import access
from reports.casework.matters.services import matter_open, matter_step
from reports.casework.services import step_record
from reports.evidence.services import kit_number_issue, kit_seal
from reports.ledger.services import append_each
from reports.models import Case
from sapr import clock
from tests.desk.conftest import text
from tests.evidence.conftest import Room
from tests.meeting.ways import called, held
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES

HOUR = timedelta(hours=1)


def marked(page: str, name: str) -> list[str]:
    """The texts of the elements that are marked so, without their tags."""
    found = re.findall(rf'<(\w+)\b[^>]*data-test="{name}".*?</\1>', page, re.S)
    parts = re.findall(rf'<(\w+)\b[^>]*data-test="{name}"(.*?)</\1>', page, re.S)
    assert len(found) == len(parts)
    return [" ".join(re.sub(r"<[^>]*>", " ", f"<x{part}").split()) for _, part in parts]


def test_each_part_says_what_happened_and_nothing_sealed(world, sarc) -> None:
    world.strength(5000)
    case = world.signed("restricted").case
    page = f"/admin/cases/{case.pk}/"
    of_case = {"actor": world.sarc, "case_id": case.pk, "at": T0}

    # Before the notice is released its words, and how many people they could be about, stand there.
    [people] = marked(text(sarc.get(page)), "class-size")
    assert int(re.search(r"at least (\d+) people", people)[1]) >= 10

    # A referral hangs on its consent, and shows when that is taken back.
    consent = matter_open(**of_case, kind="consent", details={"service": "medical", "given": "by_word"})
    matter_open(**of_case, kind="referral", details={"service": "medical", "handoff": "three_way"})
    assert "Medical care given" in marked(text(sarc.get(page)), "consent")[0]
    matter_step(**of_case, matter_id=consent.pk, step="consent_withdrawn")
    [line] = marked(text(sarc.get(page)), "consent")
    assert "taken back" in line
    assert "Referral" in line

    # Evidence: where it is, the last hand-off, and until when it is kept.
    room = Room.build(world)
    kit, number = kit_number_issue(**of_case)
    kit_seal(**of_case, number=number)
    room.accept(room.custodian, room.offer(world.sarc, room.now(kit)))
    shown = text(sarc.get(page))
    assert "Evidence custodian, " in marked(shown, "kit-row")[0]
    assert re.search(r"Last hand-off: .* → Evidence custodian", marked(shown, "last-hop")[0])
    assert "kept until" in marked(shown, "kit-row")[0]

    # Converted: what each office was told, and who read it when.
    with access.viewing(world.sarc):
        world.converted(Case.objects.get(pk=case.pk).report, at=T0)
    with access.viewing(world.mcio):
        item = InboxItem.objects.get()
    inbox_open(actor=world.mcio, item_id=item.pk, at=T0)
    shown = text(sarc.get(page))
    assert [each for each in marked(shown, "revealed") if "Safe contact" in each]
    [read] = marked(shown, "read-by")
    assert world.mcio.display_name in read
    assert len(marked(shown, "elected")) == 2

    # A meeting, and whether the victim was brought up to date within the hours of CK-06.
    held(world, called(world))
    assert "Victim not brought up to date yet; due" in marked(text(sarc.get(page)), "update")[0]
    clock.move(T0 + HOUR, hold=True)
    step_record(
        actor=world.sarc,
        case_id=case.pk,
        kind="monthly_update_given",
        at=T0 + HOUR,
        details={"by": "commander"},
    )
    shown = text(signed_in(world.sarc).get(page))
    assert "Victim brought up to date in time" in marked(shown, "update")[0]
    assert not [value for value in (*CANARIES.values(), number) if value in shown]


def test_the_timeline_is_narrowed_by_group_and_goes_on_without_shifting(world, sarc) -> None:
    case = world.signed("unrestricted").case
    page = f"/admin/cases/{case.pk}/"

    def seqs(query: str) -> list[int]:
        return [
            int(each)
            for each in re.findall(r'data-test="event"[^>]*data-seq="(\d+)"', text(sarc.get(page + query)))
        ]

    def kinds(query: str) -> set[str]:
        return set(re.findall(r'data-test="event" data-kind="(\w+)"', text(sarc.get(page + query))))

    def logged(times: int) -> None:
        with access.viewing(world.sarc):
            said = [("contact_logged", {"means": "phone"})] * times
            append_each(case_id=case.pk, said=said, actor=world.sarc, at=T0)

    assert "sealed_opened" not in kinds("")
    assert kinds("?show=looks") == {"sealed_opened"}
    assert kinds("?show=duties") <= {"duty_opened", "duty_discharged"}
    assert {"sealed_opened", "duty_opened"} <= kinds("?show=all&before=12")
    assert "report_signed" in kinds("")
    logged(25)
    first = seqs("")
    older = seqs(f"?before={first[-1]}")
    assert first == sorted(first, reverse=True)
    assert len(first) == 20
    assert max(older) < min(first)
    logged(5)
    assert seqs(f"?before={first[-1]}") == older
    for nonsense in ("?before=x", "?before=-1", "?before=²", "?before=99999999999", "?show=nothing"):
        assert sarc.get(page + nonsense).status_code == 200
    assert sarc.get(f"{page}?duties=nonsense").status_code == 422

"""What a Restricted notice says: by its addressee's rung, the same for everybody of one printed class, on record."""

from datetime import timedelta
from itertools import product

import pytest

from notifications.anonymity import Rung, Settings, printed_class, words
from notifications.models import InboxItem, Notice, NoticeDecision, NoticeKind, NoticeState, UnitRung
from notifications.services import notice_release
from notifications.strength.services import strength_import
from notifications.strength.wording import wordings
from notifications.sweeping import sweep
from reports import access
from reports.election.contacts import contact_complete
from sapr import clock
from sapr.errors import DomainError
from tests.api.door import Door, refused
from tests.desk.conftest import text as page_text
from tests.notices.release import release
from tests.signed_in import signed_in
from tests.strength.files import file, members_of, of_place
from tests.times import T0
from tests.world import CANARIES, MEMBER

LAST_SLOT = T0 + timedelta(hours=20)
CAMP = "Camp Sample"


def imported(world, people: int) -> None:
    strength_import(
        actor=world.manager, location=world.installation, text=file(*of_place(CAMP, people)), at=T0
    )


def notice_of(world, report) -> Notice:
    with access.viewing(world.sarc):
        return Notice.objects.select_related("unit_rung", "post__location").get(
            case_id=report.case_id, kind=NoticeKind.RESTRICTED
        )


def test_two_victims_of_one_printed_class_get_the_same_bytes(world) -> None:
    """Whatever else differs between them; and those of two classes do not."""
    imported(world, 100)
    settings = Settings.of(T0.date())
    by_class: dict[tuple, set[str]] = {}
    for age, (sex, grade) in enumerate(product(("female", "male"), ("E-3 (PFC)", "E2", "E-7")), 20):
        report = world.signed(
            "restricted", sex=sex, grade=grade, name=f"Invented {sex} {grade}", facts=MEMBER | {"age": age}
        )
        notice = notice_of(world, report)
        band = "E5-E9" if grade == "E-7" else "E1-E4"
        facts = {"sex": sex, "grade": band, "status": "member", "period": "week", "place": "on_installation"}
        by_class.setdefault(printed_class(Rung.of(notice.rung), facts, settings), set()).add(notice.wording)
    assert len(by_class) > 1
    assert all(len(texts) == 1 for texts in by_class.values())
    assert len(set().union(*by_class.values())) == len(by_class)


def test_every_wording_has_one_size_and_names_nothing(world) -> None:
    imported(world, 400)
    notice = notice_of(world, world.signed("restricted"))
    texts = [notice.wording, notice.minimal, *(each["text"] for each in notice.choices)]
    assert len(texts) == len(set(texts)) > 20
    assert {len(each.encode()) for each in texts} == {len(notice.minimal.encode())}
    with access.viewing(world.sarc):
        number = notice.case.number
    for secret in (*CANARIES.values(), number, str(notice.pk), str(notice.case_id), "2026", "Camp"):
        assert not any(secret in each for each in texts)


DEPENDENT = {
    "statuses": ["military_dependent"],
    "age": 30,
    "mhs_eligible": True,
    "offender_relationship": "none",
}


def test_nobody_whom_the_table_lacks_is_told_of_in_other_words(world) -> None:
    """Counted as none there, a dependent who visits is told of in the bytes of somebody counted."""
    imported(world, 400)
    texts = {
        notice_of(
            world, world.signed("restricted", facts=facts, grade=grade, name=f"Invented {grade}")
        ).wording
        for facts, grade in ((MEMBER, "E-3"), (DEPENDENT, ""), (MEMBER, "O-3"), (MEMBER, "W-2"))
    }
    assert len(texts) == 1
    assert notice_of(world, world.signed("restricted")).rung != "minimal"


def test_where_a_status_is_not_counted_everybody_gets_minimal(world) -> None:
    """MINIMAL for the dependent alone would say that it was a dependent."""
    strength_import(
        actor=world.manager, location=world.installation, text=file(*members_of(CAMP, 400)), at=T0
    )
    for facts in (MEMBER, DEPENDENT):
        notice = notice_of(world, world.signed("restricted", facts=facts))
        assert (notice.rung, notice.choices, notice.unit_rung.rung) == ("minimal", [], "minimal")


def test_a_rung_of_earlier_rules_that_does_not_fit_everybody_gives_minimal_to_everybody(world) -> None:
    imported(world, 400)
    settings = Settings.of(T0.date())
    unit = UnitRung(rung="installation.stated.blank.week.blank.blank.stated", classes=[])
    for status in ("member", "dependent"):
        unit.classes += [[sex, "blank", "member", ""] for sex in ("female", "male")]
        found = wordings(unit, {"sex": "female", "status": status}, settings, draw=0.9)
        assert found.allowed == "minimal"
    for status in ("dependent", "civilian"):
        unit.classes += [[sex, "blank", status, ""] for sex in ("female", "male")]
    assert wordings(unit, {"sex": "female", "status": "member"}, settings, draw=0.9).allowed == unit.rung


def test_what_is_not_known_of_a_person_is_not_said(world) -> None:
    imported(world, 400)
    notice = notice_of(world, world.signed("restricted", sex="", grade="unknown"))
    assert notice.rung != "minimal"
    assert "Sex of the victim: not given" in notice.wording
    assert "Grade of the victim: not given" in notice.wording


def test_a_share_of_notices_is_made_coarser_by_the_draw(world, monkeypatch) -> None:
    """DN-25: what was drawn is on record and no choice brings the finer words back."""
    imported(world, 400)
    plain = notice_of(world, world.signed("restricted"))
    monkeypatch.setattr("notifications.compose.draw", lambda: 0.0)
    drawn = notice_of(world, world.signed("restricted"))
    assert drawn.unit_rung == plain.unit_rung
    assert drawn.rung != plain.rung
    assert plain.wording not in {each["text"] for each in drawn.choices}
    with access.viewing(world.sarc):
        coarsened = dict(NoticeDecision.objects.values_list("notice_id", "coarsened"))
    assert coarsened == {plain.pk: False, drawn.pk: True}


def test_the_sarc_alone_may_say_less_in_any_step_of_the_ladder(world) -> None:
    imported(world, 400)
    notice = notice_of(world, world.signed("restricted"))
    less = notice.choices[len(notice.choices) // 2]
    told = words(Rung.of(less["rung"]), {}, Settings.of(T0.date()))
    assert len(told) == len(less["text"])
    released = notice_release(
        actor=world.sarc, notice_id=notice.pk, minimal=False, bytes_seen=_digest(less["text"]), at=T0
    )
    assert (released.rung, released.wording) == (less["rung"], less["text"])
    with access.viewing(world.sarc):
        decision = NoticeDecision.objects.get(notice=notice, stage="released")
    assert (decision.rung, decision.sha256) == (less["rung"], _digest(less["text"]))


def _digest(text: str) -> str:
    from notifications.decisions import digest_of

    return digest_of(text)


def test_between_10_and_24_the_sarc_confirms_or_minimal_goes(world) -> None:
    """DN-03. Without the word of the SARC only MINIMAL is released."""
    imported(world, 16)
    notice = notice_of(world, world.signed("restricted"))
    assert notice.unit_rung.confirm
    assert 10 <= notice.unit_rung.k < 25
    with pytest.raises(DomainError) as refusal:
        release(world.sarc, notice)
    assert (refusal.value.code, refusal.value.rule) == ("confirmation_needed", "DN-03")
    other = notice_of(world, world.signed("restricted"))
    assert release(world.sarc, other, minimal=True).rung == "minimal"
    # By the REST operation too, where confirming may be left out.
    door, path = Door(world.sarc), f"notices/{notice.pk}/release"
    given = {"minimal": False, "sha256": _digest(notice.wording)}
    for unconfirmed in (given, given | {"confirmed": False}):
        refused(door.post(path, unconfirmed), 422, "confirmation_needed")
    refused(door.post(path, given | {"confirmed": "yes"}), 422, "wrong_type")
    assert door.done(path, given | {"confirmed": True})["state"] == "released"
    with access.viewing(world.sarc):
        rules = dict(NoticeDecision.objects.filter(stage="released").values_list("notice_id", "confirm_rule"))
    assert rules == {notice.pk: "DN-03", other.pk: ""}


def test_the_decision_record_holds_what_it_was_decided_by(world) -> None:
    imported(world, 400)
    released = release(world.sarc, notice_of(world, world.signed("restricted")))
    with access.viewing(world.sarc):
        decision = NoticeDecision.objects.get(notice=released, stage="released")
        rung = UnitRung.objects.get(pk=released.unit_rung_id)
    assert (decision.rung, decision.k, decision.numbers) == (released.rung, rung.k, rung.numbers)
    assert (decision.tables, decision.rules) == (rung.tables, rung.rules)
    assert (decision.slot, decision.sha256) == (released.slot, released.released_sha256)
    assert decision.approvers == [str(world.sarc.pk)]


def test_a_smaller_table_stops_words_that_wait_and_words_that_were_released(stage) -> None:
    world = stage.world
    imported(world, 400)
    waiting = notice_of(world, world.signed("restricted"))
    on_the_way = release(world.sarc, notice_of(world, world.signed("restricted")))
    imported(world, 2)
    with pytest.raises(DomainError) as refusal:
        release(world.sarc, waiting)
    assert refusal.value.code == "rung_superseded"
    assert release(world.sarc, waiting, minimal=True).rung == "minimal"
    clock.move(LAST_SLOT, hold=True)
    with stage.as_worker():
        assert sweep()["placed"] == 2
    with access.viewing(world.commander):
        assert set(InboxItem.objects.values_list("body", flat=True)) == {on_the_way.minimal}


def test_a_conversion_and_a_correction_make_notices_that_nothing_links(world) -> None:
    """No token of the first notice comes back in what follows, and no slot is used again."""
    imported(world, 400)
    report = world.signed("restricted")
    first = release(world.sarc, notice_of(world, report))
    contact_complete(
        actor=world.sarc,
        case_id=report.case_id,
        at=T0,
        identity={"grade": "E-7"},
        narrative={"incident_on": "2026-01-02"},
    )
    with access.viewing(world.sarc):
        # What is corrected later changes no word that was released, and tells nobody that it was.
        assert Notice.objects.get(case_id=report.case_id).wording == first.wording
    world.converted(report, at=T0)
    with access.viewing(world.sarc):
        later = list(Notice.objects.filter(case_id=report.case_id).exclude(pk=first.pk))
        decisions = NoticeDecision.objects.filter(case_id=report.case_id)
        assert set(decisions.values_list("notice_id", flat=True)) == {first.pk}
    assert later
    for notice in later:
        assert (notice.rung, notice.unit_rung_id, notice.choices, notice.wording) == ("minimal", None, [], "")
        assert notice.pk != first.pk
        assert notice.released_sha256 == ""
    with access.viewing(world.commander):
        items = list(InboxItem.objects.all())
    assert items
    for item in items:
        assert item.pk != first.pk
        assert item.slot != first.slot
        shown = f"{item.pk} {item.slot.isoformat()} {item.body}"
        for token in (str(first.pk), first.released_sha256, first.slot.isoformat(), str(first.unit_rung_id)):
            assert token not in shown


def test_the_page_shows_bytes_class_size_guesses_and_what_the_reader_got(stage) -> None:
    world = stage.world
    imported(world, 400)
    release(world.sarc, notice_of(world, world.signed("restricted")))
    clock.move(LAST_SLOT, hold=True)
    with stage.as_worker():
        sweep()
    clock.move(LAST_SLOT + timedelta(hours=1), hold=True)
    notice = notice_of(world, world.signed("restricted", at=LAST_SLOT + timedelta(minutes=30)))
    client, url = signed_in(world.sarc), f"/admin/notices/{notice.pk}/"
    shown = page_text(client.get(url))
    for part in (
        notice.wording.splitlines()[2].strip(), str(notice.unit_rung.smallest), "Who could be meant",
        " members, E-", "DN-20", "What this reader, and those above and below, got", CAMP, "Say less",
    ):  # fmt: skip
        assert part in shown, part
    less = page_text(client.get(f"{url}?less.sex=blank&less.period=quarter"))
    assert "within three months before the report" in less
    for nonsense in ("less.sex=zzyzx", "less.sex=a.b", "less.sex=", "less.place=stated"):
        assert client.get(f"{url}?{nonsense}").status_code == 200
    done = client.post(url, {"which": "words", "bytes_seen": _digest(notice.wording)})
    assert done.status_code == 302
    assert notice_of(world, notice).state == NoticeState.RELEASED

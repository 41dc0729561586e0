"""Forms beside the election: bound to their edition, in their place only, corrected by a further version."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from reports import access, policy
from reports.casework.services import va_assign
from reports.election.models import Report, SignedForm
from reports.election.papers import selectors
from reports.election.papers.copies import copy_give, copy_request, hand_out_give
from reports.election.papers.models import CopyRequest, HandOut, Paper
from reports.election.papers.services import form_replace_lost, form_sign
from reports.ledger.models import Event
from reports.obligations.models import Duty
from reports.vault.keys import commitment
from reports.vault.services import sealed_fields
from sapr.errors import DomainError, NotFoundError
from tests.election.test_signing import race
from tests.forms import NAMES, correct, election_again, filled, replace_lost, sign
from tests.times import T0

HOUR = timedelta(hours=1)


def refusal(call, *args, **given) -> tuple[str, str, str]:
    with pytest.raises(DomainError) as caught:
        call(*args, **given)
    return caught.value.code, caught.value.path, caught.value.rule


def content_of(world, row) -> dict:
    with access.viewing(world.sarc):
        return json.loads(sealed_fields(Paper)["content"].open(row, Paper.objects.get(pk=row.pk).content))


def event_of(world, row) -> Event:
    with access.viewing(world.sarc):
        return Event.objects.get(data__paper=str(row.pk), kind__startswith="form_s")


def test_every_signed_form_is_kept_whole_and_its_event_holds_words_and_a_commitment_only(world):
    """Each form of the day in a case in which it has its place; the content opens to exactly what was written."""
    contact, restricted, unrestricted = (
        world.decided(),
        world.signed("restricted"),
        world.signed("unrestricted"),
    )
    cases = {"none": contact, "restricted": restricted.case, "unrestricted": unrestricted.case}
    for edition in policy.papers(T0.date()):
        if not edition.signers or edition.code == "DD 2910-1":
            continue
        row = sign(world, cases[edition.elections[0]], edition.code)
        kept, given = content_of(world, row), filled(edition.code)
        assert (kept["form"], kept["edition"]) == (edition.code, edition.edition)
        assert kept["answers"] == given["answers"]
        assert kept["initials"] == given["initials"]
        assert {who: each["name"] for who, each in kept["signatures"].items()} == given["signatures"]
        event = event_of(world, row)
        sealed = json.dumps(kept, sort_keys=True)
        assert event.data == {
            "paper": str(row.pk), "form": edition.code, "edition": edition.edition, "version": 1,
            "content": commitment(row.case_id, sealed.encode()),
        }  # fmt: skip
        assert event.occurred_at == row.signed_at == T0
        assert row.countersigned_at == (T0 if len(edition.signers) == 2 else None)


def test_nothing_but_the_edition_shown_and_in_force_gets_onto_a_form(world):
    """What does not belong there is refused with its path, and nothing is kept."""
    case = world.signed("unrestricted").case
    whole = filled("DD 2910-2")
    answers, initials, names = whole["answers"], whole["initials"], whole["signatures"]
    for changed, code, path in (
        ({"edition": "2020-04-01"}, "unknown_form", "form"),
        ({"edition": None}, "unknown_form", "form"),
        ({"form": "DD 2910-7"}, "unknown_form", "form"),
        ({"form": ["DD 2910-2"]}, "unknown_form", "form"),
        ({"form": "DD 2701", "edition": "2005-01-01"}, "not_signed", "form"),
        ({"form": "DD 2910-1"}, "replaces_a_form", "form"),
        ({"answers": []}, "wrong_type", "answers"),
        ({"answers": answers | {"colour": "red"}}, "unknown_field", "answers.colour"),
        ({"answers": answers | {"reporter": "commander"}}, "unknown_value", "answers.reporter"),
        ({"answers": answers | {"reporter": 1}}, "unknown_value", "answers.reporter"),
        ({"answers": answers | {"reporter": ""}}, "missing", "answers.reporter"),
        ({"answers": answers | {"kinds": ["reprisal", "theft"]}}, "unknown_value", "answers.kinds"),
        ({"answers": answers | {"kinds": "reprisal"}}, "wrong_type", "answers.kinds"),
        ({"answers": answers | {"what_happened": "x" * 20_001}}, "too_long", "answers.what_happened"),
        ({"answers": answers | {"what_happened": "bell \x07"}}, "control_characters", "answers.what_happened"),
        ({"answers": answers | {"began_on": "soon"}}, "bad_date", "answers.began_on"),
        ({"answers": answers | {"began_on": "2026-03-09"}}, "in_the_future", "answers.began_on"),
        ({"initials": initials | {"copy": " "}}, "initials_missing", "initials.copy"),
        ({"initials": initials | {"copy": "ABCDEFGHI"}}, "too_long", "initials.copy"),
        ({"initials": initials | {"mine": "ZC"}}, "unknown_field", "initials.mine"),
        ({"signatures": names | {"reporter": ""}}, "missing", "signatures.reporter"),
        ({"signatures": {"reporter": names["reporter"]}}, "missing", "signatures.advocate"),
        ({"signatures": names | {"victim": "Another"}}, "unknown_field", "signatures.victim"),
        ({"signed_at": {"reporter": T0}}, "wrong_type", "signed_at.advocate"),
        ({"signed_at": dict.fromkeys(names, T0 + HOUR)}, "in_the_future", "signed_at.reporter"),
        ({"signed_at": dict.fromkeys(names, T0.replace(tzinfo=None))}, "naive_time", "signed_at.reporter"),
        ({"signed_at": None}, "wrong_type", "signed_at"),
    ):  # fmt: skip
        given = {"form": "DD 2910-2"} | whole | changed
        assert refusal(form_sign, actor=world.sarc, case_id=case.pk, **given)[:2] == (code, path), changed
    with access.viewing(world.sarc):
        assert not Paper.objects.exists()


def test_a_form_is_not_signed_before_what_it_belongs_to(world):
    """The report, for a form that needs one and for the lost form; the version that is corrected."""
    report = world.signed("restricted", at=T0 - HOUR)
    early = T0 - 2 * HOUR
    code = ("before_the_form", "signed_at.victim", "")
    assert refusal(sign, world, report.case, "DD 2910-3", early) == code
    assert refusal(replace_lost, world, report.case, early) == code
    row = sign(world, report.case, "DD 2910-3")
    assert refusal(correct, world, report.case, row, **filled("DD 2910-3", T0 - HOUR)) == code
    ask = {"actor": world.sarc, "case_id": report.case_id, "form": "DD 2910", "delivery": "collected"}
    assert refusal(copy_request, at=early, **ask)[0] == "before_the_report"


def test_a_form_of_another_day_is_signed_on_the_edition_of_that_day(world):
    """DD 2910-4 changed on 2024-07-19: the day of the first signature decides, not today."""
    case = world.decided()
    old = T0.replace(year=2024, month=7, day=17)
    sign(world, case, "DD 2910-4", old)
    for shown, signed in ((old, T0), (T0, old)):
        names = filled("DD 2910-4", shown)["signatures"]
        given = filled("DD 2910-4", shown, signed_at=dict.fromkeys(names, signed))
        given["answers"].pop("contact_when")
        found = refusal(form_sign, actor=world.sarc, case_id=case.pk, form="DD 2910-4", **given)
        assert found == ("wrong_edition", "edition", "")


def test_ca_08_no_field_of_the_catch_form_is_mandatory(world):
    """DD 2910-4 with every answer left out is signed; the initials and both signatures are still needed."""
    assert not any(each.required for each in policy.paper_edition("DD 2910-4", T0.date()).questions)
    row = sign(world, world.decided(), "DD 2910-4", answers={})
    assert set(map(str, content_of(world, row)["answers"].values())) == {"", "[]"}


def test_re_01_re_02_po_02_a_form_has_its_place_or_is_refused_by_the_rule_that_says_so(world):
    restricted, unrestricted = world.signed("restricted").case, world.signed("unrestricted").case
    contact = world.decided()

    def by_form(case, form):
        return refusal(form_sign, actor=world.sarc, case_id=case.pk, form=form, **filled(form))

    assert by_form(restricted, "DD 2910-2") == ("form_not_here", "form", "RE-02")
    assert by_form(contact, "DD 2910-2")[::2] == ("form_not_here", "DD 2910-2")
    assert by_form(restricted, "DD 2910-5")[::2] == ("form_not_here", "DD 2910-5")
    assert by_form(unrestricted, "DD 2910-3")[::2] == ("form_not_here", "DD 2910-3")
    assert by_form(unrestricted, "DD 2910-4")[::2] == ("form_not_here", "DD 2910-4")
    given = {"actor": world.sarc, "given_to": "victim", "at": T0}
    assert refusal(hand_out_give, case_id=restricted.pk, form="DD 2873", **given)[2] == "PO-02"
    assert refusal(hand_out_give, case_id=restricted.pk, form="DD 2701", **given)[2] == "DD 2701"
    assert refusal(hand_out_give, case_id=unrestricted.pk, form="DD 2911", **given)[0] == "not_given"
    assert refusal(hand_out_give, case_id=unrestricted.pk, form="DD 9", **given)[0] == "unknown_form"
    wrong = given | {"given_to": "press"}
    assert refusal(hand_out_give, case_id=unrestricted.pk, form="DD 2873", **wrong)[1] == "given_to"
    for form, to in (("DD 2701", "witness"), ("DD 2873", "restrained_member")):
        row = hand_out_give(actor=world.sarc, case_id=unrestricted.pk, form=form, given_to=to, at=T0)
        with access.viewing(world.sarc):
            said = Event.objects.get(kind="hand_out_given", data__hand_out=str(row.pk))
        assert (said.data["form"], said.data["to"]) == (form, to)
    with access.viewing(world.sarc):
        assert (Paper.objects.count(), HandOut.objects.count()) == (0, 2)


def test_notes_of_the_group_are_signed_by_the_sarc_of_the_case(world):
    case = world.signed("unrestricted").case
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    given = filled("DD 2910-5")
    assert (
        refusal(form_sign, actor=world.va, case_id=case.pk, form="DD 2910-5", **given)[0]
        == "not_your_signature"
    )
    form_sign(actor=world.va, case_id=case.pk, form="DD 2911", **filled("DD 2911"))


def test_tr_07_el_13_only_the_lost_form_is_signed_from_afar_and_takes_the_place_of_the_election(world):
    report = world.signed("restricted", at=T0 - HOUR)
    assert [each.code for each in policy.papers(T0.date()) if each.remote] == ["DD 2910-1"]
    with pytest.raises(TypeError):
        sign(world, report.case, "DD 2911", remote=True)
    assert refusal(replace_lost, world, report.case, remote="yes")[1] == "remote"
    with access.viewing(world.sarc):
        before = set(Duty.objects.values_list("pk", flat=True))
    row = replace_lost(world, report.case, remote=True)
    with access.viewing(world.sarc):
        original = SignedForm.objects.get(case=report.case)
        assert (row.original_id, row.election, row.remote) == (original.pk, "restricted", True)
        assert set(Duty.objects.values_list("pk", flat=True)) == before
        shown = {each.id: each for each in selectors.case_signed(viewer=world.sarc, case=report.case)}
    assert shown[original.pk].replaced
    assert shown[row.pk].newest
    assert event_of(world, row).data["replaces"] == str(original.pk)
    again = correct(world, report.case, row)
    assert (again.version, again.election, again.remote) == (2, "restricted", False)
    contact = world.decided()
    given = filled("DD 2910-1")
    assert refusal(form_replace_lost, actor=world.sarc, case_id=contact.pk, **given)[0] == "no_report"


def test_a_correction_is_a_further_version_and_the_earlier_one_stands_for_ever(world):
    case = world.signed("restricted").case
    first = sign(world, case, "DD 2910-3")
    answers = filled("DD 2910-3")["answers"] | {"items": "A coat, not a scarf."}
    assert refusal(correct, world, case, first, reason="mood", **filled("DD 2910-3"))[1] == "reason"
    wrong = filled("DD 2910-3", edition="2022-01-01")
    assert refusal(correct, world, case, first, **wrong)[0] == "wrong_edition"
    second = correct(world, case, first, **filled("DD 2910-3", answers=answers))
    assert (second.version, second.supersedes_id, second.reason) == (2, first.pk, "left_out")
    assert content_of(world, second)["answers"]["items"] == "A coat, not a scarf."
    assert content_of(world, first)["answers"] == filled("DD 2910-3")["answers"]
    assert event_of(world, second).data["supersedes"] == str(first.pk)
    assert refusal(correct, world, case, first, **filled("DD 2910-3"))[0] == "corrected_already"
    assert correct(world, case, second, **filled("DD 2910-3")).version == 3
    with access.viewing(world.sarc):
        listed = selectors.case_signed(viewer=world.sarc, case=case)
    assert [(each.version, each.newest) for each in listed if each.form == "DD 2910-3"] == [
        (1, False), (2, False), (3, True),
    ]  # fmt: skip
    with pytest.raises(NotFoundError):
        correct(world, world.signed("restricted").case, second, **filled("DD 2910-3"))


def test_the_election_form_itself_is_corrected_and_its_election_never_changes_by_it(world):
    """The initials of the other option do not fit; the election is no part of what is sent."""
    report = world.signed("restricted", at=T0 - HOUR)
    with access.viewing(world.sarc):
        original = SignedForm.objects.get(case=report.case)
    form = policy.form_edition("DD 2910", T0.date())
    other = election_again(form, "unrestricted")
    assert refusal(correct, world, report.case, original, **other)[0] in ("unknown_field", "initials_missing")
    with pytest.raises(TypeError):
        correct(world, report.case, original, **election_again(form, "restricted"), election="unrestricted")
    row = correct(world, report.case, original, **election_again(form, "restricted"))
    kept = content_of(world, row)
    assert (row.version, row.original_id, row.election, kept["election"]) == (
        2,
        original.pk,
        "restricted",
        "restricted",
    )
    assert set(kept["initials"].values()) == {"ZD"}
    with access.viewing(world.sarc):
        assert Report.objects.get(pk=report.pk).election == "restricted"
        assert SignedForm.objects.get(pk=original.pk).victim_signed_at == T0 - HOUR
    assert (
        refusal(correct, world, report.case, original, **election_again(form, "restricted"))[0]
        == "corrected_already"
    )
    world.converted(report, at=T0)
    with access.viewing(world.sarc):
        conversion = SignedForm.objects.get(case=report.case, kind="conversion")
    third = correct(world, report.case, row, **election_again(form, "restricted"))
    assert (third.version, third.election) == (3, "restricted")
    part = correct(world, report.case, conversion, **election_again(form, "unrestricted") | {"initials": {}})
    assert (part.version, part.election) == (2, "unrestricted")


def test_ck_20_a_copy_is_due_in_seven_business_days_and_each_request_has_its_own_duty(world):
    """From Monday 2026-03-02 that is Wednesday 2026-03-11, to its end; giving one copy leaves the other one due."""
    case = world.signed("restricted", at=T0 - HOUR).case
    ask = {"actor": world.sarc, "case_id": case.pk, "delivery": "in_person", "at": T0 - HOUR}
    first = copy_request(form="DD 2910", **ask)
    second = copy_request(form="DD 2911", **ask | {"at": T0})
    with access.viewing(world.sarc):
        due = {each.about: each for each in Duty.objects.filter(kind="give_copy")}
    assert set(due) == {first.pk, second.pk}
    assert {each.rule for each in due.values()} == {"CK-20"}
    local = due[first.pk].due_at.astimezone(ZoneInfo(world.installation.zone))
    assert local.isoformat()[:16] == "2026-03-12T00:00"
    early = {"actor": world.sarc, "case_id": case.pk, "at": T0 - 2 * HOUR}
    assert refusal(copy_give, request_id=first.pk, **early)[:2] == ("before_the_request", "at")
    given = copy_give(actor=world.sarc, case_id=case.pk, request_id=first.pk, at=T0)
    assert (given.given_at, given.given_by) == (T0, world.sarc)
    with access.viewing(world.sarc):
        state = dict(Duty.objects.filter(kind="give_copy").values_list("about", "state"))
        log = list(selectors.case_copies(viewer=world.sarc, case=case))
    assert state == {first.pk: "discharged", second.pk: "open"}
    assert [(each.form, each.given_at) for each in log] == [("DD 2910", T0), ("DD 2911", None)]
    again = {"actor": world.sarc, "case_id": case.pk, "request_id": first.pk, "at": T0}
    assert refusal(copy_give, **again)[0] == "given_already"
    assert refusal(copy_request, form="DD 2910-2", **ask)[::2] == ("no_such_form", "CK-20")
    assert refusal(copy_request, form="DD 2910", **ask | {"delivery": "fax"})[1] == "delivery"
    elsewhere = world.decided()
    assert refusal(copy_request, form="DD 2910", **ask | {"case_id": elsewhere.pk})[0] == "no_such_form"
    with pytest.raises(NotFoundError):
        copy_give(actor=world.sarc, case_id=elsewhere.pk, request_id=second.pk, at=T0)
    with access.viewing(world.sarc):
        assert CopyRequest.objects.count() == 2


def test_names_of_who_signs_stand_in_no_event(world):
    case = world.signed("unrestricted").case
    sign(world, case, "DD 2910-2")
    with access.viewing(world.sarc):
        said = str(list(Event.objects.filter(case_id=case.pk).values_list("data", flat=True)))
    assert not [name for name in NAMES.values() if name in said]


def test_of_many_corrections_and_of_many_givings_at_once_exactly_one_is_made(stage):
    world = stage.world
    case = world.signed("restricted").case
    first = sign(world, case, "DD 2911")
    copy = copy_request(actor=world.sarc, case_id=case.pk, form="DD 2911", delivery="collected", at=T0)
    assert race(stage, lambda: correct(world, case, first)) == sorted(["done"] + ["corrected_already"] * 5)
    give = {"actor": world.sarc, "case_id": case.pk, "request_id": copy.pk, "at": T0}
    assert race(stage, lambda: copy_give(**give)) == sorted(["done"] + ["given_already"] * 5)
    with access.viewing(world.sarc):
        assert Paper.objects.count() == 2
        assert Event.objects.filter(case_id=case.pk, kind__in=["form_superseded", "copy_given"]).count() == 2

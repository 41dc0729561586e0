"""For whom finer words may leave few people: for the victim who consents, and nobody else (rules DN-03 and DN-27)."""

from decimal import Decimal

import pytest

from notifications.finer import scoring, services
from notifications.finer.models import FinerReason, FinerWording
from reports import access, policy
from reports.disclosure.services import exception_advise, exception_propose
from sapr.errors import DomainError
from tests.finer.ways import ENOUGH, approved, code_of, finest, proposed, waiting
from tests.times import T0


def smallest(numbers: dict, whom: str) -> Decimal:
    return min(Decimal(k) for name, k in numbers.items() if name.startswith(whom))


def test_dn_27_the_victim_consents_for_themself_alone_and_the_score_is_kept_before_and_after(world) -> None:
    notice = waiting(world)
    row = proposed(world, notice)
    assert row.k_before == notice.unit_rung.k == smallest(row.numbers_before, "victim")
    assert row.k == smallest(row.numbers, "victim") < 10
    for whom in ("offender", "pair"):
        assert 10 <= smallest(row.numbers, whom) < smallest(row.numbers_before, whom)
    assert row.tables == notice.unit_rung.tables
    # The exact words say the week, and nothing that the case holds elsewhere.
    assert "within a week before the report" in row.text
    assert len(row.text) == len(notice.minimal)


@pytest.mark.parametrize("whom", ["offender", "pair"])
def test_dn_27_nobody_consents_for_the_alleged_offender(world, monkeypatch, whom) -> None:
    notice = waiting(world)

    def fewer(found: dict) -> dict:
        return {name: Decimal("9.99") if name.startswith(whom) else k for name, k in found.items()}

    counted = scoring.Engine.numbers
    monkeypatch.setattr(
        scoring.Engine, "numbers", lambda *given, **named: [fewer(each) for each in counted(*given, **named)]
    )
    assert code_of(proposed, world=world, notice=notice) == "too_few"


def test_dn_27_other_notices_of_the_line_of_command_keep_their_number(world) -> None:
    """Whoever recognises the victim has one person fewer to think of, whatever else they were told."""
    notice = waiting(world)
    with access.viewing(world.sarc):
        settings = scoring.Settings.of(T0.date())
        assert scoring.others_left(notice, settings, T0) == notice.unit_rung.k - 1
    # A newer table that still carries the rung: what counts is what it leaves today.
    few = waiting(world, 21)
    assert few.unit_rung.rung == notice.unit_rung.rung
    assert code_of(proposed, world=world, notice=few) == "others_too_few"


def test_dn_27_an_exception_covers_what_it_covers_and_lets_nothing_fall_below(world) -> None:
    notice = waiting(world)
    on = {"actor": world.sarc, "case_id": notice.case_id, "at": T0}

    def exception(scope: list[str], recipient: str = "commander", *, advised: bool = True):
        threat = {"threat_serious": True, "threat_imminent": True}
        row = exception_propose(**on, exception="EX-2", answers=threat, scope=scope, recipient=recipient)
        if advised:
            exception_advise(
                **on, disclosure_id=row.pk, office="judge_advocate", advice="agree", privilege="not_covered"
            )
        return row

    for other in (
        exception(["status_details"]),
        exception(["incident_details"], "medical"),
        exception(["incident_details"], advised=False),
    ):
        given = {"ground": "exception", "disclosure_id": other.pk}
        assert code_of(proposed, world=world, notice=notice, **given) == "not_covered"
    decided = exception(["incident_details", "status_details"])
    given = {"ground": "exception", "disclosure_id": decided.pk}
    # By consent this would pass; an exception speaks for nobody's number.
    assert code_of(proposed, world=world, notice=notice, **given) == "too_few"
    more = waiting(world, ENOUGH)
    assert code_of(proposed, world=world, notice=more, **given) == "not_covered"
    on["case_id"] = more.case_id
    covering = exception(["incident_details", "status_details"])
    row = approved(world, more, ground="exception", disclosure_id=covering.pk)
    assert (row.state, row.ground, row.consent_signed_at) == ("approved", "exception", None)


def test_dn_27_only_steps_of_the_ladder_that_say_more_and_only_where_somebody_counts(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        bare = report.case.notices.get()
    given = {"actor": world.sarc, "at": T0}
    assert code_of(services.finer_prepare, notice_id=bare.pk, rung=bare.rung, **given) == "no_strength"
    notice = waiting(world)
    base = scoring.base_of(notice)
    for key, code in (
        ("minimal", "not_finer"),
        (base.key, "not_finer"),
        (notice.choices[0]["rung"], "not_finer"),
        ("installation.stated", "unknown_value"),
        (base.key.replace("month", "Zzyzx"), "unknown_value"),
        (None, "unknown_value"),
        (finest(notice).replace("installation", "region", 1), "not_finer"),
    ):
        assert code_of(services.finer_prepare, notice_id=notice.pk, rung=key, **given) == code, key
    unrestricted = world.signed("unrestricted")
    with access.viewing(world.sarc):
        sealed = unrestricted.case.notices.first()
    with pytest.raises(DomainError, match="does not include"):
        services.finer_prepare(notice_id=sealed.pk, rung=finest(notice), **given)


def test_dn_27_two_of_one_line_of_command_come_one_after_the_other(world) -> None:
    """What the second leaves was counted without the first."""
    first, second = waiting(world, ENOUGH), None
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        second = report.case.notices.select_related("post__location", "unit_rung", "case").get()
    rows = [proposed(world, each) for each in (first, second)]
    answers = [{"finer_id": row.pk, "bytes_seen": row.sha256, "at": T0} for row in rows]
    services.finer_approve(actor=world.manager, **answers[0])
    assert code_of(services.finer_approve, actor=world.manager, **answers[1]) == "another_stands"
    services.finer_withdraw(actor=world.sarc, finer_id=rows[0].pk, at=T0)
    services.finer_approve(actor=world.manager, **answers[1])
    with access.viewing(world.sarc):
        assert sorted(FinerWording.objects.values_list("state", flat=True)) == ["approved", "withdrawn"]


def test_dn_27_the_reasons_are_those_of_the_rule() -> None:
    reasons = policy.wording_numbers("finer")["reasons"]
    assert {name: sentence.rstrip(".") for name, sentence in reasons.items()} == dict(FinerReason.choices)

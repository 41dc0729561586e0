"""EX-1 to EX-5, EX-C and the procedure DX-1 to DX-10, through the services."""

import json

import pytest

from notifications.models import Notice
from reports import access, policy
from reports.disclosure import asking, services
from reports.disclosure.models import DisclosureState, Exceptions
from reports.election.contacts import contact_complete
from reports.election.models import Report
from reports.ledger.models import Event
from sapr import clock
from sapr.errors import DomainError, NotFoundError
from tests.adoption.settings import approved, second_manager
from tests.confidence.conftest import (
    MET,
    advised,
    duties_about,
    make,
    proposed,
    refused_by,
    statement_of,
    undone,
)
from tests.times import T0
from tests.world import CANARIES, MEMBER


def test_ex_1_to_ex_5_each_goes_its_whole_way_and_the_report_stays_restricted(world, report) -> None:
    """TR-17: a disclosure leaves the report Restricted, and the notices as they were."""
    with access.viewing(world.sarc):
        before = list(Notice.objects.values_list("pk", "kind", "state", "wording"))
    for exception in Exceptions.values:
        with undone():
            row = make(world, advised(world, report, exception))
            assert (row.state, row.fields) == ("made", ["identity"])
            assert duties_about(world, row.pk) == [("tell_victim_of_disclosure", "CD-21", "open")]
            services.disclosure_tell(actor=world.sarc, case_id=report.case_id, disclosure_id=row.pk, at=T0)
            assert duties_about(world, row.pk) == [("tell_victim_of_disclosure", "CD-21", "discharged")]
            with access.viewing(world.sarc):
                assert Report.objects.get(pk=report.pk).election == "restricted"
                assert list(Notice.objects.values_list("pk", "kind", "state", "wording")) == before


def test_ex_1_to_ex_5_without_their_own_condition_are_not_proposed(world, report) -> None:
    for exception in Exceptions.values:
        with refused_by(exception, "rules_do_not_allow"):
            proposed(world, report, exception, answers={})
    half = {"threat_serious": True}
    with refused_by("EX-2"):
        proposed(world, report, "EX-2", answers=half)
    with refused_by("EX-5"):
        proposed(world, report, "EX-5", answers={"order_source": "other"})
    # What another exception asks is none of this one's business.
    with pytest.raises(DomainError, match="EX-1 does not ask this"):
        proposed(world, report, "EX-1", answers=MET["EX-1"] | half)


def test_the_conditions_asked_are_those_of_the_rules() -> None:
    """No list of ours: each row's own condition, less what the steps say."""
    assert {each: set(asking.conditions(each, T0)) for each in Exceptions.values} == {
        each: set(answers) for each, answers in MET.items()
    }


def test_ex_1_nothing_beyond_the_writing_and_dx_7_only_the_minimum_to_who_needs_to_know(
    world, report
) -> None:
    row = advised(world, report, "EX-1", scope=["contact"])
    with refused_by("EX-1", "beyond_the_exception"):
        make(world, row, fields=["contact", "identity"])
    for missing in ("minimum_only", "recipient_needs_to_know"):
        with refused_by("DX-7", "rules_forbid"):
            make(world, row, fields=["contact"], **{missing: False})
    for wrong in ([], ["shoe_size"], "contact", [7]):
        with pytest.raises(DomainError):
            make(world, row, fields=wrong)
    assert make(world, row, fields=["contact"]).fields == ["contact"]


def test_dx_10_the_alleged_offender_is_told_under_the_threat_exception_alone(world, report) -> None:
    scope = ["alleged_offender"]
    for exception in set(Exceptions.values) - {"EX-2"}:
        with refused_by("DX-10", "beyond_the_exception"):
            proposed(world, report, exception, scope=scope)
    assert make(world, advised(world, report, "EX-2", scope=scope), fields=scope).fields == scope


def test_dx_2_nothing_is_disclosed_before_the_legal_office_was_consulted_not_even_under_a_threat(
    world, report
) -> None:
    for exception in Exceptions.values:
        with undone():
            row = proposed(world, report, exception)
            with refused_by("DX-2", "step_missing"):
                make(world, row)


def test_dx_3_in_doubt_the_commander_decides_and_dx_8_until_then_nothing_goes_out(world, report) -> None:
    for advice in ("doubt", "disagree"):
        for decision, state in (("disclose", "cleared"), ("withhold", "withheld")):
            with undone():
                row = advised(world, report, "EX-5", advice)
                assert row.state == "undecided"
                with refused_by("DX-3", "step_missing"):
                    make(world, row)
                statement = statement_of(world)
                services.exception_decide(actor=world.commander, statement_id=statement.pk, decision=decision)
                with access.viewing(world.sarc):
                    row.refresh_from_db()
                    decided = Event.objects.get(case_id=report.case_id, kind="exception_decided")
                assert (row.state, row.decision) == (state, decision)
                assert decided.data == {"disclosure": str(row.pk), "decision": decision}
                assert decided.actor_id == world.commander.pk
                if decision == "withhold":
                    with refused_by("DX-8", "rules_forbid"):
                        make(world, row)
                else:
                    assert make(world, row).state == "made"
                with pytest.raises(DomainError, match="decided before"):
                    services.exception_decide(
                        actor=world.commander, statement_id=statement.pk, decision="disclose"
                    )


def test_dx_3_the_statement_goes_round_whoever_is_involved(world) -> None:
    """The alleged offender decides nothing: the post above does."""
    offender = str(world.posts["commander"].pk)
    report = world.signed("restricted", offender_post=offender)
    assert advised(world, report, advice="doubt").post == world.posts["higher"]
    with access.viewing(world.commander), pytest.raises(NotFoundError):
        services.exception_decide(actor=world.commander, statement_id=report.pk, decision="disclose")


def test_dx_3_the_decision_of_somebody_who_turns_out_to_be_involved_opens_nothing(world, report) -> None:
    row = advised(world, report, advice="doubt")
    services.exception_decide(actor=world.commander, statement_id=statement_of(world).pk, decision="disclose")
    offender = {"offender_post": str(world.posts["commander"].pk)}
    contact_complete(actor=world.sarc, case_id=report.case_id, identity=offender, narrative={}, at=T0)
    with refused_by("DX-3", "decider_involved"):
        make(world, row)


def test_dx_4_the_log_says_what_to_whom_why_on_whose_advice_and_when_in_words_of_lists(world, report) -> None:
    row = make(world, advised(world, report, "EX-3", recipient="fitness_authority"), fields=["contact"])
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=report.case_id, kind="disclosure_made")
    assert event.occurred_at == T0
    assert event.data == {
        "disclosure": str(row.pk),
        "exception": "EX-3",
        "fields": ["contact"],
        "recipient": "fitness_authority",
        "by": "staff_judge_advocate",
    }
    with access.viewing(world.sarc):
        said = json.dumps(list(Event.objects.filter(case_id=report.case_id).values_list("data", flat=True)))
    assert not [name for name, value in CANARIES.items() if value in said]


def test_dx_5_whoever_is_on_the_case_tells_the_victim_and_dx_1_the_steps_are_the_sarcs(world, report) -> None:
    from reports.casework.services import va_assign

    va_assign(actor=world.sarc, case_id=report.case_id, va=world.va, at=T0)
    with pytest.raises(DomainError, match="does not include this step"):
        services.exception_propose(
            actor=world.va, case_id=report.case_id, exception="EX-2", answers=MET["EX-2"],
            scope=["contact"], recipient="medical", at=T0,
        )  # fmt: skip
    row = make(world, advised(world, report))
    told = services.disclosure_tell(actor=world.va, case_id=report.case_id, disclosure_id=row.pk, at=T0)
    assert (told.state, told.told_by) == ("told", world.va)
    with refused_by("DX-1", "out_of_turn"):
        services.disclosure_tell(actor=world.va, case_id=report.case_id, disclosure_id=row.pk, at=T0)
    with pytest.raises(NotFoundError):
        services.disclosure_tell(actor=world.stranger, case_id=report.case_id, disclosure_id=row.pk, at=T0)


def test_only_a_restricted_report_has_exceptions_and_a_conversion_does_not_end_what_is_owed(
    world, report
) -> None:
    owed, open_ = make(world, advised(world, report)), advised(world, report, "EX-1")
    world.converted(report, at=T0)
    with refused_by("TR-17", "not_restricted"):
        make(world, open_)
    assert duties_about(world, owed.pk)[0][2] == "open"
    services.disclosure_tell(actor=world.sarc, case_id=report.case_id, disclosure_id=owed.pk, at=T0)
    for other in (world.signed("unrestricted"), world.converted(world.signed("restricted"), at=T0)):
        with refused_by("DX-1", "not_restricted"):
            proposed(world, other)
    with pytest.raises(DomainError, match="Nothing is signed"):
        services.exception_propose(
            actor=world.sarc, case_id=world.decided().pk, exception="EX-2", answers=MET["EX-2"],
            scope=["contact"], recipient="medical", at=T0,
        )  # fmt: skip


def test_ex_c_of_a_civilian_employees_report_only_a_threat_opens_anything(world) -> None:
    approved(world, second_manager(world), profile="dated")
    facts = MEMBER | {
        "statuses": ["dod_civilian"],
        "age": 40,
        "component_has_sapr": True,
        "location": "conus",
    }
    case = world.decided(facts=facts)
    from reports.election.services import report_sign

    report = report_sign(actor=world.sarc, **world.paper(case, "restricted", form="DD 2910-8"))
    for exception in set(Exceptions.values) - {"EX-2"}:
        with refused_by("EX-C", "rules_forbid"):
            proposed(world, report, exception)
    assert make(world, advised(world, report, "EX-2")).state == DisclosureState.MADE


def test_no_step_is_recorded_before_the_one_it_stands_on(world, report) -> None:
    from datetime import timedelta

    later = T0 + timedelta(hours=2)
    clock.move(later, hold=True)
    row = proposed(world, report, at=later)
    advice = {"office": "judge_advocate", "advice": "agree", "privilege": "covered"}
    on = {"actor": world.sarc, "case_id": report.case_id, "disclosure_id": row.pk}
    with pytest.raises(DomainError, match="proposed later"):
        services.exception_advise(**on, **advice, at=T0)
    for name in advice:
        with pytest.raises(DomainError, match="choose one of the listed"):
            services.exception_advise(**on, **advice | {name: "perhaps"}, at=later)
    row = services.exception_advise(**on, **advice, at=later)
    with pytest.raises(DomainError, match="not decided yet"):
        make(world, row, at=T0)
    row = make(world, row, at=later)
    with pytest.raises(DomainError, match="made later"):
        services.disclosure_tell(**on, at=T0)
    with pytest.raises(DomainError, match="cannot lie before"):
        proposed(world, report, at=T0 - timedelta(hours=1))


def test_the_databases_list_of_fields_is_the_policys() -> None:
    from pathlib import Path

    sql = (Path(services.__file__).parents[1] / "migrations/sql/confidence.sql").read_text()
    listed = sql.split("scope <@ '")[1].split("'")[0]
    assert json.loads(listed) == list(asking.record_fields())
    assert policy.rule("EX-C").parameters["data"]["only_exception"] == "EX-2"

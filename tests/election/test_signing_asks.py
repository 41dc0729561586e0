"""What a signing asks the database: a fixed number of statements, and of what it stands on nothing twice."""

import json
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from reports import access, policy
from reports.breakglass.services import break_glass_ask, break_glass_decide
from reports.election.models import Case, Decision, FormKind, SignedForm
from reports.election.services import report_sign
from reports.vault.services import open_sealed
from sapr.errors import DomainError, NotFoundError
from sapr.written import write_together
from tests.times import T0

# All of a first signing, its notice with it. Lower it with whoever makes it less; nothing makes it more.
AT_MOST = 20


def statements(world, paper) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        report_sign(actor=world.sarc, **paper)
    return [each["sql"] for each in asked]


def test_a_signing_asks_as_much_beside_many_cases_as_beside_few_and_nothing_twice(world) -> None:
    # The first composes what is kept.
    world.signed("restricted")
    few = statements(world, world.paper(world.decided(), "restricted"))
    world.signed("unrestricted")
    many = statements(world, world.paper(world.decided(), "restricted"))
    assert len(many) == len(few)
    assert len(few) <= AT_MOST, len(few)
    written = next(nth for nth, sql in enumerate(few) if "reports_signedform" in sql)
    before = few[:written]
    assert len(set(before)) == len(before), before
    for table in (
        "reports_case",
        "reports_assignment",
        "accounts_held h WHERE h.user_id",
        "reports_policychange",
    ):
        assert sum(f"FROM {table} " in sql.replace('"', "") for sql in before) <= 1, table
    # The report is not read after it is written, nor what its duties were planned by.
    assert not [sql for sql in few[written:] if 'FROM "reports_report"' in sql or '"layer" FROM' in sql]


def test_what_would_change_the_answer_is_looked_for_at_the_questions_alone(world, monkeypatch) -> None:
    """However the facts were stated: the decision keeps them sorted."""
    explained = []

    def decide(*args, explain=True, **kwargs):
        explained.append(explain)
        return eligibility(*args, explain=explain, **kwargs)

    eligibility = policy.eligibility
    monkeypatch.setattr(policy, "eligibility", decide)
    facts = {"statuses": ["service_member"], "offender_relationship": "none", "age": 24}
    case = world.decided(facts=facts)
    with access.viewing(world.sarc):
        asked = Decision.objects.get(case=case)
    report_sign(actor=world.sarc, **world.paper(case, "restricted"))
    assert explained == [True, False]
    with access.viewing(world.sarc):
        applied = Decision.objects.filter(case=case).exclude(pk=asked.pk).get()
        said = open_sealed(record=applied, actor=world.sarc, purpose="signing", at=T0)["record"]
    again = policy.eligibility(dict(sorted(facts.items())), on=T0.date())
    assert json.loads(said) == json.loads(json.dumps({"facts": facts, "decision": again.to_dict()}))


def test_who_may_not_hold_a_case_is_refused_as_who_may_not_see_it(world) -> None:
    paper = world.paper(world.decided(), "restricted")
    with pytest.raises(NotFoundError):
        report_sign(actor=world.stranger, **paper)
    with pytest.raises(NotFoundError):
        report_sign(actor=world.sarc, **paper | {"case_id": uuid.uuid4()})
    with access.viewing(world.sarc):
        number = Case.objects.get(pk=paper["case_id"]).number
    asked = break_glass_ask(actor=world.stranger, case=number, reason="Invented.", at=T0)
    break_glass_decide(actor=world.manager, request_id=asked.pk, approve=True, at=T0)
    # Seen in an emergency, and held by nobody who only sees it.
    with pytest.raises(DomainError) as refusal:
        report_sign(actor=world.stranger, **paper)
    assert refusal.value.code == "not_your_role"


def test_rows_written_together_are_all_there_or_none(world) -> None:
    """As `save` would write them, sealed; what one of them breaks leaves none of the others."""
    old, case = world.signed("restricted"), world.decided()
    with access.viewing(world.sarc):
        kept = Decision.objects.filter(case=case).get()

        def rows(of_case, option):
            form = SignedForm(
                case=of_case, kind=FormKind.ELECTION, form="DD 2910", edition="20220601", election=option,
                victim_signed_at=T0, advocate_signed_at=T0, advocate=world.sarc, content="{}",
            )  # fmt: skip
            return form, Decision(
                case=of_case, decided_on=T0.date(), decided_at=T0, profile="seed", rule_set="", record="{}"
            )

        form, again = rows(case, "restricted")
        write_together(form, again)
        assert not form._state.adding
        assert Decision.objects.filter(case=case).count() == 2
        assert type(SignedForm.objects.get(pk=form.pk).content) is type(kept.record)
        # This case has its form already.
        with pytest.raises(IntegrityError), transaction.atomic():
            write_together(*reversed(rows(old.case, "restricted")))
        assert Decision.objects.filter(case=old.case).count() == 2

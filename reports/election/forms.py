"""The paper's own rules: option, edition, initials, signatures, all from policy data."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import basis_for
from reports.election.models import Case, Decision, Election
from reports.election.signatures import Signed
from reports.validation import text
from reports.vault.services import open_sealed
from sapr import clock
from sapr.errors import DomainError

INITIALS_LIMIT = 8
OPTIONS = frozenset(Election.values)
# The election forms. DD 2910-1 (a lost form, an earlier report) is the rules' answer but is not signed here yet.
SIGNED_HERE = ("DD 2910", "DD 2910-8")


def known_option(election: object) -> str:
    """The option, or a refusal."""
    if not isinstance(election, str) or election not in OPTIONS:
        raise DomainError("unknown_option", "Choose Restricted or Unrestricted.", path="election")
    return election


def local_date(case: Case, at: datetime):
    """The installation's calendar date of an instant: it selects rules and editions."""
    return at.astimezone(ZoneInfo(case.installation.zone)).date()


def decision_on(case: Case, signed_at: datetime, actor) -> tuple[dict[str, Any], policy.Decision]:
    """The facts last decided on, and what the rules of the signing date answer for them."""
    row = Decision.objects.filter(case=case).order_by("-decided_at", "id").first()
    return decided_by(row, case, signed_at, actor)


def decided_by(
    row: Decision | None, case: Case, signed_at: datetime, actor
) -> tuple[dict[str, Any], policy.Decision]:
    """The same, by the last decision that is at hand; refuses where there is none."""
    if row is None:
        raise DomainError(
            "not_decided", "Answer the eligibility questions first; then the options are known.", status=409
        )
    opened = open_sealed(record=row, actor=actor, purpose="signing", at=clock.now())
    asked = json.loads(opened["record"])
    facts = asked["facts"]
    again = decide(case, facts, signed_at, explain=False)
    # Mostly it is the very answer that was given at the questions: what would have changed it is known.
    return facts, again.explained_as(asked["decision"]) or decide(case, facts, signed_at)


def decide(case: Case, facts: dict[str, Any], at: datetime, *, explain: bool = True) -> policy.Decision:
    """What the rules of the instant's day answer, under the policy settings in force at that instant.

    `explain`: also which other value of a fact would change it.
    """
    on = local_date(case, at)
    found = basis_for(facts, on=on, at=at)
    return policy.eligibility(facts, on=on, profile=found.profile, adopted=found.adopted, explain=explain)


def require_option(decision: policy.Decision, option: str) -> None:
    """Refuse an option that the rules bar, in the rules' own words."""
    if not decision.allowed(option):
        answer = decision.to_dict()["options"][option]
        raise DomainError(
            "option_barred", answer["because"], status=409, path="election", rule=", ".join(answer["rules"])
        )


def checked(
    decision: policy.Decision,
    option: str,
    edition: object,
    initials: object,
    signed: Signed,
    case: Case,
    signed_at: datetime,
) -> dict[str, Any]:
    """The form's content, complete: edition in force, every acknowledgement initialled, both signatures."""
    if decision.form not in SIGNED_HERE:
        raise DomainError("no_form", "The rules give this person no form to sign here.", status=409)
    form = policy.form_edition(decision.form, local_date(case, signed_at))
    if edition != form.edition:
        raise DomainError(
            "wrong_edition",
            f"Edition {form.edition} of {form.code} was in force. Use that one.",
            path="edition",
        )
    if not isinstance(initials, dict):
        raise DomainError("wrong_type", "initials: one entry for each acknowledgement.", path="initials")
    wanted = {item.key for item in form.acknowledgements if option in item.options}
    for key in initials:
        if key not in wanted:
            raise DomainError("unknown_field", f"{key}: no such acknowledgement.", path=f"initials.{key}")
    marks = {key: text(initials.get(key), f"initials.{key}", limit=INITIALS_LIMIT) for key in sorted(wanted)}
    missing = [key for key, mark in marks.items() if not mark]
    if missing:
        raise DomainError(
            "initials_missing",
            f"{len(missing)} acknowledgement(s) are not initialled yet. Each needs the victim's initials.",
            path=f"initials.{missing[0]}",
        )
    return {
        "form": form.code,
        "edition": form.edition,
        "election": option,
        "initials": marks,
        **signed,
    }

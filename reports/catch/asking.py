"""What the rules of CATCH are asked, and with which facts."""

from datetime import datetime
from typing import Any

from reports import policy, ruled
from reports.catch import selectors
from reports.election import selectors as election
from reports.ledger.selectors import case_events
from sapr.errors import DomainError

# What nobody can know but by asking the victim, by the names of the facts.
QUESTIONS = ("entry_names_victim", "suspect_known_to_law_enforcement", "fap_report")

NOT_OPEN = (
    "On that day the rules open CATCH to none of what is known here. They open it to a Restricted report; to an "
    "Unrestricted one while law enforcement does not know the suspect's name; to a logged inquiry; to a report to the "
    "Family Advocacy Program; and to somebody who left the Service and had a Restricted report."
)


def require_entry(*, actor, case, answers: Any, at: datetime) -> policy.Ruling:
    """Refuse an entry that no rule of that day allows; the ruling otherwise."""
    if not isinstance(answers, dict):
        raise DomainError("wrong_type", "answers: one entry for each question.", path="answers")
    for name in answers:
        if name not in QUESTIONS:
            raise DomainError("unknown_field", f"{name}: there is no such question.", path=f"answers.{name}")
    if "entry_names_victim" not in answers:
        raise DomainError(
            "missing",
            "entry_names_victim: say whether the entry would name the victim.",
            path="answers.entry_names_victim",
            rule="CA-07",
        )
    known = election.decision_latest(viewer=actor, case=case, at=at)
    person = known["facts"] if known else {}
    facts = {name: person[name] for name in ("statuses", "age", "prior_election") if person.get(name)}
    facts |= _standing(actor, case) | answers
    ruling = ruled.asked(case, "catch_entry", facts, at, service=person.get("service"))
    ruled.require_allowed(
        ruling,
        rule=", ".join(_open_to(at)),
        otherwise=NOT_OPEN,
    )
    return ruling


def _standing(actor, case) -> dict[str, Any]:
    report = getattr(case, "report", None)
    if report is not None:
        return {"signed": True, "election": report.election}
    logged = case_events(viewer=actor, case=case).filter(kind="inquiry_logged").exists()
    return {"signed": False, "inquiry_logged": logged}


def _open_to(at: datetime) -> list[str]:
    """The rows that open CATCH to somebody on that day."""
    return sorted(
        {
            row.id
            for row in policy.rules()
            if row.parameters.get("topic") == "catch_entry"
            and row.parameters["effect"] == "allow"
            and row.in_force(at.date())
        }
    )


def require_form(*, case, signed: bool, at: datetime) -> str:
    """The code of the form that the rules want of this victim; '' for none. Refused when it is not signed (CA-16)."""
    facts = {"catch_entered": True, "signed": getattr(case, "report", None) is not None}
    ruling = ruled.asked(case, "catch_form", facts, at)
    wanted = next((each for each in ruling.says if each.data.get("form")), None)
    if wanted is None:
        return ""
    if not signed:
        raise DomainError(
            "form_needed", f"{wanted.sentence}", status=409, rule=wanted.rule, path="form_signed"
        )
    return wanted.data["form"]


def require_contact(*, actor, case, consents: bool, only_details_given: bool, at: datetime) -> None:
    """Refuse to tell of a match a victim who left or did not agree, or by other details than those given."""
    facts = {
        "match_found": True,
        "catch_entered": True,
        "catch_opted_out": selectors.open_entry(viewer=actor, case=case) is None,
        "catch_contact_consent": consents,
        "only_details_given": only_details_given,
    }
    ruling = ruled.asked(case, "catch_contact", facts, at)
    ruled.require_allowed(
        ruling,
        rule="CA-11",
        otherwise="The victim is told of a match only if they agreed to it, and only by the details given for it.",
    )


def logins_after_first_use(at: datetime) -> int:
    """How many more logins credentials allow after the first (CK-21)."""
    return policy.rule("CK-21", on=at.date()).parameters["data"]["logins_after_first_use"]

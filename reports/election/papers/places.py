"""In which case a form has its place: the edition's own word, and the ruling that it asks."""

from datetime import date, datetime
from typing import Any

from reports import policy
from reports.adoption.selectors import basis_for
from reports.election.models import Case
from sapr.errors import DomainError


def place_of(case: Case) -> str:
    """The election that stands, or that nothing is signed, in the words of the editions."""
    report = getattr(case, "report", None)
    return report.election if report else policy.UNSIGNED


def require_place(
    case: Case, edition: policy.PaperEdition, answers: dict[str, Any], *, on: date, at: datetime
) -> None:
    """Refuse a form that has no place in the case as it stands, by the rule that says so."""
    place = place_of(case)
    if edition.asks:
        stated = {fact: answers[key] for fact, key in edition.asks["facts"].items()}
        basis = basis_for({}, on=on, at=at)
        said = policy.ruling(
            edition.asks["topic"],
            stated | ({"election": place} if place != policy.UNSIGNED else {}),
            on=on,
            profile=basis.profile,
            adopted=basis.adopted,
        )
        if not said.allowed:
            refusing = [each for each in said.says if each.effect == "refuse"]
            raise DomainError(
                "form_not_here",
                refusing[0].sentence if refusing else f"{edition.code} has no place in this case.",
                status=409,
                path="form",
                rule=refusing[0].rule if refusing else edition.code,
            )
    if place not in edition.elections:
        raise DomainError(
            "form_not_here",
            f"{edition.code} has no place in this case as it stands. Nothing was recorded.",
            status=409,
            path="form",
            rule=edition.code,
        )

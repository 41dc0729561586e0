"""What stands on a form, whichever kind it is: an election form, its conversion part, or a form beside the election."""

from datetime import datetime
from typing import Any, NamedTuple

from reports import policy
from reports.election.models import FormKind, SignedForm
from reports.election.papers.models import LOST_FORM, Paper

BOTH = ("victim", "advocate")


class Sheet(NamedTuple):
    """The lines of one edition. `acknowledgements`: (key, sentence) of each that is initialled."""

    code: str
    edition: str
    title: str
    questions: tuple[policy.PaperQuestion, ...]
    acknowledgements: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]
    signers: tuple[str, ...]
    note: str


def of_paper(edition: policy.PaperEdition) -> Sheet:
    """The lines of a form beside the election."""
    return Sheet(
        edition.code, edition.edition, edition.title, edition.questions,
        tuple((each.key, each.sentence) for each in edition.acknowledgements),
        tuple(each.sentence for each in edition.statements), edition.signers, edition.note or "",
    )  # fmt: skip


def of_election(form: policy.FormEdition, election: str, *, conversion: bool = False) -> Sheet:
    """The lines of an election form that belong to the election on it; of its conversion part the signatures only."""
    wanted = () if conversion else form.required_for(election)
    return Sheet(
        form.code, form.edition, form.title, (),
        tuple((each.key, each.sentence) for each in form.acknowledgements if each.key in wanted),
        tuple(each.sentence for each in form.statements), BOTH, form.note or "",
    )  # fmt: skip


def of_row(row: SignedForm | Paper) -> Sheet:
    """The lines of the edition on which something was signed."""
    first = row if isinstance(row, SignedForm) else row.original
    if first is None or row.form == LOST_FORM:
        return of_paper(policy.paper_named(row.form, row.edition))
    conversion = first.kind == FormKind.CONVERSION
    return of_election(policy.form_named(row.form, row.edition), row.election, conversion=conversion)


def written(row: SignedForm | Paper, content: dict[str, Any]) -> dict[str, Any]:
    """Answers, initials and signatures of a signed form in one shape, whichever kind it is."""
    if isinstance(row, Paper):
        return content
    return {
        "answers": {},
        "initials": content.get("initials", {}),
        "election": row.election,
        "signatures": {
            "victim": _signature(content, "victim", row.victim_signed_at),
            "advocate": _signature(content, "advocate", row.advocate_signed_at),
        },
    }


def _signature(content: dict[str, Any], who: str, at: datetime) -> dict[str, Any]:
    """Typed name, strokes where it was drawn, and the instant."""
    drawn = content.get(f"{who}_drawn", [])
    return {"name": content[f"{who}_signature"], "drawn": drawn, "at": at.isoformat()}

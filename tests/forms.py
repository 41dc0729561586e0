"""Forms beside the election, filled in completely, the short way."""

from datetime import datetime
from typing import Any

from reports import policy
from reports.election.papers.copies import copy_request, hand_out_give
from reports.election.papers.models import Paper
from reports.election.papers.services import form_correct, form_replace_lost, form_sign
from tests.times import T0
from tests.world import CANARIES

NAMES = {
    "victim": CANARIES["name"],
    "reporter": "Invented Reporter",
    "advocate": "Invented Advocate",
    "sarc": "Invented SARC",
}


def an_answer(question: policy.PaperQuestion, at: datetime) -> Any:
    """Something that can be answered, different for each question."""
    if question.type == "choice":
        return next(iter(question.values))
    if question.type == "choices":
        return list(question.values)
    return {"yes_no": True, "date": at.date().isoformat()}.get(
        question.type, f"Invented answer to {question.key}."
    )


def filled(form: str, at: datetime = T0, **changed: Any) -> dict[str, Any]:
    """Everything written on a form of the day, as the services take it; each part may be changed."""
    edition = policy.paper_edition(form, at.date())
    return {
        "edition": edition.edition,
        "answers": {each.key: an_answer(each, at) for each in edition.questions},
        "initials": {each.key: "ZC" for each in edition.acknowledgements},
        "signatures": {each: NAMES[each] for each in edition.signers},
        "signed_at": dict.fromkeys(edition.signers, at),
    } | changed


def sign(world, case, form: str, at: datetime = T0, **changed: Any) -> Paper:
    """The form signed in the case by its SARC."""
    return form_sign(actor=world.sarc, case_id=case.pk, form=form, **filled(form, at, **changed))


def replace_lost(world, case, at: datetime = T0, *, remote: bool = False, **changed: Any) -> Paper:
    """The election form, lost and replaced."""
    given = filled("DD 2910-1", at, **changed)
    return form_replace_lost(actor=world.sarc, case_id=case.pk, remote=remote, **given)


def election_again(form: policy.FormEdition, option: str, at: datetime = T0) -> dict[str, Any]:
    """What is written on a corrected election form."""
    return {
        "edition": form.edition,
        "answers": {},
        "initials": dict.fromkeys(form.required_for(option), "ZD"),
        "signatures": {each: NAMES[each] for each in ("victim", "advocate")},
        "signed_at": dict.fromkeys(("victim", "advocate"), at),
    }


def correct(world, case, row, **given: Any) -> Paper:
    """A further version of a signed form."""
    given = {"reason": "left_out"} | (given or filled(row.form))
    return form_correct(actor=world.sarc, case_id=case.pk, form_id=row.pk, **given)


def one_of_each(world, case, at: datetime = T0) -> None:
    """A row in every table of forms and copies, in a report of either kind."""
    sign(world, case, "DD 2911", at)
    copy_request(actor=world.sarc, case_id=case.pk, form="DD 2910", delivery="in_person", at=at)
    if case.report.election == "unrestricted":
        hand_out_give(actor=world.sarc, case_id=case.pk, form="DD 2701", given_to="victim", at=at)

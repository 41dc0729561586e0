"""Minutes of one case: what was asked and answered, who came for it, and a text under the case's own key. Once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from reports import access
from reports.casework.cmg import selectors
from reports.casework.cmg.models import AgendaLine, Member, Minutes, Outcome
from reports.ruled import require_allowed, ruled
from reports.validation import LONG, instant, text
from reports.vault.errors import ErasedError
from sapr.errors import DomainError

ANSWERS = {"done": "Done", "open": "Still open", "not_applicable": "Does not apply"}


@access.service
def cmg_minutes_keep(
    *,
    actor,
    line_id: UUID,
    answers: Mapping[str, str],
    told_by: str,
    privileged: bool,
    at: datetime,
    present: Collection[str] = (),
    words: str = "",
) -> Minutes:
    """The minutes of a case that was reviewed; by its SARC or the co-chair (DB-09, CMG-26), once.

    `answers`: each question of the agenda (`selectors.questions`) → one of ANSWERS. `told_by`: who spoke for the case.
    `privileged`: whether any of it was said in confidence to an advocate, a chaplain, counsel or a therapist; that
    is not kept here (CMG-15). `present`: members who came for this case. `words`: sealed.
    """
    line = selectors.line_get(viewer=actor, line_id=line_id)
    access.require_on(actor, line, "cmg_minute")
    at = instant(at, "at")
    if line.outcome != Outcome.REVIEWED:
        raise DomainError(
            "not_reviewed",
            "This case was not reviewed in that meeting. There is nothing to keep.",
            status=409,
            rule="CMG-26",
        )
    zone = line.meeting.installation.zone
    require_allowed(
        ruled("cmg_minutes", {"database_role": "other_sarc"}, at=at, zone=zone),
        code="not_your_role",
        otherwise="Only a SARC keeps the minutes.",
        rule="DB-09",
    )
    _require_speaker(line, told_by, privileged, at, zone)
    given = _answers(line, answers, at)
    came = _members(present, at, zone)
    row = Minutes(
        line=line,
        case_id=line.case_id,
        present=came,
        answers=given,
        told_by=told_by,
        not_privileged=not privileged,
        text=text(words, "words", limit=LONG) or None,
        kept_by=actor,
        # The trigger's to write.
        kept_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "minutes_kept",
            "The minutes of this case are kept already; they stand.",
            status=409,
            rule="CMG-26",
        ) from None
    except ErasedError:
        raise DomainError("erased", "The keys of this case are destroyed.", status=410) from None
    return row


def _require_speaker(line: AgendaLine, told_by: str, privileged: bool, at: datetime, zone: str) -> None:
    if told_by not in Member.values:
        raise DomainError("unknown_value", "told_by: choose from the list.", path="told_by")
    state = "OPEN_LIMITED_INFO" if line.limited else "UNRESTRICTED_OPEN"
    facts = {
        "works_on_this_case": True,
        "privileged_content": privileged,
        "state": state,
        "cmg_member": told_by,
    }
    ruling = ruled("cmg_sharing", facts, at=at, zone=zone)
    require_allowed(
        ruling,
        code="not_for_the_group",
        otherwise="Those who work on the case tell the group about it.",
        rule="CMG-14",
        path="privileged" if privileged else "told_by",
    )


def _answers(line: AgendaLine, answers: Mapping[str, str], at: datetime) -> dict[str, str]:
    asked = {each.rule: each for each in selectors.questions(line, at)}
    for rule, answer in answers.items():
        if rule not in asked or answer not in ANSWERS:
            raise DomainError("unknown_value", "answers: choose one of the listed answers.", path="answers")
    for rule, saying in asked.items():
        if rule not in answers:
            raise DomainError(
                "missing", f"Not answered: {saying.sentence}", path=f"answers.{rule}", rule=rule
            )
    return {rule: answers[rule] for rule in asked}


def _members(present: Collection[str], at: datetime, zone: str) -> list[str]:
    for each in present:
        if each not in Member.values:
            raise DomainError("unknown_value", "present: choose from the list.", path="present")
    return sorted(set(present))

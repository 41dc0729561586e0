"""Taking part in CATCH, leaving it, and being told of a match. Nothing here changes the report (CA-13)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from reports import access, ruled
from reports.casework.one_year import require_may_tell_of_match
from reports.catch import asking, selectors
from reports.catch.credentials import close_open
from reports.catch.models import CatchContact, CatchEntry
from reports.election.contacts import locked
from reports.election.standing import require_open
from reports.recording import record
from reports.validation import instant, text
from reports.vault.keys import commitment
from sapr.errors import DomainError

DETAILS = 1_000


@access.service
def catch_explain(*, actor, case_id: UUID, at: datetime) -> UUID:
    """CATCH was explained to the victim; returns the event's id."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    require_open(case)
    return record(case=case, kind="catch_explained", actor=actor, at=at)


@access.service
def catch_join(
    *,
    actor,
    case_id: UUID,
    answers: dict[str, bool],
    form_signed: bool,
    consents: bool,
    details: str = "",
    at: datetime,
) -> CatchEntry:
    """The victim takes part, where the rules of that day let them (CA-01 to CA-07).

    `answers`: what nobody can know but by asking (`asking.QUESTIONS`). `form_signed`: the DD 2910-4, where the rules
    want one (CA-16). `consents`: whether a match is to be told, by `details` and nothing else.
    """
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    require_open(case)
    locked(case)
    if selectors.open_entry(viewer=actor, case=case) is not None:
        raise DomainError("already_joined", "The victim takes part in CATCH already.", status=409)
    ruling = asking.require_entry(actor=actor, case=case, answers=answers, at=at)
    form = asking.require_form(case=case, signed=form_signed is True, at=at)
    entry = CatchEntry(case=case, joined_at=at)
    entry.save(force_insert=True)
    wish = _wish(case, entry, consents, details, at)
    data = {"entry": str(entry.pk), "rules": list(ruling.rules)} | wish | ({"form": form} if form else {})
    record(case=case, kind="catch_joined", actor=actor, at=at, data=data)
    return entry


@access.service
def catch_wish(*, actor, case_id: UUID, consents: bool, details: str = "", at: datetime) -> CatchContact:
    """The victim says anew whether they want to be told of a match, and how; the newest answer counts (EV-14)."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    entry = _open_entry(actor, case, at)
    data = {"entry": str(entry.pk), "to": "catch_match"} | _wish(case, entry, consents, details, at)
    kind = "consent_recorded" if consents is True else "consent_withdrawn"
    record(case=case, kind=kind, actor=actor, at=at, data=data)
    return selectors.wish(viewer=actor, case=case)


@access.service
def catch_leave(*, actor, case_id: UUID, at: datetime) -> CatchEntry:
    """The victim leaves, at any time and also after a match (CA-10); open credentials end with it."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    entry = _open_entry(actor, case, at)
    ruling = ruled.asked(case, "catch_exit", {"catch_entered": True}, at)
    ruled.require_allowed(ruling, rule="CA-10", otherwise="The rules of that day knew no way out of CATCH.")
    close_open(actor=actor, case=case, at=at)
    entry.left_at = at
    entry.save(update_fields=["left_at"])
    record(case=case, kind="catch_left", actor=actor, at=at, data={"entry": str(entry.pk)})
    return entry


@access.service
def catch_match(*, actor, case_id: UUID, at: datetime) -> UUID:
    """The SARC was told of a match; returns the match's id. The report stays as it is (CA-13)."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    locked(case)
    if not selectors.ever_joined(viewer=actor, case=case, at=at):
        raise DomainError(
            "not_joined",
            "The victim took no part in CATCH then. Check case and time.",
            status=409,
            rule="CA-11",
        )
    match = uuid4()
    record(case=case, kind="catch_matched", actor=actor, at=at, data={"match": str(match)}, about=match)
    return match


@access.service
def catch_match_tell(*, actor, case_id: UUID, match_id: UUID, only_details_given: bool, at: datetime) -> UUID:
    """The victim was told of the match, privately and by the details given (CA-11, EV-14).

    Refused for a victim who left (CA-12) or did not agree, before and after the talk of the first year alike.
    """
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    locked(case)
    match = next((m for m in selectors.matches(viewer=actor, case=case) if m.id == match_id), None)
    if match is None:
        raise DomainError("unknown_value", "match_id: no such match was recorded here.", path="match_id")
    if match.told_at is not None:
        raise DomainError("already_told", "The victim was told of this match before.", status=409)
    if at < match.matched_at:
        raise DomainError("before_the_match", "The match came later than this. Check the time.", path="at")
    wish = selectors.wish(viewer=actor, case=case)
    consents, only = wish is not None and wish.consents, only_details_given is True
    require_may_tell_of_match(actor=actor, case=case, consents=consents, only_details_given=only, at=at)
    asking.require_contact(actor=actor, case=case, consents=consents, only_details_given=only, at=at)
    data = {"match": str(match.id), "contact": str(wish.pk)}
    return record(case=case, kind="catch_match_told", actor=actor, at=at, data=data, about=match.id)


def _open_entry(actor, case, at: datetime) -> CatchEntry:
    locked(case)
    entry = selectors.open_entry(viewer=actor, case=case)
    if entry is None:
        raise DomainError("not_joined", "The victim does not take part in CATCH now.", status=409)
    if at < entry.joined_at:
        raise DomainError("before_joining", "The victim joined later than this. Check the time.", path="at")
    return entry


def _wish(case, entry: CatchEntry, consents: object, details: object, at: datetime) -> dict[str, Any]:
    """Keep the wish as a row of its own; what its event says of it."""
    said = text(details, "details", limit=DETAILS, required=consents is True)
    if said and consents is not True:
        raise DomainError(
            "not_wanted",
            "details: without consent to be told of a match no details are kept.",
            path="details",
        )
    row = CatchContact(
        case=case,
        entry=entry,
        consents=consents is True,
        details=said or None,
        given_at=at,
        version=CatchContact.objects.filter(entry=entry).count() + 1,
    )
    row.save(force_insert=True)
    answer = {"contact": str(row.pk), "answer": "tell_of_match" if row.consents else "no_contact"}
    return answer | ({"details": commitment(case.pk, said.encode())} if said else {})

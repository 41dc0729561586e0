"""First contact: opening a case folder, sealing what is told, and leaving without signing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Location, LocationKind, Role
from accounts.selectors import holders_of, places_by_role, post_at
from reports import access, policy
from reports.casework.models import Assignment, CaseRole
from reports.election import contents
from reports.election.drafts.ending import destroy_after_commit
from reports.election.models import Case, Identity, InformedBy, Narrative, Report
from reports.election.standing import require_open
from reports.obligations import hooks
from reports.recording import record
from reports.validation import instant
from sapr import clock
from sapr.errors import DomainError

CASE_NUMBER_PREFIX = "C"


def locked(case: Case) -> Case:
    """The case as it stands now, held until the transaction ends: whatever moves one waits for the others.

    Taken before the first event of the transaction, so that no two hold case and chain the other way round. What only
    hangs on the case is not held up.
    """
    # Nothing is joined: a row beside the one that is waited for would be read as it was before the wait.
    found = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if Case.installation.is_cached(case) and found.installation_id == case.installation_id:
        # The directory's row, which is no part of what was waited for.
        found.installation = case.installation
    return found


@access.service
def contact_open(
    *,
    actor,
    at: datetime,
    installation: Location | None = None,
    identity: dict[str, Any] | None = None,
    narrative: dict[str, Any] | None = None,
    source: str = "self",
) -> Case:
    """Somebody came. A case folder with sealed contents; not a report, and nobody is told.

    The actor (SARC or SAPR VA) is assigned; a VA's contact is also assigned to the installation's SARC. The
    referral opens the duty to assign a VA at once (R20), which is discharged here when a VA opened it.
    `source` is the door (R19): one of the step vocabulary of `referral_received`. Who came by themselves (`self`)
    came to the door of the actor's own role. What the rules oblige at each door, `election.doors` tells.
    """
    access.require(actor, "open_contact")
    at = instant(at, "at")
    role, place = own_role(actor, at, installation)
    case = Case(
        number=policy.new_control_number(prefix=CASE_NUMBER_PREFIX),
        installation=place,
        opened_by=actor,
        opened_at=at,
    )
    case.save(force_insert=True)
    sarcs = assign_first(case, actor, role, at)
    sealed = contents.write(Identity, case, identity or {}) | contents.write(Narrative, case, narrative or {})
    record(case=case, kind="contact_opened", actor=actor, at=at, data=sealed)
    for sarc in sarcs:
        record(case=case, kind="sarc_assigned", actor=actor, at=at, data={"user": str(sarc.pk)})
    from reports.casework.services import step_record

    door = str(role) if source == "self" else source
    step_record(actor=actor, case_id=case.pk, kind="referral_received", at=at, details={"from": door})
    if role == Role.VA:
        record(case=case, kind="va_assigned", actor=actor, at=at, data={"user": str(actor.pk)})
    return case


def own_role(actor, at: datetime, installation: Location | None) -> tuple[str, Location]:
    """In which role, SARC before SAPR VA, the actor opens a contact, and at which installation.

    They held that role there when the person came and hold it now: otherwise the assignment would carry nothing.
    """
    places, now = places_by_role(actor, at), places_by_role(actor, clock.now())
    held = {role: places.get(role, set()) & now.get(role, set()) for role in (Role.SARC, Role.VA)}
    if not any(held.values()):
        raise DomainError(
            "not_your_role", "You held no SARC or SAPR VA post at that time.", status=403, path="at"
        )
    for role, ids in held.items():
        found = Location.objects.filter(pk__in=ids, kind=LocationKind.INSTALLATION).order_by("name")
        place = found.filter(pk=installation.pk).first() if installation else found.first()
        if place:
            return role.value, place
    raise DomainError(
        "not_an_installation",
        "Choose an installation at which you are SARC or SAPR VA.",
        path="installation",
    )


def assign_first(case: Case, actor, role: str, at: datetime) -> list:
    """Claim a new case for its opener; one that a SAPR VA opened is the SARCs' of the installation as well.

    Returns the SARCs on it.
    """
    Assignment(case=case, user=actor, role=role, started_at=at).save(force_insert=True)
    if role == CaseRole.SARC:
        return [actor]
    post = post_at(case.installation, Role.SARC)
    sarcs = list(holders_of(post, at)) if post else []
    for sarc in sarcs:
        Assignment(case=case, user=sarc, role=CaseRole.SARC, started_at=at).save(force_insert=True)
    return sarcs


@access.service
def contact_complete(
    *, actor, case_id: UUID, at: datetime, identity: dict[str, Any], narrative: dict[str, Any]
) -> Case:
    """Add to or replace the sealed contents of a case; keys that are absent stay as they are.

    Safe contact details may change at any time; what was signed stays in the signed form.
    """
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    require_open(case)
    hooks.contents_changing(case=case)
    sealed = contents.write(Identity, case, identity)
    if sealed:
        record(case=case, kind="identity_sealed", actor=actor, at=at, data=sealed)
        if contents.POSTS & identity.keys():
            hooks.involved_changed(case=case, actor=actor, at=at)
    sealed = contents.write(Narrative, case, narrative)
    if sealed:
        record(case=case, kind="account_sealed", actor=actor, at=at, data=sealed)
    hooks.contents_changed(case=case, actor=actor, at=at, fields={*identity, *narrative})
    return case


@access.service
def contact_walk_away(*, actor, case_id: UUID, at: datetime) -> Case:
    """The person left without signing (BL-11): no report exists and nobody may be told."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    case = locked(case)
    if Report.objects.filter(case=case).exists():
        raise DomainError("already_signed", "An election is signed already.", status=409, rule="BL-11")
    if case.informed_by == InformedBy.MCIO:
        raise DomainError(
            "not_a_contact", "Nobody came who could leave: close this case instead.", status=409, rule="TR-14"
        )
    if Case.objects.filter(pk=case.pk, walked_away_at=None).update(walked_away_at=at) != 1:
        raise DomainError("already_closed", "This contact is closed already.", status=409)
    record(case=case, kind="contact_walked_away", actor=actor, at=at)
    # What anybody typed of it and did not submit is gone by now; its keys follow.
    destroy_after_commit()
    case.refresh_from_db()
    return case

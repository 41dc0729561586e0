"""A SARC or a SAPR VA leaves: the next one follows at once, and no case is left without a SARC."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.models import Role, User
from reports import access
from reports.casework.models import CaseRole
from reports.casework.moves import selectors
from reports.casework.moves.models import HandOver, Originals
from reports.casework.moves.services import require_certificate
from reports.election.standing import require_open
from reports.ledger.services import append_system
from reports.recording import record
from reports.ruled import require_allowed, ruled
from reports.validation import instant
from sapr.errors import DomainError

CHANGES = {CaseRole.SARC: "sarc_leaves", CaseRole.VA: "va_leaves"}
REASONS = {
    "victims_wish": "The victim asked for another",
    "not_available": "Not available any more",
    "other_reason": "Another reason",
}
KEPT = "MV-06"
NOTHING_LEFT = DomainError(
    "nothing_to_take", "Every open case of your installation has a SARC now.", status=409, rule="MV-05"
)


@access.service
def advocate_change(
    *,
    actor,
    case_id: UUID,
    role: str,
    leaves: User,
    follows: User,
    at: datetime,
    originals: str = "",
    reason: str = "",
) -> HandOver:
    """The SARC of the case lets somebody follow a SARC or SAPR VA on it, at once (MV-05); CD-02 opens.

    Who leaves works on it no more, also when that is the actor. `originals`: where the stored DD 2910 lie, for a SARC;
    a second person confirms it (MV-06). `reason`: a word of `REASONS`, where one is known: the victim may ask for
    another at any time.
    """
    case = access.case_for(actor, case_id, "hand_over")
    at = instant(at, "at")
    require_open(case)
    if role not in CaseRole.values:
        raise DomainError("unknown_value", "role: choose SARC or SAPR VA.", path="role")
    if reason and reason not in REASONS:
        raise DomainError("unknown_value", "reason: choose one of the listed answers.", path="reason")
    if role == CaseRole.VA:
        originals = ""
    elif originals not in Originals.values:
        raise DomainError(
            "missing", "Say where the originals of the DD 2910 lie.", path="originals", rule=KEPT
        )
    require_allowed(
        ruled("case_transfer", {"case_change": CHANGES[role]}, at=at, zone=case.installation.zone),
        code="may_not_follow",
        otherwise="The case cannot pass on by the rules of that day.",
        rule="MV-05",
    )
    held = selectors.on_case(viewer=actor, case=case).filter(user=leaves, role=role)
    if leaves.pk == follows.pk or not held.exists():
        raise DomainError(
            "does_not_hold_it", "Choose somebody who is on the case in this role, and somebody else to follow.",
            status=409, path="leaves", rule="MV-05",
        )  # fmt: skip
    require_certificate(follows, Role(role), case.installation_id, at, case.installation.zone)
    data = {"role": role, "from": str(leaves.pk), "to": str(follows.pk)} | (
        {"reason": reason} if reason else {}
    )
    # First said, then done: afterwards the actor may be on the case no more.
    record(case=case, kind="advocate_changed", actor=actor, at=at, data=data)
    row = HandOver(
        case=case,
        # Number, installation and the instant are the trigger's to write.
        number=case.number,
        installation=case.installation,
        changed_at=at,
        role=role,
        leaves=leaves,
        follows=follows,
        changed_by=actor,
        originals=originals,
    )
    row.save(force_insert=True)
    return row


@access.service
def originals_confirm(*, actor, handover_id: UUID, originals: str, at: datetime) -> HandOver:
    """A second person, another SARC of the installation or a programme manager, confirms where they lie (MV-06).

    Refused when they lie somewhere else than was said: then the one who said it has to be asked.
    """
    row = selectors.handover_get(viewer=actor, handover_id=handover_id)
    access.require_on(actor, row, "confirm_originals")
    at = instant(at, "at")
    if actor.pk in (row.leaves_id, row.changed_by_id):
        raise DomainError(
            "second_person_needed",
            "Another person confirms this, not who leaves nor who handed over.",
            status=409,
            rule=KEPT,
        )
    if originals not in Originals.values or originals == Originals.UNKNOWN:
        raise DomainError("unknown_value", "originals: say where they lie.", path="originals", rule=KEPT)
    if row.originals not in (originals, Originals.UNKNOWN):
        raise DomainError(
            "lies_elsewhere", "Whoever handed over said another place. Ask them, and look again.",
            status=409, path="originals", rule=KEPT,
        )  # fmt: skip
    changed = HandOver.objects.filter(pk=row.pk, confirmed_at=None).update(
        originals=originals, confirmed_by=actor, confirmed_at=at
    )
    if changed != 1:
        raise DomainError("already_decided", "This was confirmed in the meantime.", status=409, rule=KEPT)
    row.refresh_from_db()
    return row


@access.service
def victim_hand_over(*, actor, case_id: UUID, at: datetime) -> UUID:
    """Who is on the case now has what concerns the victim (CD-02, MV-07); not before the originals are confirmed."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    require_open(case)
    changes = selectors.handovers_of(viewer=actor, case=case)
    if not changes.exists():
        raise DomainError(
            "nobody_left", "Nobody has followed anybody on this case.", status=409, rule="MV-07"
        )
    if changes.filter(role=CaseRole.SARC, confirmed_at=None).exists():
        raise DomainError(
            "originals_unconfirmed",
            "Where the originals lie is not confirmed yet. Another SARC or a programme manager confirms it first.",
            status=409,
            rule=KEPT,
        )
    return record(case=case, kind="victim_handed_over", actor=actor, at=at)


@access.service
def case_take_over(*, actor, installation_id: UUID, at: datetime) -> UUID:
    """A SARC takes over one case of their installation that no SARC holds, the one whose duty is due first; its id.

    They do not choose which, and learn of none that they do not take. What was taken over, and by whom, is on the
    case's record, which the database itself writes; the duty to hand over what concerns the victim opens (CD-02).
    """
    access.require(actor, "take_over", at)
    at = instant(at, "at")
    if installation_id not in {each.place.pk for each in selectors.without_sarc(viewer=actor)}:
        raise NOTHING_LEFT
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_take_over(%s)", [installation_id])
        taken = cursor.fetchone()[0]
    if taken is None:
        raise NOTHING_LEFT
    case = access.case_for(actor, taken)
    record(case=case, kind="advocate_changed", actor=actor, at=at, data={"role": "sarc", "to": str(actor.pk)})
    # Programme managers, who see no case, see that it was done.
    append_system(kind="case_taken_over", actor=actor, at=at, data={"installation": str(installation_id)})
    return case.pk

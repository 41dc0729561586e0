"""The Case Management Group meets: called, its agenda filled by the database, held, said on every listed case."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from accounts.models import LocationKind, Role, User
from accounts.selectors import installations_of, post_at
from reports import access
from reports.casework.cmg import selectors
from reports.casework.cmg.attendance import keep_attendance, require_chair, seats
from reports.casework.cmg.models import (
    AgendaLine,
    Meeting,
    MeetingKind,
    Outcome,
)
from reports.election.models import Case
from reports.ledger.services import append_system
from reports.recording import record
from reports.ruled import require_allowed, ruled
from reports.validation import EARLIEST, instant
from sapr.errors import DomainError

# Which rule wants it every month.
MONTHLY = "CK-05"
HELD_ALREADY = DomainError(
    "already_held", "This meeting was held before. Open it again.", status=409, rule=MONTHLY
)

# Further ahead a date is a slip of the hand.
MOST_DAYS_AHEAD = 366


@access.service
def cmg_call(
    *, actor, installation_id: UUID, scheduled_at: datetime, at: datetime, kind: str = MeetingKind.MONTHLY
) -> Meeting:
    """A SARC calls the month's meeting of an installation; every month, also without cases. They co-chair it.

    `scheduled_at`: aware, also to come. The database lists every case that the group reviews, those left over from the
    last meeting first (DB-10). Refuses a second meeting of that kind in the month, and a quarterly one before CMG-30.
    """
    access.require(actor, "cmg_keep", at)
    at = instant(at, "at")
    place = next(
        (each for each in installations_of(actor, at, [Role.SARC]) if each.pk == installation_id), None
    )
    if place is None or place.kind != LocationKind.INSTALLATION:
        raise DomainError(
            "not_an_installation", "Choose an installation whose SARC you are.", path="installation"
        )
    if not isinstance(scheduled_at, datetime) or scheduled_at.tzinfo is None or scheduled_at < EARLIEST:
        raise DomainError(
            "wrong_type", "scheduled_at: a date and time is expected here.", path="scheduled_at"
        )
    if scheduled_at > at + timedelta(days=MOST_DAYS_AHEAD):
        raise DomainError(
            "date_out_of_range", "scheduled_at: a meeting is called for the coming year.", path="scheduled_at"
        )
    if kind not in MeetingKind.values:
        raise DomainError("unknown_value", "kind: choose one of the listed kinds.", path="kind")
    if kind == MeetingKind.QUARTERLY and selectors.quarterly(scheduled_at, place.zone) is None:
        raise DomainError(
            "no_such_meeting",
            "There was no quarterly meeting yet on that day.",
            status=409,
            path="kind",
            rule="CMG-30",
        )
    chair_post = post_at(place, Role.SENIOR_COMMANDER)
    if chair_post is None:
        raise DomainError(
            "no_chair",
            f"{place.name} has no commander's post. A programme manager must add it.",
            status=409,
            rule="CMG-01",
        )
    row = Meeting(
        installation=place,
        kind=kind,
        # Month, chair's post and the instant of the call are the trigger's to write.
        month=scheduled_at.astimezone(ZoneInfo(place.zone)).date().replace(day=1),
        called_by=actor,
        called_at=at,
        scheduled_at=scheduled_at,
        co_chair=actor,
        chair_post=chair_post,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "already_called",
            "The meeting of this month is called already.",
            status=409,
            path="scheduled_at",
            rule=MONTHLY,
        ) from None
    append_system(kind="cmg_scheduled", actor=actor, at=at, data=_told(row))
    _fill(row)
    return row


@access.service
def cmg_seat_take(*, actor, meeting_id: UUID, at: datetime) -> Meeting:
    """Another SARC of the installation co-chairs instead, and sees every line from now on (CMG-03, CMG-13).

    That it was taken, and when, is the database's to record.
    """
    row = _locked(actor, meeting_id)
    instant(at, "at")
    if row.held_at is not None:
        raise HELD_ALREADY
    row.co_chair = actor
    row.save(update_fields=["co_chair"])
    return row


@access.service
def cmg_hold(
    *,
    actor,
    meeting_id: UUID,
    at: datetime,
    chair: User,
    chair_seat: str,
    delegated: bool,
    member_or_dod_civilian: bool,
    present: Collection[User] = (),
    members: Collection[str] = (),
    left_over: Collection[UUID] = (),
) -> Meeting:
    """The co-chair records that the meeting was held, when, and who came; on every case that was reviewed.

    `chair_seat`, `delegated`, `member_or_dod_civilian`: what CMG-01 to CMG-04 ask. `present`: the SARCs who came, all
    others of the installation are kept as absent (CMG-07). `members`: seats that came without an account. `left_over`:
    lines that the group did not get to: nothing is recorded on those and the next meeting begins with them (DB-10).
    Refused in the future, twice, and by anybody but the co-chair.
    """
    row = _locked(actor, meeting_id)
    at = _held_at(at)
    if row.held_at is not None:
        raise HELD_ALREADY
    if row.co_chair_id != actor.pk:
        raise DomainError(
            "not_co_chair",
            "Another SARC co-chairs this meeting. Take the seat first.",
            status=409,
            rule="CMG-04",
        )
    zone = row.installation.zone
    require_chair(row, chair, chair_seat, delegated, at)
    require_allowed(
        ruled(
            "cmg_co_chair",
            {"cmg_member": "installation_sarc", "member_or_dod_civilian": member_or_dod_civilian},
            at=at,
            zone=zone,
        ),
        code="may_not_co_chair",
        otherwise="The co-chair is a Service member or a DoD civilian employee. Another SARC must take the seat.",
        rule="CMG-03",
        path="member_or_dod_civilian",
    )
    came = seats(members, at, zone)
    _fill(row)
    row.chair, row.chair_seat, row.held_at = chair, chair_seat, at
    row.save(update_fields=["chair", "chair_seat", "held_at"])
    reviewed = _settle(row, left_over)
    keep_attendance(row, actor, {each.pk for each in present}, came, at)
    append_system(kind="cmg_held", actor=actor, at=at, data=_told(row))
    # The co-chair is on few of them: in this transaction the database lets them say this, and nothing else, of each.
    for case in Case.objects.filter(pk__in=reviewed).select_related("installation").order_by("number"):
        facts = {} if reviewed[case.pk] else {"election": "unrestricted"}
        record(case=case, kind="cmg_held", actor=actor, at=at, data={"meeting": str(row.pk)}, facts=facts)
    # With this the right ends.
    row.held_in = ""
    row.save(update_fields=["held_in"])
    return row


def _told(row: Meeting) -> dict[str, str]:
    return {"meeting": str(row.pk), "installation": str(row.installation_id), "kind": row.kind}


def _fill(row: Meeting) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_agenda_fill(%s)", [row.pk])


def _locked(actor, meeting_id: UUID) -> Meeting:
    """The meeting, held until the transaction ends: of two who hold it at once, one finds it held."""
    seen = selectors.meeting_get(viewer=actor, meeting_id=meeting_id)
    access.require_on(actor, seen, "cmg_keep")
    return (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("installation", "chair_post")
        .get(pk=seen.pk)
    )


def _held_at(at: object) -> datetime:
    try:
        return instant(at, "at")
    except DomainError as refusal:
        refusal.rule = MONTHLY
        raise


def _settle(row: Meeting, left_over: Collection[UUID]) -> dict[UUID, bool]:
    """Say of every line whether the group got to it; returns the reviewed cases: with limited information?"""
    open_lines = AgendaLine.objects.filter(meeting=row, outcome="")
    unknown = set(left_over) - set(open_lines.values_list("pk", flat=True))
    if unknown:
        raise DomainError("unknown_value", "left_over: choose lines of this meeting.", path="left_over")
    # A case that only came after the meeting was not reviewed in it.
    for later in (open_lines.filter(pk__in=list(left_over)), open_lines.filter(since__gt=row.held_at)):
        later.update(outcome=Outcome.LEFT_OVER)
    open_lines.update(outcome=Outcome.REVIEWED)
    reviewed = AgendaLine.objects.filter(meeting=row, outcome=Outcome.REVIEWED)
    return dict(reviewed.values_list("case_id", "limited"))

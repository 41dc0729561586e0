"""Appointments: one programme manager proposes, an independent second one approves, any of them ends."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts import rows, selectors
from accounts.acting import acting
from accounts.models import Appointment, AppointmentState, Post, User
from reports.ledger.services import append_system
from sapr.errors import DomainError, NotFoundError


def appointment_create(
    *,
    user: User,
    post: Post,
    starts_at: datetime,
    ends_at: datetime | None,
    actor: User | None,
    at: datetime,
) -> Appointment:
    """Propose somebody for a post; nothing is in force until a second person approves (`appointment_approve`).

    Nobody proposes themselves. What the system itself makes (no actor: the first accounts, a demo, a rehearsal) is
    in force at once; in a real database the database lets it make the first two appointments only.
    """
    _not_own(actor, user.pk)
    row = Appointment(
        user=user,
        post=post,
        starts_at=starts_at,
        ends_at=ends_at,
        state=AppointmentState.PROPOSED if actor else AppointmentState.APPROVED,
        proposed_by=actor,
    )
    rows.clean(row)
    with acting(actor):
        rows.locked(user)
        held = Appointment.objects.filter(Q(ends_at=None) | Q(ends_at__gt=starts_at), user=user, post=post)
        held = held.exclude(state=AppointmentState.REFUSED)
        if (held if ends_at is None else held.filter(starts_at__lt=ends_at)).exists():
            raise DomainError(
                "already_appointed",
                "This person holds this post in that time already, or is proposed for it.",
                status=409,
            )
        row.save(force_insert=True)
        row.refresh_from_db()
        data = {"user": str(user.pk), "post": str(post.pk), "role": post.role, "state": row.state}
        append_system(kind="appointment_made", actor=actor, at=at, data=data)
    return row


def appointment_approve(*, appointment_id: UUID, actor: User, at: datetime) -> Appointment:
    """The second person says yes: the appointment is in force from now on, or from its later begin.

    Not for oneself, not what one proposed, not where one person stands behind both (`sapr_second_person`), and not
    what somebody proposed who is no manager any more. Enrolment links of the person that are still open end with it.
    """
    with acting(actor):
        row = _waiting(appointment_id)
        _not_own(actor, row.user_id)
        if row.proposed_by_id == actor.pk or not selectors.may_approve(row, actor):
            raise DomainError(
                "second_person_needed",
                "You cannot approve this: you proposed it, you were appointed after it was proposed, or one person "
                "stands behind your account and the proposer's. Another programme manager must.",
                status=409,
            )
        if not selectors.proposer_stands(row, at):
            raise DomainError(
                "proposer_gone",
                "Whoever proposed this is no programme manager any more. Refuse it; it can be proposed anew.",
                status=409,
            )
        if row.ends_at is not None and row.ends_at <= at:
            raise DomainError(
                "already_ended", "The time of this appointment has passed. Refuse it.", status=409
            )
        return _decide(row, AppointmentState.APPROVED, actor, at)


def appointment_refuse(*, appointment_id: UUID, actor: User, at: datetime) -> Appointment:
    """Any programme manager says no, its proposer included: nobody gains a right by a refusal."""
    with acting(actor):
        row = _waiting(appointment_id)
        _not_own(actor, row.user_id)
        return _decide(row, AppointmentState.REFUSED, actor, at)


def appointment_end(*, appointment: Appointment, actor: User, at: datetime) -> Appointment:
    """End an appointment now, also one that would end later: access ends with it, in running sessions too."""
    _not_own(actor, appointment.user_id)
    if at <= appointment.starts_at:
        raise DomainError("not_begun", "This appointment has not begun yet. End it once it has.", status=409)
    with acting(actor):
        running = Appointment.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=at), pk=appointment.pk, state=AppointmentState.APPROVED
        )
        if running.update(ends_at=at) != 1:
            raise DomainError("already_ended", "This appointment has ended already.", status=409)
        append_system(kind="appointment_ended", actor=actor, at=at, data={"appointment": str(appointment.pk)})
    appointment.refresh_from_db()
    return appointment


def _not_own(actor: User | None, person: UUID) -> None:
    if actor is not None and actor.pk == person:
        raise DomainError("own_rights", "Nobody may change their own appointments. Ask the other manager.")


def _waiting(appointment_id: UUID) -> Appointment:
    row = Appointment.objects.select_related("post").filter(pk=appointment_id).first()
    if row is None:
        raise NotFoundError
    if row.state != AppointmentState.PROPOSED:
        raise _decided_already()
    return row


def _decided_already() -> DomainError:
    return DomainError("already_decided", "This was decided in the meantime.", status=409)


def _decide(row: Appointment, state: AppointmentState, actor: User, at: datetime) -> Appointment:
    """Close the proposal, once: of many at the same moment the database lets one through."""
    waiting = Appointment.objects.filter(pk=row.pk, state=AppointmentState.PROPOSED)
    if waiting.update(state=state, decided_by=actor, decided_at=at) != 1:
        raise _decided_already()
    row.refresh_from_db()
    data = {"user": str(row.user_id), "post": str(row.post_id), "role": row.post.role}
    append_system(kind=f"appointment_{state}", actor=actor, at=at, data=data | {"appointment": str(row.pk)})
    return row

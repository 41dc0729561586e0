"""Telling of a duty that comes due or stands undone, step by step up its ladder (DN-40); each step once.

Found by query like all due work. After a stand-still only the highest step that is due is taken and those below it are
passed over: nobody is told of one duty five times in a minute.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Post
from notifications.lateness.models import Escalation, EscalationState, Ladder
from notifications.models import NoticeKind
from notifications.placing import nudge
from reports import policy
from reports.ledger.services import append
from reports.obligations.models import Duty, DutyState
from sapr import clock
from sapr.ids import beside
from sapr.making import made
from sapr.written import write_all

PAUSE = timedelta(minutes=1)


def on_opened(*, duties: list[Duty], actor, at: datetime) -> None:
    """The hook's listener: an open duty stands at the foot of its ladder. What is due at its trigger has none."""
    ladders = [(duty, _steps(duty)) for duty in duties if not duty.immediate]
    # Those of one case's event.
    ids = beside()
    write_all(
        [
            made(Ladder, id=next(ids), duty_id=duty.pk, case_id=duty.case_id, look_at=steps[0].at)
            for duty, steps in ladders
            if steps
        ]
    )


def on_entered(*, cursor, duties: list[tuple[str, str, policy.Duty, datetime]]) -> None:
    """The same for duties of earlier cases that an import enters open, by the owner's session that enters them."""
    rows = []
    for duty, case, row, due_at in duties:
        steps = policy.tellings(row.rule, row.layer, row.rule_set, row.kind, row.role, due_at)
        if steps and not row.immediate:
            rows.append((uuid4(), duty, case, 0, steps[0].at))
    cursor.executemany(
        "INSERT INTO notifications_ladder (id, duty_id, case_id, behind, look_at) VALUES (%s, %s, %s, %s, %s)",
        rows,
    )


def _steps(duty: Duty) -> tuple[policy.Telling, ...]:
    """The duty's ladder. Of a Restricted notice only what comes after: DN-02 reminds before the last slot."""
    steps = policy.tellings(duty.rule, duty.layer, duty.rule_set, duty.kind, duty.role, duty.due_at)
    if duty.kind == NoticeKind.RESTRICTED:
        return tuple(step for step in steps if step.at >= duty.due_at)
    return steps


def due(until: datetime) -> QuerySet[Ladder]:
    """The ladders of which a step is due, the earliest first."""
    return Ladder.objects.filter(look_at__lte=until).order_by("look_at")


def climb(ladder: Ladder, now: datetime) -> None:
    """Take the highest step that is due, pass over those below it, and say so in the case; in the worker's role.

    Nothing is told of a duty that was done meanwhile: its ladder ends. The ladder's row is locked, the duty's is not:
    whoever closes the duty at this moment is not held up, and at worst one telling more goes out.
    """
    duty = Duty.objects.get(pk=ladder.duty_id)
    steps = _steps(duty) if duty.state == DutyState.OPEN else ()
    if not steps[ladder.behind :]:
        _keep(ladder, behind=ladder.behind, look_at=None)
        return
    reached = sum(step.at <= now for step in steps)
    for number in range(ladder.behind, reached):
        _take(duty, number, steps[number], now, last=number == reached - 1)
    if reached > ladder.behind:
        _say(duty, steps[reached - 1], number=reached, skipped=reached - 1 - ladder.behind, now=now)
    _keep(ladder, behind=reached, look_at=steps[reached].at if reached < len(steps) else None)


def _keep(ladder: Ladder, *, behind: int, look_at: datetime | None) -> None:
    ladder.behind, ladder.look_at = behind, look_at
    ladder.save(update_fields=["behind", "look_at"])


def _take(duty: Duty, number: int, step: policy.Telling, now: datetime, *, last: bool) -> None:
    for role in step.roles:
        post, place = _post(duty, role)
        state = EscalationState.SKIPPED
        if last:
            state = EscalationState.NOBODY if post is None else EscalationState.TOLD
        told = state == EscalationState.TOLD
        Escalation(
            duty=duty,
            case_id=duty.case_id,
            step=number + 1,
            role=role,
            responsible=duty.role,
            state=state,
            post_id=post if told else None,
            place_id=place,
            duty_due_at=duty.due_at,
            due_at=step.at,
            done_at=now,
        ).save(force_insert=True)
        if told:
            nudge(Post(pk=post), key=f"{duty.pk}:{number + 1}:{role}", at=now)


def _post(duty: Duty, role: str) -> tuple[UUID | None, UUID]:
    """The post that is told, and the case's installation. The database answers: the worker reads no case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT post, place FROM sapr_post_for_duty(%s, %s)", [duty.pk, role])
        return cursor.fetchone()


def _say(duty: Duty, step: policy.Telling, *, number: int, skipped: int, now: datetime) -> None:
    late = now - step.at
    append(
        case_id=duty.case_id,
        kind="duty_escalated",
        actor=None,
        at=now,
        data={
            "duty": str(duty.pk),
            "kind": duty.kind,
            "rule": duty.rule,
            "step": number,
            "roles": list(step.roles),
            "skipped": skipped,
            "seconds_late": int(late.total_seconds()),
            **({"because": "held_up"} if late > policy.watch().alarm_after else {}),
        },
    )


def look_later(ladder: Ladder, now: datetime) -> None:
    """One that failed is looked at again in a minute, so that it crowds out no other."""
    Ladder.objects.filter(pk=ladder.pk).update(look_at=max(now, clock.now()) + PAUSE)

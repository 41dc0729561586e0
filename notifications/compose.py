"""Composing a notice inside the transaction that opens its duty, in the web role.

Restricted: from controlled vocabulary; how much it says depends on the addressee's strength table, never on the
victim. Unrestricted: the fields the addressee needs to know, sealed at once.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django.db.models import Model
from django.db.models.functions import Coalesce

from accounts.directory import Directory
from notifications.acknowledging.waiting import expected
from notifications.addressing import addressees, directory, directory_ahead
from notifications.anonymity import Settings
from notifications.decisions import decision
from notifications.details import details_text
from notifications.models import DecisionStage, Notice, NoticeKind, NoticeState, Reminder, UnitRung
from notifications.placing import place
from notifications.strength.facts import printable
from notifications.strength.rungs import rung_ahead, rung_of
from notifications.strength.wording import draw, wordings
from reports import policy
from reports.election.models import Report
from reports.election.selectors import sealed_rows
from reports.ledger.services import append, written
from reports.obligations.models import Duty
from reports.vault.services import open_each
from sapr import clock
from sapr.errors import DomainError
from sapr.ids import beside
from sapr.making import made
from sapr.sending import refused_as, soon
from sapr.standing import asked_in_an_act, told_in_an_act
from sapr.written import write_together

ONLY_ONCE = "notifications_notice_restricted_once"
# The kinds of duty that have a notice.
NOTICES = frozenset(NoticeKind.values)


def on_opened(*, duties: list[Duty], actor, at: datetime) -> None:
    """The hook's listener: compose the notices of the duties that have one; place now what goes at once.

    What is sealed is opened once for all that one event opened. `at`: the victim's signature, or when the SARC tells
    anew. A Restricted notice without a slot left is placed at once, MINIMAL; nothing ever follows one.
    """
    telling = [duty for duty in duties if duty.kind in NOTICES]
    if not telling:
        return
    case = telling[0].case
    drawn = _drawn_on(case, actor, at, any(duty.kind == NoticeKind.RESTRICTED for duty in telling))
    with refused_as(_nothing_follows):
        for duty in telling:
            _compose(duty, drawn, actor=actor, at=at)


def _nothing_follows(error: DatabaseError) -> DomainError | None:
    if ONLY_ONCE not in str(error):
        return None
    return DomainError(
        "nothing_follows",
        "Nothing ever follows a Restricted notice: a second one would tell that they belong together.",
        status=409,
        rule="CN-1",
    )


class _Drawn(NamedTuple):
    """What the notices of one event draw on: what is sealed, in clear; who holds which post; when it is due."""

    known: dict[str, str]
    posts: Callable[[], Directory]
    last: datetime
    reminders: list[policy.Reminder]
    now: datetime


def ahead(*, case, plan: policy.DutyPlan, actor, at: datetime) -> None:
    """The hook's listener: open and ask for what the notices of a plan will draw on, in the act that opens its duties.

    Called past all refusals: what is sealed is opened for a notice that will be composed.
    """
    kinds = {duty.kind for duty in plan.opened if duty.kind in NOTICES}
    if not kinds:
        return
    restricted = NoticeKind.RESTRICTED in kinds
    drawn = _drawn_on.__wrapped__(case, actor, at, restricted)
    told_in_an_act(_drawn_on, case, actor, at, restricted, answer=drawn)
    if restricted:
        rung_ahead(case.installation, drawn.now)
    soon()


@asked_in_an_act
def _drawn_on(case, actor, at: datetime, restricted: bool) -> _Drawn:
    now = clock.now()
    known = opened(case, actor, now)
    last = policy.last_slot(at, case.installation.zone)
    reminders = policy.reminders(last) if restricted else []
    posts = directory_ahead(case, known, now, reminded={role for _, roles in reminders for role in roles})
    return _Drawn(known, cache(posts), last, reminders, now)


def _compose(duty: Duty, drawn: _Drawn, *, actor, at: datetime) -> None:
    case, spec = duty.case, policy.notice_spec(duty.kind)
    known, held, last, now = drawn.known, drawn.posts(), drawn.last, drawn.now
    posts = addressees(case, spec.recipient, known, held)
    notice = made(
        Notice,
        case=case,
        duty=duty,
        kind=duty.kind,
        post=held.first_held(posts),
        ladder=[str(post.pk) for post in posts],
        composed_at=now,
        last_slot=last,
        look_at=now if spec.at_once else last,
    )
    append(
        case_id=case.pk,
        kind="notice_composed",
        actor=actor,
        at=now,
        data={
            "notice": str(notice.pk),
            "kind": notice.kind,
            "rule": duty.rule,
            "last_slot": last.isoformat(),
        },
    )
    # The database takes the events of this act while the words are found.
    written()
    if duty.kind == NoticeKind.RESTRICTED:
        chosen = restricted_wordings(notice, known, held, actor=actor, at=at, now=now)
    else:
        notice.details = details_text(spec, case, known, signed(case))
    placed_now = spec.at_once or last <= now
    follow: list[Model] = [expected(notice, posts)]
    if duty.kind == NoticeKind.RESTRICTED:
        composed = decision(
            notice=notice,
            stage=DecisionStage.COMPOSED,
            rung=notice.rung,
            text=notice.wording,
            coarsened=chosen != notice.rung,
            at=now,
        )
        follow += [composed] if placed_now else [composed, *_reminders(notice, drawn.reminders, held)]
    write_together(notice)
    write_together(*follow)
    if placed_now:
        place(notice=notice, actor=actor, at=now)


def signed(case) -> datetime:
    """When what a notice tells of was signed: the conversion, else the election."""
    return Report.objects.values_list(Coalesce("converted_at", "signed_at"), flat=True).get(case=case)


def opened(case, actor, now: datetime, *, purpose: str = "notice") -> dict[str, str]:
    """Everything sealed that a notice may draw on, in clear: identity, account, the last decision's record.

    Each of the three openings is an event with the purpose.
    """
    known: dict[str, str] = {}
    for values in open_each(
        records=sealed_rows(viewer=actor, case=case), actor=actor, purpose=purpose, at=now
    ):
        known |= values
    return known


def on_involved_changed(*, case, actor, at: datetime) -> None:
    """The hook's listener: keep every notice that is not placed yet away from who is now known to be involved."""
    now = clock.now()
    waiting = (
        Notice.objects.filter(case=case).exclude(state=NoticeState.PLACED).select_for_update(of=("self",))
    )
    if not waiting:
        return
    known = opened(case, actor, now)
    held = directory(case, known, now)
    for notice in waiting:
        spec = policy.notice_spec(notice.kind)
        fresh = [str(post.pk) for post in addressees(case, spec.recipient, known, held)]
        ladder = [pk for pk in notice.ladder if pk in fresh] or fresh
        if ladder != notice.ladder:
            Notice.objects.filter(pk=notice.pk).update(ladder=ladder)
            append(
                case_id=case.pk,
                kind="notice_rerouted",
                actor=actor,
                at=now,
                data={"notice": str(notice.pk)},
            )


def restricted_wordings(
    notice: Notice, known: dict[str, str], held: Directory, *, actor, at: datetime, now: datetime
) -> str:
    """Fill in the notice's words: by its addressee's rung as it stands now, and every coarser wording of the ladder.

    A share of notices (rule DN-25) is made coarser by a draw, so that a coarser one says nothing about its case.
    Returns the rung before the draw. `at`: the victim's signature. `held`: `directory` of the case.
    """
    notice.unit_rung = _rung_for(notice, held, actor, now)
    settings = Settings.of(at.astimezone(ZoneInfo(notice.case.installation.zone)).date())
    facts = printable(notice.case, known, at, settings)
    found = wordings(notice.unit_rung, facts, settings, draw=draw())
    notice.rung, notice.wording = found.rung, found.text
    notice.minimal, notice.choices = found.minimal, found.choices
    return found.allowed


def _rung_for(notice: Notice, held: Directory, actor, now: datetime) -> UnitRung | None:
    """The rung of the case's own place, for its own commander.

    None, so MINIMAL, where another post gets the notice or nobody holds that one: whoever knows which posts are vacant
    knows whose place it is about, and the words were counted for no such reader.
    """
    post = notice.post
    if post.location_id != notice.case.installation_id or not held.holders(post):
        return None
    return rung_of(post.location, actor=actor, at=now)


def _reminders(notice: Notice, wanted: Iterable[policy.Reminder], held: Directory) -> list[Reminder]:
    ids = beside()
    return [
        made(Reminder, id=next(ids), notice_id=notice.pk, post_id=held.nearest(role), due_at=due_at)
        for due_at, roles in wanted
        for role in roles
        if held.nearest(role) is not None
    ]

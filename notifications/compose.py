"""Composing a notice inside the transaction that opens its duty, in the web role.

Restricted: from controlled vocabulary; how much it says depends on the addressee's strength table, never on the
victim. Unrestricted: the fields the addressee needs to know, sealed at once.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce

from accounts.models import Post, Role
from accounts.selectors import holders_of, post_at
from notifications.acknowledging.waiting import expected
from notifications.anonymity import Settings
from notifications.decisions import decision_record
from notifications.details import details_text
from notifications.models import DecisionStage, Notice, NoticeKind, NoticeState, Reminder, UnitRung
from notifications.placing import first_held, held, place
from notifications.strength.facts import printable
from notifications.strength.rungs import rung_of
from notifications.strength.wording import draw, wordings
from reports import policy
from reports.election.models import Report
from reports.election.selectors import sealed_rows
from reports.ledger.services import append
from reports.obligations.models import Duty
from reports.vault.services import open_each
from sapr import clock
from sapr.errors import DomainError

# The policy's word for a recipient, where the post's role is called otherwise.
RECIPIENT_ROLES = {"installation_or_senior_commander": Role.SENIOR_COMMANDER}


def on_opened(*, duties: list[Duty], actor, at: datetime) -> None:
    """The hook's listener: compose the notices of the duties that have one; place now what goes at once.

    What is sealed is opened once for all that one event opened. `at`: the victim's signature, or when the SARC tells
    anew. A Restricted notice without a slot left is placed at once, MINIMAL; nothing ever follows one.
    """
    telling = [duty for duty in duties if duty.kind in NoticeKind.values]
    if not telling:
        return
    now = clock.now()
    known = opened(telling[0].case, actor, now)
    for duty in telling:
        _compose(duty, known, actor=actor, at=at, now=now)


def _compose(duty: Duty, known: dict[str, str], *, actor, at: datetime, now: datetime) -> None:
    case, spec = duty.case, policy.notice_spec(duty.kind)
    if duty.kind == NoticeKind.RESTRICTED and Notice.objects.filter(case=case, kind=duty.kind).exists():
        raise DomainError(
            "nothing_follows",
            "Nothing ever follows a Restricted notice: a second one would tell that they belong together.",
            status=409,
            rule="CN-1",
        )
    last = policy.last_slot(at, case.installation.zone)
    posts = addressees(case, spec.recipient, known, now)
    notice = Notice(
        case=case,
        duty=duty,
        kind=duty.kind,
        post=first_held(posts, now),
        ladder=[str(post.pk) for post in posts],
        composed_at=now,
        last_slot=last,
        look_at=now if spec.at_once else last,
    )
    if duty.kind == NoticeKind.RESTRICTED:
        chosen = restricted_wordings(notice, known, actor=actor, at=at, now=now)
    else:
        notice.details = details_text(spec, case, known, signed(case))
    waiting = expected(notice, posts)
    notice.save(force_insert=True)
    waiting.save(force_insert=True)
    if duty.kind == NoticeKind.RESTRICTED:
        decision_record(
            notice=notice,
            stage=DecisionStage.COMPOSED,
            rung=notice.rung,
            text=notice.wording,
            coarsened=chosen != notice.rung,
            at=now,
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
    if spec.at_once or last <= now:
        place(notice=notice, actor=actor, at=now)
    elif notice.kind == NoticeKind.RESTRICTED:
        _remind(notice, last)


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


def addressees(case, recipient: str, known: dict[str, str], now: datetime) -> list[Post]:
    """The posts a notice may go to, best first: the recipient's own, then up its ladder.

    Left out are posts held by somebody involved in the case (the alleged offender; for the senior commander
    also the victim's unit commander) and, for the senior commander, any unit commander's post. Vacant
    posts stay in: whoever places the notice takes the first that is held. When the whole ladder is involved,
    the commands above the installation follow; when nobody is left, it is refused, never sent to them.
    """
    unit_post = _post(known.get("unit_commander_post"))
    recipient = RECIPIENT_ROLES.get(recipient, recipient)
    involved = _holders(_post(known.get("offender_post")), now)
    if recipient == Role.UNIT_COMMANDER:
        if unit_post is None:
            raise DomainError(
                "unit_commander_needed",
                "An Unrestricted report of a member goes to the unit commander. Choose the unit first.",
                path="unit_commander_post",
                rule="CN-3",
            )
        return _allowed(case, ladder_of(unit_post), involved, now)
    post = post_at(case.installation, Role(recipient))
    if post is None:
        raise DomainError(
            "no_addressee",
            f"{case.installation.name} has no post for this notice. A programme manager must add it.",
            status=409,
        )
    posts = ladder_of(post)
    if recipient == Role.SENIOR_COMMANDER:
        involved |= _holders(unit_post, now)
        posts = [each for each in posts if each.role != Role.UNIT_COMMANDER]
    return _allowed(case, posts, involved, now)


def ladder_of(post: Post) -> list[Post]:
    """The post and those above it. Posts only ever point at older ones, so the ladder ends."""
    posts = [post]
    while posts[-1].next_higher is not None:
        posts.append(posts[-1].next_higher)
    return posts


def _allowed(case, posts: list[Post], involved: set, now: datetime) -> list[Post]:
    allowed = [post for post in posts if not _holders(post, now) & involved]
    above = case.installation.parent
    while not allowed and above is not None:
        post = post_at(above, Role.SENIOR_COMMANDER)
        if post is not None and not _holders(post, now) & involved:
            allowed = [post]
        above = above.parent
    if not allowed:
        raise DomainError(
            "no_addressee",
            "Everybody this notice could go to is involved in the case. A programme manager must name a higher post.",
            status=409,
        )
    return allowed


def on_involved_changed(*, case, actor, at: datetime) -> None:
    """The hook's listener: keep every notice that is not placed yet away from who is now known to be involved."""
    now = clock.now()
    waiting = (
        Notice.objects.filter(case=case).exclude(state=NoticeState.PLACED).select_for_update(of=("self",))
    )
    known = opened(case, actor, now) if waiting else {}
    for notice in waiting:
        spec = policy.notice_spec(notice.kind)
        fresh = [str(post.pk) for post in addressees(case, spec.recipient, known, now)]
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


def _holders(post: Post | None, now: datetime) -> set:
    return set(holders_of(post, now).values_list("pk", flat=True)) if post else set()


def _post(pk: str | None) -> Post | None:
    return Post.objects.filter(pk=pk).select_related("location", "next_higher").first() if pk else None


def restricted_wordings(notice: Notice, known: dict[str, str], *, actor, at: datetime, now: datetime) -> str:
    """Fill in the notice's words: by its addressee's rung as it stands now, and every coarser wording of the ladder.

    A share of notices (rule DN-25) is made coarser by a draw, so that a coarser one says nothing about its case.
    Returns the rung before the draw. `at`: the victim's signature.
    """
    notice.unit_rung = _rung_for(notice, actor, now)
    settings = Settings.of(at.astimezone(ZoneInfo(notice.case.installation.zone)).date())
    facts = printable(notice.case, known, at, settings)
    found = wordings(notice.unit_rung, facts, settings, draw=draw())
    notice.rung, notice.wording = found.rung, found.text
    notice.minimal, notice.choices = found.minimal, found.choices
    return found.allowed


def _rung_for(notice: Notice, actor, now: datetime) -> UnitRung | None:
    """The rung of the case's own place, for its own commander.

    None, so MINIMAL, where another post gets the notice or nobody holds that one: whoever knows which posts are vacant
    knows whose place it is about, and the words were counted for no such reader.
    """
    post = notice.post
    if post.location_id != notice.case.installation_id or not held(post, now):
        return None
    return rung_of(post.location, actor=actor, at=now)


def _remind(notice: Notice, last: datetime) -> None:
    wanted = policy.reminders(last)
    posts = {
        role: _reminder_post(notice.case.installation, Role(role))
        for role in dict.fromkeys(role for _, roles in wanted for role in roles)
    }
    Reminder.objects.bulk_create(
        Reminder(notice=notice, post=posts[role], due_at=due_at)
        for due_at, roles in wanted
        for role in roles
        if posts[role] is not None
    )


def _reminder_post(installation, role: Role) -> Post | None:
    """The post of a role at the installation, or at the nearest command above it."""
    place = installation
    while place is not None:
        post = post_at(place, role)
        if post is not None:
            return post
        place = place.parent
    return Post.objects.filter(role=role).order_by("title").first()

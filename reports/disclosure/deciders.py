"""Who decides when there is doubt: the installation commander, or the next above who has no part in the case (DX-3)."""

from datetime import datetime

from accounts.models import Post, Role
from accounts.selectors import holders_of, post_at, posts
from reports import access
from reports.election.models import Identity
from reports.vault.services import open_sealed
from sapr.errors import DomainError

# Whose posts must not decide: that of the alleged offender, and the victim's own unit commander.
INVOLVED = ("offender_post", "unit_commander_post")


def decider(*, actor, case, at: datetime) -> Post:
    """The senior commander's post of the installation, or the first above that somebody holds who is not involved.

    Which posts are involved is read out of the sealed identity, as for a notice.
    """
    involved = _involved(actor, case, at)
    for post in _ladder(case):
        held = _holders(post, at)
        if held and not held & involved:
            return post
    raise DomainError(
        "no_addressee",
        "Nobody who could decide holds a post, or everybody is involved. A programme manager must name a commander.",
        status=409,
        rule="DX-3",
    )


def require_uninvolved(*, actor, case, post: Post, at: datetime) -> None:
    """Refuse to act on the decision of somebody who turned out to be involved since."""
    if _holders(post, at) & _involved(actor, case, at):
        raise DomainError(
            "decider_involved",
            "Who decided is known to be involved by now. Propose the exception again; the next above decides.",
            status=409,
            rule="DX-3",
        )


def _involved(actor, case, at: datetime) -> set:
    """Who holds a post that the sealed identity calls involved; the look is an event."""
    identity = access.of_case(actor, "case_work", Identity, case).first()
    known = (
        open_sealed(record=identity, actor=actor, purpose="notice", at=at, fields=INVOLVED)
        if identity
        else {}
    )
    return {holder for post in posts().filter(pk__in=known.values()) for holder in _holders(post, at)}


def _holders(post: Post, at: datetime) -> set:
    return set(holders_of(post, at).values_list("pk", flat=True))


def _ladder(case) -> list[Post]:
    """The senior commanders' posts: the installation's own, those above it, then those of the commands above."""
    found, place = [], case.installation
    while place is not None:
        post = post_at(place, Role.SENIOR_COMMANDER)
        while post is not None and post not in found:
            found.append(post)
            post = post.next_higher
        place = place.parent
    return [post for post in found if post.role == Role.SENIOR_COMMANDER]

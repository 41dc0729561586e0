"""To whom a notice goes: never to somebody who is involved in the case."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from accounts.directory import Directory
from accounts.models import Post, Role
from sapr.errors import DomainError

# The policy's word for a recipient, where the post's role is called otherwise.
RECIPIENT_ROLES = {"installation_or_senior_commander": Role.SENIOR_COMMANDER}


def directory(case, known: dict[str, str], now: datetime) -> Directory:
    """The posts that a notice of the case can concern, with who holds them."""
    return directory_ahead(case, known, now)()


def directory_ahead(
    case, known: dict[str, str], now: datetime, *, reminded: Collection[str] = ()
) -> Callable[[], Directory]:
    """The same, asked for (`sapr.sending`); what is returned waits for it. `reminded`: roles, of whichever place."""
    named = [known[name] for name in ("unit_commander_post", "offender_post") if known.get(name)]
    roles = {Role.SENIOR_COMMANDER, Role.MCIO, *reminded}
    return Directory.ask(case.installation_id, roles=roles, named=named, anywhere=reminded, at=now)


def addressees(case, recipient: str, known: dict[str, str], held: Directory) -> list[Post]:
    """The posts a notice may go to, best first: the recipient's own, then up its ladder.

    Left out are posts held by somebody involved in the case (the alleged offender; for the senior commander
    also the victim's unit commander) and, for the senior commander, any unit commander's post. Vacant
    posts stay in: whoever places the notice takes the first that is held. When the whole ladder is involved,
    the commands above the installation follow; when nobody is left, it is refused, never sent to them.
    `held`: `directory` of the case.
    """
    unit_post = held.post(known.get("unit_commander_post"))
    recipient = RECIPIENT_ROLES.get(recipient, recipient)
    involved = held.holders(held.post(known.get("offender_post")))
    if recipient == Role.UNIT_COMMANDER:
        if unit_post is None:
            raise DomainError(
                "unit_commander_needed",
                "An Unrestricted report of a member goes to the unit commander. Choose the unit first.",
                path="unit_commander_post",
                rule="CN-3",
            )
        return _allowed(held.ladder(unit_post), involved, held)
    post = held.here(recipient)
    if post is None:
        raise DomainError(
            "no_addressee",
            f"{case.installation.name} has no post for this notice. A programme manager must add it.",
            status=409,
        )
    posts = held.ladder(post)
    if recipient == Role.SENIOR_COMMANDER:
        involved |= held.holders(unit_post)
        posts = [each for each in posts if each.role != Role.UNIT_COMMANDER]
    return _allowed(posts, involved, held)


def _allowed(posts: list[Post], involved: Collection[UUID], held: Directory) -> list[Post]:
    allowed = [post for post in posts if not held.holders(post) & involved]
    if not allowed:
        above = held.above(Role.SENIOR_COMMANDER)
        allowed = [post for post in above if not held.holders(post) & involved][:1]
    if not allowed:
        raise DomainError(
            "no_addressee",
            "Everybody this notice could go to is involved in the case. A programme manager must name a higher post.",
            status=409,
        )
    return allowed

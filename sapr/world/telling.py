"""What a world became, for whoever made it; and how to sign in to look at it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from accounts.factors.services import demo_app_give
from accounts.models import User
from accounts.services import password_issue
from sapr import clock
from sapr.models import Kind
from sapr.world.seeding import World


def told(world: World, seconds: float) -> dict[str, Any]:
    """Counts, the time it took, and what was due that no step of this world does."""
    ends = Counter(life.end for life in world.lives)
    return {
        "reports": world.signed,
        "left_without_signing": ends["leaves"],
        "open_contacts": ends["open"],
        "inquiries": ends["inquiry"],
        "with_limited_information": ends["limited"],
        "installations": len(world.ground.places),
        "from": world.begin.isoformat(),
        "until": world.until.isoformat(),
        "seconds": round(seconds, 1),
        "seconds_for_1000_reports": round(seconds * 1000 / max(1, world.signed), 1),
        "due_and_not_done": dict(sorted(sum((life.undone for life in world.lives), Counter()).items())),
    }


def accounts(world: World) -> list[dict[str, str]]:
    """A programme manager and the first installation's SARCs and SAPR VAs, each with a password; in a demo only.

    The rest has no password. As in the small demo, the second step shows the code of each one's app.
    """
    return list(_accounts(world)) if clock.kind() == Kind.DEMO else []


def _accounts(world: World) -> Iterator[dict[str, str]]:
    place, now = world.ground.places[0], clock.now()
    shown: list[User] = [world.ground.managers[0], *place.sarcs, *place.vas]
    for user in shown:
        password = password_issue(user=user, actor=None, at=now)
        demo_app_give(user=user, at=now)
        yield {"username": user.username, "password": password}

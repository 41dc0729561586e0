"""The programme managers whom the system itself makes: the first two, and another one when fewer than two are left."""

from datetime import datetime

from django.db import transaction

from accounts import selectors, services
from accounts.models import LocationKind, Post, Role, User
from reports.ledger.services import append_system
from sapr.errors import DomainError

MANAGERS = 2


@transaction.atomic
def staff_bootstrap(*, at: datetime) -> list[tuple[User, str]]:
    """The first two programme managers of an empty database, each with a one-time enrolment token.

    Works once: refused as soon as any account exists.
    """
    if User.objects.exists():
        raise DomainError(
            "already_bootstrapped", "Accounts exist already. A programme manager can add others.", status=409
        )
    command = services.location_create(
        kind=LocationKind.COMMAND, name="Programme office", zone="UTC", parent=None, actor=None, at=at
    )
    post = services.post_create(
        location=command,
        role=Role.PROGRAMME_MANAGER,
        title="Programme manager",
        next_higher=None,
        actor=None,
        at=at,
    )
    names = [f"manager{number}" for number in range(1, MANAGERS + 1)]
    made = [_manager(name, f"Programme manager {name[-1]}", post, at) for name in names]
    append_system(kind="staff_bootstrapped", actor=None, at=at, data={"accounts": len(made)})
    return made


@transaction.atomic
def manager_restore(*, username: str, at: datetime) -> tuple[User, str]:
    """Another programme manager while there are fewer than two: who is alone can have nobody's appointment approved.

    A new account, made by nobody, so that it is the other one's independent second person.
    """
    if selectors.programme_managers(at).count() >= MANAGERS:
        raise DomainError(
            "enough_managers",
            "Two programme managers are in force: one proposes, another approves.",
            status=409,
        )
    post = Post.objects.filter(role=Role.PROGRAMME_MANAGER).order_by("title").first()
    if post is None:
        raise DomainError("no_manager", "There is no programme manager's post. Type staff bootstrap first.")
    return _manager(username, username, post, at)


def _manager(username: str, display_name: str, post: Post, at: datetime) -> tuple[User, str]:
    user = services.user_create(
        username=username, display_name=display_name, email=f"{username}@sapr.invalid", actor=None, at=at
    )
    services.appointment_create(user=user, post=post, starts_at=at, ends_at=None, actor=None, at=at)
    return user, services.enrolment_create(user=user, actor=None, at=at)

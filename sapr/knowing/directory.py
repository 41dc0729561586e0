"""Who people and posts were at an instant: names, and the roles and holders of then. Three questions, however many."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Q

from accounts.models import CERTIFIED_ROLES, Appointment, AppointmentState, Certification, Post, User
from accounts.selectors import names_of
from sapr.knowing.acts import Act
from sapr.knowing.reading import book


class Directory:
    """The staff whom some acts name, as actor, by id or by a post that they hold."""

    def __init__(self, acts: Iterable[Act]) -> None:
        users, posts = set[UUID](), set[UUID]()
        for act in acts:
            users |= {act.actor} - {None}
            for passing in book().kinds[act.kind].passes:
                wanted = act.data.get(passing.key)
                if wanted and passing.to in ("user", "post"):
                    (users if passing.to == "user" else posts).add(UUID(wanted))
        self._posts = posts
        held = Appointment.objects.filter(Q(user__in=users) | Q(post__in=posts)).exclude(
            state__in=[AppointmentState.PROPOSED, AppointmentState.REFUSED]
        )
        self._held = list(held.select_related("post", "user").order_by("starts_at", "id"))
        self._certified = list(
            Certification.objects.filter(user__in=users).values_list(
                "user_id", "starts_at", "ends_at", "revoked_at"
            )
        )
        self._names = {each.user_id: each.user.display_name for each in self._held}
        self._names |= names_of(users - set(self._names))

    @cached_property
    def titles(self) -> dict[UUID, tuple[str, str]]:
        """Title and role of each post that is named."""
        rows = Post.objects.filter(pk__in=self._posts).values_list("pk", "title", "role")
        return {pk: (title, role) for pk, title, role in rows}

    def name(self, user: UUID) -> str:
        """The name shown; that of an account that is gone is its id."""
        return self._names.get(user, str(user))

    def roles(self, user: UUID, at: datetime) -> list[str]:
        """The roles held then, as `accounts.selectors.current` says of now."""
        found = [each.post.role for each in self._held if each.user_id == user and _in_force(each, at)]
        if not self._was_certified(user, at):
            found = [role for role in found if role not in CERTIFIED_ROLES]
        return list(dict.fromkeys(found))

    def posts(self, user: UUID, at: datetime) -> set[UUID]:
        """The posts held then."""
        return {each.post_id for each in self._held if each.user_id == user and _in_force(each, at)}

    def holders(self, post: UUID, at: datetime) -> list[str]:
        """The names of those who held the post then."""
        found = [each.user for each in self._held if each.post_id == post and _in_force(each, at)]
        return list(dict.fromkeys(_shown(user) for user in found))

    def _was_certified(self, user: UUID, at: datetime) -> bool:
        return any(
            who == user and begins <= at < ends and (revoked is None or revoked > at)
            for who, begins, ends, revoked in self._certified
        )


def _in_force(held: Appointment, at: datetime) -> bool:
    return held.starts_at <= at and (held.ends_at is None or held.ends_at > at)


def _shown(user: User) -> str:
    return user.display_name

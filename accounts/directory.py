"""The posts around an installation with who holds each, asked at once: what a notice needs to know of posts."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Self
from uuid import UUID

from accounts.models import Location, Post
from sapr.making import know, read
from sapr.sending import sent

# Who holds a post is kept as `selectors.current` says it. No place stands above itself; the bound is the database's.
# OFFSET 0: a look for each of a few, which the database takes for many. (SELECT an array): a plan made for whichever
# costs no more by the database's reckoning than one made for this, so that it is not made anew each time.
_ASKED = """
    WITH RECURSIVE above (id, parent_id, steps) AS (
        SELECT id, parent_id, 0 FROM accounts_location WHERE id = %(installation)s::uuid
        UNION ALL
        SELECT l.id, l.parent_id, a.steps + 1 FROM above a JOIN accounts_location l ON l.id = a.parent_id
        WHERE a.steps < 50
    ), near (id, role, steps) AS (
        SELECT p.id, p.role, a.steps FROM above a JOIN accounts_post p ON p.location_id = a.id
        WHERE p.role = ANY ((SELECT %(roles)s::text[])::text[])
    ), ladder (id) AS (
        (SELECT id FROM near UNION SELECT id FROM accounts_post WHERE id = ANY ((SELECT %(named)s::uuid[])::uuid[]))
        UNION
        SELECT p.id FROM ladder l, LATERAL (
            SELECT next_higher_id AS id FROM accounts_post WHERE id = l.id OFFSET 0) p WHERE p.id IS NOT NULL
    ), found (id, elsewhere) AS (
        SELECT id, false FROM ladder
        UNION ALL SELECT first.id, true FROM unnest((SELECT %(anywhere)s::text[])) lacking, LATERAL (
            SELECT id FROM accounts_post WHERE role = lacking ORDER BY title LIMIT 1) first
        WHERE lacking NOT IN (SELECT role FROM near)
    )
    SELECT p.*, l.kind, l.name, l.zone, l.parent_id, (SELECT min(steps) FROM near WHERE near.id = f.id), f.elsewhere,
           ARRAY(SELECT h.user_id FROM accounts_held h
                 WHERE h.post_id = f.id AND h.starts_at <= %(at)s::timestamptz AND h.ends_at > %(at)s::timestamptz)
    FROM found f,
         LATERAL (SELECT id, location_id, role, title, next_higher_id FROM accounts_post WHERE id = f.id OFFSET 0) p,
         LATERAL (SELECT kind, name, zone, parent_id FROM accounts_location WHERE id = p.location_id OFFSET 0) l
"""
_POST = ("id", "location_id", "role", "title", "next_higher_id")
_PLACE = ("id", "kind", "name", "zone", "parent_id")
_LOCATION = Post._meta.get_field("location")


class Directory:
    """Of one installation at one instant: the posts of some roles there and above it, posts by id, their ladders.

    What was not asked for is not there.
    """

    @classmethod
    def ask(
        cls,
        installation: UUID,
        *,
        roles: Iterable[str],
        named: Iterable[str] = (),
        anywhere: Iterable[str] = (),
        at: datetime,
    ) -> Callable[[], Self]:
        """Ask for one (`sapr.sending`); what is returned waits for it.

        `roles`: of the posts at the installation and at every place above. `anywhere`: those of them for which some
        other place's does where none of these has one. `named`: ids of posts.
        """
        asked = {
            "installation": installation,
            "roles": list(map(str, roles)),
            "named": list(map(UUID, named)),
            "anywhere": list(map(str, anywhere)),
            "at": at,
        }
        rows = sent(_ASKED, asked)
        return lambda: cls(rows())

    def __init__(self, rows: Iterable[tuple]) -> None:
        self._rows: dict[UUID, tuple] = {}
        self._made: dict[UUID, Post] = {}
        # By role: the posts by how many steps above the installation they are.
        self._near: dict[str, dict[int, UUID]] = {}
        self._elsewhere: dict[str, UUID] = {}
        for row in rows:
            pk, role, steps, elsewhere = row[0], row[2], row[9], row[10]
            self._rows[pk] = row
            if elsewhere:
                self._elsewhere[role] = pk
            elif steps is not None:
                self._near.setdefault(role, {})[steps] = pk

    def post(self, pk: str | UUID | None) -> Post | None:
        """A post by its id, with its place; None where there is none."""
        key = UUID(pk) if isinstance(pk, str) and pk else pk
        if not key or key not in self._rows:
            return None
        if key not in self._made:
            pk, place, role, title, higher, kind, name, zone, parent, *_ = self._rows[key]
            post = self._made[key] = read(Post, _POST, (pk, place, role, title, higher))
            know(post, _LOCATION, read(Location, _PLACE, (place, kind, name, zone, parent)))
        return self._made[key]

    def here(self, role: str) -> Post | None:
        """The post of that role at the installation itself."""
        return self.post(self._near.get(role, {}).get(0))

    def above(self, role: str) -> Iterator[Post]:
        """The posts of that role at the places above the installation, nearest first."""
        near = self._near.get(role, {})
        return (self.post(near[steps]) for steps in sorted(near) if steps)

    def nearest(self, role: str) -> UUID | None:
        """The id of that role's post at the installation or the nearest place above it, else the first of any place."""
        near = self._near.get(role)
        return near[min(near)] if near else self._elsewhere.get(role)

    def ladder(self, post: Post) -> list[Post]:
        """The post and those above it. Posts only ever point at older ones, so the ladder ends."""
        posts = [post]
        while posts[-1].next_higher_id is not None:
            posts.append(self.post(posts[-1].next_higher_id))
        return posts

    def holders(self, post: Post | None) -> frozenset[UUID]:
        """The active people who hold the post; empty: vacant, or no post."""
        return frozenset(self._rows[post.pk][11]) if post else frozenset()

    def first_held(self, posts: list[Post]) -> Post:
        """The first of the posts that somebody holds; the first of all where there is none."""
        return next((post for post in posts if self.holders(post)), posts[0])

"""Reads of acknowledgements, as seen by those who work on the case; an addressee sees none of it."""

from typing import NamedTuple
from uuid import UUID

from accounts.models import Post
from notifications.acknowledging.models import Acknowledgement, ChaseStep
from reports import access


class Proof(NamedTuple):
    """The two instants of a notice, placed and acknowledged, and what was done between them; None: not yet."""

    waiting: Acknowledgement
    posts: dict[UUID, str]

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.waiting.acknowledged_at is not None:
            return "Acknowledged"
        if self.waiting.told_at is not None:
            return "Told by telephone"
        return ChaseStep(self.waiting.step).label

    @property
    def acknowledged_by(self) -> str:
        """The post whose holder acknowledged it."""
        return self.posts.get(self.waiting.acknowledged_post, "")

    @property
    def passed_to(self) -> str:
        """The alternate's post, once the notice was placed there too."""
        return self.posts.get(self.waiting.passed_to, "")


def proofs(*, viewer, case) -> dict[UUID, Proof]:
    """What became of each notice of one of the viewer's cases that was placed, by the notice's id."""
    rows = access.of_case(viewer, "case_view", Acknowledgement, case).filter(placed_at__isnull=False)
    found = list(rows)
    wanted = {pk for row in found for pk in (row.acknowledged_post, row.passed_to) if pk}
    posts = dict(Post.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}
    return {row.notice_id: Proof(row, posts) for row in found}


def proof(*, viewer, notice) -> Proof | None:
    """What became of one of them; None while it is not placed."""
    return proofs(viewer=viewer, case=notice.case).get(notice.pk)

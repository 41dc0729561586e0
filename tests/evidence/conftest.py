"""People around a kit: custodians of the installation, agents of the MCIO, and the steps that tests take often."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Role, User
from reports import access
from reports.evidence.custody import evidence_accept, evidence_offer
from reports.evidence.models import Kit, KitCard
from reports.evidence.services import kit_number_issue, kit_seal
from sapr.errors import DomainError
from tests.factories import AppointmentFactory, PostFactory, UserFactory
from tests.times import T0


@dataclass
class Room:
    """The evidence room of the world's installation."""

    world: Any
    post: Any
    custodian: User
    second: User
    agent: User

    @classmethod
    def build(cls, world) -> "Room":
        post = PostFactory(location=world.installation, role=Role.EVIDENCE_CUSTODIAN)

        def at(where, name: str) -> User:
            return AppointmentFactory(post=where, user=UserFactory(username=name)).user

        return cls(world, post, at(post, "custodian"), at(post, "second"), at(world.posts["mcio"], "agent"))

    def sealed(self, option: str, *, signed_at: datetime = T0, at: datetime = T0) -> tuple[Kit, str]:
        """A sealed kit of a new report, and its number."""
        late = {} if at - signed_at < timedelta(days=1) else {"late_reason": "found_late"}
        report = self.world.signed(option, at=signed_at, **late)
        _, number = kit_number_issue(actor=self.world.sarc, case_id=report.case_id, at=at)
        return kit_seal(actor=self.world.sarc, case_id=report.case_id, number=number, at=at), number

    def offer(self, actor: User, card: KitCard | Any, **more: Any):
        """Offer a kit, to the custodians for storage unless said otherwise."""
        given = {
            "receiver": "custodian", "to_post": self.post, "purpose": "store", "seal_number": "S-1",
            "seal_intact": True, "condition": "good", "receipt": "", "photo_sha256": "", "at": T0,
        }  # fmt: skip
        return evidence_offer(actor=actor, card_id=getattr(card, "card_id", None) or card.pk, **given | more)

    def accept(self, actor: User, hop, at: datetime = T0):
        """Receive a kit in good order."""
        return evidence_accept(actor=actor, hop_id=hop.pk, seal_intact=True, condition="good", at=at)

    def stored(self, option: str = "restricted", **more: Any) -> tuple[Kit, str]:
        """A sealed kit that the custodian received for storage."""
        kit, number = self.sealed(option, **more)
        at = more.get("at", T0)
        self.accept(self.custodian, self.offer(self.world.sarc, kit, at=at), at=at)
        return kit, number

    def now(self, kit: Kit) -> Kit:
        """The kit as the SARC sees it now."""
        with access.viewing(self.world.sarc):
            return Kit.objects.select_related("card", "case__report", "case__installation").get(pk=kit.pk)


@pytest.fixture
def room(world) -> Room:
    return Room.build(world)


def code(call, *args: Any, **kwargs: Any) -> tuple[str, str]:
    """Code and rule of a refusal."""
    with pytest.raises(DomainError) as caught:
        call(*args, **kwargs)
    return caught.value.code, caught.value.rule

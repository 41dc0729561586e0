"""Custody: both sides sign, whoever has it hands it on, and there is one holder at every moment."""

from datetime import timedelta

import pytest
from django.db import connection

from reports import access
from reports.evidence import custody, selectors
from reports.evidence.services import kit_hand_to_mcio
from reports.models import Event
from sapr.errors import DomainError, NotFoundError
from tests.database.refusals import refused
from tests.times import T0


def code(call, *args, **kwargs) -> tuple[str, str]:
    """Code and rule of a refusal."""
    with pytest.raises(DomainError) as caught:
        call(*args, **kwargs)
    return caught.value.code, caught.value.rule


def test_kh_09_a_hop_is_given_by_one_and_received_by_another_with_what_each_found(world, room):
    kit, _ = room.sealed("restricted")
    hop = room.offer(world.sarc, kit, condition="wet", photo_sha256="A" * 64)
    assert (hop.hop, hop.giver, hop.state, room.now(kit).card.holder) == (
        1,
        "provider",
        "offered",
        "provider",
    )
    assert code(room.accept, world.sarc, hop) == ("second_person", "KH-09")
    hop = room.accept(room.custodian, hop)
    now = room.now(kit)
    assert (hop.state, hop.condition, hop.condition_found) == ("accepted", "wet", "good")
    assert (now.state, now.card.holder, now.card.at_post) == ("stored", "custodian", room.post)
    with access.viewing(world.sarc):
        said = list(Event.objects.filter(case_id=kit.case_id, kind__startswith="evidence_").order_by("seq"))
        assert selectors.custody_broken(card=now.card) is None
    assert [(each.kind, each.actor_id) for each in said] == [
        ("evidence_offered", world.sarc.pk),
        ("evidence_accepted", room.custodian.pk),
    ]
    assert said[1].data["hash"] == bytes(hop.answer_hash).hex()

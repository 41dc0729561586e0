"""The way to finer words: a table under which the rung stops short of the week, and a proposal that says it."""

from datetime import datetime
from typing import Any

import pytest

from notifications.finer import scoring, services
from notifications.finer.models import FinerWording
from notifications.models import Notice
from notifications.strength.services import strength_import
from reports import access
from sapr import clock
from sapr.errors import DomainError
from tests.strength.files import file, of_place
from tests.times import T0

# Of each of four groups: by the rung the victim's class keeps 13 people, and fewer than 10 once the week is said.
FEW, ENOUGH = 26, 60


def waiting(world, each: int = FEW, at: datetime = T0) -> Notice:
    """A Restricted notice that waits, at a place with that many people in each of four groups."""
    text = file(*of_place("Camp Sample", each))
    strength_import(actor=world.manager, location=world.installation, text=text, at=at)
    report = world.signed("restricted", at=at)
    with access.viewing(world.sarc):
        return Notice.objects.select_related("post__location", "unit_rung", "case").get(case=report.case)


def finest(notice: Notice) -> str:
    """The key of the finest rung for the notice."""
    return scoring.asked_for(notice, {name: levels[-1] for name, levels in scoring.steps(notice).items()})


def proposed(world, notice: Notice, *, actor=None, **given: Any) -> FinerWording:
    """The finest words of the notice put before a second person, with the victim's consent unless said otherwise."""
    actor, now = actor or world.sarc, clock.now()
    key = given.pop("rung", None) or finest(notice)
    found = services.finer_prepare(actor=actor, notice_id=notice.pk, rung=key, at=now)
    values: dict[str, Any] = {
        "rung": key, "bytes_seen": found.sha256, "reason": "victim_asked", "ground": "consent",
        "victim_signature": "Zzyzx Canary-Smith", "victim_signed_at": now, "at": now,
    }  # fmt: skip
    return services.finer_propose(actor=actor, notice_id=notice.pk, **values | given)


def approved(world, notice: Notice, **given: Any) -> FinerWording:
    """The same, and approved by the programme manager."""
    row = proposed(world, notice, **given)
    return services.finer_approve(actor=world.manager, finer_id=row.pk, bytes_seen=row.sha256, at=clock.now())


def code_of(call, **given) -> str:
    """The code of the refusal."""
    with pytest.raises(DomainError) as refusal:
        call(**given)
    return refusal.value.code

"""Ways to correct what a case holds, for the tests of what follows."""

from typing import Any

import pytest
from django.db import transaction

from reports.election.contacts import contact_complete
from sapr.errors import DomainError
from tests.times import T0


def completed(world, case_id, *, identity: dict[str, Any] | None = None, **narrative: str) -> None:
    contact_complete(actor=world.sarc, case_id=case_id, at=T0, identity=identity or {}, narrative=narrative)


def code(call, *args: Any) -> str:
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        call(*args)
    return refusal.value.code

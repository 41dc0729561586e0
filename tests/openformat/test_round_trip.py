"""The promise of the open format: out, into an empty system, out again, the same bytes; and everything opens there."""

import json
from datetime import timedelta
from hashlib import sha256

from django.db import connections

from reports import access
from reports.election.models import Identity, Narrative
from reports.vault import keys
from reports.vault.services import open_sealed
from sapr import clock
from sapr.openformat import leaving
from sapr.openformat.cut import Cut
from tests.openformat.conftest import LATER, as_owner_role
from tests.world import CANARIES


def test_what_went_out_comes_in_and_goes_out_again_byte_for_byte(made, empty) -> None:
    plain = b"".join(made.lines)
    assert made.told["sha256"] == sha256(plain).hexdigest()
    done = made.imported()
    assert (done["sha256"], done["lines"]) == (made.told["sha256"], len(made.lines))
    clock.move(LATER + timedelta(days=1), hold=True)
    with as_owner_role():
        again = leaving.checked(Cut.read(made.told["cut"]))
    assert again == {name: made.told[name] for name in again}

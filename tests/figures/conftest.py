"""Short ways of these tests: a key of the reader's own, an approved export, steps until it is made."""

import pyrage
import pytest

from reports.exports import making, services
from reports.exports.lines import FIELDS
from tests.adoption.settings import second_manager
from tests.times import T0


class Reader:
    """Who shall read the file: the secret key never comes near the system."""

    def __init__(self) -> None:
        self.secret = pyrage.x25519.Identity.generate()
        self.public = str(self.secret.to_public())

    def opens(self, file: bytes) -> str:
        return pyrage.decrypt(file, [self.secret]).decode()


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def second(world):
    return second_manager(world)


def asked(world, reader, **more):
    """The SARC asks, for every column."""
    given = {"purpose": "checking", "fields": list(FIELDS), "recipient": reader.public, "at": T0} | more
    return services.export_ask(actor=world.sarc, **given)


def approved(world, reader, *, at=T0, **more):
    export = asked(world, reader, at=at, **more)
    return services.export_approve(actor=world.manager, export_id=export.pk, at=at)


def made(world, export, *, at=T0):
    """The job, done to its end."""
    job = making.export_begin(actor=world.sarc, export_id=export.pk, at=at)
    for _ in range(job.total + 1):
        job = making.export_step(actor=world.sarc, job_id=job.pk, at=at)
    return job

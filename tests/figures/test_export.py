"""Exports: two persons, no plaintext anywhere, opened by the standard format's library, fetched once."""

import csv
import io

from reports import access
from reports.exports import selectors, services
from tests.erasure.conftest import left_without_signing
from tests.figures.conftest import approved, made
from tests.times import T0


def test_a_file_opens_with_the_age_format_and_holds_own_cases_without_anything_sealed(world, reader) -> None:
    cases = [world.signed("restricted").case, world.signed("unrestricted").case]
    gone = left_without_signing(world)
    export = approved(world, reader)
    assert made(world, export).done == 1
    with access.viewing(world.sarc):
        assert selectors.lines_made(viewer=world.sarc, export=export) == 2
    file = services.export_fetch(actor=world.sarc, export_id=export.pk, at=T0)
    assert file.content.startswith(b"age-encryption.org/v1\n")
    rows = list(csv.DictReader(io.StringIO(reader.opens(file.content))))
    assert {row["number"] for row in rows} == {case.number for case in cases}
    assert gone.number.encode() not in file.content

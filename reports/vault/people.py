"""Finding a person's cases by their DoD ID number, without a column that holds it.

The index stands in the key store: a keyed digest per case, masked by the wrapping key in use, so that neither a
backup of the cases nor an old copy of the store has anything to compare a number with. There is no unique
constraint: the database would tell by it whether somebody is known.
"""

import logging
from functools import partial
from uuid import UUID

from django.db import DatabaseError, transaction

from reports.vault.errors import ErasedError, VaultLockedError
from reports.vault.keys import blind_index, under_wrapping_in_use
from reports.vault.models import PersonIndex
from reports.vault.wrapping import Wrapping, available


def note_person(case_id: UUID, dod_id: str | None) -> None:
    """The case now names the person of this number, or nobody (None). Kept once the transaction has committed."""
    digest = blind_index("person", dod_id) if dod_id else None
    transaction.on_commit(partial(_keep, case_id, digest))


def _keep(case_id: UUID, digest: bytes | None) -> None:
    def add(wrapping: Wrapping) -> None:
        row = PersonIndex(case_id=case_id, kek_id=wrapping.kek_id, digest=digest and wrapping.mask(digest))
        PersonIndex.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["case_id"], update_fields=["kek_id", "digest"]
        )

    try:
        under_wrapping_in_use(case_id, add)
    except ErasedError:
        return
    except (DatabaseError, VaultLockedError):
        # The case itself is saved: it is not found by number until its number is sealed again.
        logging.getLogger("sapr").exception("person_not_indexed", extra={"fields": {"case": str(case_id)}})


def cases_of_person(dod_id: str) -> list[UUID]:
    """The cases that name the person of this number, whoever may see them."""
    digest = blind_index("person", dod_id)
    # While a rotation is under way rows stand under more than one wrapping key.
    masked = [wrapping.mask(digest) for wrapping in available().values()]
    return list(PersonIndex.objects.filter(digest__in=masked).values_list("case_id", flat=True))

"""Holding an opened value against the ledger, so that an old ciphertext of the same column is not taken for the value.

Only columns that may change need it. Each event that sealed some of them maps their labels to keyed commitments; the
newest that names a label says what its column holds now. All others are written once, and the database refuses
a second time.
"""

import json
import logging
from collections.abc import Mapping
from uuid import UUID

from reports.vault.errors import VaultLockedError
from reports.vault.keys import is_committed
from sapr.sending import sent
from sapr.standing import Later, asked_in_an_act, told_in_an_act

# The rows whose columns change, by the first part of their labels, and the events that say so.
CHANGING = ("identity.", "narrative.")
SEALING = ("contact_opened", "limited_case_opened", "identity_sealed", "account_sealed", "legacy_imported")
# Kinds as words and the case as a subquery: a plan for whichever costs as much as one for this, and is made once.
_SEALING = f"""
    SELECT data FROM reports_event
    WHERE case_id = (SELECT %s::uuid) AND kind IN ({", ".join(f"'{kind}'" for kind in SEALING)})
    ORDER BY seq
"""  # noqa: S608  # nosec B608  words from above


def outdated(case_id: UUID, values: Mapping[str, str]) -> list[str]:
    """The labels of those values ('' for an empty column) that are not the ones sealed last, by one query.

    The case's events are visible to whoever may open it.
    """
    if not any(label.startswith(CHANGING) for label in values):
        return []
    return not_the_latest(case_id, values, _committed(case_id))


def not_the_latest(case_id: UUID, values: Mapping[str, str], committed: Mapping[str, str]) -> list[str]:
    """The same, where the newest commitment of each label is known."""
    return [
        label
        for label, value in values.items()
        # Without a commitment a column was never filled in.
        if label.startswith(CHANGING)
        and (value or label in committed)
        and not is_committed(case_id, value.encode(), committed.get(label, ""))
    ]


def refusal(labels: list[str]) -> VaultLockedError:
    """Somebody put an earlier value back, or took one away, behind the program: said in the log by label alone."""
    for label in labels:
        logging.getLogger("sapr").error("seal_outdated", extra={"fields": {"column": label}})
    return VaultLockedError(f"{', '.join(labels)}: this is not the value that was sealed last")


def _committed(case_id: UUID) -> dict[str, str]:
    """The newest commitment of each label."""
    found: dict[str, str] = {}
    for (data,) in _sealing(case_id):
        found |= json.loads(data)
    return found


def sealing_ahead(case_id: UUID) -> None:
    """Send the question that opening the case's values will ask in an act (`sapr.sending`)."""
    rows = sent(_SEALING, [case_id])
    told_in_an_act(_sealing, case_id, answer=Later(rows))


@asked_in_an_act
def _sealing(case_id: UUID) -> list[tuple[str]]:
    return sent(_SEALING, [case_id])()

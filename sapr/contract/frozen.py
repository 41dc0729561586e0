"""The description of the REST door as it is kept in the repository, and how it may change."""

import json
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from sapr.contract.promises import Changes, compared, promises
from sapr.errors import DomainError

FROZEN = Path(settings.BASE_DIR) / "docs" / "openapi.json"
# What FROZEN promises, as digests: changed by hand together with the code, it would agree with the code.
LOCK = Path(settings.BASE_DIR) / "docs" / "openapi.lock"
BREAKS = Path(settings.BASE_DIR) / "docs" / "openapi_breaks.json"
COMMAND = "./run --no-demo manage schema --write"
SHORTEST_REASON = 20


def document() -> dict[str, Any]:
    """The description as the code makes it now."""
    made = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(json.dumps(made))


def written(made: dict[str, Any]) -> str:
    """The one spelling in which it is kept."""
    return json.dumps(made, sort_keys=True, indent=1) + "\n"


def frozen() -> dict[str, Any]:
    """The description as it is kept; one that was never kept promises nothing."""
    return json.loads(FROZEN.read_text()) if FROZEN.exists() else {"paths": {}}


def locked() -> list[str]:
    """The lines of the lock: an operation each, how much it promises and demands, and the digest of all of it."""
    return LOCK.read_text().splitlines() if LOCK.exists() else []


def changed_by_hand() -> list[str]:
    """The operations of docs/openapi.json that are not as they were locked: the lines of the lock and its own."""
    return sorted(set(locked()) ^ set(_lines(frozen())))


def _lines(described: dict[str, Any]) -> list[str]:
    said: dict[str, set[str]] = defaultdict(set)
    for each in promises(described):
        said[" ".join(each.split(" ")[:2])].add(each)
    return [
        f"{name} {len(lines)} {sha256(chr(10).join(sorted(lines)).encode()).hexdigest()}"
        for name, lines in sorted(said.items())
    ]


def excused() -> dict[str, str]:
    """Breaking changes that were made all the same, each with its reason."""
    return json.loads(BREAKS.read_text()) if BREAKS.exists() else {}


def freeze(reason: str = "") -> Changes:
    """Keep the description as the code makes it now; what changed.

    Refuses a change that breaks programs written against what was kept (`breaks_programs`), unless
    docs/openapi_breaks.json gives a reason for it, or `reason` does, which is then written there. Refuses to go on from
    a description that is not the one that was locked (`changed_by_hand`).
    """
    if LOCK.exists() and (wrong := changed_by_hand()):
        raise DomainError(
            "changed_by_hand",
            f"docs/openapi.json is not what docs/openapi.lock was written with, the first: {wrong[0]}. "
            "Take both as they were committed, then do this again.",
        )
    made = document()
    changes, known = compared(frozen(), made), excused()
    new = [each for each in changes.breaking if each not in known]
    if new and len(reason) < SHORTEST_REASON:
        raise DomainError(
            "breaks_programs",
            f"{len(new)} of the changes break programs that were written against /api/v1/, the first: {new[0]}. "
            f"Make them additions, or give a reason of {SHORTEST_REASON} characters or more with --because.",
        )
    if new:
        said = known | dict.fromkeys(new, reason)
        BREAKS.write_text(json.dumps(said, sort_keys=True, indent=1) + "\n")
    FROZEN.write_text(written(made))
    LOCK.write_text("\n".join(_lines(made)) + "\n")
    return changes

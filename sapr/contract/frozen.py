"""The description of the REST door as it is kept in the repository, and how it may change."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from sapr.contract.promises import Changes, compared
from sapr.errors import DomainError

FROZEN = Path(settings.BASE_DIR) / "docs" / "openapi.json"
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


def excused() -> dict[str, str]:
    """Breaking changes that were made all the same, each with its reason."""
    return json.loads(BREAKS.read_text()) if BREAKS.exists() else {}


def freeze(reason: str = "") -> Changes:
    """Keep the description as the code makes it now; what changed.

    Refuses a change that breaks programs written against what was kept (`breaks_programs`), unless
    docs/openapi_breaks.json gives a reason for it, or `reason` does, which is then written there.
    """
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
    return changes

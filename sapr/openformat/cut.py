"""Up to where an open export goes: an instant, and what of the ledger lies before it.

What exporting, counting over again and importing themselves write down comes after the cut and is left out, at the end
of a chain. So the system that imported a file gives the same bytes for the same cut, until something happens there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from psycopg import sql

from sapr.errors import DomainError

# What may stand behind the cut: it tells of the export itself.
MARKS = [
    "sealed_exported", "open_imported", "open_checked", "export_asked", "export_approved", "export_downloaded",
]  # fmt: skip
# The last event of each chain that belongs to the file.
ENDS = sql.SQL("""
SELECT case_id, max(seq) FILTER (WHERE NOT (kind = ANY (%(marks)s) AND recorded_at >= %(cut)s)) AS last
FROM reports_event GROUP BY case_id
""")
LATER = sql.SQL("""
SELECT EXISTS (SELECT FROM ({ends}) ends JOIN reports_event e USING (case_id)
               WHERE e.seq = ends.last AND e.recorded_at > %(cut)s)
""").format(ends=ENDS)


@dataclass(frozen=True)
class Cut:
    """An instant of the database's clock."""

    at: datetime

    @classmethod
    def read(cls, text: str) -> "Cut":
        """As a manifest spells it; DomainError for anything else."""
        try:
            return cls(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC))
        except ValueError:
            raise DomainError(
                "bad_cut", "Give the cut as the manifest spells it: 2026-03-02T08:00:00.000000Z.", path="cut"
            ) from None

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"

    @property
    def values(self) -> dict[str, Any]:
        return {"marks": MARKS, "cut": self.at}

    def require_there(self) -> None:
        """Refuse a cut behind which something happened: how the rows stood then nobody knows any more."""
        with connection.cursor() as cursor:
            cursor.execute(LATER, self.values)
            if cursor.fetchone()[0]:
                raise DomainError(
                    "cut_gone",
                    "Something was written in this system since that cut, so it cannot be exported as it was then. "
                    "Leave --cut out to export it as it is now.",
                    status=409,
                )

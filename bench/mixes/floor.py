"""The least that each operation could ask of PostgreSQL, over one connection of psycopg that stays open.

As the administrator, so past row-level security, and without a trigger: what is written goes to tables of the same
columns in the schema `bench`. No key is unwrapped, no rule asked, no chain linked.
"""

from typing import Any

import psycopg

from bench.load.ground import Ground
from bench.mixes.asking import Work

LIST = """
SELECT c.id, c.number, c.state, c.opened_at, c.walked_away_at, r.election, l.name
FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id
LEFT JOIN reports_report r ON r.case_id = c.id
WHERE c.installation_id = %s AND (SELECT true FROM reports_assignment a
      WHERE a.case_id = c.id AND a.user_id = %s AND a.ended_at IS NULL LIMIT 1)
ORDER BY c.opened_at DESC, c.id LIMIT 50
"""
OPENED = """
SELECT c.*, r.*, i.*, n.* FROM reports_case c JOIN reports_report r ON r.case_id = c.id
JOIN reports_identity i ON i.case_id = c.id JOIN reports_narrative n ON n.case_id = c.id WHERE c.id = %s
"""
DUTIES = "SELECT * FROM reports_duty WHERE case_id = %s ORDER BY due_at"
NOTICES = """
SELECT n.*, p.title FROM notifications_notice n JOIN accounts_post p ON p.id = n.post_id WHERE n.case_id = %s
"""
KEYS = "SELECT sensitivity, kek_id, wrapped FROM reports_wrappedkey WHERE case_id = %s"
FIGURES = (
    "SELECT * FROM reports_quarterfigure WHERE published_at IS NOT NULL ORDER BY quarter DESC LIMIT 1600"
)
# What a signing leaves: of the pattern, what stands there since the instant of its signature.
LEFT = {
    "reports_report": "case_id = %(case)s",
    "reports_signedform": "case_id = %(case)s",
    "reports_decision": "case_id = %(case)s AND decided_at >= %(at)s",
    "reports_event": "case_id = %(case)s AND occurred_at = %(at)s",
    "reports_duty": "case_id = %(case)s AND opened_at = %(at)s",
    "notifications_ladder": "case_id = %(case)s",
    "notifications_notice": "case_id = %(case)s",
    "notifications_noticedecision": "case_id = %(case)s AND stage = 'composed'",
    "notifications_acknowledgement": "case_id = %(case)s",
    "notifications_reminder": "notice_id IN (SELECT id FROM notifications_notice WHERE case_id = %(case)s)",
}


class Floor:
    """One size's."""

    def __init__(self, here: Ground, size: int) -> None:
        self.cases = here.admin(f"sapr_bench_{size}")
        self.keys = here.admin(f"sapr_bench_{size}_keys")
        [told] = self._row("SELECT told FROM bench.made WHERE what = 'stories'", [])
        self.sarc, self.place = told["cast"]["people"]["sarc"], told["cast"]["places"]["base"]
        self.running, signed = (
            told["cases"][name] for name in ("unrestricted with a kit", "restricted, a day old")
        )
        [at] = self._row("SELECT recorded_at FROM reports_report WHERE case_id = %s", [signed])
        self.rows = {name: self._taken(name, which, case=signed, at=at) for name, which in LEFT.items()}
        looked = "case_id = %(case)s AND kind IN ('contact_opened', 'report_signed')"
        self.looks = self._taken("reports_event", looked, case=signed)
        self.cases.commit()

    def close(self) -> None:
        """Both connections."""
        self.cases.close()
        self.keys.close()

    def works(self) -> dict[str, Work]:
        """By the name of the operation whose floor it is."""
        return {
            "floor: list": Work(self._list),
            "floor: open": Work(self._open),
            "floor: sign": Work(self._sign),
            "floor: statistics": Work(self._figures),
        }

    def _list(self) -> None:
        self.cases.execute(LIST, [self.place, self.sarc]).fetchall()
        self.cases.commit()

    def _open(self) -> None:
        for statement in (OPENED, DUTIES, NOTICES):
            self.cases.execute(statement, [self.running]).fetchall()
        self.keys.execute(KEYS, [self.running]).fetchall()
        self.keys.commit()
        self._put("reports_event", self.looks)
        self.cases.commit()

    def _sign(self) -> None:
        for name, rows in self.rows.items():
            self._put(name, rows)
        self.cases.commit()

    def _figures(self) -> None:
        self.cases.execute(FIGURES).fetchall()
        self.cases.commit()

    def _taken(self, name: str, which: str, **values: Any) -> str:
        """The rows of a table as one value, and the table beside it that takes them."""
        self.cases.execute(f"CREATE TABLE IF NOT EXISTS bench.floor_{name} (LIKE {name})")
        self.cases.execute(f"CREATE INDEX IF NOT EXISTS floor_{name}_id ON bench.floor_{name} (id)")
        [rows] = self._row(f"SELECT array_agg(t)::text FROM {name} t WHERE {which}", values)  # noqa: S608
        return rows or "{}"

    def _put(self, name: str, rows: str) -> None:
        self.cases.execute(f"INSERT INTO bench.floor_{name} SELECT * FROM unnest(%s::{name}[])", [rows])  # noqa: S608

    def _row(self, statement: str, values: Any) -> tuple[Any, ...]:
        found = self.cases.execute(statement, values).fetchone()
        if found is None:
            raise psycopg.DataError("the patterns of this size are not there")
        return found

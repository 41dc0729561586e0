"""A case that was signed for real, taken apart into what stays and what every copy has of its own.

Each of its rows becomes one line of COPY's text format, cut at every id, instant, sealed value, commitment and hash.
What fills these holes is a `Hole`; equal holes are one, so that what was joined stays joined. Nothing is left out:
every row of the case tables and of those that hang on them, and every key of the case.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db.models import Model

from bench.load.holes import Form, Hole, Line
from reports.vault.fields import HEAD, SealedMixin
from reports.vault.keys import case_key
from reports.vault.models import NO_CASE, WrappedKey
from reports.vault.services import sealed_fields

# Tables of places, people and the system itself: rows of these belong to no case.
SHARED = {
    "notifications_unitrung", "notifications_told", "notifications_strength", "notifications_strengthtable",
    "notifications_rungclock", "notifications_mailround", "notifications_outgoing", "notifications_channel",
    "notifications_sweepbeat", "reports_look", "reports_checkpoint", "reports_checkpointleaf",
}  # fmt: skip
CHAIN = ("reports_event", "reports_chainhead")


@dataclass
class Pattern:
    """`rows`: of each table all rows; `ids`: how many ids of its own a copy has, the case's first.

    `events`: of each its canonical text and its row. `holes`: what fills them, in the order of a copy's values.
    """

    name: str
    opened_at: datetime
    ids: int
    classes: list[str]
    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, Form] = field(default_factory=dict)
    events: list[tuple[Form, Form]] = field(default_factory=list)
    texts: list[Form] = field(default_factory=list)
    holes: dict[Hole, int] = field(default_factory=dict)


# What stands in texts and is a copy's own.
_OWN = re.compile(
    r"(?P<id>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"
    r"|(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00))"
    r"|(?P<digest>\b[0-9a-f]{64}\b)"
)


class Taking:
    """Takes one case apart, as the administrator of the database it stands in."""

    def __init__(
        self, admin: psycopg.Connection[Any], case: UUID, shared: dict[str, str], victim: dict[str, str]
    ) -> None:
        """`shared`: ids of places, posts and people, each with the name of what stands for it at every place.

        `victim`: strings that are a person's, each with the name of the hole.
        """
        self.admin, self.case, self.shared = admin, case, shared
        self.words = dict(victim)
        self.commitments: dict[str, int] = {}
        self.texts: dict[str, int] = {}

    def taken(self, name: str) -> Pattern:
        """The pattern."""
        rows = self._rows()
        ids = dict.fromkeys(
            [self.case, *(row["id"] for found in rows.values() for row in found if row.get("id"))]
        )
        self.number = {each: at for at, each in enumerate(ids)}
        [case] = rows["reports_case"]
        self.words[case["number"]] = "number"
        classes = WrappedKey.objects.filter(case_id=self.case).values_list("sensitivity", flat=True)
        opened = {table: [self._opened(table, row) for row in found] for table, found in rows.items()}
        pattern = Pattern(name, case["opened_at"], len(ids), list(classes))
        # Texts first: what they are made of is there when they are sealed.
        pattern.texts = [Form(self._cut(text), pattern.holes) for text in self.texts]
        for table, found in rows.items():
            if table not in CHAIN:
                pattern.columns[table] = list(found[0])
                lines = [self._line(*each) for each in zip(found, opened[table], strict=True)]
                pattern.rows[table] = Form([piece for line in lines for piece in line], pattern.holes)
        events = sorted(rows["reports_event"], key=lambda row: row["seq"])
        pattern.columns["reports_event"] = list(events[0])
        pattern.events = [self._event(row, pattern.holes) for row in events]
        return pattern

    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of the case, and every row that names one of them, until there are no more."""
        tables = self._tables()
        known: set[UUID] = {self.case}
        found: dict[str, list[dict[str, Any]]] = {}
        while True:
            before = len(known)
            for table, columns in tables.items():
                named = " OR ".join(f"{each} = ANY (%(ids)s)" for each in columns)
                cursor = self.admin.execute(f"SELECT * FROM {table} WHERE {named}", {"ids": list(known)})  # noqa: S608
                names = [each.name for each in cursor.description or ()]
                rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
                if rows:
                    found[table] = rows
                    known |= {row[key] for row in rows for key in ("id", "card_id") if row.get(key)}
            if len(known) == before:
                return found

    def _tables(self) -> dict[str, list[str]]:
        cursor = self.admin.execute(
            "SELECT c.relname, array_agg(a.attname::text) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.atttypid = 'uuid'::regtype"
            " AND NOT a.attisdropped AND c.relname ~ '^(reports|notifications)_' GROUP BY 1 ORDER BY 1"
        )
        return {table: columns for table, columns in cursor if table not in SHARED}

    def _opened(self, table: str, row: dict[str, Any]) -> dict[str, Hole]:
        """The sealed cells of a row, each a hole; its text is noted for the commitments that the events hold."""
        model = _MODELS.get(table)
        cells: dict[str, Hole] = {}
        for column in (sealed_fields(model) if model else {}).values():
            if row[column.column] is None:
                continue
            record = model(**{each.attname: row[each.column] for each in model._meta.concrete_fields})
            bound, text = self._open(record, column, bytes(row[column.column]))
            if table == "reports_kit":
                self.words[text] = "kit"
            at = self.texts.setdefault(text, len(self.texts))
            self.commitments[case_key(self.case, "narrative").commit(text.encode())] = at
            own = "" if record.case_id != NO_CASE else "/"
            how = (f"{column.label}|".encode(), f"{own}{column.sensitivity}", self.number[bound])
            cells[column.column] = Hole("seal", how, at)
        if "number_index" in row:
            cells["number_index"] = Hole("digest", "evidence" if table == "reports_kit" else "/evidence")
        return cells

    def _open(self, record: Model, column: SealedMixin, raw: bytes) -> tuple[UUID, str]:
        """The text, and the id that it is bound to: its row's, or that of the row it was moved from."""
        key = case_key(record.case_id, column.sensitivity)
        for each in (record.pk, *self.number):
            try:
                text = key.aead.decrypt(raw[1:HEAD], raw[HEAD:], f"{column.label}|".encode() + each.bytes)
            except InvalidTag:
                continue
            return each, text.decode()
        raise ValueError(f"{column.label} does not open")

    def _line(self, row: dict[str, Any], cells: dict[str, Hole]) -> Line:
        line: Line = []
        for number, (name, value) in enumerate(row.items()):
            if number:
                line.append(b"\t")
            line += [cells[name]] if name in cells else self._cell(value)
        return [*line, b"\n"]

    def _cell(self, value: Any) -> Line:
        if value is None:
            return [b"\\N"]
        if isinstance(value, bool):
            return [b"t" if value else b"f"]
        if isinstance(value, datetime):
            return [Hole("at", value.astimezone(UTC), "iso")]
        if isinstance(value, date):
            return [Hole("on", value)]
        if isinstance(value, bytes | memoryview):
            return [b"\\\\x" + bytes(value).hex().encode()]
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
        return [each if isinstance(each, Hole) else _escaped(each) for each in self._cut(text)]

    def _cut(self, text: str) -> Line:
        """The text at its holes."""
        line: Line = []
        last = 0
        words = [re.escape(each) for each in sorted(self.words, key=len, reverse=True) if each]
        pattern = re.compile("|".join([*words, _OWN.pattern])) if words else _OWN
        for found in pattern.finditer(text):
            hole = self._hole(found)
            if hole is not None:
                line += [text[last : found.start()].encode(), hole]
                last = found.end()
        line.append(text[last:].encode())
        return [each for each in line if each != b""]

    def _hole(self, found: re.Match[str]) -> Hole | None:
        word = found.group()
        if word in self.words:
            return Hole("word", self.words[word])
        if found.lastgroup == "id":
            each = UUID(word)
            if each in self.number:
                return Hole("id", self.number[each])
            return Hole("there", self.shared[word]) if word in self.shared else None
        if found.lastgroup == "at":
            at = datetime.fromisoformat(word.replace("Z", "+00:00"))
            return Hole("at", at, "us" if word.endswith("Z") else "iso")
        return Hole("commit", self.commitments[word]) if word in self.commitments else None

    def _event(self, row: dict[str, Any], holes: dict[Hole, int]) -> tuple[Form, Form]:
        before, _, after = bytes(row["canonical"]).decode().partition(bytes(row["prev_hash"]).hex())
        canonical = [*self._cut(before), Hole("prev"), *self._cut(after)]
        # Their hexadecimal follows the mark of a bytea.
        made = {"prev_hash": "prev", "canonical": "canonical", "hash": "hash"}
        line: Line = []
        for name, value in row.items():
            line += [b"\\\\x", Hole(made[name])] if name in made else self._cell(value)
            line.append(b"\t")
        line[-1] = b"\n"
        return Form(canonical, holes), Form(line, holes)


def _escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n").replace(b"\r", b"\\r")


_MODELS: dict[str, type[Model]] = {
    model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy
}

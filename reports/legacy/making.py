"""The rows of one case as lines of COPY: sealed, committed to, and without a word of content in clear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from reports import policy
from reports.election.contacts import CASE_NUMBER_PREFIX
from reports.election.models import Decision, Identity, Narrative
from reports.evidence.models import Kit
from reports.legacy.checking import Old
from reports.legacy.course import Open, Past
from reports.legacy.deciding import written
from reports.vault.fresh import Chances, FreshKeys
from reports.vault.keys import DataKey
from reports.vault.services import sealed_fields
from reports.vault.wrapping import Wrapping

# Of each sealed column its label, and what a cell of it is bound to before the id of its row.
IDENTITY, NARRATIVE = (
    {name: (each.label, each.prefix) for name, each in sealed_fields(model).items()}
    for model in (Identity, Narrative)
)
[DECISION] = (each.prefix for each in sealed_fields(Decision).values())
[KIT] = (each.prefix for each in sealed_fields(Kit).values())
# The columns of each table that a line fills, in its order.
COLUMNS = {
    "reports_case": "id, number, installation_id, opened_by_id, opened_at, state, informed_by, unclaimed",
    "reports_identity": f"id, case_id, {', '.join(IDENTITY)}",
    "reports_narrative": f"id, case_id, {', '.join(NARRATIVE)}",
    "reports_decision": "id, case_id, decided_on, decided_at, profile, rule_set, record",
    "reports_report": "id, case_id, election, signed_at, recorded_at, converted_at, late_reason",
    "reports_kit": "id, case_id, number, number_index, state, issued_at",
    "reports_assignment": "id, case_id, user_id, role, started_at, place",
    "reports_duty": (
        "id, rule, layer, rule_set, kind, role, discharged_by, reason, repeats, immediate, case_id, opened_event,"
        " opened_at, state, about, due_at, closed_event, closed_at, occurrence, counts_from, place"
    ),
    "reports_legacysource": "case_id, digest, content",
    "reports_wrappedkey": "id, case_id, sensitivity, kek_id, wrapped",
    "reports_personindex": "case_id, kek_id, digest",
}
Lines = dict[str, list[str]]
Columns = Mapping[str, tuple[str, bytes]]
NULL = "\\N"


@dataclass(frozen=True)
class Instants:
    """When the import writes, and the cut-over, as COPY spells instants."""

    now: str
    cutover: str


@dataclass
class Making:
    """One case. `lines` collects the lines of all tables; `events` those of its chain, in their order.

    `ladder`: the duties that opened, for whoever watches them.
    """

    old: Old
    digest: bytes
    instants: Instants
    wrapping: Wrapping
    person: DataKey
    lines: Lines = field(repr=False)
    ladder: list[tuple[str, str, Open]] = field(repr=False)

    def __post_init__(self) -> None:
        chances = Chances()
        self.fresh = chances.id
        self.case, self.event = self.fresh(), self.fresh()
        self.id = UUID(self.case)
        self.keys = FreshKeys(self.id, chances)

    def write(self) -> None:
        """Add its lines."""
        old, row, case = self.old, self.old.row, self.case
        now, report = self.instants.now, old.row["report"]
        opened, signed = row["opened_at"].isoformat(), report["signed_at"].isoformat()
        said: dict[str, Any] = {
            "election": old.election,
            "form": old.form,
            "edition": old.edition,
            "opened_at": opened,
            "signed_at": signed,
        }
        for name in ("disposed_at", "closed_at"):
            if name in row:
                said[name] = row[name].isoformat()
        if "converted_at" in report:
            said["converted_at"] = report["converted_at"].isoformat()
        self._add(
            "reports_case", case, policy.new_control_number(prefix=CASE_NUMBER_PREFIX), old.place.id,
            old.sarcs[0], opened, old.state, "victim", "f",
        )  # fmt: skip
        identity = dict(row.get("identity", ()))
        identity.pop("unit", None)
        if old.unit_commander_post:
            identity["unit_commander_post"] = old.unit_commander_post
        self._sealed("reports_identity", IDENTITY, "identity", identity, said)
        self._sealed("reports_narrative", NARRATIVE, "narrative", row.get("narrative", {}), said)
        self._decision(said)
        self._add(
            "reports_report",
            self.fresh(),
            case,
            old.election,
            signed,
            now,
            said.get("converted_at", NULL),
            "",
        )
        kit = self._kit(said) if "kit" in row else NULL
        content = self.keys.commit(old.said)
        said["content"] = content
        self._add("reports_legacysource", case, _bytea(self.digest), content)
        # The case came here as it stood at the cut-over; what follows from that happens now.
        self._event(1, self.event, "legacy_imported", self.instants.cutover, written(said))
        for sarc in old.sarcs:
            self._add("reports_assignment", self.fresh(), case, sarc, "sarc", now, old.place.id)
        follow = [("sarc_assigned", {"user": sarc}) for sarc in old.sarcs]
        self._past(old.course.past)
        follow += [("duty_opened", self._open(each, kit)) for each in old.course.open]
        for nth, (kind, data) in enumerate(follow, start=2):
            self._event(nth, self.fresh(), kind, now, written(data))
        self._store(identity.get("dod_id"))

    def _event(self, nth: int, event: str, kind: str, at: str, data: str) -> None:
        self._add("reports_event", str(nth), event, self.case, kind, at, data.replace("\\", "\\\\"))

    def _decision(self, said: dict[str, Any]) -> None:
        old, pk = self.old, self.fresh()
        record = old.record
        on = old.decision.on.isoformat()
        profile, rule_set = old.decision.profile, old.decision.rule_set
        sealed = self.keys.seal(DECISION + UUID(pk).bytes, "narrative", record)
        self._add("reports_decision", pk, self.case, on, self.instants.now, profile, rule_set, _bytea(sealed))
        said |= {
            "decision": pk,
            "profile": profile,
            "rule_set": rule_set,
            "decided": self.keys.commit(record),
        }

    def _sealed(
        self, table: str, columns: Columns, key: str, values: Mapping[str, str], said: dict[str, Any]
    ) -> None:
        """The case's one row of that table; what was sealed, for the event."""
        pk, seal, commit = self.fresh(), self.keys.seal, self.keys.commit
        row, cells = UUID(pk).bytes, []
        for name, (label, prefix) in columns.items():
            if name in values:
                value = values[name].encode()
                cells.append(_bytea(seal(prefix + row, key, value)))
                said[label] = commit(value)
            else:
                cells.append(NULL)
        self._add(table, pk, self.case, *cells)

    def _kit(self, said: dict[str, Any]) -> str:
        kit, pk = self.old.row["kit"], self.fresh()
        number = kit["number"].encode()
        index = self.keys.index("evidence", kit["number"])
        state = "sealed" if "sealed_at" in kit else "numbered"
        sealed = _bytea(self.keys.seal(KIT + UUID(pk).bytes, "evidence", number))
        self._add("reports_kit", pk, self.case, sealed, _bytea(index), state, kit["issued_at"].isoformat())
        said |= {"kit": pk, "number": self.keys.commit(number)}
        return pk

    def _past(self, past: Iterable[Past]) -> None:
        """Closed, and so at no place where they would be looked for."""
        lines, case, event = self.lines["reports_duty"], self.case, self.event
        now, cutover = self.instants.now, self.instants.cutover
        for each in past:
            closed = each.done_at.isoformat() if each.done_at else cutover
            lines.append(
                f"{self.fresh()}\t{_by_rule(each.row)}\t{case}\t{event}\t{now}\t{each.state.value}\t{NULL}"
                f"\t{each.due_at.isoformat()}\t{event}\t{closed}\t{each.occurrence}\t{_or_null(each.counts_from)}\t{NULL}"
            )

    def _open(self, each: Open, kit: str) -> dict[str, Any]:
        pk, due_at = self.fresh(), each.due_at.isoformat()
        about = kit if each.about_kit else NULL
        self._add(
            "reports_duty", pk, _by_rule(each.row), self.case, self.event, self.instants.now, "open", about,
            due_at, NULL, NULL, str(each.occurrence), _or_null(each.counts_from), self.old.place.id,
        )  # fmt: skip
        self.ladder.append((pk, self.case, each))
        return {"duty": pk, "kind": each.row.kind, "rule": each.row.rule, "due_at": due_at}

    def _store(self, dod_id: str | None) -> None:
        """What belongs into the key store."""
        kek = self.wrapping.kek_id
        for sensitivity, wrapped in self.keys.wrapped(self.wrapping):
            self._add("reports_wrappedkey", self.fresh(), self.case, sensitivity, kek, _bytea(wrapped))
        if dod_id:
            masked = self.wrapping.mask(self.person.digest(dod_id.encode()))
            self._add("reports_personindex", self.case, kek, _bytea(masked))

    def _add(self, table: str, *cells: str) -> None:
        self.lines[table].append("\t".join(cells))


def _by_rule(row: policy.Duty) -> str:
    """What of a duty's line is its rule's: every case's the same."""
    return "\t".join(
        (
            row.rule, row.layer, row.rule_set, row.kind, row.role, row.discharged_by, "", row.repeats or "",
            "t" if row.immediate else "f",
        )
    )  # fmt: skip


def _or_null(at: datetime | None) -> str:
    return at.isoformat() if at else NULL


def _bytea(raw: bytes) -> str:
    return "\\\\x" + raw.hex()

"""The rows of one case as lines of COPY: sealed, committed to, and without a word of content in clear."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from reports import policy
from reports.election.contacts import CASE_NUMBER_PREFIX
from reports.election.models import Decision, Identity, Narrative
from reports.evidence.models import Kit
from reports.legacy.checking import Old
from reports.legacy.course import Open, Past
from reports.vault.fresh import Chances, FreshKeys
from reports.vault.keys import DataKey
from reports.vault.services import sealed_fields
from reports.vault.wrapping import Wrapping

IDENTITY, NARRATIVE = (
    {name: each.label for name, each in sealed_fields(model).items()} for model in (Identity, Narrative)
)
[DECISION] = (each.label for each in sealed_fields(Decision).values())
[KIT] = (each.label for each in sealed_fields(Kit).values())
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
        "id, case_id, rule, layer, rule_set, kind, role, state, opened_event, about, opened_at, due_at, discharged_by,"
        " closed_event, closed_at, reason, repeats, immediate, occurrence, counts_from, place"
    ),
    "reports_legacysource": "case_id, digest, content",
    "reports_wrappedkey": "id, case_id, sensitivity, kek_id, wrapped",
    "reports_personindex": "case_id, kek_id, digest",
}
Lines = dict[str, list[str]]


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
        said: dict[str, Any] = {
            "election": old.election,
            "form": old.form,
            "edition": old.edition,
            "opened_at": row["opened_at"].isoformat(),
            "signed_at": report["signed_at"].isoformat(),
        }
        for name in ("disposed_at", "closed_at"):
            if name in row:
                said[name] = row[name].isoformat()
        if "converted_at" in report:
            said["converted_at"] = report["converted_at"].isoformat()
        self._add(
            "reports_case", case, policy.new_control_number(prefix=CASE_NUMBER_PREFIX), old.place.id,
            old.sarcs[0], row["opened_at"].isoformat(), old.state, "victim", "f",
        )  # fmt: skip
        identity = dict(row.get("identity", {}))
        identity.pop("unit", None)
        if old.unit_commander_post:
            identity["unit_commander_post"] = old.unit_commander_post
        said |= self._sealed("reports_identity", IDENTITY, "identity", identity)
        said |= self._sealed("reports_narrative", NARRATIVE, "narrative", row.get("narrative", {}))
        said |= self._decision()
        self._add(
            "reports_report", self.fresh(), case, old.election, report["signed_at"].isoformat(), now,
            report["converted_at"].isoformat() if "converted_at" in report else NULL, "",
        )  # fmt: skip
        kit = self._kit(said) if "kit" in row else NULL
        content = self.keys.commit(old.said)
        said["content"] = content
        self._add("reports_legacysource", case, _bytea(self.digest), content)
        events = [(self.event, "legacy_imported", said)]
        for sarc in old.sarcs:
            self._add("reports_assignment", self.fresh(), case, sarc, "sarc", now, old.place.id)
            events.append((self.fresh(), "sarc_assigned", {"user": sarc}))
        self._past(old.course.past)
        events += [self._open(each, kit) for each in old.course.open]
        self._chain(events)
        self._store(identity.get("dod_id"))

    def _chain(self, events: list[tuple[str, str, dict[str, Any]]]) -> None:
        cutover, now = self.instants.cutover, self.instants.now
        for nth, (event, kind, data) in enumerate(events, start=1):
            # The case came here as it stood at the cut-over; what follows from that happens now.
            at = cutover if nth == 1 else now
            self._add(
                "reports_event", str(nth), event, self.case, kind, at, json.dumps(data).replace("\\", "\\\\")
            )

    def _decision(self) -> dict[str, str]:
        old, pk = self.old, self.fresh()
        record = json.dumps(
            {"facts": old.row["facts"], "decision": old.decision.to_dict()}, sort_keys=True
        ).encode()
        on = old.row["report"]["signed_at"].astimezone(ZoneInfo(old.place.zone)).date().isoformat()
        profile, rule_set = old.decision.profile, old.decision.rule_set
        self._add(
            "reports_decision", pk, self.case, on, self.instants.now, profile, rule_set,
            _bytea(self.keys.seal(DECISION, "narrative", pk, record)),
        )  # fmt: skip
        decided = self.keys.commit(record)
        return {"decision": pk, "profile": profile, "rule_set": rule_set, "decided": decided}

    def _sealed(
        self, table: str, labels: Mapping[str, str], key: str, values: dict[str, str]
    ) -> dict[str, str]:
        """The case's one row of that table; what was sealed, for the event."""
        pk, cells, said = self.fresh(), [], {}
        for name, label in labels.items():
            if name in values:
                value = values[name].encode()
                cells.append(_bytea(self.keys.seal(label, key, pk, value)))
                said[label] = self.keys.commit(value)
            else:
                cells.append(NULL)
        self._add(table, pk, self.case, *cells)
        return said

    def _kit(self, said: dict[str, Any]) -> str:
        kit, pk = self.old.row["kit"], self.fresh()
        number = kit["number"].encode()
        index = self.keys.index("evidence", kit["number"])
        state = "sealed" if "sealed_at" in kit else "numbered"
        sealed = _bytea(self.keys.seal(KIT, "evidence", pk, number))
        self._add("reports_kit", pk, self.case, sealed, _bytea(index), state, kit["issued_at"].isoformat())
        said |= {"kit": pk, "number": self.keys.commit(number)}
        return pk

    def _past(self, past: tuple[Past, ...]) -> None:
        for each in past:
            row = each.row
            closed = each.done_at.isoformat() if each.done_at else self.instants.cutover
            self._duty(
                self.fresh(),
                row,
                each.state.value,
                NULL,
                each.due_at,
                closed,
                each.occurrence,
                each.counts_from,
            )

    def _open(self, each: Open, kit: str) -> tuple[str, str, dict[str, Any]]:
        pk, row = self.fresh(), each.row
        about = kit if each.about_kit else NULL
        self._duty(pk, row, "open", about, each.due_at, None, each.occurrence, each.counts_from)
        self.ladder.append((pk, self.case, each))
        said = {"duty": pk, "kind": row.kind, "rule": row.rule, "due_at": each.due_at.isoformat()}
        return self.fresh(), "duty_opened", said

    def _duty(
        self,
        pk: str,
        row: policy.Duty,
        state: str,
        about: str,
        due_at: datetime,
        closed_at: str | None,
        occurrence: int,
        counts_from: datetime | None,
    ) -> None:
        open_ = closed_at is None
        self._add(
            "reports_duty", pk, self.case, row.rule, row.layer, row.rule_set, row.kind, row.role, state, self.event,
            about, self.instants.now, due_at.isoformat(), row.discharged_by, NULL if open_ else self.event,
            closed_at or NULL, "", row.repeats or "", "t" if row.immediate else "f", str(occurrence),
            counts_from.isoformat() if counts_from else NULL, self.old.place.id if open_ else NULL,
        )  # fmt: skip

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


def _bytea(raw: bytes) -> str:
    return "\\\\x" + raw.hex()

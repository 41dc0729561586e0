"""What one event does to the duties of its case: gathered first, then written in few statements."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from reports.ledger.services import append_each, written
from reports.obligations.models import Duty, DutyState
from reports.obligations.turns import changed
from sapr.errors import DomainError
from sapr.ids import beside
from sapr.written import write_all

CLOSE = """
UPDATE reports_duty SET state = %s, closed_event = %s, closed_at = %s, reason = %s
WHERE id = ANY (%s) AND state = 'open'
"""


@dataclass
class Changes:
    """Duties that one event closes and opens, and what the ledger says of each, in the order in which it was said.

    Nothing is written before `write`. The event stands in the ledger already: its chain is locked until the transaction
    ends, so nobody else changes the duties of this case meanwhile.
    """

    case_id: UUID
    event: UUID
    actor: Any
    now: datetime
    opened: list[Duty] = field(default_factory=list)
    _gone: set[UUID] = field(default_factory=set)
    _closed: dict[tuple[str, str], list[UUID]] = field(default_factory=lambda: defaultdict(list))
    _kept: list[Duty] = field(default_factory=list)
    _said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _ids: Iterator[UUID] = field(default_factory=beside)

    def do(self, duty: Duty, at: datetime, reason: str) -> None:
        """The event fulfils the duty: done in time, or missed if its instant has passed."""
        in_time = duty.immediate or at <= duty.due_at
        self._close(duty, DutyState.DISCHARGED if in_time else DutyState.MISSED, at, reason)

    def end(self, duty: Duty, at: datetime) -> None:
        """The event makes the duty needless; had its instant passed before that, it was missed."""
        in_time = duty.immediate or at <= duty.due_at
        self._close(duty, DutyState.ENDED if in_time else DutyState.MISSED, at, "")

    def open(self, duty: Duty) -> Duty:
        """The event opens this new duty, whose id is from now on one of those that this event opens."""
        duty.pk = next(self._ids)
        self.opened.append(duty)
        self._kept.append(duty)
        self._say("duty_opened", duty, due_at=duty.due_at.isoformat())
        return duty

    def leave_out(self, case, row, at: datetime) -> None:
        """A duty of the plan that does not apply to this case is kept with its reason."""
        duty = Duty(
            id=next(self._ids),
            case=case,
            rule=row.rule,
            kind=row.kind,
            role="",
            state=DutyState.NOT_APPLICABLE,
            opened_event=self.event,
            opened_at=self.now,
            due_at=at,
            discharged_by="",
            closed_event=self.event,
            closed_at=self.now,
            reason=row.because[:200],
        )
        self._kept.append(duty)
        self._say("duty_not_applicable", duty)

    def write(self) -> None:
        """Close, then open, then say so. Refuses when one of the duties was closed in the meantime."""
        if self._closed:
            # The database closes a duty by an event that is there.
            written()
        for (state, reason), ids in self._closed.items():
            with connection.cursor() as cursor:
                cursor.execute(CLOSE, [state, self.event, self.now, reason, ids])
                rows = cursor.rowcount
            if rows != len(ids):
                raise DomainError(
                    "duty_closed", "This duty was closed in the meantime. Reload the page.", status=409
                )
        write_all(self._kept)
        append_each(case_id=self.case_id, said=self._said, actor=self.actor, at=self.now)
        changed(self.case_id, closed=self._gone, kept=self._kept)

    def _close(self, duty: Duty, state: DutyState, at: datetime, reason: str) -> None:
        self._closed[state, (reason or duty.reason)[:200]].append(duty.pk)
        self._gone.add(duty.pk)
        # For whoever looks at the rest of the list; the row is changed in `write`.
        duty.state = state
        late = {"seconds_late": int((at - duty.due_at).total_seconds())} if state == DutyState.MISSED else {}
        self._say(f"duty_{state.value}", duty, **late)

    def _say(self, kind: str, duty: Duty, **more: str | int) -> None:
        self._said.append((kind, {"duty": str(duty.pk), "kind": duty.kind, "rule": duty.rule, **more}))

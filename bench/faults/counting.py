"""After the run: what the tables hold against what had to be there. Nothing here asks the code under test."""

from collections import Counter
from pathlib import Path
from typing import Any

from bench.faults.expecting import END, LADDER, TELEPHONE_AFTER, notice_of, reminders_of, steps_of
from bench.faults.ground import Ground
from bench.faults.journal import Journal, met, said
from bench.faults.state import State

BROKEN_CHAINS = """
SELECT count(*) FROM (
    SELECT seq, prev_hash, lag(seq, 1, 0::bigint) OVER chain AS before,
           lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER chain AS follows
    FROM reports_event WINDOW chain AS (PARTITION BY case_id ORDER BY seq)) e
WHERE seq <> before + 1 OR prev_hash <> follows"""

# The last thing that a placing writes, by the database's clock; its commit follows at once.
WRITTEN = "SELECT max(recorded_at) FROM reports_event WHERE case_id = %s AND kind IN ('duty_discharged', 'duty_missed')"

# What follows a notice that nobody acknowledges has steps of its own in the place of a ladder.
CHASED = """
SELECT a.step, count(e.id) FILTER (WHERE e.kind = 'notice_nudged'),
       count(e.id) FILTER (WHERE e.kind = 'notice_unacknowledged')
FROM notifications_acknowledgement a
LEFT JOIN reports_event e ON e.case_id = a.case_id AND e.data ->> 'notice' = a.notice_id::text
WHERE a.placed_at <= %s GROUP BY a.id"""


def counted(state: State, ground: Ground, accepted: Path) -> dict[str, Any]:
    """Duties that fell due, and of them: delivered, lost, with an effect twice, late by the database's clock."""
    found: Counter[str] = Counter()
    late = _notices(state, ground, found)
    _ladders(ground, found)
    _chases(ground, found)
    # The last line may be half written: that one was not acknowledged.
    whole = (
        [line for line in accepted.read_text().splitlines(keepends=True) if line.endswith("\n")]
        if accepted.exists()
        else []
    )
    cases = [line.strip() for line in whole]
    there = ground.ask("SELECT count(*) FROM reports_report WHERE case_id = ANY (%s::uuid[])", [cases])[0][0]
    return {
        **{name: found[name] for name in ("due", "delivered", "lost", "duplicates", "late")},
        "late_effects": late,
        "effects": found["effects"],
        "of_which": {
            name: found[name] for name in ("notices", "reminders", "ladders", "passed_over", "chases")
        },
        "signed_during": len(cases),
        "signed_and_gone": len(cases) - there,
        "broken_chains": ground.ask(BROKEN_CHAINS)[0][0],
    }


def _notices(state: State, ground: Ground, found: Counter[str]) -> list[dict[str, Any]]:
    """Count them; of each late one: its instants by the database's clock, and what it met on its way."""
    placed = Counter(
        case
        for (case,) in ground.ask("SELECT case_id FROM reports_event WHERE kind = 'commander_notice_placed'")
    )
    closed = Counter(
        case
        for (case,) in ground.ask(
            "SELECT case_id FROM reports_event WHERE kind IN ('duty_discharged', 'duty_missed')"
            " AND data ->> 'kind' = 'commander_notice_restricted'"
        )
    )
    rows = ground.ask(
        "SELECT n.case_id, n.id, i.slot, n.placed_at FROM notifications_notice n"
        " JOIN notifications_inboxitem i ON i.id = n.id WHERE n.kind = 'commander_notice_restricted'"
    )
    items = {case: (pk, slot, at) for case, pk, slot, at in rows}
    reminded = _reminders(ground)
    late, lines = [], Journal(state.journal).lines()
    for told in state.signed:
        if told["option"] != "restricted":
            continue
        notice = notice_of(told["case"], told["at"], told["zone"])
        found["due"] += 1
        found["notices"] += 1
        item = items.get(notice.case)
        complete = item is not None and item[1] == notice.slot and placed[notice.case] and closed[notice.case]
        # A reminder that comes due with the placing itself may be over: its row is done all the same.
        complete = complete and reminded.get(item[0], []) == sorted(reminders_of(notice)) if item else False
        found["delivered" if complete else "lost"] += 1
        found["effects"] += placed[notice.case] + len(reminders_of(notice))
        found["reminders"] += len(reminders_of(notice))
        found["duplicates"] += max(0, placed[notice.case] - 1) + max(0, closed[notice.case] - 1)
        if item and item[2] > notice.deadline:
            found["late"] += 1
            written = ground.ask(WRITTEN, [notice.case])[0][0]
            instants = {
                "due": notice.slot,
                "deadline": notice.deadline,
                "claimed": item[2],
                "written": written,
            }
            late.append({name: said(at) for name, at in instants.items()} | met(lines, notice.slot, written))
    return late


def _reminders(ground: Ground) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    rows = ground.ask(
        "SELECT notice_id, due_at FROM notifications_reminder WHERE done_at IS NOT NULL ORDER BY due_at"
    )
    for notice, due_at in rows:
        found.setdefault(notice, []).append(due_at)
    return found


def _ladders(ground: Ground, found: Counter[str]) -> None:
    """Every duty that stands open past its instant, those of reports signed during the run too."""
    told = Counter(
        ground.ask("SELECT data ->> 'duty', data ->> 'step' FROM reports_event WHERE kind = 'duty_escalated'")
    )
    steps: dict[Any, Counter[int]] = {}
    passed: Counter[str] = Counter()
    for duty, step, state in ground.ask("SELECT duty_id, step, state FROM notifications_escalation"):
        steps.setdefault(duty, Counter())[step] += 1
        passed[state] += 1
    rows = ground.ask(
        "SELECT id, due_at FROM reports_duty WHERE state = 'open' AND NOT immediate AND due_at <= %s"
        " AND kind <> 'acknowledge_notice'",
        [END],
    )
    for duty, due_at in rows:
        expected = steps_of(due_at, END)
        taken = steps.get(duty, Counter())
        found["due"] += 1
        found["ladders"] += 1
        complete = sorted(taken) == list(range(1, expected + 1)) and told[str(duty), str(expected)] >= 1
        found["delivered" if complete else "lost"] += 1
        found["effects"] += sum(taken.values())
        found["duplicates"] += sum(count - 1 for count in taken.values())
        found["duplicates"] += sum(max(0, told[str(duty), str(n)] - 1) for n in range(1, len(LADDER) + 1))
    found["passed_over"] = passed["skipped"]


def _chases(ground: Ground, found: Counter[str]) -> None:
    """Of every notice that nobody acknowledged the telephone is asked for, once; after a stand-still that alone."""
    for step, nudged, asked in ground.ask(CHASED, [END - TELEPHONE_AFTER]):
        found["due"] += 1
        found["chases"] += 1
        found["delivered" if step == "telephone" and asked else "lost"] += 1
        found["effects"] += nudged + asked
        found["duplicates"] += max(0, nudged - 1) + max(0, asked - 1)

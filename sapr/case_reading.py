"""One case as it is read at once: what it is, what is due, what was told and, where they are to be opened, its seals.

One statement instead of one for each table; the database's policies hold for each of them as ever, and what the access
rows do not show is left out here as the selectors leave it out. Instants and ids come as the REST door shows them.
"""

from contextlib import nullcontext
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from accounts.models import User
from reports import access
from reports.election.models import Identity, Narrative
from reports.election.outputs import stage
from reports.vault.commitments import SEALING
from reports.vault.keys import remember_wrapped
from reports.vault.opening import SealedRow, columns_of
from sapr import clock
from sapr.errors import NotFoundError
from sapr.sending import sending, sent

# The sealed parts, by the name that answers have for them; each has its own row of the case, or none.
PARTS = {"identity": Identity, "narrative": Narrative}
INSTANT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
CASE = f"""
SELECT c.number, c.state, c.walked_away_at IS NOT NULL, l.name, {INSTANT.format("c.opened_at")},
       r.election, {INSTANT.format("r.signed_at")}, {INSTANT.format("r.converted_at")},
       (SELECT json_agg(json_build_array(a.role, a.place)) FROM reports_assignment a
        WHERE a.case_id = c.id AND a.user_id = %(viewer)s AND a.ended_at IS NULL),
       (SELECT json_agg(json_build_object(
            'id', d.id, 'case', d.case_id, 'rule', d.rule, 'kind', d.kind, 'role', d.role, 'state', d.state,
            'due_at', {INSTANT.format("d.due_at")}, 'immediate', d.immediate, 'discharged_by', d.discharged_by,
            'reason', d.reason) ORDER BY d.due_at, d.id)
        FROM reports_duty d WHERE d.case_id = c.id),
       (SELECT json_agg(json_build_object(
            'id', n.id, 'case', n.case_id, 'kind', n.kind, 'state', n.state, 'post', p.title,
            'last_slot', {INSTANT.format("n.last_slot")}, 'slot', {INSTANT.format("n.slot")})
            ORDER BY n.last_slot, n.id)
        FROM notifications_notice n JOIN accounts_post p ON p.id = n.post_id WHERE n.case_id = c.id)
       {{sealed}}
FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id
LEFT JOIN reports_report r ON r.case_id = c.id {{joined}}
WHERE c.id = %(case)s
"""  # noqa: S608  # nosec B608  an expression from above
COMMITTED = """
    (SELECT json_agg(e.data ORDER BY e.seq) FROM reports_event e
     WHERE e.case_id = c.id AND e.kind = ANY (%(sealing)s))
"""
SHOWN = 11  # how many columns come before the sealed ones


class CaseRead(NamedTuple):
    """`shown`: what `case_get` answers. `rows`: the sealed rows there are; `committed`: what they are held against."""

    shown: dict[str, Any]
    stands: access.Stands
    rows: list[SealedRow]
    committed: dict[str, str]


def case_read(*, viewer: User, case_id: UUID, sealed: bool = False) -> CaseRead:
    """One of the viewer's cases, or NotFoundError; with `sealed` its sealed parts beside it, still sealed."""
    values = {"viewer": viewer.pk, "case": case_id} | ({"sealing": list(SEALING)} if sealed else {})
    with sending() if sealed else nullcontext():
        rows = sent(_statement(sealed), values)
        if sealed:
            # Still wrapped, from the other database while this one looks: whether the case is the viewer's or none.
            remember_wrapped(case_id)
    row = next(iter(rows()), None)
    if row is None:
        raise NotFoundError
    number, state, walked_away, place, opened_at, election, signed_at, converted_at, assigned, due, told = (
        row[:SHOWN]
    )
    held = [(role, UUID(place)) for role, place in assigned or ()]
    stands = access.Stands(
        access.Standing.towards(viewer, case_id, clock.now(), held),
        access.state_in_words(state, election, walked_away),
    )
    if not stands.may("case_view", "case"):
        raise NotFoundError
    shown = {
        "id": str(case_id),
        "number": number,
        "state": stage(election, walked_away),
        "election": election,
        "stands": state,
        "installation": place,
        "opened_at": opened_at,
        "signed_at": signed_at,
        "converted_at": converted_at,
        "duties": due or [] if stands.may("case_view", "duty") else [],
        "notices": told or [] if stands.may("case_view", "notice") else [],
    }
    return CaseRead(shown, stands, *(_sealed(case_id, row[SHOWN:]) if sealed else ([], {})))


def _sealed(case_id: UUID, cells: tuple) -> tuple[list[SealedRow], dict[str, str]]:
    """The sealed rows, and the newest commitment of each label."""
    rows, at = [], 1
    for part, model in PARTS.items():
        width = len(columns_of(model))
        pk, *values = cells[at : at + width + 1]
        at += width + 1
        if pk is not None:
            rows.append(SealedRow(part, model, case_id, pk, values))
    committed: dict[str, str] = {}
    for data in cells[0] or ():
        committed |= data
    return rows, committed


@cache
def _statement(sealed: bool) -> str:
    if not sealed:
        return CASE.format(sealed="", joined="")
    columns = [COMMITTED]
    joined = ""
    for part, model in PARTS.items():
        columns += [f"{part}.{name}" for name in ("id", *columns_of(model))]
        joined += f"LEFT JOIN {model._meta.db_table} {part} ON {part}.case_id = c.id "
    return CASE.format(sealed=", " + ", ".join(columns), joined=joined)

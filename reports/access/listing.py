"""The list of one's cases without a filter: a page as one statement, in light rows. It says what `cases` says.

Composing that queryset and making its rows takes Python longer than the database needs to answer.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from accounts.models import User
from accounts.selectors import places_by_role
from reports import policy
from reports.access.held import GRANTED_ANY
from sapr import clock


class CaseLine(NamedTuple):
    """What a list says of a case; `opened_at` in UTC, with microseconds and Z."""

    id: str
    number: str
    left: bool
    election: str | None
    stands: str
    installation: str
    opened_at: str


# The last column: whether some case is open to the viewer in an emergency.
_LINES = """
    SELECT c.id::text, c.number, c.walked_away_at IS NOT NULL, r.election, c.state, l.name,
           to_char(c.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ({granted})
    FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id
    LEFT JOIN reports_report r ON r.case_id = c.id
    WHERE c.installation_id {here}
      AND (SELECT true FROM reports_assignment w WHERE w.case_id = c.id AND w.user_id = %s AND w.ended_at IS NULL
           AND ({carried}) LIMIT 1) {beyond}
    ORDER BY c.opened_at {falling}, c.id LIMIT {most:d}
"""
# As `sapr.paging` goes on: the first condition alone can be looked up in an index.
_BEYOND = "AND c.opened_at {way}= %s AND (c.opened_at {way} %s OR c.id > %s)"


def case_lines(
    viewer: User, *, after: tuple[datetime, UUID] | None, newest_first: bool, most: int
) -> list[CaseLine] | None:
    """The first `most` of `cases(viewer)` by when they were opened, then by id, beyond the instant and id `after`.

    None where it is not one question: ask `cases`. That is when a case is open to the viewer in an emergency, when a
    role is granted the list in some way beyond its assignments, and when there is nothing to see.
    """
    at = clock.now()
    rules = policy.access_rules(at.date())
    places = places_by_role(viewer, at)
    grants = [each for each in rules.grants("case_view", "case") if each.role in places]
    assigned = [each for each in grants if each.scope == "assigned"]
    other = {each.scope for each in grants} - {"assigned", "granted"}
    if not assigned or other or any(each.states != rules.all_states for each in assigned):
        return None
    held = sorted((each.role, list(places[each.role])) for each in assigned)
    here = list({place for _, of_role in held for place in of_role})
    asked = [
        viewer.pk,
        at,
        here[0] if len(here) == 1 else here,
        viewer.pk,
        *(word for one in held for word in one),
    ]
    beyond = ""
    if after is not None:
        instant, last = after
        beyond = _BEYOND.format(way="<" if newest_first else ">")
        asked += [instant, instant, last]
    statement = _LINES.format(
        granted=GRANTED_ANY,
        # One place, as nearly always, is where the index in the order of the list begins.
        here="= %s" if len(here) == 1 else "= ANY (%s)",
        carried=" OR ".join("w.role = %s AND w.place = ANY (%s)" for _ in held),
        beyond=beyond,
        falling="DESC" if newest_first else "ASC",
        most=most,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows = cursor.fetchall()
    if not rows or rows[0][-1]:
        return None
    return [CaseLine(*row[:-1]) for row in rows]

"""Many cases at once, straight into the tables as the web account: what lists are tried with."""

from uuid import UUID, uuid4

from django.db import connection

from reports import access

# One case a minute, the newest first; each with a duty of its own, late or to come.
CASES = """
INSERT INTO reports_case (id, number, installation_id, opened_by_id, opened_at, state, informed_by)
SELECT id, 'N-' || left(id::text, 20), %(place)s, %(who)s, %(at)s::timestamptz - n * interval '1 minute',
       'CONTACT', 'victim'
FROM unnest(%(made)s::uuid[]) WITH ORDINALITY AS t (id, n)
"""
ASSIGNED = """
INSERT INTO reports_assignment (id, case_id, user_id, role, started_at)
SELECT gen_random_uuid(), id, %(who)s, %(role)s, %(at)s FROM unnest(%(made)s::uuid[]) AS id
"""
DUTIES = """
INSERT INTO reports_duty (id, case_id, rule, layer, rule_set, kind, role, state, opened_event, opened_at, due_at,
                          discharged_by, reason, repeats, immediate, occurrence)
SELECT gen_random_uuid(), id, 'CK-07', 'dod', 'RS-2013', 'monthly_update', 'sarc', 'open', gen_random_uuid(),
       %(at)s, %(due)s::timestamptz + n * interval '1 minute', 'monthly_update_given', '', '', %(immediate)s, 1
FROM unnest(%(made)s::uuid[]) WITH ORDINALITY AS t (id, n)
"""


def cases(world, number: int, *, at, who=None, role: str = "sarc", place=None, due=None) -> list[UUID]:
    """That many contacts opened up to `at`, carried by `who` (the SARC); with `due`, an open duty each from then on."""
    given = {
        "who": (who or world.sarc).pk, "role": role, "at": at, "made": [uuid4() for _ in range(number)],
        "place": (place or world.installation).pk,
    }  # fmt: skip
    with access.viewing(who or world.sarc), connection.cursor() as cursor:
        cursor.execute(CASES, given)
        cursor.execute(ASSIGNED, given)
    if due is not None:
        duties(who or world.sarc, given["made"], at=at, due=due)
    return given["made"]


def duties(who, made: list[UUID], *, at, due, immediate: bool = False) -> None:
    """One more open duty in each of the cases that `who` carries, a minute apart, the first a minute after `due`."""
    with access.viewing(who), connection.cursor() as cursor:
        cursor.execute(DUTIES, {"made": made, "at": at, "due": due, "immediate": immediate})

"""The channels without a door: the decision itself, its querysets, and raw SQL under row-level security."""

from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, ProgrammingError, connection, transaction
from psycopg import sql

from reports import access
from reports.access.objects import case_id_of, kind_of
from tests.access import naive
from tests.access.cells import Matrix
from tests.access.people import TABLES
from tests.times import T0

# Row-level security shows more than the rows grant here, and why that is no leak.
WIDER = {"assignment": "one's own assignments, ended ones too: with a case's rows they show nothing of it"}
# A column of each table that the web account may update, so that only the row decides.
UPDATED = {
    "case": "walked_away_at", "assignment": "ended_at", "identity": "name", "narrative": "text",
    "report": "election", "kit": "state", "duty": "reason", "notice": "look_at", "reminder": "over_at",
    "inbox_item": "acknowledged_by", "break_glass": "state", "hold": "lifted_at", "erasure": "state",
    "copy_request": "given_at",
    "matter": "state",
    "disclosure": "state", "exception_statement": "decision", "catch_entry": "left_at",
    "kit_item": "asked_at",
    "acknowledgement": "over_at", "extension_grant": "revoked_at",
    "finer_wording": "state",
}  # fmt: skip
SELECT = sql.SQL("SELECT id FROM {} WHERE id = ANY (%s)")
UPDATE = sql.SQL("UPDATE {} SET {column} = {column} WHERE id = %s")
EVENT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, %s)"


def decisions(matrix: Matrix) -> None:
    """`decide`, for every verb and every kind of row, its rule included; and `rows` wherever a row grants at all."""
    scene, things = matrix.scene, naive.words("access_objects")
    for person in scene.people:
        viewer = person.user or AnonymousUser()
        with access.viewing(person.user):
            for thing, model in TABLES.items():
                assert thing in things
                kept = scene.rows[thing] if thing in ("inbox_item", "break_glass") else scene.rows[thing][:1]
                for verb in naive.words("access_verbs"):
                    granted = any(verb in g["verbs"] and thing in g["objects"] for g in naive.grants())
                    # What no row grants on such a thing is refused whatever the state: once is enough.
                    for row in kept if granted or scene.state == "restricted" else ():
                        answer = access.decide(viewer, verb, row, T0)
                        expected = matrix.rule(person, verb, thing, row) or ""
                        matrix.cell("decide", (person.name, verb, thing), expected, answer.rule)
                    if not granted:
                        continue
                    found = set(access.rows(viewer, verb, model, T0).values_list("pk", flat=True))
                    wanted = {row.pk for row in scene.rows[thing] if matrix.rule(person, verb, thing, row)}
                    everything = {row.pk for row in scene.rows[thing]}
                    matrix.cell("rows", (person.name, verb, thing), wanted, found & everything)
                    # Of what hangs on the case by a column of its own: to look further would leave traces in the rows.
                    if kind_of(model).case not in ("id", "case_id") or verb not in ("case_view", "case_work"):
                        continue
                    mine = set(access.of_case(viewer, verb, model, scene.case).values_list("pk", flat=True))
                    of_it = {row.pk for row in scene.rows[thing] if case_id_of(row) == scene.case.pk}
                    matrix.cell("of_case", (person.name, verb, thing), wanted & of_it, mine & everything)


def raw_sql(matrix: Matrix) -> None:
    """What row-level security shows and takes, round every service."""
    for person in matrix.scene.people:
        for thing, model in TABLES.items():
            rows, table = matrix.scene.rows[thing], model._meta.db_table
            if not rows:
                continue
            with access.viewing(person.user), connection.cursor() as cursor:
                cursor.execute(
                    SELECT.format(sql.Identifier(table)).as_string(None), [[row.pk for row in rows]]
                )
                shown = {each[0] for each in cursor.fetchall()}
            for row in rows[:3]:
                own = thing in WIDER and person.user is not None and row.user_id == person.user.pk
                expected = matrix.sees(person, thing, row) or own
                matrix.cell("raw select", (person.name, thing), expected, row.pk in shown)
                if thing in UPDATED:
                    touched = _touched(person, table, UPDATED[thing], row)
                    matrix.cell(
                        "raw update", (person.name, thing), _writes(matrix, person, thing, row), touched
                    )
                if thing not in ("break_glass", "event"):
                    put = _inserted(person, row)
                    if not _adds(matrix, person, thing, row):
                        matrix.cell("raw insert", (person.name, thing), False, put)


def _writes(matrix: Matrix, person, thing: str, row) -> bool:
    """Seeing a case in an emergency lets nothing be changed: what counts is the assignment, or the post."""
    if thing == "extension_grant":
        return matrix.rule(person, "grant_extension", thing, row) is not None
    if thing == "finer_wording" and matrix.rule(person, "decide_finer", thing, row):
        return True
    if thing in ("break_glass", "inbox_item", "erasure", "exception_statement"):
        return matrix.sees(person, thing, row)
    return bool(person.here & person.assigned)


def _adds(matrix: Matrix, person, thing: str, row) -> bool:
    if thing == "extension_grant":
        return matrix.rule(person, "grant_extension", thing, row) is not None
    # Whoever opens a case may put it there; what hangs on a case takes an assignment.
    return bool(person.here & person.assigned) or (thing == "case" and person.user == row.opened_by)


def _touched(person, table: str, column: str, row) -> bool:
    try:
        with access.viewing(person.user), connection.cursor() as cursor:
            statement = UPDATE.format(sql.Identifier(table), column=sql.Identifier(column)).as_string(None)
            cursor.execute(statement, [row.pk])
            return cursor.rowcount == 1
    except ProgrammingError:
        return False
    except DatabaseError:
        # A trigger refused: the row was reached.
        return True


def _inserted(person, row) -> bool:
    copy = type(row)(
        **{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} | {"id": uuid4()}
    )
    with transaction.atomic():
        try:
            with access.viewing(person.user):
                copy.save(force_insert=True)
        except DatabaseError:
            return False
        else:
            return True
        finally:
            transaction.set_rollback(True)


def events(matrix: Matrix) -> None:
    """Who may write which event on the case's chain, by raw SQL."""
    for person in matrix.scene.people:
        readable = matrix.rule(person, "emergency_open case_work", "identity") is not None
        works = bool(person.here & person.assigned)
        for kind, data, expected in (
            ("contact_logged", "{}", works),
            ("sealed_opened", '{"purpose": "case_work"}', works),
            ("sealed_opened", '{"purpose": "emergency"}', works or readable),
        ):
            matrix.cell("raw event", (person.name, kind, data), expected, _event(matrix, person, kind, data))


def _event(matrix: Matrix, person, kind: str, data: str) -> bool:
    actor = person.user.pk if person.user else None
    with transaction.atomic():
        try:
            with access.viewing(person.user), connection.cursor() as cursor:
                cursor.execute(EVENT, [uuid4(), matrix.scene.case.pk, kind, T0, actor, data])
        except DatabaseError:
            return False
        else:
            return True
        finally:
            transaction.set_rollback(True)

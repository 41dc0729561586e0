"""Every role × object × verb × state × channel: what is expected is read from the rows by another reader (G2)."""

from collections import Counter
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.urls import reverse

from reports import access
from tests.access import naive
from tests.access.people import STATES, TABLES, Scene, build, client_of
from tests.access.register import API, DESK, SERVICES, Way, arguments
from tests.times import T0

# How somebody comes to see a row at all; who sees it and may not do a thing is told so, others find nothing.
SEEING = {
    "break_glass": ("case_view", "break_glass_ask", "break_glass_decide"),
    "inbox_item": ("read_inbox",),
}
READING = {"reminder": ("case_view", "see_reminders")} | SEEING
# Row-level security shows more than the rows grant here, and why that is no leak.
WIDER = {"assignment": "one's own assignments, ended ones too: with a case's rows they show nothing of it"}
# A column of each table that the web account may update, so that only the row decides.
UPDATED = {
    "case": "walked_away_at", "assignment": "ended_at", "identity": "name", "narrative": "text",
    "report": "election", "kit": "state", "duty": "reason", "notice": "look_at", "reminder": "over_at",
    "inbox_item": "acknowledged_by", "break_glass": "state",
}  # fmt: skip
IN, FORBIDDEN, ABSENT = "in", "forbidden", "absent"
# In these states also the pages of no case, and those whom the role alone keeps out.
WHOLE = ("restricted", "unrestricted")
AT_LEAST = 1_400


class Matrix:
    """The cells of one state: what was expected, what came, where they differ."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.cells, self.wrong = scene, Counter(), []

    def cell(self, channel: str, where: tuple, expected, found) -> None:
        self.cells[channel] += 1
        if expected != found:
            self.wrong.append(
                f"{self.scene.state} {channel} {' '.join(map(str, where))}: {expected} != {found}"
            )

    def rule(self, person, verbs: str, thing: str, row=None) -> str | None:
        scopes, state = person.scopes(thing, row), self.scene.state_of(thing, row)
        return next(
            (rule for verb in verbs.split() if (rule := naive.rule_for(scopes, verb, thing, state))), None
        )

    def looks_at_rows(self, person, way: Way) -> bool:
        """Whether a door comes as far as the row. Who is refused by the role alone is so for every row alike: a
        Restricted and an Unrestricted case show that, and the others need not again."""
        needs = set().union(*(naive.roles_for(verb) for verb in way.needs.split()))
        return bool(way.on or way.shows) and bool(needs & person.roles or not way.needs and person.roles)

    def sees(self, person, thing: str, row) -> bool:
        return self.rule(person, " ".join(READING.get(thing, ("case_view",))), thing, row) is not None

    def expected(self, person, way: Way, row) -> str:
        """What a door says: without the role, forbidden for whatever row; then what the row says."""
        needs = set().union(*(naive.roles_for(verb) for verb in way.needs.split()))
        if way.needs and not needs & person.roles:
            return FORBIDDEN
        return IN if way.on is None else self.of_row(person, way, row)

    def of_row(self, person, way: Way, row) -> str:
        verbs, thing = way.on
        if row is None:
            return ABSENT
        if self.rule(person, verbs, thing, row):
            return IN
        seen = self.rule(person, " ".join(SEEING.get(thing, ("case_view",))), thing, row)
        return FORBIDDEN if seen else ABSENT


@pytest.fixture(params=STATES)
def matrix(world, request) -> Matrix:
    return Matrix(build(world, request.param))


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
                    for row in kept:
                        answer = access.decide(viewer, verb, row, T0)
                        expected = matrix.rule(person, verb, thing, row) or ""
                        matrix.cell("decide", (person.name, verb, thing), expected, answer.rule)
                    if not any(verb in g["verbs"] and thing in g["objects"] for g in naive.grants()):
                        continue
                    found = set(access.rows(viewer, verb, model, T0).values_list("pk", flat=True))
                    wanted = {row.pk for row in scene.rows[thing] if matrix.rule(person, verb, thing, row)}
                    everything = {row.pk for row in scene.rows[thing]}
                    matrix.cell("rows", (person.name, verb, thing), wanted, found & everything)


def raw_sql(matrix: Matrix) -> None:
    """What row-level security shows and takes, round every service."""
    for person in matrix.scene.people:
        for thing, model in TABLES.items():
            rows, table = matrix.scene.rows[thing], model._meta.db_table
            if not rows:
                continue
            with access.viewing(person.user), connection.cursor() as cursor:
                cursor.execute(f"SELECT id FROM {table} WHERE id = ANY (%s)", [[row.pk for row in rows]])
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
    if thing in ("break_glass", "inbox_item"):
        return matrix.sees(person, thing, row)
    return bool(person.roles & person.assigned)


def _adds(matrix: Matrix, person, thing: str, row) -> bool:
    # Whoever opens a case may put it there; what hangs on a case takes an assignment.
    return bool(person.roles & person.assigned) or (thing == "case" and person.user == row.opened_by)


def _touched(person, table: str, column: str, row) -> bool:
    try:
        with access.viewing(person.user), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {column} WHERE id = %s", [row.pk])
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
            return True
        except DatabaseError:
            return False
        finally:
            transaction.set_rollback(True)


def events(matrix: Matrix) -> None:
    """Who may write which event on the case's chain, by raw SQL."""
    for person in matrix.scene.people:
        readable = matrix.rule(person, "emergency_open case_work", "identity") is not None
        works = bool(person.roles & person.assigned)
        for kind, data, expected in (
            ("contact_logged", "{}", works),
            ("sealed_opened", '{"purpose": "case_work"}', works),
            ("sealed_opened", '{"purpose": "emergency"}', works or readable),
        ):
            matrix.cell("raw event", (person.name, kind, data), expected, _event(matrix, person, kind, data))


def _event(matrix: Matrix, person, kind: str, data: str) -> bool:
    statement = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, %s)"
    actor = person.user.pk if person.user else None
    with transaction.atomic():
        try:
            with access.viewing(person.user), connection.cursor() as cursor:
                cursor.execute(statement, [uuid4(), matrix.scene.case.pk, kind, T0, actor, data])
            return True
        except DatabaseError:
            return False
        finally:
            transaction.set_rollback(True)


def row_of(scene: Scene, way: Way, number: int = 0):
    """The scene's row that a way in is about; None when this state has none."""
    if way.on is None:
        return None
    rows = [scene.case] if way.on[1] in ("case", "identity") else scene.rows[way.on[1]]
    if way.on[1] == "identity":
        return scene.rows["identity"][0]
    return rows[number] if number < len(rows) else None


def how_many(scene: Scene, way: Way) -> int:
    """An inbox and a request are asked for once for each of the scene's."""
    many = way.on is not None and way.on[1] in ("inbox_item", "break_glass")
    return max(1, len(scene.rows[way.on[1]])) if many else 1


def asked(client, method: str, address: str, body=None):
    """One request whose traces are undone."""
    with transaction.atomic():
        if body is None:
            answer = client.generic(method, address)
        else:
            answer = client.generic(method, address, body, "application/json")
        transaction.set_rollback(True)
    return answer


def said(answer, *, no_session: tuple[int, ...]) -> str:
    """A door's answer as a word; the answers of rules (409, 422) come after the door."""
    login = answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
    if login or answer.status_code in no_session:
        return "sign in"
    assert answer.status_code < 500, answer.content[:300]
    return {403: FORBIDDEN, 404: ABSENT}.get(answer.status_code, IN)


def shown_in(scene: Scene, thing: str, answer) -> set:
    """The rows of the scene that stand in a list's answer."""
    text = answer.content.decode()
    mark = (lambda row: row.number) if thing == "case" else (lambda row: str(row.pk))
    rows = [scene.case] if thing == "case" else scene.rows[thing]
    return {row.pk for row in rows if mark(row) in text}


def listed(matrix: Matrix, person, way: Way) -> set:
    verb, thing = way.shows
    rows = [matrix.scene.case] if thing == "case" else matrix.scene.rows[thing]
    if thing == "duty":
        rows = [row for row in rows if row.state == "open"]
    return {row.pk for row in rows if matrix.rule(person, verb, thing, row)}


def desk(matrix: Matrix, whole: bool) -> None:
    """Every page of the desk, asked for and sent to; those about no case in one state only."""
    scene = matrix.scene
    for person in scene.people:
        client = client_of(person)
        for name, way in DESK.items():
            if not (whole or matrix.looks_at_rows(person, way)):
                continue
            for number in range(how_many(scene, way)):
                row = row_of(scene, way, number)
                address = reverse(f"admin:{name}", kwargs=_kwargs(name, scene, row))
                for method in way.methods.split():
                    answer = asked(client, method, address)
                    if not (way.needs or way.on or way.shows):
                        matrix.cell(f"desk {method}", (person.name, name), True, answer.status_code < 500)
                        continue
                    expected = matrix.expected(person, way, row) if person.user else "sign in"
                    found = said(answer, no_session=())
                    if way.on is None and found == ABSENT:
                        # The page was reached; the id in its address is of nothing.
                        found = IN
                    matrix.cell(f"desk {method}", (person.name, name), expected, found)
                    if way.shows and expected == IN:
                        wanted = listed(matrix, person, way)
                        matrix.cell(
                            "desk list", (person.name, name), wanted, shown_in(scene, way.shows[1], answer)
                        )


def _kwargs(name: str, scene: Scene, row) -> dict:
    pattern = next(each for each in _patterns() if each.name == name).pattern
    known = {
        "case_id": scene.case.pk,
        "notice_id": row and row.pk,
        "item_id": row and row.pk,
        "request_id": row and row.pk,
    }
    return {key: known.get(key) or uuid4() for key in pattern.converters}


def _patterns():
    from django.contrib import admin

    return admin.site.get_urls()


def api(matrix: Matrix, whole: bool) -> None:
    """Every operation of the REST door, with a body that passes the shape."""
    from tests.access.bodies import body_of

    scene = matrix.scene
    for person in scene.people:
        client = client_of(person)
        for (method, path), way in API.items():
            if not (whole or matrix.looks_at_rows(person, way)):
                continue
            for number in range(how_many(scene, way)):
                row = row_of(scene, way, number)
                named = {key: row.pk if row else uuid4() for key in ("notice", "item", "request")}
                address = f"/api/v1/{path.format(**named | {'case': scene.case.pk})}"
                answer = asked(client, method, address + _query(path), body_of(scene, method, path))
                expected = matrix.expected(person, way, row) if person.user else "sign in"
                matrix.cell(f"api {method}", (person.name, path), expected, said(answer, no_session=(401,)))
                if way.shows and expected == IN:
                    wanted = listed(matrix, person, way)
                    matrix.cell(
                        "api list", (person.name, path), wanted, shown_in(scene, way.shows[1], answer)
                    )
                if path == "counts" and expected == IN:
                    counted = sum(answer.json().values())
                    report = (
                        bool(scene.rows["report"]) and matrix.rule(person, "case_work", "case") is not None
                    )
                    matrix.cell("count", (person.name, path), int(report), counted)


def _query(path: str) -> str:
    return "?form=DD%202910&on=2026-03-02" if path == "form-editions" else ""


def services(matrix: Matrix) -> None:
    """Every service, called directly with the scene's row."""
    from importlib import import_module

    scene = matrix.scene
    for person in scene.people:
        if person.user is None:
            continue
        for name, way in SERVICES.items():
            module, _, short = name.rpartition(".")
            for number in range(how_many(scene, way)):
                row = row_of(scene, way, number)
                if way.on and row is None:
                    continue
                given = arguments(name, scene, row, T0)
                found = _called(getattr(import_module(module), short), person, given)
                needs = set().union(*(naive.roles_for(verb) for verb in way.needs.split()))
                expected = IN if not way.needs or needs & person.roles else FORBIDDEN
                if way.on is not None:
                    expected = matrix.of_row(person, way, row)
                    if found != IN and not needs & person.roles:
                        # Who has no such role is refused before the row is looked up, or after: both alike.
                        found = expected
                if way.on is None and found == ABSENT and expected == IN:
                    found = IN
                matrix.cell("service", (person.name, short), expected, found)


def _called(service, person, given) -> str:
    from sapr.errors import DomainError, NotFoundError
    from sapr.problems import as_refusal

    with transaction.atomic():
        try:
            with transaction.atomic():
                service(actor=person.user, **given)
            return IN
        except Exception as error:
            refusal = as_refusal(error)
            assert refusal is not None, error
            if isinstance(refusal, NotFoundError):
                return ABSENT
            return FORBIDDEN if isinstance(refusal, DomainError) and refusal.status == 403 else IN
        finally:
            transaction.set_rollback(True)


def test_every_cell_is_as_the_rows_say(matrix, record_property):
    whole = matrix.scene.state in WHOLE
    decisions(matrix)
    raw_sql(matrix)
    events(matrix)
    services(matrix)
    desk(matrix, whole)
    api(matrix, whole)
    print(matrix.scene.state, matrix.cells.total(), dict(matrix.cells))
    assert matrix.wrong == [], "\n".join(matrix.wrong[:60])
    # 7,000 over the five states.
    assert matrix.cells.total() >= AT_LEAST

"""The channels that people and programs use: every page, every operation, every service."""

from functools import cache
from importlib import import_module
from uuid import uuid4

from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from sapr.errors import NotFoundError
from sapr.problems import as_refusal
from tests.access import naive
from tests.access.bodies import arguments, body_of
from tests.access.cells import ABSENT, FORBIDDEN, IN, Matrix
from tests.access.people import Scene, client_of
from tests.access.register import API, DESK, SERVICES, Way
from tests.times import T0


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
    """Every page of the desk, in one state also sent to; those about no case in one state only."""
    scene = matrix.scene
    for person in scene.people:
        client = client_of(person)
        for name, way in DESK.items():
            if not (whole or matrix.looks_at_rows(person, way)):
                continue
            for number in range(how_many(scene, way)):
                row = row_of(scene, way, number)
                address = reverse(f"admin:{name}", kwargs=_kwargs(name, scene, row))
                for method in _asked_by(way, whole):
                    answer = asked(client, method, address)
                    if not (way.needs or way.on or way.shows):
                        matrix.cell(f"desk {method}", (person.name, name), True, answer.status_code < 500)
                        continue
                    expected = matrix.expected(person, way, row) if person.user else "sign in"
                    found = said(answer, no_session=(401,))
                    if way.on is None and found == ABSENT:
                        # The page was reached; the id in its address is of nothing.
                        found = IN
                    matrix.cell(f"desk {method}", (person.name, name), expected, found)
                    if way.shows and expected == IN:
                        wanted = listed(matrix, person, way)
                        matrix.cell(
                            "desk list", (person.name, name), wanted, shown_in(scene, way.shows[1], answer)
                        )


def _asked_by(way: Way, whole: bool) -> list[str]:
    """Both methods in one state: they come to the same door, and what a POST does every state asks of the service."""
    methods = way.methods.split()
    return methods if whole else methods[:1]


def _kwargs(name: str, scene: Scene, row) -> dict:
    pattern = next(each for each in _patterns() if each.name == name).pattern
    known = {
        "case_id": scene.case.pk,
        "notice_id": row and row.pk,
        "item_id": row and row.pk,
        "request_id": row and row.pk,
        "erasure_id": row and row.pk,
        "finer_id": row and row.pk,
        "form_id": row and row.pk,
        "matter_id": row and row.pk,
        "meeting_id": row and row.pk,
        "line_id": row and row.pk,
        "move_id": row and row.pk,
        "handover_id": row and row.pk,
        "statement_id": row and row.pk,
        "kit_id": scene.rows["kit"][0].pk if scene.rows["kit"] else None,
        "card_id": row and row.pk,
        "operation": "case_list",
    }
    return {key: known.get(key) or (1 if key == "factor_id" else uuid4()) for key in pattern.converters}


@cache
def _patterns():
    return admin.site.get_urls()


def api(matrix: Matrix, whole: bool) -> None:
    """Every operation of the REST door, with a body that passes the shape."""
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
    with transaction.atomic():
        try:
            with transaction.atomic():
                service(actor=person.user, **given)
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None:
                raise
            if isinstance(refusal, NotFoundError):
                return ABSENT
            return FORBIDDEN if refusal.status == 403 else IN
        else:
            return IN
        finally:
            transaction.set_rollback(True)

"""A statement that comes again keeps its cursor and nothing of what was asked with it; its rows are read as ever."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction

from reports import access
from reports.election.services import report_sign
from sapr import cursors, written
from sapr.sending import sent
from sapr.written import write_together
from tests.times import T0

NAMED = "SELECT %(who)s::text, %(what)s::text, '100 %%', %(who)s::text"
PLACES = "SELECT %s::text, 'of 100 %%', %s::integer"


def ask(query: str, values) -> tuple:
    cursor = cursors.run(query, values)
    [row] = cursor.fetchall()
    cursors.give_back(query, cursor)
    return row


def test_the_same_statement_is_asked_with_the_same_cursor_and_answers_what_it_is_asked_now(db) -> None:
    assert ask(NAMED, {"what": "a", "who": "b"}) == ("b", "a", "100 %", "b")
    assert ask(NAMED, {"who": "c", "what": "%s"}) == ("c", "%s", "100 %", "c")
    assert ask(PLACES, ["x", 70_000]) == ("x", "of 100 %", 70_000)
    assert ask(PLACES, [None, 7]) == (None, "of 100 %", 7)
    first, second = cursors.run(PLACES, ["x", 1]), cursors.run(PLACES, ["y", 2])
    assert first.cursor is not second.cursor
    assert second.fetchall() == [("y", "of 100 %", 2)]
    assert first.fetchall() == [("x", "of 100 %", 1)]
    kept = first.cursor
    cursors.give_back(PLACES, first)
    assert cursors.run(PLACES, ["z", 3]).cursor is kept


def test_nothing_that_was_asked_or_answered_stays_with_it(db) -> None:
    cursor = cursors.run(PLACES, ["a name", 1])
    kept, answer = cursor.cursor, cursor.cursor.pgresult
    assert answer.get_value(0, 0) == b"a name"
    cursors.give_back(PLACES, cursor)
    assert kept.pgresult is None
    assert kept._tx.pgresult is None
    assert kept._query is None
    assert kept._results == []


def test_places_are_with_names_or_without_and_of_values_alone(db) -> None:
    for query in ("SELECT %s, %(a)s", "SELECT %b", "SELECT %t"):
        with pytest.raises(ValueError, match="place"):
            cursors.run(query, [1])


def test_another_connection_has_cursors_of_its_own(db) -> None:
    def elsewhere() -> tuple:
        answer = ask(PLACES, ["x", 1])
        connection.close()
        assert ask(PLACES, ["x", 1]) == answer
        connection.close()
        return answer

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(elsewhere).result() == ask(PLACES, ["x", 1])


def test_an_answer_is_read_once_and_never_that_of_who_asks_next(db) -> None:
    rows = sent(PLACES, ["mine", 1])
    assert rows() == [("mine", "of 100 %", 1)]
    theirs = sent(PLACES, ["theirs", 2])
    with pytest.raises(AttributeError):
        rows()
    first, second = cursors.run(PLACES, ["x", 1]), cursors.run(PLACES, ["y", 2])
    assert first.cursor is not second.cursor
    assert theirs() == [("theirs", "of 100 %", 2)]


def test_what_is_read_after_the_connection_was_opened_anew_is_not_kept_for_the_new_one(db) -> None:
    def elsewhere() -> None:
        late = cursors.run(PLACES, ["x", 1])
        connection.close()
        ask(NAMED, {"what": "a", "who": "b"})
        assert late.fetchall() == [("x", "of 100 %", 1)]
        cursors.give_back(PLACES, late)
        assert ask(PLACES, ["y", 2]) == ("y", "of 100 %", 2)
        connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(elsewhere).result()


def test_every_column_is_written_as_the_row_has_it(world, monkeypatch) -> None:
    """All rows of a signing with its notice: each value goes as text, and is read back as what it was."""
    rows = []

    def note(*given) -> None:
        rows.extend(given)
        write_together(*given)

    monkeypatch.setattr(written, "write_together", note)
    for module in ("reports.election.services", "notifications.compose"):
        monkeypatch.setattr(f"{module}.write_together", note)
    report_sign(actor=world.sarc, **world.paper(world.decided(), "restricted"))
    assert {type(row).__name__ for row in rows} >= {
        "Report", "SignedForm", "Decision", "Duty", "Ladder", "Notice", "Acknowledgement", "NoticeDecision", "Reminder",
    }  # fmt: skip
    with access.viewing(world.sarc):
        for row in rows:
            there = type(row).objects.get(pk=row.pk)
            for field in row._meta.concrete_fields:
                name = field.attname
                if name in ("place", "number"):
                    # The database fills these in.
                    continue
                if getattr(field, "label", None) and row.__dict__[name] is not None:
                    assert there.__dict__[name].raw == row.__dict__[name].raw, name
                else:
                    assert getattr(there, name) == getattr(row, name), (type(row).__name__, name)


def test_an_instant_without_its_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        written.instant_word(T0.replace(tzinfo=None))
    assert written.instant_word(T0) == T0.isoformat()


def test_what_is_refused_leaves_the_statement_usable(db) -> None:
    query = "SELECT %s::uuid"
    with pytest.raises(Exception, match="uuid"), transaction.atomic():
        ask(query, ["no id"])
    some = uuid4()
    assert ask(query, [str(some)]) == (some,)

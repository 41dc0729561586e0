"""What is sent without waiting is done or refused as if it had been waited for, and never half."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Location
from reports import access
from sapr.errors import DomainError
from sapr.sending import refused_as, sending, sent, soon
from sapr.written import write_together


def place(name: str) -> Location:
    return Location(kind="installation", name=name, zone="UTC")


def names() -> set[str]:
    return set(Location.objects.filter(name__startswith="Camp Sent").values_list("name", flat=True))


def twice(_error) -> DomainError:
    return DomainError("there_already", "There is one of that name.", status=409)


def write_twice(world, reached: list[str], says, *, block) -> None:
    with access.viewing(world.manager), block:
        write_together(place("Camp Sent A"))
        with refused_as(says):
            write_together(place("Camp Sent A"))
        reached.append("went on")
        write_together(place("Camp Sent B"))


def test_what_is_sent_is_there_when_it_is_asked_for_and_questions_keep_their_own_rows(world) -> None:
    with access.viewing(world.manager), sending():
        write_together(place("Camp Sent A"))
        first = sent("SELECT name FROM accounts_location WHERE name = %s", ["Camp Sent A"])
        write_together(place("Camp Sent B"))
        second = sent("SELECT name FROM accounts_location WHERE name = %s", ["Camp Sent B"])
        soon()
        assert second() == [("Camp Sent B",)]
        assert first() == [("Camp Sent A",)]
        assert names() == {"Camp Sent A", "Camp Sent B"}


def test_a_refusal_is_said_in_its_own_words_though_it_comes_late_and_nothing_is_written(world) -> None:
    reached = []
    with pytest.raises(DomainError) as refusal:
        write_twice(world, reached, twice, block=sending())
    assert refusal.value.code == "there_already"
    assert reached == ["went on"]
    assert names() == set()
    # What nobody put into words is raised as it is, with what the database said of it.
    with pytest.raises(IntegrityError) as error:
        write_twice(world, [], lambda _error: None, block=sending())
    assert error.value.__cause__.diag.table_name == "accounts_location"


def test_outside_of_a_block_the_same_words_are_said_at_once(world) -> None:
    reached = []
    with pytest.raises(DomainError) as refusal:
        write_twice(world, reached, twice, block=nullcontext())
    assert refusal.value.code == "there_already"
    assert reached == []


def test_how_many_rows_were_changed_is_known_in_a_block(world) -> None:
    with access.viewing(world.manager), connection.cursor() as cursor, sending():
        write_together(place("Camp Sent A"))
        cursor.execute("UPDATE accounts_user SET language = language WHERE id = %s", [world.manager.pk])
        assert cursor.rowcount == 1


def test_an_error_of_the_programs_own_is_the_one_that_is_raised_and_nothing_is_logged(world, caplog) -> None:
    """What the database says of a row may name what stands in it."""

    def fail() -> None:
        with access.viewing(world.manager), sending():
            write_together(place("Camp Sent A"))
            write_together(place("Camp Sent A"))
            raise ZeroDivisionError

    with caplog.at_level(logging.DEBUG, logger="psycopg"), pytest.raises(ZeroDivisionError):
        fail()
    assert caplog.text == ""
    with access.viewing(world.manager):
        assert names() == set()


def test_a_part_that_is_refused_and_caught_leaves_the_rest(world) -> None:
    with access.viewing(world.manager), sending():
        write_together(place("Camp Sent A"))
        with pytest.raises(IntegrityError), transaction.atomic():
            write_together(place("Camp Sent A"))
        write_together(place("Camp Sent B"))
    with access.viewing(world.manager):
        assert names() == {"Camp Sent A", "Camp Sent B"}


def test_so_does_one_whose_refusal_is_said_while_others_are_on_their_way(world) -> None:
    def go_on_until_it_is_said() -> None:
        with transaction.atomic():
            write_together(place("Camp Sent A"))
            soon()
            for _ in range(100_000):
                sent("SELECT 1", [])

    with access.viewing(world.manager), sending():
        write_together(place("Camp Sent A"))
        with pytest.raises(IntegrityError):
            go_on_until_it_is_said()
        write_together(place("Camp Sent B"))
    with access.viewing(world.manager):
        assert names() == {"Camp Sent A", "Camp Sent B"}


def test_outside_of_a_transaction_nothing_is_sent() -> None:
    """psycopg would leave out the COMMIT of one that began within. A thread has a connection of its own: in none."""

    def send() -> None:
        with sending():
            pass

    with ThreadPoolExecutor(1) as elsewhere, pytest.raises(RuntimeError):
        elsewhere.submit(send).result()

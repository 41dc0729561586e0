"""Kept filters: one's own, in the database too, and nothing but words of lists."""

import re

import pytest
from django.db import connection

from reports import access
from reports.finding.filters import Filter
from reports.finding.models import SavedFilter
from reports.finding.selectors import saved
from reports.finding.services import filter_forget, filter_save
from reports.ledger.models import Event
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.desk.conftest import once_token, text
from tests.signed_in import signed_in

PAGE = "/admin/cases/filters/"
INSERT = "INSERT INTO reports_savedfilter (id, owner_id, name, stands, running, role, due, kit, opened)"

OTHERS = (
    "UPDATE reports_savedfilter SET owner_id = owner_id", "UPDATE reports_savedfilter SET name = 'night'",
    "UPDATE reports_savedfilter SET id = gen_random_uuid()",
)  # fmt: skip


def run(statement: str, *values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def test_a_kept_filter_is_its_owners_alone_for_raw_sql_too(world) -> None:
    filter_save(actor=world.sarc, name="daily", wanted=Filter(due="late", place=world.installation))
    for person in (world.va, world.manager, world.stranger, world.commander):
        with access.viewing(person):
            assert list(saved(viewer=world.sarc)) == []
            assert run("UPDATE reports_savedfilter SET due = 'soon'") == 0
            assert run("DELETE FROM reports_savedfilter") == 0
            values = f"{INSERT} VALUES (gen_random_uuid(), %s, 'night', '', '', '', 'late', '', '')"
            with refused("row-level security"):
                run(values, world.sarc.pk)
    with access.viewing(None):
        assert run("DELETE FROM reports_savedfilter") == 0
    with access.viewing(world.sarc):
        assert [row.name for row in saved(viewer=world.sarc)] == ["daily"]
        for change in OTHERS:
            with refused("permission denied"):
                run(change)


def test_the_database_takes_no_word_that_is_of_no_list_and_no_place_that_is_none(world) -> None:
    """Whatever is typed, no column of it could hold a name or a number."""
    with access.viewing(world.sarc):
        for column in ("name", "stands", "running", "role", "due", "kit", "opened"):
            given = dict.fromkeys(("stands", "running", "role", "due", "kit", "opened"), "") | {
                "name": "other"
            }
            given[column] = "Zzyzx"
            row = [
                world.sarc.pk,
                *(given[each] for each in ("name", "stands", "running", "role", "due", "kit", "opened")),
            ]
            statement = f"{INSERT} VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, %s)"
            with refused(f"{column}_known"):
                run(statement, *row)
        filter_save(actor=world.sarc, name="other", wanted=Filter(due="late"))
        with refused("no such row"):
            run("UPDATE reports_savedfilter SET place_id = gen_random_uuid()")


def test_one_of_each_name_is_kept_and_keeping_again_replaces_it(world) -> None:
    client = signed_in(world.sarc)
    with access.viewing(world.sarc):
        events = Event.objects.count()
    listed = client.get("/admin/cases/?stands=restricted&due=late")
    form = {
        "do": "save",
        "once": once_token(listed),
        "name": "meeting",
        "stands": "restricted",
        "due": "late",
    }
    kept = client.post(PAGE, form)
    assert kept["Location"] == "/admin/cases/?stands=restricted&due=late"
    # Sent twice it is kept once, and a second of the same name takes its place.
    assert client.post(PAGE, form)["Location"] == kept["Location"]
    client.post(PAGE, {"do": "save", "name": "meeting", "kit": "kept", "opened": "this_month"})
    page = text(client.get("/admin/cases/"))
    assert re.findall(r'href="([^"]*)"[^>]*data-test="kept"', page) == [
        "/admin/cases/?kit=kept&amp;opened=this_month"
    ]
    assert "Before the meeting" in page
    with pytest.raises(DomainError, match="Choose what to look for"):
        filter_save(actor=world.sarc, name="daily", wanted=Filter())
    with pytest.raises(DomainError, match="names of the list"):
        filter_save(actor=world.sarc, name="Zzyzx", wanted=Filter(due="late"))
    assert client.post(PAGE, {"do": "forget", "name": "meeting"})["Location"] == PAGE
    filter_forget(actor=world.sarc, name="meeting")
    with access.viewing(world.sarc):
        assert SavedFilter.objects.count() == 0
        # It is no fact of a case: nothing of it stands in the ledger.
        assert Event.objects.count() == events

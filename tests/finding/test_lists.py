"""Finding one's own cases: filters of words, pages that stay, nothing counted, nothing of others told."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from reports import access
from reports.casework.services import va_assign
from reports.election.contacts import contact_complete, contact_walk_away
from reports.evidence.services import kit_number_issue
from reports.finding.filters import LISTS
from sapr.paging import window
from tests.desk.conftest import text
from tests.finding.many import cases
from tests.signed_in import signed_in
from tests.times import T0

ROW = re.compile(r'data-test="case-row"><div><a class="number" href="/admin/cases/([0-9a-f-]{36})/"')
HREF = re.compile(r'(?:href|action)="([^"]*\?[^"]*)"')
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def shown(client, query: str = "") -> list[UUID]:
    answer = client.get(f"/admin/cases/{query}")
    assert answer.status_code == 200, query
    return [UUID(pk) for pk in ROW.findall(text(answer))]


def way(client, query: str, name: str) -> str | None:
    """Where a page's link leads (`older`, `newer`), as the query of the next page."""
    found = re.search(rf'href="(\?[^"]*)" data-test="{name}"', text(client.get(f"/admin/cases/{query}")))
    return unescape(found[1]) if found else None


def test_pages_stay_where_they_are_while_cases_come_both_ways(world) -> None:
    """No row is shown twice or left out, whatever was opened meanwhile."""
    client = signed_in(world.sarc)
    old = cases(world, 95, at=T0 - DAY)
    first = shown(client)
    second = way(client, "", "older")
    cases(world, 7, at=T0)
    in_second = shown(client, second)
    third = way(client, second, "older")
    assert (first, in_second, shown(client, third)) == (old[:40], old[40:80], old[80:])
    assert way(client, third, "older") is None
    # Back again: the page before the second is what lay before it, not what a page number would mean now.
    assert shown(client, way(client, third, "newer")) == old[40:80]
    assert shown(client, way(client, second, "newer")) == old[:40]
    # Before that only seven lie: the first page, whole.
    back = way(client, way(client, second, "newer"), "newer")
    assert shown(client, back) == shown(client)
    assert way(client, back, "newer") is None


def test_one_instant_makes_no_page_repeat_or_leave_out(world) -> None:
    made = {pk for n in range(3) for pk in cases(world, 30, at=T0 - DAY)}
    with access.viewing(world.sarc):
        for by, newest in (("opened_at", True), ("opened_at", False)):
            rows = access.rows(world.sarc, "case_view", access.cases(world.sarc).model)
            rows = rows.order_by(f"-{by}" if newest else by, "id")
            found, at = [], ""
            while at is not None:
                page = window(rows, by=by, newest_first=newest, limit=7, after=at)
                found, at = found + page.rows, page.after
            assert [row.pk for row in found] == [row.pk for row in rows]
            assert {row.pk for row in found} == made
            back, at = [], page.before
            while at is not None:
                page = window(rows, by=by, newest_first=newest, limit=7, before=at)
                back, at = page.rows + back, page.before
            assert back[-7:] == found[-13:-6]


def test_a_list_asks_the_database_as_much_for_two_hundred_cases_as_for_ten(world) -> None:
    client = signed_in(world.sarc)
    pages = (
        "/admin/", "/admin/duties/", "/admin/duties/?part=late", "/admin/cases/",
        "/admin/cases/?stands=contact&running=open&role=sarc&due=late&kit=none&opened=this_year",
    )  # fmt: skip

    def asked() -> list[tuple[int, bool]]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(page)
            # What the page itself counts or reads past the rows it shows would grow with them.
            counting = any(
                " OFFSET " in q["sql"] or "COUNT(" in q["sql"] for q in queries if "reports_" in q["sql"]
            )
            assert answer.status_code == 200
            assert len(answer.content) < 120_000
            found.append((len(queries), counting))
        return found

    cases(world, 5, at=T0 - DAY, due=T0 - 2 * DAY)
    cases(world, 5, at=T0 - DAY, due=T0 + MINUTE)
    few = asked()
    cases(world, 100, at=T0 - DAY, due=T0 - 2 * DAY)
    cases(world, 90, at=T0 - DAY, due=T0 + MINUTE)
    assert asked() == few
    assert max(number for number, _ in few) <= 40
    assert not any(counting for _, counting in few)


def test_a_filter_means_what_its_words_say(world) -> None:
    client = signed_in(world.sarc)
    (quiet,) = cases(world, 1, at=T0 - 10 * DAY)
    (late,), (soon,) = cases(world, 1, at=T0, due=T0 - MINUTE * 2), cases(world, 1, at=T0, due=T0 + DAY / 2)
    left = world.contact(at=T0 - DAY).pk
    contact_walk_away(actor=world.sarc, case_id=left, at=T0)
    restricted = world.signed("restricted")
    converted = world.converted(world.signed("restricted"), at=T0)
    kit_number_issue(actor=world.sarc, case_id=restricted.case_id, at=T0)
    va_assign(actor=world.sarc, case_id=restricted.case_id, va=world.va, at=T0)
    signed = {restricted.case_id, converted.case_id}
    everything = {quiet, late, soon, left} | signed

    def found(query: str) -> set[UUID]:
        return set(shown(client, f"?{query}"))

    assert found("") == everything
    assert found("stands=contact") == {quiet, late, soon}
    assert found("stands=restricted") == {restricted.case_id}
    assert found("stands=converted") == found("stands=unrestricted") == {converted.case_id}
    assert found("stands=walked_away") == found("running=closed") == {left}
    assert found("running=open") == everything - {left}
    assert found("due=late&stands=contact") == {late}
    assert found("due=soon&stands=contact") == {soon}
    assert found("due=nothing&stands=contact") == {quiet}
    assert found("due=any") == {late, soon} | signed
    assert found("kit=kept") == found("kit=numbered") == {restricted.case_id}
    assert restricted.case_id not in found("kit=none")
    assert found("opened=last_month") == found("opened_to=2026-02-28") == {quiet}
    assert found("opened_from=2026-03-02&opened_to=2026-03-02&opened=this_month") == everything - {
        quiet,
        left,
    }
    assert found(f"place={world.installation.pk}&role=sarc") == everything
    assert found("role=sapr_va") == set()
    # A SAPR VA finds what they carry, and nothing else.
    va = signed_in(world.va)
    assert shown(va) == shown(va, "?role=sapr_va&kit=kept") == [restricted.case_id]
    assert shown(va, "?stands=contact") == []


def test_hostile_filters_are_refused_in_a_sentence_and_tell_nothing(world) -> None:
    """Nothing that is no word of a list reaches a query; of others not even an installation can be asked about."""
    client = signed_in(world.sarc)
    cases(world, 2, at=T0, due=T0)
    elsewhere = world.posts["stranger"].location_id
    hostile = [f"{name}={value}" for name in LISTS for value in ("Zzyzx", "%00%27OR%201=1" * 200)]
    hostile += [
        "opened_from=Zzyzx", "opened_from=0001-01-01", "opened_to=9999-12-31", "opened_to=2026-02-30",
        "opened_from=2026-03-02&opened_to=2026-03-01", f"place={elsewhere}", "place=Zzyzx", "name=Zzyzx", "q=Zzyzx",
        "identity__dod_id__startswith=9", "page=2", "after=Zzyzx", "before=%FF", "after=" + "A" * 3000,
        "after=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIjAwIl0",
    ]  # fmt: skip
    for query in hostile:
        answer = client.get(f"/admin/cases/?{query}")
        assert answer.status_code == 422, query
        assert 'data-test="errors"' in text(answer), query
        assert 'data-test="case-row"' not in text(answer), query
    assert [client.get(f"/admin/duties/?{query}").status_code for query in ("part=Zzyzx", "after=Zzyzx")] == [
        422
    ] * 2
    for form in (
        {"do": "save", "name": "Zzyzx"},
        {"do": "forget", "name": "%"},
        {"do": "save", "name": "daily"},
    ):
        assert client.post("/admin/cases/filters/", form).status_code == 422, form
    assert text(client.get("/admin/cases/filters/")).count('data-test="kept-row"') == 0


def test_no_list_tells_of_cases_of_others_or_of_what_is_sealed(world) -> None:
    """The same bytes whatever others have, and whatever lies sealed in one's own cases; no total stands anywhere."""
    own = world.contact(actor=world.stranger)
    queries = ["", *(f"?{name}={words.values[0]}" for name, words in LISTS.items())]

    def answers() -> list[bytes]:
        client = signed_in(world.stranger)
        found = [client.get(f"/admin/cases/{query}").content for query in queries]
        found += [client.get(page).content for page in ("/admin/duties/", "/admin/cases/filters/")]
        return [re.sub(rb'name="(csrfmiddlewaretoken|once)" value="[^"]*"', b"", each) for each in found]

    before = answers()
    with transaction.atomic():
        report = world.signed("restricted")
        kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
        sealed = {
            "identity": {"dod_id": "1234509876", "sex": "male"},
            "narrative": {"place": "off_installation"},
        }
        contact_complete(actor=world.stranger, case_id=own.pk, at=T0, **sealed)
        assert answers() == before
        transaction.set_rollback(True)
    assert not any(b'class="count"' in page for page in before)


def test_an_address_holds_words_of_lists_and_random_ids_only(world) -> None:
    client = signed_in(world.sarc)
    cases(world, 90, at=T0 - DAY, due=T0 - DAY)
    query = f"?stands=contact&due=late&place={world.installation.pk}&opened_from=2026-01-01"
    client.post("/admin/cases/filters/", {"do": "save", "name": "night", "stands": "contact", "due": "late"})
    pages = [
        text(client.get(page)) for page in (f"/admin/cases/{query}", way(client, query, "older"), "/admin/")
    ]
    found = {unescape(href) for page in pages for href in HREF.findall(page)}
    allowed = {name: set(words.values) for name, words in LISTS.items()} | {
        "part": {"", "late", "once", "soon", "later"},
        "place": {str(world.installation.pk)},
        "opened_from": {"2026-01-01"},
    }
    assert any("after=" in href for href in found)
    for href in found:
        for name, value in parse_qsl(urlsplit(href).query, keep_blank_values=True):
            if name in ("after", "before"):
                # An instant and an id, and nothing else.
                assert len(value) < 110
                continue
            assert value in allowed[name], href

"""Today: the most urgent first, a case's duties together, nothing counted to its end, no case for who runs it all."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports import access
from reports.casework.services import va_assign
from reports.obligations import selectors
from sapr.desk.today_work import CAP, LINES
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.desk.conftest import text
from tests.finding.many import cases, duties
from tests.times import T0

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FOLDER = re.compile(
    r'data-test="folder"><p class="head"><a class="number" href="/admin/cases/([0-9a-f-]{36})/"'
)
ROW = 'data-test="duty-row"'


def summary(page: str) -> list[tuple[str, str]]:
    """The first line: (where it leads, its words)."""
    line = re.search(r'data-test="summary">(.*?)</(?:ul|p)>', page, re.S)[1]
    return re.findall(r'<a href="([^"]+)">([^<]+)</a>', line)


def part(page: str, name: str) -> str:
    """One part of what is due; empty where there is none."""
    found = re.search(rf'<section [^>]*data-test="duties-{name}".*?</section>', page, re.S)
    return found[0] if found else ""


def test_the_most_urgent_stands_first_and_the_duties_of_a_case_together(world, sarc) -> None:
    made = cases(world, 4, at=T0)
    first, second, soon, later = ([each] for each in made)
    for case, due in ((first, T0 - 3 * DAY), (second, T0 - 2 * DAY), (first, T0 - HOUR), (soon, T0 + HOUR)):
        duties(world.sarc, case, at=T0, due=due)
    duties(world.sarc, later, at=T0, due=T0 + 3 * DAY)
    duties(world.sarc, second, at=T0, due=T0 - MINUTE, immediate=True)
    page = text(sarc.get("/admin/"))
    assert summary(page) == [
        ("#h-late", "3 late"),
        ("#h-once", "1 due at once"),
        ("#h-soon", "1 in the next 24 hours"),
        ("#h-contacts", "4 contacts without a signature"),
    ]
    assert all(f'id="{where[1:]}"' in page for where, _ in summary(page))
    places = [page.index(f'data-test="duties-{name}"') for name in ("late", "once", "soon", "later")]
    assert places == sorted(places)
    assert page.index('data-test="summary"') < places[0]
    late = part(page, "late")
    # The case that is late longest, with what else is late in it; then the other.
    assert FOLDER.findall(late) == [str(first[0]), str(second[0])]
    assert late.count(ROW) == 3
    assert late.index("59 min late") < late.index(f"/admin/cases/{second[0]}/")
    assert "at once" in part(page, "once")
    # Each leads to where it is done by one click, and says by which rule, in the rule's own words.
    assert f'href="/admin/cases/{soon[0]}/steps/#step-monthly_update_given"' in part(page, "soon")
    assert "CK-07" in part(page, "soon")
    # Without the script the words are true; with it they stay so.
    assert 'data-due="2026-03-02T16:01:00Z">in 1 h 1 min<' in part(page, "soon")


def test_nothing_is_counted_to_its_end_and_long_parts_lead_to_a_list_of_their_own(world, sarc) -> None:
    cases(world, CAP + 30, at=T0, due=T0 - 2 * DAY)
    with CaptureQueriesContext(connection) as queries:
        page = text(sarc.get("/admin/"))
    # Of each part, and of the kits, no more rows are fetched than are counted.
    ordered = [each["sql"] for each in queries if 'ORDER BY "reports_duty"."due_at"' in each["sql"]]
    assert [sql.rpartition("LIMIT ")[2] for sql in ordered if '"id" AS "pk"' in sql] == [str(CAP + 1)] * 5
    assert [words for _, words in summary(page)] == [f"{CAP}+ late", f"{CAP}+ contacts without a signature"]
    assert part(page, "late").count(ROW) == LINES["late"]
    assert str(CAP + 30) not in re.sub(r"[0-9a-f-]{36}|N-[0-9a-f-]+", "", page)
    where = re.search(r'href="([^"]+)" data-test="all-late"', page)[1]
    found, page = [], text(sarc.get(where))
    while True:
        found += FOLDER.findall(page)
        after = re.search(r'href="(\?[^"]+)" data-test="further"', page)
        if not after:
            break
        page = text(sarc.get(f"/admin/duties/{after[1].replace('&amp;', '&')}"))
    assert len(found) == len(set(found)) == CAP + 30
    assert 'data-test="sooner"' in page


def test_an_empty_day_says_so(world, sarc) -> None:
    page = text(sarc.get("/admin/"))
    assert "Nothing is late and nothing is due in the next 24 hours." in page
    assert summary(page) == []
    assert ROW not in page


def test_each_role_sees_its_own_and_a_programme_manager_what_is_late_without_a_case(
    world, sarc, sign_in
) -> None:
    report = world.signed("unrestricted")
    made = cases(world, 3, at=T0, due=T0 - 2 * DAY)
    cases(world, 2, at=T0, who=world.stranger, place=world.posts["stranger"].location, due=T0 + HOUR)
    va_assign(actor=world.sarc, case_id=report.case_id, va=world.va, at=T0)
    va, manager = (text(sign_in(person).get("/admin/")) for person in (world.va, world.manager))
    # A SAPR VA: what is due in the cases they carry.
    shown = set(FOLDER.findall(va))
    assert shown == {str(report.case_id)}
    assert 'data-test="taken-back"' not in va
    # A programme manager: how much is late where, how much is due anywhere; no number and no id of a case.
    assert re.findall(r'data-test="late-here">(?:<strong[^>]*>)?([^<]+)<', manager) == ["3", "None"]
    soon = int(re.search(r"together (\d+) duties", manager)[1])
    assert soon >= 2
    for pk in [*made, report.case_id]:
        assert str(pk) not in manager
    assert not re.search(r"\b[CN]-[0-9A-Za-z-]{9,}", manager)
    with access.viewing(world.manager):
        late, everywhere = selectors.lateness(viewer=world.manager)
    assert (late.keys(), everywhere) == ({world.installation.pk}, str(soon))
    # Nobody else is told, by the page, the selector or the database.
    for person in (world.sarc, world.va, world.commander):
        with access.viewing(person):
            with pytest.raises(DomainError, match="does not include"):
                selectors.lateness(viewer=person)
            with refused("programme manager"), connection.cursor() as cursor:
                cursor.execute("SELECT * FROM sapr_lateness(10)")

"""Access costs a page a fixed number of queries, however many cases there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.breakglass.services import break_glass_ask
from tests.signed_in import passed
from tests.times import T0

PAGES = (
    "/admin/",
    "/admin/cases/",
    "/admin/duties/",
    "/api/v1/cases",
    "/api/v1/duties",
    "/admin/emergency/",
    "/api/v1/emergencies",
)


def asked(client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_much_for_many_cases_as_for_few(world, client, page):
    passed(client, world.sarc)

    def more(cases: int) -> None:
        for _ in range(cases):
            mine, theirs = world.contact(), world.contact(actor=world.stranger)
            break_glass_ask(actor=world.stranger, case=mine.number, reason="Invented.", at=T0)
            break_glass_ask(actor=world.sarc, case=theirs.number, reason="Invented.", at=T0)

    more(2)
    few = asked(client, page)
    more(5)
    assert asked(client, page) == few
    assert few < 70

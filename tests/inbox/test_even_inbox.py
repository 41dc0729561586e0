"""T02, T17, T25: the inbox is as long, and takes the same work, with and without news, read or not."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import InboxItem, Notice
from notifications.placing import place
from notifications.services import inbox_acknowledge
from reports import access
from sapr import clock
from sapr.desk import even
from tests.inbox.chased import PLACED
from tests.privacy.test_timing import INBOXES, told_apart
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import World

PAGES = ("/admin/inbox/", "/admin/", "/admin/inbox/?page=2")


def looks(client, address: str) -> tuple:
    """What somebody on the line, or with a clock, could tell two answers apart by."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    text = answer.content.decode()
    statements = [re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in queries]
    headers = {name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Expires")}
    return (
        answer.status_code,
        len(answer.content),
        sorted(headers.items()),
        re.search("<title>(.*)</title>", text)[1],
        len(re.findall('data-test="inbox-(?:row|blank)"', text)),
        len(statements),
        statements,
    )


def put(world: World, count: int) -> None:
    """So many Restricted notices, placed at their last slot."""
    for _ in range(count):
        world.signed("restricted")
    clock.move(PLACED, hold=True)
    with access.viewing(world.sarc):
        for notice in Notice.objects.exclude(state="placed"):
            place(notice=notice, actor=world.sarc, at=PLACED)
    clock.move(T0, hold=True)


def test_t02_the_inbox_is_the_same_with_none_one_and_five_notices_new_or_acknowledged(world) -> None:
    client = signed_in(world.commander)
    for address in PAGES:
        client.get(address)
    seen = {}
    for count in (0, 1, 4):
        put(world, count)
        with access.viewing(world.commander):
            total = InboxItem.objects.count()
        seen[total] = [looks(client, address) for address in PAGES]
    assert set(seen) == {0, 1, 5}
    assert seen[0] == seen[1] == seen[5]
    for status, size, _, title, rows, *_ in seen[0]:
        assert (status, size) == (200, even.BLOCK)
        assert rows == even.ROWS
        assert "(" not in title
    # So does the API's.
    sizes = {
        len(client.get("/api/v1/inbox").content),
        len(signed_in(world.mcio).get("/api/v1/inbox").content),
    }
    assert sizes == {even.BLOCK}
    # Acknowledged, it is the same once more; and what is opened is as long as what is not.
    with access.viewing(world.commander):
        items = list(InboxItem.objects.all())
    opened = client.post(f"/admin/inbox/{items[0].pk}/")
    assert len(opened.content) == even.BLOCK
    for item in items:
        inbox_acknowledge(actor=world.commander, item_id=item.pk, at=T0)
    assert [looks(client, address) for address in PAGES] == seen[0]


def test_t02_the_clock_does_not_tell_an_inbox_with_news_from_one_without(world) -> None:
    """Asked by turns, so that a busy machine slows both; the measure sees a tenth."""
    put(world, 5)
    clock.move(PLACED, hold=True)
    full, empty = signed_in(world.commander), signed_in(world.mcio)
    for client in (full, empty):
        assert ("inbox-row" in client.get("/admin/inbox/").content.decode()) == (client is full)
    assert not told_apart(lambda: full.get("/admin/inbox/"), lambda: empty.get("/admin/inbox/"), INBOXES)


def test_an_older_page_shows_what_the_first_has_no_line_for(world, monkeypatch) -> None:
    client = signed_in(world.commander)
    monkeypatch.setattr(even, "ROWS", 2)
    put(world, even.ROWS + 1)
    rows = [
        client.get(f"/admin/inbox/?page={page}").content.decode().count('"inbox-row"') for page in (1, 2, 3)
    ]
    assert rows == [even.ROWS, 1, 0]
    for odd in ("0", "-1", "x", "99999", "²"):
        assert client.get("/admin/inbox/", {"page": odd}).status_code == 200

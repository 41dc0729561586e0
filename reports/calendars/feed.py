"""The calendar feed: a file that says twice a day "sign in", to everybody alike, whatever is due.

It is a function of the day on which the address was made, of the day on which it ends, and of nothing else: no
case, duty, place or person goes in, so nothing of them comes out (docs/calendar.md). Times are floating: they mean
the clock of whoever looks, and so name no zone.
"""

from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from accounts.keys import digest, keyed_digest
from reports import policy
from sapr import clock

WORDS = "SAPR: sign in"
LONGEST_TOKEN = 64
TYPE = "text/calendar; charset=utf-8"


class Fetched(NamedTuple):
    """A feed that stands. `spared`: it was asked for more often than DS-20 allows."""

    begins: datetime
    ends: datetime
    spared: bool


def fetched(token: str) -> Fetched | None:
    """The feed of a token, which is counted as fetched; None alike for an unknown, revoked, run out or ended one."""
    limits = policy.access_rules(clock.now().date()).limits
    within = timedelta(minutes=limits["feed_minutes"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT begins, ends, spared FROM sapr_feed_fetch(%s, %s, %s)",
            [digest(token[:LONGEST_TOKEN]), limits["feed_fetches"], within],
        )
        row = cursor.fetchone()
    return Fetched(*row) if row else None


def file_of(token: str, begins: datetime, ends: datetime) -> bytes:
    """The file (RFC 5545): one daily entry for each hour of DS-20, from the first day to the last."""
    found = Calendar()
    for name, value in (
        ("prodid", "-//SAPR//Calendar//EN"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", "SAPR"),
        ("x-published-ttl", "P1D"),
    ):
        found.add(name, value)
    first, last = begins.astimezone(UTC).date(), ends.astimezone(UTC).date()
    limits = policy.access_rules(first).limits
    for name in ("feed_first_hour", "feed_second_hour"):
        starts = datetime.combine(first, time(limits[name]))
        entry = Event()
        entry.add("uid", keyed_digest("calendar entry", f"{name} {token}").hex()[:32])
        entry.add("dtstamp", datetime.combine(first, time(), UTC))
        entry.add("dtstart", starts)
        entry.add("duration", timedelta(minutes=15))
        entry.add("rrule", {"freq": "daily", "until": datetime.combine(last, time(limits[name]))})
        entry.add("summary", WORDS)
        entry.add("class", "PRIVATE")
        entry.add("transp", "TRANSPARENT")
        found.add_component(entry)
    return found.to_ical()


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program fetches without signing in. 404 for every token that opens nothing, with one look-up."""
    found = fetched(token)
    if found is None:
        return HttpResponse("Not found.\n", status=404, content_type="text/plain; charset=utf-8")
    if found.spared:
        again = policy.access_rules(clock.now().date()).limits["feed_minutes"] * 60
        return HttpResponse(
            "Asked too often.\n",
            status=429,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": again},
        )
    body = file_of(token, found.begins, found.ends)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    answer = HttpResponse(status=304) if tag in known else HttpResponse(body, content_type=TYPE)
    answer["ETag"] = tag
    return answer


urlpatterns = [path("<slug:token>.ics", calendar_feed, name="calendar_feed")]

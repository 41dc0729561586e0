"""Template tags of the desk: instants in the installation's zone, waiting times, plain words, languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.dateformat import format as written
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sapr.desk import words
from sapr.desk.spoken import source, spoken
from sapr.desk.times import distance

register = template.Library()
INSTANT = "d M Y, H:i"
register.filter("spoken", spoken)
register.filter("as_written", source)


@register.filter
def label(value: object, of: str = "") -> object:
    """The words for a value of the vocabulary, in the language of whoever looks."""
    if isinstance(value, list | tuple) and value:
        return ", ".join(str(label(each, of)) for each in value)
    return spoken(words.label(value, of))


@register.simple_tag
def when(instant: datetime | None, zone: str = "UTC") -> SafeString | str:
    """A time as the installation's wall clock shows it, with UTC for whoever hovers."""
    if instant is None:
        return "–"
    local = instant.astimezone(ZoneInfo(zone))
    utc = instant.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"{written(utc, INSTANT)} UTC",
        f"{written(local, f'D {INSTANT}')} {local:%Z}",
    )


@register.simple_tag
def until(instant: datetime, now: datetime) -> str:
    """`in 3 h 20 min`, `40 min late`, `now`."""
    return distance(instant, now)


@register.filter
def field(form, name: str):
    """A bound field by a name that is known only when the page is drawn."""
    return form[name]


@register.filter
def of(found: dict, key) -> tuple:
    """What a mapping of lists holds for a key; nothing where it has none."""
    return tuple(found.get(key, ())) if found else ()

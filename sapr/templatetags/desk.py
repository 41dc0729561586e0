"""Template tags of the desk: instants in the installation's zone, waiting times, plain words, languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.dateformat import format as written
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sapr.desk.final import SENTENCES
from sapr.desk.spoken import ENGLISH, spoken, worded
from sapr.desk.times import distance
from sapr.desk.times import words as words_of_time

register = template.Library()
register.filter("spoken", spoken)
register.filter("label", worded)


@register.filter
def as_written(text: object) -> object:
    """Words of a rule or of an official form: they stay in their language, which is said to whoever reads aloud."""
    if not text or get_language() in (None, ENGLISH):
        return text
    return format_html('<span lang="en" dir="ltr">{}</span>', text)


@register.filter
def each_spoken(found) -> list:
    """Every text of a list in the language of whoever looks."""
    return [spoken(each) for each in found]


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
        f"{written(utc, _('d M Y, H:i'))} UTC",
        f"{written(local, _('D d M Y, H:i'))} {local:%Z}",
    )


@register.simple_tag
def time_of(instant: datetime, zone: str) -> SafeString:
    """The time of day alone, where the day stands beside it; with UTC for whoever hovers."""
    utc = instant.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        utc.strftime("%d %b %Y, %H:%M UTC"),
        instant.astimezone(ZoneInfo(zone)).strftime("%H:%M"),
    )


@register.simple_tag
def until(instant: datetime, now: datetime) -> str:
    """`in 3 h 20 min`, `40 min late`, `now`."""
    return distance(instant, now)


@register.simple_tag
def final(act: str) -> SafeString:
    """What cannot be undone about an act, by its name in `sapr.desk.final`."""
    return format_html('<p class="note final" data-final="{}">{}</p>', act, SENTENCES[act])


@register.simple_tag
def countdown_words() -> str:
    """The words by which desk/countdown.js says what `until` does."""
    return words_of_time()


@register.simple_tag
def ticks(instant: datetime) -> SafeString:
    """The attribute by which desk/countdown.js keeps the words of `until` true on a page that stays open."""
    return format_html(' data-due="{}"', instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


@register.filter
def field(form, name: str):
    """A bound field by a name that is known only when the page is drawn."""
    return form[name]


@register.filter
def of(found: dict, key) -> tuple:
    """What a mapping of lists holds for a key; nothing where it has none."""
    return tuple(found.get(key, ())) if found else ()


@register.simple_tag
def hour(instant: datetime, zone: str = "UTC") -> SafeString:
    """The hour of a time whose day stands above it; UTC for whoever hovers."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        instant.astimezone(UTC).strftime("%d %b %Y, %H:%M UTC"),
        instant.astimezone(ZoneInfo(zone)).strftime("%H:%M %Z"),
    )

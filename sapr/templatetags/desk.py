"""Template tags of the desk: instants in the installation's zone, waiting times, plain words, languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.dateformat import format as written
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sapr.desk.spoken import ENGLISH, spoken, worded
from sapr.desk.times import distance

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

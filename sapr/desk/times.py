"""Words for stretches of time."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86400


def distance(instant: datetime, now: datetime) -> str:
    """How far an instant is from now, in at most two units; `now` within half a minute."""
    seconds = (instant - now).total_seconds()
    span = _span(abs(seconds))
    if not span:
        return _("now")
    return (_("in %(span)s") if seconds > 0 else _("%(span)s late")) % {"span": span}


def _span(seconds: float) -> str:
    minutes = round(seconds / MINUTE)
    if minutes < 1:
        return ""
    if minutes < HOUR // MINUTE:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < DAY // HOUR:
        return _hours(hours) + (" " + _("%(minutes)s min") % {"minutes": minutes} if minutes else "")
    days, hours = divmod(hours, 24)
    span = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return f"{span} {_hours(hours)}" if hours and days < 10 else span


def _hours(hours: int | str) -> str:
    return _("%(hours)s h") % {"hours": hours}


def words() -> str:
    """The words of `distance` for desk/countdown.js, in the language of whoever looks; `{}`: a number or a span.

    Ahead, late, now, minutes, hours, one day, days.
    """
    said = [_("in %(span)s") % {"span": "{}"}, _("%(span)s late") % {"span": "{}"}, _("now")]
    said += [_("%(minutes)s min") % {"minutes": "{}"}, _hours("{}")]
    return "|".join([*said, *(ngettext("%(days)s day", "%(days)s days", n) % {"days": "{}"} for n in (1, 2))])

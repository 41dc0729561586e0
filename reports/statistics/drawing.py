"""From figures to charts: their names, what each says in a sentence, and how words are shown."""

from datetime import date

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.statistics.own import Done, Figures
from reports.statistics.quarters import Line
from sapr.desk.charts import Chart, Series, bars, line, stacked, strips
from sapr.desk.spoken import spoken
from sapr.desk.words import label

# Of a drawing; the table on the page holds every installation.
DRAWN = 40


def of_own_cases(figures: Figures) -> list[Chart]:
    """The charts of a SARC's own cases, what asks to be acted on first."""
    return [
        _load(figures),
        _ages(figures),
        _months(figures.months),
        _shares(figures.months),
        _kinds(figures.kinds),
        _to_store(figures),
        _laboratory(figures),
    ]


def _done_series() -> list[Series]:
    return [Series(_("in time")), Series(_("late"), "bad")]


def _said(rows: list[Done]) -> str:
    late, whole = sum(row.late for row in rows), sum(row.in_time + row.late for row in rows)
    return ngettext(
        "%(late)d of %(whole)d duty was done late.", "%(late)d of %(whole)d duties were done late.", whole
    ) % {"late": late, "whole": whole}


def _load(figures: Figures) -> Chart:
    series = [Series(_("Restricted")), Series(_("Unrestricted")), Series(_("no report"))]
    rows = [(each.name, (each.restricted, each.unrestricted, each.other)) for each in figures.load]
    said = _("Open cases of each person who is on one of yours.")
    return stacked("load", _("Workload"), said, _("Person"), series, rows)


def _month(each: Done) -> str:
    return date_format(date.fromisoformat(f"{each.name}-01"), "M Y")


def _months(months: list[Done]) -> Chart:
    rows = [(_month(each), (each.in_time, each.late)) for each in months if each.in_time or each.late]
    return stacked("months", _("Duties done, by month"), _said(months), _("Month"), _done_series(), rows)


def _shares(months: list[Done]) -> Chart:
    rows = [
        (_month(each), round(100 * each.in_time / whole) if (whole := each.in_time + each.late) else None)
        for each in months
    ]
    return line(
        "shares",
        _("Done in time, of a hundred"),
        _("A month in which nothing was done has no point."),
        (_("Month"), _("Per cent in time")),
        rows if any(value is not None for _name, value in rows) else [],
        names=[date_format(date.fromisoformat(f"{each.name}-01"), "M") for each in months],
    )


def _kinds(kinds: list[Done]) -> Chart:
    rows = [(capfirst(str(spoken(label(each.name)))), (each.in_time, each.late)) for each in kinds]
    title = _("Duties done in twelve months, by kind")
    return stacked("kinds", title, _said(kinds), _("Duty"), _done_series(), rows)


def _strips(ident: str, title: str, said: str, first: str, names: dict[str, str], values: dict) -> Chart:
    head = (first, _("How many"), _("Least"), _("Middle"), _("Most"), _("Each"))
    rows = [(names[name], each) for name, each in values.items()]
    return strips(ident, title, said, head, rows if any(values.values()) else [])


def _ages(figures: Figures) -> Chart:
    names = {"restricted": _("Restricted"), "unrestricted": _("Unrestricted"), "other": _("No report")}
    said = _("Days since open cases were opened: the shortest, the middle one and the longest.")
    return _strips("ages", _("Age of open cases, in days"), said, _("Report"), names, figures.ages)


def _to_store(figures: Figures) -> Chart:
    names = {
        "issued_sealed": _("Number issued to sealed"),
        "sealed_stored": _("Sealed to stored"),
        "sealed_mcio": _("Sealed to received by the MCIO"),
    }
    said = _("Hours that kits of the last twelve months took: the shortest, the middle one and the longest.")
    return _strips(
        "kits", _("Kits: from collection to storage, in hours"), said, _("Way"), names, figures.to_store
    )


def _laboratory(figures: Figures) -> Chart:
    names = {
        "held_laboratory": _("Stored or received to laboratory"),
        "laboratory_result": _("Laboratory to its result"),
    }
    said = _("Days that kits of the last twelve months took: the shortest, the middle one and the longest.")
    return _strips("laboratory", _("Kits: laboratory, in days"), said, _("Way"), names, figures.laboratory)


def in_class(low: int, width: int) -> str:
    """A published number as people read it: below 5, 5–9, 10–14 …"""
    return f"<{width}" if low == 0 else f"{low}–{low + width - 1}"


def of_installations(lines: list[Line], width: int) -> list[Chart]:
    """The charts of one quarter, from published classes alone: a bar is as long as the lower end of its class."""
    drawn = lines[:DRAWN]
    closed = stacked(
        "installations",
        _("Duties done, by installation"),
        _("In classes; fewer than %(width)d is one class, none included.") % {"width": width},
        _("Installation"),
        _done_series(),
        [(each.name, (each.in_time, each.late)) for each in drawn],
        shown=[(in_class(each.in_time, width), in_class(each.late, width)) for each in drawn],
    )
    shares = bars(
        "timely",
        _("Done in time, of a hundred"),
        _("From the classes, and only where they leave enough to say so."),
        (_("Installation"), _("Per cent in time")),
        [(each.name, each.share) for each in drawn if each.share is not None],
    )
    return [closed, shares] if shares.rows else [closed]

"""An evening of the group on one screen: the agenda, one case after the other, attendance, minutes, what it opened."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from reports import access
from reports.casework.cmg import evening, minutes, selectors, services
from reports.casework.cmg.forms import HoldForm, MinutesForm
from reports.casework.cmg.models import AgendaLine, Outcome
from reports.obligations.admin import lines as in_words
from sapr import clock
from sapr.desk.pages import page, perform, render, sent, status_of

SHOWN = 40


@page("cmg_attend")
def meeting_evening(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Case after case by `?case=` (its place on the agenda). Before the meeting was held: the agenda and who came;
    afterwards the minutes of each case, and the next one."""
    viewer, now = request.user, clock.now()
    row = selectors.meeting_get(viewer=viewer, meeting_id=meeting_id)
    seen, further = selectors.agenda(viewer=viewer, meeting=row)
    here, do = reverse("admin:meeting_evening", args=[row.pk]), request.POST.get("do", "")
    place = _place(request.GET.get("case", ""), seen)
    line = seen[place] if seen else None
    asked = selectors.questions(line, now) if line else ()
    hold = HoldForm(
        sent(request) if do == "hold" else None, meeting=row, lines=seen, now=now, auto_id="id_hold_%s"
    )
    keep = MinutesForm(sent(request) if do == "keep" else None, questions=asked, auto_id="id_keep_%s")
    kept = selectors.minutes_of(viewer=viewer, line=line) if line else None
    keeps = row.held_at is None and access.may_on(viewer, "cmg_keep", row) and row.co_chair_id == viewer.pk
    minutes_due = line is not None and not line.minuted and line.outcome == Outcome.REVIEWED
    may_keep = minutes_due and access.may_on(viewer, "cmg_minute", line)

    def hold_it() -> HttpResponse:
        services.cmg_hold(actor=viewer, meeting_id=row.pk, **hold.given())
        messages.success(
            request,
            _(
                "It is recorded on every case. Each commander's update is due within 72 hours. Now the minutes."
            ),
        )
        return redirect(f"{here}?case=1")

    def keep_it() -> HttpResponse:
        minutes.cmg_minutes_keep(actor=viewer, line_id=line.pk, at=now, **keep.given())
        said = _("The minutes of %(case)s are kept. They stand as they are.")
        messages.success(request, said % {"case": line.number})
        return redirect(f"{here}?case={_next(seen, place) + 1}")

    actions = {"hold": (hold, hold_it), "keep": (keep, keep_it)} if line else {"hold": (hold, hold_it)}
    if do in actions:
        form, action = actions[do]
        done = perform(request, form, action, again=f"{here}?case={place + 1}")
        if done is not None:
            return done
    elif request.method == "POST":
        messages.error(request, _("Choose one of the steps on this page."))
    duties = list(evening.opened(viewer=viewer, meeting=row)[:SHOWN]) if row.held_at else []
    first = next((name for name in keep.fields if name != "once"), "")
    if may_keep and do != "keep" and first:
        keep.fields[first].widget.attrs["autofocus"] = True
    context: dict[str, Any] = {
        "meeting": row,
        "zone": row.installation.zone,
        "now": now,
        "agenda": [(number, each, number == place + 1) for number, each in enumerate(seen, 1)],
        "further": further,
        "line": line,
        "number": place + 1,
        "before": place if place > 0 else None,
        "after": place + 2 if place + 1 < len(seen) else None,
        "asked": [(each, kept and minutes.ANSWERS.get(kept.answers.get(each.rule))) for each in asked],
        "rules": evening.rules(now),
        "room": evening.room(viewer=viewer, line=line, before=seen[place - 1] if place else None)
        if line
        else None,
        "holds": keeps,
        "hold": hold,
        "form": keep,
        "may_keep": may_keep,
        "kept": kept,
        "attendance": selectors.attendance(viewer=viewer, meeting=row) if row.held_at else [],
        "duties": in_words(duties, now),
    }
    status = max(status_of(hold), status_of(keep))
    return render(request, "desk/meeting_evening.html", _("Evening of the group"), context, status=status)


def _place(text: str, seen: list[AgendaLine]) -> int:
    """The place on the agenda, counted from 0; the first one for whatever is no place on it."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return number - 1 if 1 <= number <= len(seen) else 0


def _next(seen: list[AgendaLine], place: int) -> int:
    """The next case after this one whose minutes are not kept, from the top again; this one when there is none."""
    others = [*range(place + 1, len(seen)), *range(place)]
    open_ones = (each for each in others if seen[each].outcome == Outcome.REVIEWED and not seen[each].minuted)
    return next(open_ones, place)


@page("cmg_attend")
def meeting_print(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The agenda on paper: numbers in their order and boxes to tick. No kind, no question, no name."""
    viewer = request.user
    row = selectors.meeting_get(viewer=viewer, meeting_id=meeting_id)
    seen, further = selectors.agenda(viewer=viewer, meeting=row)
    context = {"meeting": row, "zone": row.installation.zone, "lines": seen, "further": further}
    return render(request, "desk/meeting_print.html", _("Agenda"), context)


urls = [
    path("meetings/<uuid:meeting_id>/evening/", meeting_evening, name="meeting_evening"),
    path("meetings/<uuid:meeting_id>/agenda/", meeting_print, name="meeting_print"),
]

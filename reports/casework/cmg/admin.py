"""Pages of the Case Management Group: the meetings of one's installation, one meeting, one case in it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.selectors import installations_of
from reports import access
from reports.casework.cmg import minutes, selectors, services
from reports.casework.cmg.forms import CallForm, HoldForm, MinutesForm
from reports.casework.cmg.models import MeetingKind, Member, Minutes
from sapr import clock
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

SHOWN = 60


@page("cmg_attend")
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings of the viewer's installations, the latest first."""
    context = {
        "meetings": selectors.meetings(viewer=request.user)[:SHOWN],
        "keeps": access.may(request.user, "cmg_keep"),
    }
    return render(request, "desk/meetings.html", "Meetings", context)


@page("cmg_keep")
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Call the month's meeting; every month, also without cases."""
    now, viewer = clock.now(), request.user
    form = CallForm(sent(request), places=installations_of(viewer, now, [Role.SARC]), now=now)

    def call() -> HttpResponse:
        row = services.cmg_call(
            actor=viewer,
            installation_id=UUID(form.cleaned_data["installation"]),
            scheduled_at=form.cleaned_data["scheduled_at"],
            kind=form.cleaned_data["kind"],
            at=now,
        )
        messages.success(
            request, "The meeting is called, and every case that the group reviews is on its agenda."
        )
        return redirect("admin:meeting", meeting_id=row.pk)

    back = reverse("admin:meetings")
    if request.method == "POST":
        done = perform(request, form, call, again=back)
        if done is not None:
            return done
    told = selectors.quarterly(now, zone_of(viewer))
    intro = _(
        "The group meets every month, also in a month without cases (CK-05). You co-chair the meeting you call."
    )
    if told:
        quarterly = {"sentence": told.sentence, "rule": told.rule}
        intro += " " + _("Quarterly: %(sentence)s It has no agenda here (%(rule)s).") % quarterly
    context = {
        "form": form,
        "button": "Call the meeting",
        "intro": intro,
        "back": back,
        "back_label": "Meetings",
    }
    return render(request, "desk/form.html", "Call a meeting", context, status=status_of(form))


@page("cmg_attend")
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """One meeting: its agenda as far as the viewer may see it, who came, and for the co-chair the way to hold it."""
    viewer, now = request.user, clock.now()
    row = selectors.meeting_get(viewer=viewer, meeting_id=meeting_id)
    seen, further = selectors.agenda(viewer=viewer, meeting=row)
    here, do = reverse("admin:meeting", args=[row.pk]), request.POST.get("do", "")
    hold = HoldForm(sent(request) if do == "hold" else None, meeting=row, lines=seen, now=now)
    seat = DeskForm(sent(request) if do == "seat" else None, auto_id="id_seat_%s")

    def hold_it() -> None:
        services.cmg_hold(actor=viewer, meeting_id=row.pk, **hold.given())

    def take_seat() -> None:
        services.cmg_seat_take(actor=viewer, meeting_id=row.pk, at=now)

    actions = {
        "hold": (
            hold,
            hold_it,
            "It is recorded on every case. Each commander's update is due within 72 hours.",
        ),
        "seat": (seat, take_seat, "You co-chair this meeting and see its whole agenda."),
    }
    if do in actions:
        form, action, said = actions[do]

        def run() -> HttpResponse:
            action()
            messages.success(request, said)
            return redirect(here)

        done = perform(request, form, run, again=here)
        if done is not None:
            return done
    elif request.method == "POST":
        messages.error(request, "Choose one of the steps on this page.")
    keeps = row.held_at is None and access.may_on(viewer, "cmg_keep", row)
    context = {
        "meeting": row,
        "zone": row.installation.zone,
        "lines": [(line, selectors.questions(line, now)) for line in seen],
        "further": further,
        "attendance": selectors.attendance(viewer=viewer, meeting=row),
        "quarterly": selectors.quarterly(now, row.installation.zone)
        if row.kind == MeetingKind.QUARTERLY
        else None,
        "holds": keeps and row.co_chair_id == viewer.pk,
        "may_take": keeps and row.co_chair_id != viewer.pk,
        "form": hold,
        "seat": seat,
    }
    status = max(status_of(hold), status_of(seat))
    return render(request, "desk/meeting.html", "Meeting", context, status=status)


@page("case_view", "cmg_attend")
def agenda_line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """One case in one meeting: what is asked; its minutes to keep, or, for who works on it, to read."""
    viewer, now = request.user, clock.now()
    line = selectors.line_get(viewer=viewer, line_id=line_id)
    here, do = reverse("admin:agenda_line", args=[line.pk]), request.POST.get("do", "")
    asked = selectors.questions(line, now)
    form = MinutesForm(sent(request) if do == "keep" else None, questions=asked)
    kept, opened = selectors.minutes_of(viewer=viewer, line=line), None

    def keep() -> HttpResponse:
        minutes.cmg_minutes_keep(actor=viewer, line_id=line.pk, at=now, **form.given())
        messages.success(request, "The minutes are kept. They stand as they are.")
        return redirect(here)

    if do == "keep":
        done = perform(request, form, keep, again=here)
        if done is not None:
            return done
    elif do == "read" and kept is not None:
        opened = access.open_for(viewer=viewer, record=kept, purpose="case_work", at=now)
    elif request.method == "POST":
        messages.error(request, "Choose one of the steps on this page.")
    context = {
        "line": line,
        "zone": line.meeting.installation.zone,
        "asked": [(each, kept and minutes.ANSWERS.get(kept.answers.get(each.rule))) for each in asked],
        "kept": kept,
        "came": _labels(kept),
        "opened": opened,
        "may_keep": not line.minuted
        and line.outcome == "reviewed"
        and access.may_on(viewer, "cmg_minute", line),
        "form": form,
        "read_form": DeskForm(auto_id="id_read_%s"),
    }
    return render(request, "desk/agenda_line.html", "Case in a meeting", context, status=status_of(form))


def _labels(kept: Minutes | None) -> list[str]:
    return [Member(each).label for each in kept.present] if kept else []


urls = [
    path("meetings/", meetings, name="meetings"),
    path("meetings/new/", meeting_new, name="meeting_new"),
    path("meetings/<uuid:meeting_id>/", meeting, name="meeting"),
    path("meetings/lines/<uuid:line_id>/", agenda_line, name="agenda_line"),
]

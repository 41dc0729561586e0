"""Pages of notices: the SARC reads the exact bytes and releases them; the addressee reads the inbox."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.selectors import posts_of
from notifications import reviewing, selectors, services
from notifications.acknowledging.selectors import proof
from notifications.decisions import superseded, taken_back
from notifications.extensions.selectors import extension_of, may_extend
from notifications.models import NoticeKind, NoticeState
from notifications.strength import selectors as strength
from reports import access
from sapr import clock
from sapr.desk import even
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError

# Of what a reader was told in a year.
SHOWN = 100


class ReleaseForm(DeskForm):
    """One wording to release: MINIMAL or not, and the digest of the bytes that were on the screen."""

    which = forms.ChoiceField(choices=[("words", "words"), ("minimal", "minimal")], widget=forms.HiddenInput)
    bytes_seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        required=False, label="I know of nothing here by which somebody could work out who is meant."
    )


@page("case_view")
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """The notice as it will stand in the inbox, to the byte; the POST releases it for a slot.

    The address may say how much less the SARC wants to say (`less.<attribute>=<level>`): it names steps, nothing told.
    """
    row, now = selectors.notice_for(request.user, notice_id), clock.now()
    form = ReleaseForm(sent(request))

    def release() -> HttpResponse:
        services.notice_release(
            actor=request.user,
            notice_id=notice_id,
            minimal=form.cleaned_data["which"] == "minimal",
            bytes_seen=form.cleaned_data["bytes_seen"],
            confirmed=form.cleaned_data["confirmed"],
            at=now,
        )
        messages.success(request, "Released. A slot was drawn; nothing more is to be done for this notice.")
        return redirect("admin:notice", notice_id=notice_id)

    if request.method == "POST":
        done = perform(request, form, release, again=reverse("admin:notice", args=[notice_id]))
        if done is not None:
            return done
    waiting = row.kind == NoticeKind.RESTRICTED and row.state == NoticeState.COMPOSED
    may_release = access.may(request.user, "release_notice", now)
    context = {
        "proof": proof(viewer=request.user, notice=row),
        "extension": extension_of(viewer=request.user, notice=row),
        "extendable": may_extend(viewer=request.user, notice=row, at=now),
        "form": form,
        "notice": row,
        "case": row.case,
        "zone": row.case.installation.zone,
        "now": now,
        "wordings": reviewing.wordings(row, request.GET),
        "ladders": reviewing.ladders(row, request.GET) if waiting and may_release else [],
        "waiting": waiting,
        "may_release": may_release,
        "rule": services.CONFIRM_RULE,
        "sayable": waiting
        and row.unit_rung is not None
        and access.may_on(request.user, "propose_finer", row),
        "superseded": waiting and superseded(row),
        "taken_back": row.state == NoticeState.RELEASED and taken_back(row),
        "guesses": reviewing.guesses(row),
        "told": strength.told_to(place=row.post.location, at=now)[:SHOWN] if waiting and may_release else [],
        "decisions": row.decisions.order_by("decided_at", "stage"),
    }
    return render(request, "desk/notice.html", "Notice", context, status=status_of(form))


@page("read_inbox")
def inbox(request: HttpRequest) -> HttpResponse:
    """What was placed for the posts the viewer holds. The page is the same with and without news."""
    return _inbox(request, clock.now())


def _inbox(request: HttpRequest, now: datetime, opened: dict[str, object] | None = None) -> HttpResponse:
    number = _number(request.GET.get("page", "1"))
    first, posts = (number - 1) * even.ROWS, posts_of(request.user, now)
    context = {
        "items": selectors.inbox_page(viewer=request.user, at=now, first=first, posts=posts),
        "posts": posts,
        "opened": opened,
        "newer": max(1, number - 1),
        "older": number + 1,
    }
    return even.padded(render(request, "desk/inbox.html", "Inbox", context))


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else 1


@page("read_inbox")
def inbox_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Open one notice; POST only, because opening a sealed one is recorded in its case."""
    now = clock.now()
    if request.method != "POST":
        return redirect("admin:inbox")
    item, text = services.inbox_open(actor=request.user, item_id=item_id, at=now)
    return _inbox(request, now, {"item": item, "text": text})


@page("read_inbox")
def inbox_acknowledge(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The holder of the post says that the notice was read; POST only. A second time changes nothing."""
    if request.method == "POST":
        try:
            services.inbox_acknowledge(actor=request.user, item_id=item_id, at=clock.now())
        except DomainError as refusal:
            if refusal.code != "already_acknowledged":
                raise
        messages.success(request, "Acknowledged.")
    return redirect("admin:inbox")


urls = [
    path("notices/<uuid:notice_id>/", notice, name="notice"),
    path("inbox/", inbox, name="inbox"),
    path("inbox/<uuid:item_id>/", inbox_item, name="inbox_item"),
    path("inbox/<uuid:item_id>/acknowledge/", inbox_acknowledge, name="inbox_acknowledge"),
]

"""Pages of notices: the SARC reads the exact bytes and releases them; the addressee reads the inbox."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.selectors import posts_of
from notifications import selectors, services
from notifications.acknowledging.selectors import proof
from notifications.extensions.selectors import extension_of, may_extend
from notifications.models import Notice, NoticeKind, NoticeState
from notifications.strength.labels import rung_label
from notifications.strength.rung_models import MINIMAL
from reports import access
from sapr import clock
from sapr.desk import even
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError


class ReleaseForm(DeskForm):
    """One wording to release: `which` of the two, and the digest of the bytes that were on the screen."""

    which = forms.ChoiceField(choices=[("words", "words"), ("minimal", "minimal")], widget=forms.HiddenInput)
    bytes_seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


@page("case_view")
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """The notice as it will stand in the inbox, to the byte; the POST releases it for a slot."""
    row, now = selectors.notice_for(request.user, notice_id), clock.now()
    form = ReleaseForm(sent(request))

    def release() -> HttpResponse:
        services.notice_release(
            actor=request.user,
            notice_id=notice_id,
            minimal=form.cleaned_data["which"] == "minimal",
            bytes_seen=form.cleaned_data["bytes_seen"],
            at=now,
        )
        messages.success(request, "Released. A slot was drawn; nothing more is to be done for this notice.")
        return redirect("admin:notice", notice_id=notice_id)

    if request.method == "POST":
        done = perform(request, form, release, again=reverse("admin:notice", args=[notice_id]))
        if done is not None:
            return done
    context = {
        "proof": proof(viewer=request.user, notice=row),
        "extension": extension_of(viewer=request.user, notice=row),
        "extendable": may_extend(viewer=request.user, notice=row, at=now),
        "form": form,
        "notice": row,
        "case": row.case,
        "zone": row.case.installation.zone,
        "now": now,
        "wordings": _wordings(row),
        "waiting": row.kind == NoticeKind.RESTRICTED and row.state == NoticeState.COMPOSED,
        "may_release": access.may(request.user, "release_notice", now),
    }
    return render(request, "desk/notice.html", "Notice", context, status=status_of(form))


def _wordings(row: Notice) -> list[dict[str, object]]:
    """What can be released, the fuller wording first; one entry when they are the same."""
    if row.kind != NoticeKind.RESTRICTED:
        return []
    found = [("words", rung_label(row.rung), row.wording)]
    if row.state == NoticeState.COMPOSED and row.minimal != row.wording:
        found.append(("minimal", rung_label(MINIMAL), row.minimal))
    return [
        {
            "which": which,
            "rung": rung,
            "text": text,
            "bytes": len(text.encode()),
            "sha256": sha256(text.encode()).hexdigest(),
        }
        for which, rung, text in found
    ]


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

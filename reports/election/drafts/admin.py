"""Where the pages of the intake send what is typed, every few seconds after a change; and forgetting it.

A signed-out browser gets 401 and not the page for signing in: the script then leaves the page as it is, waits, and goes
on with a fresh token once the same person signed in again in another tab.
"""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from accounts import selectors as staff
from reports import access
from reports.election.drafts.models import Draft, Step
from reports.election.drafts.pages import typed
from reports.election.drafts.services import draft_discard, draft_keep, require_step
from sapr import clock
from sapr.desk import once
from sapr.desk.pages import page
from sapr.errors import DomainError


def draft(request: HttpRequest, case_id: UUID | None = None) -> HttpResponse:
    """Asked for: a token that fits the session. Sent: the step's form as typed so far is kept, and nothing more."""
    if not admin.site.has_permission(request):
        return JsonResponse({"code": "signed_out"}, status=401)
    return _draft(request, case_id=case_id)


@page("open_contact", "case_work")
def _draft(request: HttpRequest, case_id: UUID | None) -> HttpResponse:
    step = request.GET.get("step", Step.DETAILS) if case_id else Step.CONTACT
    require_step(request.user, step, case_id)
    if request.method != "POST":
        return JsonResponse({"token": get_token(request), "author": str(request.user.pk)})
    if request.POST.get("author") != str(request.user.pk):
        raise DomainError(
            "somebody_else", "Somebody else is signed in now, so this is not kept as theirs.", status=412
        )
    with transaction.atomic():
        # Waits for the form itself, should it be on its way at this moment.
        if once.earlier(request, request.POST.get("once", "")) is not None:
            raise DomainError("nothing_to_draft", "This step was submitted already.", status=409)
        row = draft_keep(
            actor=request.user,
            step=step,
            case_id=case_id,
            draft_id=_id(request.POST.get("draft")) if case_id is None else None,
            values=typed(request.POST),
            at=clock.now(),
        )
    if "later" in request.POST:
        messages.success(
            request,
            _("Saved, for you alone, until %(time)s.") % {"time": _local(row, row.kept_until, request)},
        )
        return redirect("admin:index")
    # The form itself may be sent meanwhile, and notes in the session that it was done.
    request.session.only_seen = True
    return JsonResponse({"kept": _local(row, row.kept_at, request)})


@page("open_contact")
def forget(request: HttpRequest) -> HttpResponse:
    """The person left before anything was submitted: what was typed is destroyed, with its key. POST only."""
    if request.method == "POST":
        draft_discard(actor=request.user, draft_id=_id(request.POST.get("draft")))
        messages.success(request, _("Forgotten. Nothing of what was typed is kept anywhere."))
    return redirect("admin:index")


def _local(row: Draft, at, request: HttpRequest) -> str:
    if row.case is not None:
        zone = row.case.installation.zone
    else:
        places = staff.installations_of(request.user, at, access.VERBS["open_contact"])
        zone = places[0].zone if places else "UTC"
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise access.NotFoundError from None


open_urls = [
    path("contacts/draft/", draft, name="contact_draft"),
    path("cases/<uuid:case_id>/draft/", draft, name="draft"),
]
urls = [path("contacts/draft/forget/", forget, name="draft_forget")]

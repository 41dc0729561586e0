"""The pages of the intake that need both a case and its notices: the words beforehand, and the receipt afterwards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from notifications import selectors as notices
from notifications.models import NoticeKind, NoticeState
from notifications.previews import election_preview
from reports import access
from reports.election import selectors
from reports.election.papers.selectors import case_signed
from reports.election.steps import steps
from reports.evidence.selectors import case_kits
from reports.obligations import admin as duties
from reports.obligations.models import DutyState
from reports.obligations.selectors import case_duties
from sapr import clock
from sapr.desk.pages import page, render


@page("sign")
def words(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What each option would tell whom, to the byte. POST only: it opens what is sealed, and that is recorded."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="sign")
    if request.method != "POST" or not selectors.has_decision(viewer=request.user, case=case):
        return redirect("admin:options", case_id=case_id)
    context = {
        "case": case,
        "foreseen": election_preview(actor=request.user, case_id=case_id, at=clock.now()),
        "intake": steps("options", viewer=request.user, case=case),
    }
    return render(request, "desk/words.html", _("What commanders would be told"), context)


@page("case_work")
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What was signed and when, what is due now, the copies to hand over, and the notice on its way. Opens nothing."""
    case, now = selectors.case_get(viewer=request.user, case_id=case_id, verb="case_work"), clock.now()
    report = getattr(case, "report", None)
    if report is None:
        messages.info(request, _("Nothing is signed yet."))
        return redirect("admin:case", case_id=case_id)
    told = list(notices.case_notices(viewer=request.user, case=case))
    drawn = duties.lines(case_duties(viewer=request.user, case=case), now)
    context = {
        "case": case,
        "report": report,
        "now": now,
        "zone": case.installation.zone,
        "signed": [row for row in case_signed(viewer=request.user, case=case) if row.newest],
        "due": [line for line in drawn if line.duty.state == DutyState.OPEN],
        "notices": told,
        "review": next(
            (
                each
                for each in told
                if each.kind == NoticeKind.RESTRICTED and each.state == NoticeState.COMPOSED
            ),
            None,
        ),
        "may_release": access.may(request.user, "release_notice", now),
        "kits": case_kits(viewer=request.user, case=case),
        "intake": steps("receipt", viewer=request.user, case=case),
    }
    return render(request, "desk/receipt.html", _("Receipt and copies"), context)


urls = [
    path("cases/<uuid:case_id>/words/", words, name="words"),
    path("cases/<uuid:case_id>/receipt/", receipt, name="receipt"),
]

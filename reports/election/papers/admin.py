"""Pages: the forms of a case, their copies and hand-outs, and a form as a document."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reports import access, policy
from reports.election import selectors as election
from reports.election.forms import SIGNED_HERE, local_date
from reports.election.models import Case
from reports.election.papers import copies, selectors
from reports.election.papers.desk_forms import CopyForm, HandOutForm
from reports.election.papers.document import Document, blank, form_document
from reports.election.papers.models import LOST_FORM
from reports.election.papers.signing_pages import code_of, correct, sign, slug_of
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of


@page("case_work")
def forms(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What is signed, what can be signed, hand-outs and the log of copies. `do` names the step that a POST means."""
    case = election.case_get(viewer=request.user, case_id=case_id, verb="case_work")
    now, zone, do, data = clock.now(), case.installation.zone, request.POST.get("do", ""), sent(request)
    here = reverse("admin:forms", args=[case_id])
    places = selectors.forms_to_sign(case=case, on=local_date(case, now))
    codes = selectors.forms_to_copy(viewer=request.user, case=case)
    copy = CopyForm(data if do == "copy" else None, codes=codes, now=now, zone=zone)
    hand = HandOutForm(
        data if do == "hand" else None, papers=[each for each in places if each.given_to], now=now, zone=zone
    )
    give = DeskForm(data if do == "give" else None, auto_id="id_give_%s")
    actions: dict[str, tuple[DeskForm, Callable[[], object], str]] = {
        "copy": (copy, lambda: _asked(request, case_id, copy), "The request is logged; its seven days run."),
        "give": (give, lambda: _given(request, case_id, now), "The copy is given and logged."),
        "hand": (hand, lambda: _handed(request, case_id, hand), "It is recorded that it was given."),
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
    context = _context(request, case, places) | {
        "now": now, "copy": copy, "hand": hand, "give": give, "may_copy": bool(codes),
    }  # fmt: skip
    status = max(status_of(each) for each in (copy, hand, give))
    return render(request, "desk/forms.html", "Forms", context, status=status)


def _context(request: HttpRequest, case: Case, places: list[policy.PaperEdition]) -> dict[str, object]:
    words = {(each.code, key): said for each in places for key, said in each.given_to.items()}
    hand_outs = list(selectors.case_hand_outs(viewer=request.user, case=case))
    return {
        "case": case,
        "zone": case.installation.zone,
        "signed": selectors.case_signed(viewer=request.user, case=case),
        "to_sign": [(each, slug_of(each.code), each.code == LOST_FORM) for each in places if each.signers],
        "elections": [(code, slug_of(code)) for code in SIGNED_HERE],
        "hand_outs": [(each, words.get((each.form, each.given_to), each.given_to)) for each in hand_outs],
        "copies": selectors.case_copies(viewer=request.user, case=case),
    }


def _asked(request: HttpRequest, case_id: UUID, form: CopyForm) -> None:
    given = form.cleaned_data
    copies.copy_request(
        actor=request.user, case_id=case_id, form=given["form"], delivery=given["delivery"], at=given["at"]
    )


def _given(request: HttpRequest, case_id: UUID, now: datetime) -> None:
    try:
        request_id = UUID(request.POST.get("id", ""))
    except ValueError:
        request_id = UUID(int=0)
    copies.copy_give(actor=request.user, case_id=case_id, request_id=request_id, at=now)


def _handed(request: HttpRequest, case_id: UUID, form: HandOutForm) -> None:
    code, _, given_to = form.cleaned_data["given"].partition("/")
    copies.hand_out_give(
        actor=request.user, case_id=case_id, form=code, given_to=given_to, at=form.cleaned_data["at"]
    )


@page("case_work")
def document(request: HttpRequest, case_id: UUID, form_id: UUID) -> HttpResponse:
    """A signed form as a PDF; POST only, and recorded. It is made in memory and kept nowhere."""
    if request.method != "POST":
        case = election.case_get(viewer=request.user, case_id=case_id)
        access.require_on(
            request.user, selectors.form_get(viewer=request.user, case=case, form_id=form_id), "case_work"
        )
        return redirect("admin:forms", case_id=case_id)
    return _sent_as_file(form_document(actor=request.user, case_id=case_id, form_id=form_id, at=clock.now()))


@page("case_work")
def blank_form(request: HttpRequest, case_id: UUID, code: str) -> HttpResponse:
    """The edition in use today, unsigned, for the bedside. It holds nothing of the case."""
    case = election.case_get(viewer=request.user, case_id=case_id, verb="case_work")
    on = local_date(case, clock.now())
    code = code_of(code)
    if code not in (*SIGNED_HERE, *(each.code for each in policy.papers(on) if each.signers)):
        messages.info(request, "There is no such form today.")
        return redirect("admin:forms", case_id=case_id)
    return _sent_as_file(blank(form=code, on=on))


def _sent_as_file(made: Document) -> HttpResponse:
    answer = HttpResponse(made.body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


urls = [
    path("cases/<uuid:case_id>/forms/", forms, name="forms"),
    path("cases/<uuid:case_id>/forms/sign/<slug:code>/", sign, name="form_sign"),
    path("cases/<uuid:case_id>/forms/blank/<slug:code>/", blank_form, name="form_blank"),
    path("cases/<uuid:case_id>/forms/<uuid:form_id>/correct/", correct, name="form_correct"),
    path("cases/<uuid:case_id>/forms/<uuid:form_id>/document/", document, name="form_document"),
]

"""Pages: exceptions and leaks of a case; and the commander's, on which a statement and nothing else is shown."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reports import access
from reports.disclosure import leaks, selectors, services
from reports.disclosure.asking import record_fields
from reports.disclosure.desk_forms import (
    WHOM,
    AdviseForm,
    DecideForm,
    HandOnForm,
    LeakForm,
    MakeForm,
    ProposeForm,
    TellForm,
)
from reports.disclosure.models import Disclosure
from reports.disclosure.statement import sentences
from reports.election import selectors as election
from reports.election.models import Election
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.demo import zone_of
from sapr.desk.pages import page, perform, render, sent, status_of

HOME = "admin:exception_statements"


@page("case_work")
def exceptions(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every exception of the case at its step, and every leak."""
    viewer = request.user
    case, now = election.case_get(viewer=viewer, case_id=case_id, verb="case_work"), clock.now()
    acts = Acts(request, reverse("admin:exceptions", args=[case_id]))
    add = partial(acts.add, now=now, zone=case.installation.zone)
    on: dict[str, Any] = {"actor": viewer, "case_id": case_id}
    report = getattr(case, "report", None)
    restricted = report is not None and report.election == Election.RESTRICTED
    works = restricted and access.may_on(viewer, "disclose", case)
    words = record_fields()

    def propose(given: dict[str, Any]) -> None:
        services.exception_propose(
            **on, answers=form.answers(), **{name: given[name] for name in ("exception", "scope", "recipient", "at")}
        )  # fmt: skip

    form = add("propose", ProposeForm, propose, "Recorded. Consult the legal office now.") if works else None
    leak = (
        add("leak", LeakForm, lambda given: leaks.leak_find(**on, **given), "Recorded. The report stays Restricted.")
        if works
        else None
    )  # fmt: skip
    rows = [
        {
            "row": row,
            "scope": [words[each] for each in row.scope],
            "told": [words[each] for each in row.fields],
            "form": _next(add, on, row, works),
        }
        for row in selectors.case_disclosures(viewer=viewer, case=case)
    ]
    found = [
        {
            "leak": each,
            "reached": [WHOM[whom] for whom in each.reached],
            "form": _hand_on(add, on, each, case, viewer),
        }
        for each in selectors.case_leaks(viewer=viewer, case=case)
    ]
    done = acts.run()
    if done is not None:
        return done
    context = {
        "case": case,
        "rows": rows,
        "leaks": found,
        "propose": form,
        "leak": leak,
        "restricted": restricted,
        "zone": case.installation.zone,
    }
    return render(
        request, "desk/exceptions.html", "Exceptions to confidentiality", context, status=acts.status
    )


def _next(add, on: dict[str, Any], row: Disclosure, works: bool):
    """The form of the exception's next step, for whoever may take it."""
    about = on | {"disclosure_id": row.pk}
    if row.state == "made":
        return add(
            "tell",
            TellForm,
            lambda given: services.disclosure_tell(**about, **given),
            "Recorded. The victim was told.",
            thing=row.pk,
        )
    if works and row.state == "proposed":
        return add(
            "advise",
            AdviseForm,
            lambda given: services.exception_advise(**about, **given),
            "Recorded. In doubt it goes to the commander, on a statement that identifies nobody.",
            thing=row.pk,
        )
    if works and row.state in ("advised", "cleared"):
        return add(
            "make",
            MakeForm,
            lambda given: services.disclosure_make(**about, fields=given.pop("fields_told"), **given),
            "Recorded. Now tell the victim that a disclosure was made.",
            thing=row.pk,
            scope=row.scope,
        )
    return None


def _hand_on(add, on: dict[str, Any], leak: selectors.Leak, case, viewer):
    due = leak.handed_on_at is None and leaks.tells_mcio(case, leak.reached, leak.found_at)
    if not due or not access.may_on(viewer, "disclose", case):
        return None
    return add(
        "hand_on",
        HandOnForm,
        lambda given: leaks.leak_hand_on(**on, leak_id=leak.id, **given),
        "Recorded. The MCIO was told, and the report stays Restricted.",
        thing=leak.id,
    )


@page("decide_exception")
def exception_statements(request: HttpRequest) -> HttpResponse:
    """What was put to the commander's posts, and what became of it."""
    rows = selectors.statements(viewer=request.user)[:200]
    context = {"statements": rows, "zone": zone_of(request.user)}
    return render(request, "desk/exception_statements.html", "Exceptions to decide on", context)


@page("decide_exception")
def exception_statement(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """One statement and the commander's decision. Nothing on this page comes from the case but words of lists."""
    row = selectors.statement_get(viewer=request.user, statement_id=statement_id)
    form = DecideForm(sent(request))

    def decide() -> HttpResponse:
        services.exception_decide(
            actor=request.user, statement_id=statement_id, decision=form.cleaned_data["decision"]
        )
        messages.success(request, "Decided. The SARC sees your decision now.")
        return redirect(HOME)

    if request.method == "POST":
        done = perform(request, form, decide, again=reverse(HOME))
        if done is not None:
            return done
    context = {
        "statement": row,
        "parts": sentences(row),
        "form": form,
        "zone": zone_of(request.user),
    }
    return render(
        request, "desk/exception_statement.html", "Exception to decide on", context, status=status_of(form)
    )


urls = [
    path("cases/<uuid:case_id>/exceptions/", exceptions, name="exceptions"),
    path("exceptions/", exception_statements, name="exception_statements"),
    path("exceptions/<uuid:statement_id>/", exception_statement, name="exception_statement"),
]

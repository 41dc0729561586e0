"""The page of a case's part in CATCH."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from reports import access
from reports.casework.one_year import asked_at
from reports.catch import credentials, selectors, services
from reports.catch.asking import logins_after_first_use
from reports.catch.desk_forms import (
    CloseForm,
    ExplainForm,
    IssueForm,
    JoinForm,
    LeaveForm,
    MatchForm,
    MatchToldForm,
    UseForm,
    WishForm,
)
from reports.election import selectors as election
from reports.obligations.models import DutyState
from reports.obligations.selectors import case_duties
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.pages import page, render

SHOW_DETAILS, SHOW_NAME = "show_details", "show_name"


@page("case_work")
def catch(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Taking part, how to be reached, credentials, matches. `do` names the step that a POST means.

    A POST that shows a sealed part draws the page with it; the look is an event.
    """
    viewer = request.user
    case, now = election.case_get(viewer=viewer, case_id=case_id, verb="case_work"), clock.now()
    acts = Acts(request, reverse("admin:catch", args=[case_id]))
    add = partial(acts.add, now=now, zone=case.installation.zone)
    on: dict[str, Any] = {"actor": viewer, "case_id": case_id}
    entry, wish = selectors.open_entry(viewer=viewer, case=case), selectors.wish(viewer=viewer, case=case)
    forms = _entry_forms(add, on, entry)
    entries = selectors.entries(viewer=viewer, case=case)
    if entries:
        forms["match"] = add(
            "match",
            MatchForm,
            lambda given: services.catch_match(**on, **given),
            "Recorded. The report stays as it is.",
        )
    matches = [
        {"match": each, "form": None if each.told_at else _told_form(add, on, each)}
        for each in selectors.matches(viewer=viewer, case=case)
    ]
    holds = access.may_on(viewer, "disclose", case)
    if holds and entry is not None:
        forms["issue"] = add(
            "issue",
            IssueForm,
            lambda given: credentials.catch_credentials_issue(**on, **given),
            "Recorded. They end by themselves.",
        )
    held = _held(add, on, case, viewer, now) if holds else []
    do, shown = request.POST.get("do") if request.method == "POST" else None, None
    if do == SHOW_DETAILS:
        shown = selectors.details(viewer=viewer, case=case, at=now)
    elif do == SHOW_NAME and holds:
        _show_name(held, request.POST.get("id", ""), viewer, now)
    else:
        done = acts.run()
        if done is not None:
            return done
    context = {
        "case": case,
        "zone": case.installation.zone,
        "entries": entries,
        "entry": entry,
        "wish": wish,
        "details": shown,
        "forms": forms,
        "matches": matches,
        "holds": holds,
        "held": held,
        "more_logins": logins_after_first_use(now),
        "asked_at": asked_at(viewer=viewer, case=case),
        "now": now,
    }
    return render(request, "desk/catch.html", "CATCH", context, status=acts.status)


def _entry_forms(add, on: dict[str, Any], entry) -> dict[str, Any]:
    """The steps that fit whether the victim takes part."""
    if entry is None:

        def join(given: dict[str, Any]) -> None:
            services.catch_join(
                **on,
                answers=forms["join"].answers(),
                **{name: given[name] for name in ("form_signed", "consents", "details", "at")},
            )

        forms = {
            "explain": add(
                "explain", ExplainForm, lambda given: services.catch_explain(**on, **given), "Recorded."
            ),
            "join": add("join", JoinForm, join, "The victim takes part in CATCH."),
        }
        return forms
    return {
        "wish": add(
            "wish",
            WishForm,
            lambda given: services.catch_wish(**on, **given),
            "Recorded. The new answer counts from now on.",
        ),
        "leave": add(
            "leave",
            LeaveForm,
            lambda given: services.catch_leave(**on, **given),
            "The victim has left CATCH. Nobody contacts them about it.",
        ),
    }


def _told_form(add, on: dict[str, Any], match: selectors.Match):
    return add(
        "tell",
        MatchToldForm,
        lambda given: services.catch_match_tell(**on, match_id=match.id, **given),
        "Recorded. The victim was told; the report stays as it is.",
        thing=match.id,
    )


def _held(add, on: dict[str, Any], case, viewer, now: datetime) -> list[dict[str, Any]]:
    """The credentials of the case with their clocks, and what can be done with those that are open."""
    clocks = case_duties(viewer=viewer, case=case).filter(
        discharged_by=credentials.CLOSED, state=DutyState.OPEN
    )
    until = {duty.about: duty.due_at for duty in clocks}
    rows = []
    for each in selectors.case_credentials(viewer=viewer, case=case):
        about = on | {"credentials_id": each.pk}
        line = {
            "row": each,
            "until": until.get(each.pk),
            "logins": selectors.logins(viewer=viewer, case=case, credentials_id=each.pk),
        }
        if each.pk in until:
            line["forms"] = [
                add("use", UseForm, _step(credentials.catch_credentials_use, about), "Recorded.", thing=each.pk),
                add("end", CloseForm, _step(credentials.catch_credentials_close, about), "Ended.", thing=each.pk),
            ]  # fmt: skip
        rows.append(line)
    return rows


def _step(service, about: dict[str, Any]):
    return lambda given: service(**about, **given)


def _show_name(held: list[dict[str, Any]], wanted: str, viewer, now: datetime) -> None:
    for line in held:
        if str(line["row"].pk) == wanted:
            line["user_name"] = selectors.user_name(viewer=viewer, record=line["row"], at=now)


urls = [path("cases/<uuid:case_id>/catch/", catch, name="catch")]

"""The list of one's cases with its filters, and the filters one keeps."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from reports.finding import selectors, services
from reports.finding.filters import Filter
from reports.finding.forms import CURSORS, FilterForm, ForgetForm, SaveForm
from reports.obligations.selectors import next_due
from sapr import clock
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError
from sapr.paging import Window, window

PER_PAGE = 40
NOTHING = Window([], None, None)


@page("case_view")
def cases(request: HttpRequest) -> HttpResponse:
    """The viewer's cases that the filter in the address means, newest first; no seal is opened, nothing is counted."""
    viewer, now = request.user, clock.now()
    form = FilterForm(request.GET, places=selectors.places(viewer=viewer, at=now))
    wanted, found = Filter(), NOTHING
    if form.is_valid():
        wanted = form.wanted
        rows = selectors.cases_found(viewer=viewer, wanted=wanted, at=now)
        cursors = {name: request.GET.get(name, "") for name in CURSORS}
        try:
            found = window(rows, by="opened_at", newest_first=True, limit=PER_PAGE, **cursors)
        except DomainError:
            form.add_error(None, _("This page does not exist. Start again from the first one."))
    due = next_due(viewer=viewer, cases=[case.pk for case in found.rows], at=now)
    kept = [_kept(each, wanted) for each in selectors.saved(viewer=viewer)]
    address = urlencode(wanted.address())
    # Nothing to keep where nothing is looked for, or what is kept already.
    to_keep = wanted.address() and not any(each["shown"] for each in kept)
    context: dict[str, Any] = {
        "now": now,
        "form": form,
        "cases": [(case, due.get(case.pk)) for case in found.rows],
        "window": found,
        "wanted": wanted.address(),
        "words": wanted.words(),
        "address": f"{address}&" if address else "",
        "kept": kept,
        "save": SaveForm(places=[], initial=wanted.address()) if to_keep else None,
    }
    return render(request, "desk/cases.html", _("Cases"), context, status=status_of(form))


def _kept(row, shown: Filter | None = None) -> dict[str, Any]:
    """A kept filter with its words, where it leads, and whether it is the one `shown`."""
    wanted = Filter.of(row)
    url = f"{reverse('admin:cases')}?{urlencode(wanted.address())}"
    return {"row": row, "words": wanted.words(), "url": url, "shown": wanted == shown}


@page("case_view")
def filters(request: HttpRequest) -> HttpResponse:
    """The filters one keeps. A POST keeps one (`do=save`, with its words and a name) or forgets one (`do=forget`)."""
    actor, data, do = request.user, sent(request), request.POST.get("do", "")
    save = SaveForm(data if do == "save" else None, places=selectors.places(viewer=actor, at=clock.now()))
    forget = ForgetForm(data if do == "forget" else None, auto_id="id_forget_%s")

    def kept() -> HttpResponse:
        row = services.filter_save(actor=actor, name=save.cleaned_data["name"], wanted=save.wanted)
        messages.success(request, _("Kept. It stands above the list of cases."))
        return redirect(_kept(row)["url"])

    def forgotten() -> HttpResponse:
        services.filter_forget(actor=actor, name=forget.cleaned_data["name"])
        messages.success(request, _("Forgotten."))
        return redirect("admin:case_filters")

    here = reverse("admin:case_filters")
    for form, action in ((save, kept), (forget, forgotten)):
        done = perform(request, form, action, again=here) if form.is_bound else None
        if done is not None:
            return done
    context = {
        "kept": [_kept(each) for each in selectors.saved(viewer=actor)],
        "form": save if save.is_bound else forget,
        "save": save,
    }
    status = max(status_of(save), status_of(forget))
    return render(request, "desk/filters.html", _("Kept filters"), context, status=status)


urls = [path("cases/", cases, name="cases"), path("cases/filters/", filters, name="case_filters")]

"""The page of figures: a SARC's own cases in full; for programme managers installations in classes. docs/figures.md."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import access, policy
from reports.jobs.selectors import is_open, own
from reports.statistics import drawing, quarters
from reports.statistics.own import VERB, figures
from sapr import clock
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

HOME = "admin:figures"


class QuarterForm(DeskForm):
    """Which quarter is counted."""

    quarter = forms.ChoiceField(label=gettext_lazy("Quarter"))

    def __init__(self, *args: Any, choices: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [(each.isoformat(), named(each)) for each in choices]


def named(quarter: date) -> str:
    """2026, January to March."""
    names = (_("January to March"), _("April to June"), _("July to September"), _("October to December"))
    return f"{quarter.year}, {names[quarter.month // quarters.QUARTER_MONTHS]}"


@page(VERB, quarters.VERB)
def figures_page(request: HttpRequest) -> HttpResponse:
    """What somebody may see by their roles, one below the other."""
    now, viewer = clock.now(), request.user
    context: dict[str, Any] = {}
    if access.may(viewer, VERB, now):
        context["own"] = drawing.of_own_cases(figures(viewer=viewer, at=now, zone=zone_of(viewer)))
    if not access.may(viewer, quarters.VERB, now):
        return render(request, "desk/figures.html", _("Figures"), context)
    published = quarters.published(viewer=viewer, at=now)
    mine = [job for job in own(viewer=viewer).filter(quarter__isnull=False)[:20] if is_open(job)]
    begun = {job.quarter for job in mine}
    missing = [each for each in quarters.ripe(now) if each not in published and each not in begun]
    form = QuarterForm(sent(request), choices=missing)

    def ask() -> HttpResponse:
        chosen = date.fromisoformat(form.cleaned_data["quarter"])
        job = quarters.quarter_figures_ask(actor=viewer, quarter=chosen, at=now)
        return redirect("admin:job", job_id=job.pk)

    if request.method == "POST":
        done = perform(request, form, ask, again=request.path)
        if done is not None:
            return done
    context |= {"form": form, "missing": missing, "jobs": mine, "all": True} | _shown(published, now)
    return render(request, "desk/figures.html", _("Figures"), context, status=status_of(form))


def _shown(published: dict[date, list[quarters.Line]], now) -> dict[str, Any]:
    limits = policy.access_rules(now.date()).limits
    width = limits["figures_class"]
    tables = [
        {
            "name": named(quarter),
            "rows": [
                (
                    each.name,
                    each.people,
                    drawing.in_class(each.in_time, width),
                    drawing.in_class(each.late, width),
                    "–" if each.share is None else each.share,
                )
                for each in lines
            ],
        }
        for quarter, lines in published.items()
    ]
    newest = next(iter(published.values()), None)
    charts = drawing.of_installations(newest, width) if newest else []
    return {"charts": charts, "tables": tables, "limits": limits}


urls = [path("figures/", figures_page, name="figures")]

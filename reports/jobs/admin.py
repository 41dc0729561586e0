"""Own jobs, and one of them: how far it is, going on by hand where the browser drives it, cancelling."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.exports.making import export_step
from reports.jobs import selectors
from reports.jobs.models import Job, JobKind
from reports.jobs.services import VERBS, job_cancel
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render

SHOWN = 40


class StepForm(DeskForm):
    button = gettext_lazy("Make the next part")


class CancelForm(DeskForm):
    button = gettext_lazy("Cancel this job")


@page(*VERBS)
def jobs(request: HttpRequest) -> HttpResponse:
    """One's own jobs, the newest first."""
    context = {"jobs": selectors.own(viewer=request.user)[:SHOWN], "zone": zone_of(request.user)}
    return render(request, "desk/jobs.html", _("Your jobs"), context)


@page(*VERBS)
def job_page(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far one of them is. A script looks again; without it the page is reloaded, or a button goes on."""
    now, viewer = clock.now(), request.user
    job = selectors.job_get(viewer=viewer, job_id=job_id)
    acts = Acts(request, reverse("admin:job", args=[job_id]))
    still = selectors.is_open(job)
    step = cancel = None
    if still or request.method == "POST":
        if job.kind == JobKind.EXPORT:
            step = acts.add(
                "step",
                StepForm,
                lambda given: export_step(actor=viewer, job_id=job_id, at=now),
                _("The next part is made."),
            )
        cancel = acts.add(
            "cancel",
            CancelForm,
            lambda given: job_cancel(actor=viewer, job_id=job_id, at=now),
            _("It is cancelled."),
        )
    if (done := acts.run()) is not None:
        return done
    context = {
        "job": job,
        "open": still,
        "step": step if still else None,
        "cancel": cancel if still else None,
        "zone": zone_of(viewer),
        "errors": [form for form in (step, cancel) if form is not None and form.errors and not still],
        "result": _result(job),
    }
    return render(request, "desk/job.html", _("A job"), context, status=acts.status)


def _result(job: Job) -> str:
    """Where what it makes is seen."""
    if job.kind == JobKind.EXPORT:
        return reverse("admin:export", args=[job.export_id])
    return reverse("admin:figures")


urls = [
    path("jobs/", jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", job_page, name="job"),
]

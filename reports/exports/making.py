"""Making an approved export, part by part, in the web process under the asker's own rights.

Not in the worker: it may read no case, and a process that may name any viewer must not. So whoever asked keeps the
page open, and each step asks anew what they may see. The lines exist in memory only, until they are encrypted.
"""

import hashlib
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pyrage
from django.db.models import QuerySet

from reports import access, policy
from reports.dsaid.writing import written
from reports.election.models import Case
from reports.exports import selectors
from reports.exports.lines import of_cases
from reports.exports.models import Export, ExportKind, ExportPart, ExportState
from reports.exports.services import said
from reports.jobs.models import OPEN, Failure, Job, JobKind, JobState
from reports.jobs.services import queue
from reports.ledger.services import append
from reports.validation import instant
from sapr.errors import DomainError, NotFoundError

# By another calendar than UTC's a day begins at most this much earlier or later.
ELSEWHERE = timedelta(hours=14)


def scope(*, viewer, export: Export) -> QuerySet[Case]:
    """The viewer's own cases that the export may be of (AC-74), by id; contacts that ended are not among them.

    By the days in UTC, widened: `_within` says which lie in the days of their installation.
    """
    cases = access.rows(viewer, "export_ask", Case).select_related("installation", "report")
    midnight = time(tzinfo=ZoneInfo("UTC"))
    if export.opened_from:
        cases = cases.filter(opened_at__gte=datetime.combine(export.opened_from, midnight) - ELSEWHERE)
    if export.opened_to:
        after = datetime.combine(export.opened_to, midnight) + timedelta(days=1) + ELSEWHERE
        cases = cases.filter(opened_at__lt=after)
    return cases.order_by("id")


def _within(export: Export, case: Case) -> bool:
    day = case.opened_at.astimezone(ZoneInfo(case.installation.zone)).date()
    return (export.opened_from is None or day >= export.opened_from) and (
        export.opened_to is None or day <= export.opened_to
    )


@access.service
def export_begin(*, actor, export_id: UUID, at: datetime) -> Job:
    """Begin to make the file of an approved export, or go on where an earlier job stopped."""
    access.require(actor, "export_ask")
    at = instant(at, "at")
    export = selectors.own(viewer=actor).filter(pk=export_id).first()
    if export is None:
        raise NotFoundError
    if export.state != ExportState.APPROVED or export.look_at <= at:
        raise DomainError(
            "not_approved", "This export is not approved, or its time is over. Ask for a new one.", status=409
        )
    made = ExportPart.objects.filter(export=export).count()
    job = Job(
        kind=JobKind.EXPORT,
        owner=actor,
        export=export,
        total=made + _parts(scope(viewer=actor, export=export).count(), at),
        asked_at=at,
        look_at=at,
    )
    return queue(job, again="The file is being made already: see your jobs.")


def _parts(cases: int, at: datetime) -> int:
    """How many parts so many cases make, one at least: a file without lines says that there are none."""
    return max(1, -(-cases // policy.access_rules(at.date()).limits["job_lines"]))


@access.service
def export_step(*, actor, job_id: UUID, at: datetime) -> Job:
    """Make the next part, in one transaction with its mark on each case's own record; after the last it is made.

    A step that is cut off leaves nothing; the next begins after the last part that was kept. Two at the same moment
    make two parts, one after the other. A job that is over is left alone.
    """
    access.require(actor, "export_ask")
    at = instant(at, "at")
    job = Job.objects.select_for_update().filter(owner=actor, pk=job_id, kind=JobKind.EXPORT).first()
    if job is None:
        raise NotFoundError
    if job.state not in OPEN:
        return job
    export = Export.objects.get(pk=job.export_id)
    if export.state != ExportState.APPROVED or export.look_at <= at:
        return _save(job, state=JobState.FAILED, failure=Failure.TOO_LATE)
    parts = ExportPart.objects.filter(export=export).defer("body").order_by("-number")
    before = parts.first()
    cases = scope(viewer=actor, export=export)
    if before is not None and before.upto is not None:
        cases = cases.filter(pk__gt=before.upto)
    size = policy.access_rules(at.date()).limits["job_lines"]
    found = list(cases[: size + 1])
    batch, more = found[:size], len(found) > size
    _write(export, actor, [case for case in batch if _within(export, case)], batch, before, at)
    done = job.done + 1
    if more:
        return _save(job, state=JobState.RUNNING, done=done, total=max(job.total, done + 1))
    digests = "\n".join(reversed(parts.values_list("sha256", flat=True)))
    digest = hashlib.sha256(digests.encode()).hexdigest()
    Export.objects.filter(pk=export.pk).update(state=ExportState.MADE, made_at=at, digest=digest)
    export.refresh_from_db()
    said(export, actor, at, digest=digest)
    return _save(job, state=JobState.FINISHED, done=done, total=done)


def _write(
    export: Export, actor, cases: list[Case], batch: list[Case], before: ExportPart | None, at: datetime
) -> None:
    """One part for the recipient alone, and on each case's chain that it is in an export, with which fields."""
    if export.kind == ExportKind.DSAID:
        # What is no report is no row there.
        cases = [case for case in cases if hasattr(case, "report")]
        lines = written(viewer=actor, cases=cases, names=export.fields, form=export.form, at=at)
    else:
        lines = of_cases(viewer=actor, cases=cases, fields=export.fields, at=at)
    reader = pyrage.x25519.Recipient.from_str(export.recipient)
    body = pyrage.encrypt(lines.encode(), [reader])
    ExportPart(
        export=export,
        number=before.number + 1 if before else 1,
        upto=batch[-1].pk if batch else before.upto if before else None,
        lines=len(cases),
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
        made_at=at,
    ).save(force_insert=True)
    # By id, as they come: two exports at once wait for each other's cases in one order.
    for case in cases:
        data = {"export": str(export.pk), "fields": export.fields}
        append(case_id=case.pk, kind="case_exported", actor=actor, at=at, data=data)


def _save(job: Job, **values) -> Job:
    Job.objects.filter(pk=job.pk).update(**values)
    job.refresh_from_db()
    return job

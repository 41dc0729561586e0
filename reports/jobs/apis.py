"""REST: one's own jobs. Who asked for an export makes its parts here; figures are counted by the worker."""

from rest_framework import serializers

from reports.exports.making import export_step
from reports.jobs import selectors
from reports.jobs.models import Failure, JobKind, JobState
from reports.jobs.services import VERBS, job_cancel
from sapr.acts import act
from sapr.fields import InstantField, WordField
from sapr.reads import listing, thing

ASK, COUNT = VERBS


class JobOutput(serializers.Serializer):
    """Long work, and how far it is."""

    id = serializers.UUIDField(help_text="The job's id.")
    kind = WordField(JobKind, help_text="What is made.")
    state = WordField(JobState, help_text="How far it is.")
    quarter = serializers.DateField(
        allow_null=True, help_text="The first day of the quarter that is counted."
    )
    export = serializers.UUIDField(source="export_id", allow_null=True, help_text="The export that is made.")
    done = serializers.IntegerField(help_text="Steps done.")
    total = serializers.IntegerField(help_text="Steps there are, as far as it is known.")
    asked_at = InstantField(help_text="When it was asked for.")
    ended_at = InstantField(allow_null=True, help_text="When it was over.")
    failure = WordField(Failure, allow_blank=True, help_text="Why it failed; empty: it did not.")


OPERATIONS = [
    listing(
        "jobs", selectors.own, name="job_list", verb=ASK, also=[COUNT], says="List one's jobs", item=JobOutput,
        page="Job", by="asked_at", newest_first=True,
    ),
    thing(
        "jobs/<uuid:job_id>", selectors.job_get, name="job_get", verb=ASK, also=[COUNT],
        says="Read how far a job is", answers=JobOutput,
    ),
    act(
        "jobs/<uuid:job_id>/cancel", job_cancel, verb=ASK, also=[COUNT], says="Cancel a job", answers=JobOutput,
    ),
    act(
        "jobs/<uuid:job_id>/step", export_step, verb=ASK, says="Make the next part of an export",
        answers=JobOutput,
    ),
]  # fmt: skip

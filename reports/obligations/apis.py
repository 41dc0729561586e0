"""REST: what is due."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.election.models import Case
from reports.obligations import admin, selectors
from reports.obligations.models import Duty
from sapr import showing
from sapr.apis import BaseApi, PageQuery, operation, page_of
from sapr.fields import INSTANTS, InstantField, NameField, NumberField, UuidField, WordField
from sapr.paging import page, selected, turned
from sapr.reads import listing, thing


class DutyOutput(serializers.Serializer):
    """A duty: which rule demands what of whom, by when."""

    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id")
    rule = serializers.CharField()
    kind = serializers.CharField()
    role = serializers.CharField()
    state = serializers.CharField()
    due_at = InstantField()
    immediate = serializers.BooleanField(help_text="Due at its trigger; no minute makes it late.")
    discharged_by = serializers.CharField()
    reason = serializers.CharField()


SOONEST, LATEST = "soonest", "latest"


class DutyQuery(PageQuery):
    """Which open duties, in which order."""

    order = WordField(
        [SOONEST, LATEST], required=False, help_text="By when they are due; soonest first without it."
    )
    case = UuidField(required=False, help_text="Of this case.")
    kind = NameField(required=False, help_text="Of this kind, as answers name it.")
    role = NameField(required=False, help_text="Demanded of this role, as answers name it.")
    due_from = InstantField(required=False, validators=INSTANTS, help_text="Due at this instant or later.")
    due_until = InstantField(required=False, validators=INSTANTS, help_text="Due before this instant.")

    # The condition of each filter.
    MEANS: ClassVar = {
        "case": "case_id", "kind": "kind", "role": "role", "due_from": "due_at__gte", "due_until": "due_at__lt",
    }  # fmt: skip


class DutyListApi(BaseApi):
    """The open duties of the caller's cases, soonest first unless asked otherwise."""

    verb = "case_view"
    QuerySerializer = DutyQuery
    OutputSerializer = DutyOutput

    @operation(
        "List what is due", name="duty_list", query=DutyQuery, answers=page_of(DutyOutput, "Duty"),
        refusals=[422],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        latest = self.query.get("order") == LATEST
        rows = selected(selectors.open_duties(viewer=request.user), self.query, DutyQuery.MEANS)
        rows = turned(rows, by="due_at", newest_first=latest)
        show = lambda duty: showing.shown(self.OutputSerializer, duty)  # noqa: E731
        return Response(page(rows, by="due_at", newest_first=latest, query=self.query, show=show))


class CaseDutyOutput(DutyOutput):
    """A duty of a case in words, open or not."""

    sentence = serializers.CharField(help_text="What is to be done.")
    rule_sentence = serializers.CharField(help_text="The rule's words; empty when it is known no more.")
    citation = serializers.CharField(help_text="Where the rule stands.")
    late = serializers.BooleanField(help_text="Open and past its instant.")
    about = serializers.UUIDField(allow_null=True, help_text="The matter, kit or notice that it is about.")
    occurrence = NumberField(help_text="Which turn of a duty that repeats.")
    opened_at = InstantField(help_text="When it began.")
    closed_at = InstantField(allow_null=True, help_text="When it was done, ended or left out.")


class LatePlaceOutput(serializers.Serializer):
    """What is late at one installation."""

    installation = serializers.UUIDField(help_text="Where.")
    number = serializers.CharField(help_text="How many duties; a plus: more are not counted.")
    since = InstantField(help_text="Since when the first one is.")


class LatenessOutput(serializers.Serializer):
    """What is late where, and how much falls due within a day anywhere. Never of which case."""

    items = LatePlaceOutput(many=True, help_text="The installations at which something is late.")
    soon = serializers.CharField(help_text="How many duties fall due within a day.")


def duties_of(*, viewer, case: Case) -> QuerySet[Duty]:
    """Every duty of a case of the caller's, open or not, by the instant at which it is or was due."""
    return selectors.case_duties(viewer=viewer, case=case).select_related("case", "case__installation")


def lateness(*, viewer) -> dict[str, Any]:
    """For a programme manager: what is late at each installation."""
    late, soon = selectors.lateness(viewer=viewer)
    items = [
        {"installation": place, "number": each.number, "since": each.since}
        for place, each in sorted(late.items(), key=lambda pair: pair[1].since)
    ]
    return {"items": items, "soon": soon}


def _in_words(duties: list[Duty], *, at: datetime) -> list[dict[str, Any]]:
    return [_line(each) for each in admin.lines(duties, at)]


def _line(line: admin.DutyLine) -> dict[str, Any]:
    duty, fields = line.duty, CaseDutyOutput().fields
    own = {name: getattr(duty, name) for name in fields if hasattr(duty, name)}
    said = {name: getattr(line, name) for name in ("sentence", "rule_sentence", "citation", "late")}
    return own | {"case_id": duty.case_id} | said


OPERATIONS = [
    listing(
        "cases/<uuid:case_id>/duties", duties_of, name="case_duties", verb="case_view",
        says="List every duty of a case", item=CaseDutyOutput, by="due_at", shows=_in_words,
    ),
    thing(
        "lateness", lateness, name="lateness", verb="see_alarms", says="Read what is late where",
        answers=LatenessOutput,
    ),
]  # fmt: skip

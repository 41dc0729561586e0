"""REST: matters of a case: opened, moved by their steps, read. What is sealed in one is opened by a POST of its own."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from reports.casework.matters import opening, selectors, services
from reports.casework.matters.kinds import EXCUSES, KINDS, title
from reports.casework.matters.models import Matter, MatterKind
from reports.casework.matters.reading import Detail, Kind, Step
from reports.election.models import Case
from reports.ledger.kinds import EventKind
from reports.ledger.models import Event
from reports.obligations.models import LateReason
from sapr.acts import act
from sapr.fields import InstantField, TextField, WordField
from sapr.named import AnswerField
from sapr.reads import listing, thing

STEP = "A step of the kind, as `matter-kinds` lists them."
WHEN = "When it happened; a dated step takes `excuse` where that is not known."
EXCUSE = "Why the instant is not known."
LATE = "Needed when something that this makes due is overdue already."


class MatterOutput(serializers.Serializer):
    """One matter and where it stands."""

    id = serializers.UUIDField(help_text="The matter.")
    kind = WordField(MatterKind, help_text="What it is.")
    what = serializers.CharField(allow_null=True, help_text="Which of its kind, where there are several.")
    state = serializers.CharField(help_text="Where it stands, a word of its kind.")
    parent = serializers.UUIDField(source="parent_id", allow_null=True, help_text="What it is a part of.")
    opened_at = InstantField(help_text="When it began.")
    moved_at = InstantField(help_text="When its latest step was taken, as far as that is known.")
    ended_at = InstantField(allow_null=True, help_text="When it ended; null while it runs.")
    sealed = serializers.BooleanField(help_text="Whether name or content is sealed in it.")
    steps = serializers.ListField(child=serializers.CharField(), help_text="The steps that follow now.")


class MatterEventOutput(serializers.Serializer):
    """One event of a matter."""

    kind = serializers.CharField(help_text="The kind of event.")
    sentence = serializers.CharField(help_text="The same in words.")
    occurred_at = InstantField(help_text="When it happened.")
    recorded_at = InstantField(help_text="When it was entered.")
    not_dated = WordField(EXCUSES, "NotDated", allow_null=True, help_text="Why its instant is not known.")


class MatterWhole(MatterOutput):
    """A matter with what happened in it."""

    events = MatterEventOutput(many=True, help_text="Its events and those of its parts, in order.")


class DetailOutput(serializers.Serializer):
    """One answer that a step asks."""

    name = serializers.CharField(help_text="Its key among the details.")
    ask = serializers.CharField(help_text="The question.")
    words = serializers.ListField(child=serializers.CharField(), help_text="What can be answered.")
    many = serializers.BooleanField(help_text="A list of words is the answer.")
    all = serializers.BooleanField(help_text="Every word has to be in the list.")
    optional = serializers.BooleanField(help_text="May be left out.")
    moment = serializers.BooleanField(help_text="An instant is the answer.")
    only = serializers.ListField(child=serializers.CharField(), help_text="The cases in which it is asked.")


class StepOutput(serializers.Serializer):
    """One step of a kind."""

    step = serializers.CharField(help_text="Its name.")
    title = serializers.CharField(help_text="The step in words.")
    comes_from = serializers.ListField(
        child=serializers.CharField(),
        help_text="The states in which it can be taken; an empty one opens the matter.",
    )
    to = serializers.CharField(allow_null=True, help_text="The state after it; null: it stays where it is.")
    dated = serializers.BooleanField(help_text="Takes an excuse where its instant is not known.")
    details = DetailOutput(many=True, help_text="What it asks.")


class KindOutput(serializers.Serializer):
    """One kind of matter."""

    kind = WordField(MatterKind, help_text="Its name.")
    label = serializers.CharField(help_text="The kind in words.")
    elections = serializers.ListField(child=serializers.CharField(), help_text="The cases that it fits.")
    sealed = serializers.ListField(child=serializers.CharField(), help_text="The sealed texts it takes.")
    parent = serializers.CharField(allow_null=True, help_text="The kind that it is a part of.")
    steps = StepOutput(many=True, help_text="The steps that a person takes.")


class KindsOutput(serializers.Serializer):
    """Every kind of matter."""

    items = KindOutput(many=True, help_text="In the order of their names.")


def row_of(row: Matter) -> dict[str, Any]:
    """A matter as it is shown; opens no seal."""
    shown = {field: getattr(row, field) for field in ("id", "kind", "state", "parent_id", "ended_at")}
    return shown | {
        "what": row.what or None,
        "opened_at": row.opened_at,
        "moved_at": row.moved_at,
        "sealed": row.name is not None or row.content is not None,
        "steps": [each.step for each in KINDS[row.kind].steps_from(row.state)],
    }


def matter_whole(*, viewer, case: Case, matter_id: UUID) -> dict[str, Any]:
    """One matter with its events; its sealed part stays closed."""
    row = selectors.matter_get(viewer=viewer, case=case, matter_id=matter_id)
    events = selectors.matter_events(viewer=viewer, matter=row)
    return row_of(row) | {"events": [_event(each) for each in events]}


def _event(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "sentence": EventKind(event.kind).label,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "not_dated": event.data.get("not_dated"),
    }


def matter_kinds() -> dict[str, Any]:
    """What can be opened in a case, by which steps it moves and what each of them asks. Holds nothing of any case."""
    return {"items": [_kind(each) for _, each in sorted(KINDS.items())]}


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "label": kind.label,
        "elections": sorted(each or "none" for each in kind.elections),
        "sealed": list(kind.sealed),
        "parent": kind.parent or None,
        "steps": [_step(each) for each in kind.steps if each.by_hand],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.step,
        "title": title(step),
        "comes_from": list(step.before),
        "to": step.to,
        "dated": step.dated,
        "details": [_detail(each) for each in step.details],
    }


def _detail(detail: Detail) -> dict[str, Any]:
    flags = {name: getattr(detail, name) for name in ("name", "ask", "many", "all", "optional", "moment")}
    return flags | {"words": list(detail.words), "only": sorted(each or "none" for each in detail.only)}


def _texts(opened: dict[str, str]) -> dict[str, Any]:
    return {"texts": opened}


class MatterSealedOutput(serializers.Serializer):
    """What is sealed in a matter."""

    texts = serializers.DictField(child=serializers.CharField(), help_text="By the labels of its kind.")


def answers() -> serializers.DictField:
    """What a step asks."""
    return serializers.DictField(
        child=AnswerField(), required=False, help_text="What the step asks, by name."
    )


OPERATIONS = [
    thing(
        "matter-kinds", matter_kinds, name="matter_kinds", verb="case_work", says="List what a case can hold",
        answers=KindsOutput,
    ),
    listing(
        "cases/<uuid:case_id>/matters", selectors.matters_by_age, name="case_matters", verb="case_work",
        says="List the matters of a case", item=MatterOutput, by="opened_at", newest_first=True, show=row_of,
    ),
    act(
        "cases/<uuid:case_id>/matters/open", services.matter_open, verb="case_work", says="Open a matter",
        takes={
            "kind": WordField(MatterKind, help_text="What it is."),
            "step": f"By which step, where the kind has several. {STEP}",
            "details": answers(),
            "sealed": serializers.DictField(
                child=TextField(), required=False, help_text="The kind's sealed texts, written once: name, content."
            ),
            "parent_id": "The matter that it is a part of.",
            "at": WHEN,
            "excuse": WordField(EXCUSES, "NotDated", required=False, help_text=EXCUSE),
            "late_reason": WordField(LateReason, required=False, help_text=LATE),
        },
        answers=MatterOutput, show=row_of, status=201,
    ),
    thing(
        "cases/<uuid:case_id>/matters/<uuid:matter_id>", matter_whole, name="case_matter", verb="case_work",
        says="Read a matter", answers=MatterWhole,
    ),
    act(
        "cases/<uuid:case_id>/matters/<uuid:matter_id>/step", services.matter_step, verb="case_work",
        says="Take a step of a matter",
        takes={
            "step": STEP,
            "details": answers(),
            "at": WHEN,
            "excuse": WordField(EXCUSES, "NotDated", required=False, help_text=EXCUSE),
            "late_reason": WordField(LateReason, required=False, help_text=LATE),
        },
        answers=MatterOutput, show=row_of,
    ),
    act(
        "cases/<uuid:case_id>/matters/<uuid:matter_id>/sealed", opening.matter_sealed_open, verb="case_work",
        says="Open the sealed part of a matter", answers=MatterSealedOutput, show=_texts, only_reads=True,
        refusals=(404, 429),
    ),
]  # fmt: skip

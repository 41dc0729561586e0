"""REST: a case's way after signing: closing, opening again, taking part in the investigation; who is on it."""

from typing import Any

from rest_framework import serializers

from reports import policy
from reports.casework import closing, closing_above, participation, selectors
from reports.casework.completeness import recorded
from reports.casework.matters.keeping import keeping_open
from reports.casework.models import CaseRole
from reports.election.models import Case
from reports.election.outputs import CaseSummary, case_row
from sapr.acts import act
from sapr.fields import FlagField, InstantField, WordField
from sapr.named import PersonOutput
from sapr.reads import listing, thing

WHEN = "When; now unless given."


class RuleSayingOutput(serializers.Serializer):
    """What a rule says."""

    rule = serializers.CharField(help_text="Its id.")
    sentence = serializers.CharField(help_text="Its words.")


class ClosingOutput(serializers.Serializer):
    """How a case stands towards its closing."""

    known = serializers.DictField(child=serializers.BooleanField(), help_text="What the case itself records.")
    asked = serializers.ListField(child=serializers.CharField(), help_text="What the SARC has to answer.")
    keeping = RuleSayingOutput(many=True, help_text="What runs and keeps it open.")


class RuleSaysOutput(serializers.Serializer):
    """What the rules say with it."""

    says = RuleSayingOutput(many=True, help_text="In the order of the rules.")


class ClosedOutput(serializers.Serializer):
    """Whether a case was closed, and no more."""

    closed = serializers.BooleanField(help_text="False: no such case, one elsewhere, one that is not ready.")


class AssignmentOutput(serializers.Serializer):
    """Somebody who is or was on a case."""

    person = PersonOutput(source="user", help_text="Who.")
    role = WordField(CaseRole, help_text="As what.")
    started_at = InstantField(help_text="From when.")
    ended_at = InstantField(allow_null=True, help_text="Until when; null: now.")


def closing_of(*, case: Case) -> dict[str, Any]:
    """What a case of the caller's records of the tests for closing, and what they have to answer."""
    known = recorded(case)
    return {
        "known": known,
        "asked": [name for name in closing.ASKED if name not in known],
        "keeping": keeping_open(case),
    }


def _says(ruling: policy.Ruling) -> dict[str, Any]:
    return {"says": ruling.says}


def _closed(closed: bool) -> dict[str, bool]:
    return {"closed": closed}


OPERATIONS = [
    listing(
        "cases/<uuid:case_id>/people", selectors.assignments_of, name="case_people", verb="case_view",
        says="List who is on a case", item=AssignmentOutput, by="started_at",
    ),
    thing(
        "cases/<uuid:case_id>/closing", closing_of, name="case_closing", verb="move_case",
        says="Read how a case stands towards its closing", answers=ClosingOutput,
    ),
    act(
        "cases/<uuid:case_id>/close", closing.case_close, verb="move_case", says="Close a case",
        takes={
            "at": WHEN,
            "answers": serializers.DictField(
                child=FlagField(allow_null=True), allow_null=True, required=False,
                help_text=f"What the case does not record itself: {', '.join(closing.ASKED)}.",
            ),
        },
        answers=CaseSummary, show=case_row,
    ),
    act(
        "cases/<uuid:case_id>/reopen", closing.case_reopen, verb="move_case", says="Open a closed case again",
        takes={"reason": WordField(closing.REOPEN_REASONS, "ReopenReason", help_text="Why."), "at": WHEN},
        answers=CaseSummary, show=case_row,
    ),
    act(
        "cases/<uuid:case_id>/participation/decline", participation.participation_decline, verb="case_work",
        says="Record that the victim takes no part",
        takes={
            "at": WHEN,
            "letter": WordField(
                participation.LETTERS, "ParticipationLetter", required=False, help_text="Where the rules ask for one."
            ),
            "investigation": WordField(
                participation.INVESTIGATIONS, "KnownInvestigation", required=False,
                help_text="Of a Restricted report: as far as the SARC knows.",
            ),
        },
        answers=RuleSaysOutput, show=_says,
    ),
    act(
        "cases/<uuid:case_id>/participation/resume", participation.participation_resume, verb="case_work",
        says="Record that the victim takes part again", takes={"at": WHEN}, answers=CaseSummary, show=case_row,
    ),
    act(
        "close-from-above", closing_above.case_close_from_above, verb="close_from_above",
        says="Close a case by its number from a command above",
        takes={"number": "The case's number."}, answers=ClosedOutput, show=_closed, refusals=(),
    ),
]  # fmt: skip

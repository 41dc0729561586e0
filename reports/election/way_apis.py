"""REST: cases that are no report, and what a conversion would show before it is signed."""

from django.db.models import QuerySet
from rest_framework import serializers

from reports.election import conversion, inquiries, opening, selectors
from reports.election.inputs import IdentityInput, NarrativeInput
from reports.election.models import Case, CaseState
from reports.election.outputs import CaseSummary, DecisionOutput, FactsField, case_row
from sapr.acts import act
from sapr.fields import InstantField
from sapr.named import PlaceField
from sapr.reads import listing

WHEN = "When; now unless given."


def texts(said: str) -> serializers.ListField:
    """A list of texts."""
    return serializers.ListField(child=serializers.CharField(), help_text=said)


class OfficeOutput(serializers.Serializer):
    """One role and what it sees of the report, in words."""

    role = serializers.CharField(help_text="Who.")
    before = texts("What it sees of the Restricted report.")
    after = texts("What it would see.")
    gained = texts("What the conversion adds.")
    because = serializers.CharField(help_text="Why.")
    rules = texts("By which rules.")


class ToldOutput(serializers.Serializer):
    """One notice that would go out."""

    kind = serializers.CharField(help_text="Which notice, in words.")
    post = serializers.CharField(help_text="To whom.")
    place = serializers.CharField(help_text="Where that post is.")
    text = serializers.CharField(help_text="Every word of it.")


class SparedOutput(serializers.Serializer):
    """One duty that the conversion would not bring, and by which rule."""

    kind = serializers.CharField(help_text="Which duty.")
    rule = serializers.CharField(help_text="By which rule.")


class PreparedOutput(serializers.Serializer):
    """What a conversion now would show to whom."""

    confirmation = serializers.CharField(
        source="digest", help_text="What `convert` is given once this was read."
    )
    offices = OfficeOutput(many=True, help_text="Who would see more.")
    told = ToldOutput(many=True, help_text="The notices in every word.")
    spared = SparedOutput(many=True, help_text="What it would not bring.")


class DecidedOutput(serializers.Serializer):
    """What the rules answered, and to which facts."""

    decided_at = InstantField(help_text="When they were asked.")
    facts = FactsField(help_text="What they were given.")
    decision = DecisionOutput(help_text="What they answered.")


def limited(*, viewer) -> QuerySet[Case]:
    """The caller's cases that are open with limited information, the newest first."""
    return selectors.case_list(viewer=viewer).filter(state=CaseState.OPEN_LIMITED_INFO)


def inquiries_of(*, viewer) -> QuerySet[Case]:
    """The caller's inquiries, the newest first."""
    return selectors.case_list(viewer=viewer).filter(state__in=[CaseState.SRI, CaseState.SRI_CATCH])


OPERATIONS = [
    act(
        "cases/<uuid:case_id>/eligibility/open", opening.decision_open, verb="case_work",
        says="Open the last answer of the rules", answers=DecidedOutput, only_reads=True,
        refusals=(404,),
    ),
    act(
        "cases/<uuid:case_id>/inquiry", inquiries.inquiry_log, verb="move_case", says="Log a contact as an inquiry",
        takes={"at": WHEN}, answers=CaseSummary, show=case_row,
    ),
    listing(
        "inquiries", inquiries_of, name="inquiries", verb="case_view", says="List one's inquiries",
        item=CaseSummary, by="opened_at", newest_first=True, show=case_row,
    ),
    listing(
        "limited-cases", limited, name="limited_cases", verb="case_view",
        says="List one's cases with limited information", item=CaseSummary, by="opened_at", newest_first=True,
        show=case_row,
    ),
    act(
        "limited-cases/open", inquiries.limited_case_open, verb="move_case",
        says="Open a case with limited information",
        takes={
            "at": WHEN,
            "installation": PlaceField(
                required=False, allow_null=True, help_text="An installation whose SARC the caller is."
            ),
            "identity": IdentityInput(required=False, help_text="Only what the MCIO says."),
            "narrative": NarrativeInput(required=False, help_text="Only what the MCIO says."),
        },
        answers=CaseSummary, show=case_row, status=201, refusals=(409,),
    ),
    act(
        "cases/<uuid:case_id>/convert/prepare", conversion.conversion_prepare, verb="convert",
        says="Show what a conversion would tell whom", answers=PreparedOutput, only_reads=True,
        refusals=(404, 409, 429),
    ),
]  # fmt: skip

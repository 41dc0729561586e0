"""REST: who knew what of a case, when, by which rule. The look is an event of the case, and stands in the account."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from reports import access
from reports.ledger.selectors import case_events
from sapr import clock
from sapr.apis import BaseApi, operation
from sapr.fields import InstantField, NumberField, StrictSerializer, WordField
from sapr.knowing import selectors, services
from sapr.knowing.lines import Line, Who
from sapr.knowing.words import HOWS


class KnownByRuleOutput(serializers.Serializer):
    """A rule by which somebody knew."""

    id = serializers.CharField(help_text="The rule's id.")
    sentence = serializers.CharField(help_text="What it says.")


class ReaderOutput(serializers.Serializer):
    """A person, a post or an outside body."""

    sort = serializers.CharField(help_text="person, post or body.")
    name = serializers.CharField(help_text="The name shown.")
    role = WordField(Role, allow_blank=True, help_text="The role of then.")
    holders = serializers.ListField(child=serializers.CharField(), help_text="Of a post: who held it then.")


class KnowledgeLineOutput(serializers.Serializer):
    """One way in which one act made something known to somebody."""

    event = serializers.IntegerField(help_text="The act's number in the case's chain.")
    hash = serializers.CharField(help_text="Its SHA-256.")
    at = InstantField(help_text="When it happened.")
    who = ReaderOutput(help_text="Who came to know.")
    how = WordField(HOWS, help_text="By what.")
    purpose = serializers.CharField(help_text="Why a seal was opened; empty: none was.")
    fields_known = serializers.ListField(
        child=serializers.CharField(), help_text="Of what; never what it said."
    )
    on_record = serializers.BooleanField(help_text="false: what was said is not on record.")
    rung = serializers.CharField(
        help_text="How much the words of a Restricted notice said; empty: no notice."
    )
    rules = KnownByRuleOutput(many=True, help_text="By which rules; none is a finding.")


class ReaderInSumOutput(serializers.Serializer):
    """One reader in sum."""

    who = ReaderOutput(help_text="Who.")
    fields_known = serializers.ListField(child=serializers.CharField(), help_text="Everything they know of.")
    acts = serializers.IntegerField(help_text="By how many acts.")


def shown(line: Line) -> dict[str, Any]:
    """The fields of KnowledgeLineOutput."""
    return {
        "event": line.act.seq,
        "hash": line.act.hash,
        "at": line.act.occurred_at,
        "who": _who(line.who),
        "how": line.how,
        "purpose": line.purpose,
        "fields_known": line.fields,
        "on_record": bool(line.fields) or line.nothing,
        "rung": line.rung,
        "rules": line.rules,
    }


def _who(who: Who) -> dict[str, Any]:
    return {name: getattr(who, name) for name in ("sort", "name", "role", "holders")}


class KnowledgeApi(BaseApi):
    """The account of a case, newest act first; to whom it is shown is recorded in the case."""

    verb, only_reads = "see_knowledge", True
    service = services.knowledge_shown

    class InputSerializer(StrictSerializer):
        before = NumberField(
            required=False,
            min_value=1,
            help_text="Acts before this number only: `older` of the answer before.",
        )

    class OutputSerializer(serializers.Serializer):
        known = ReaderInSumOutput(
            many=True, help_text="The readers in the order in which they first came to know."
        )
        lines = KnowledgeLineOutput(many=True, help_text="The newest acts first.")
        older = serializers.IntegerField(
            allow_null=True, help_text="There are more before this number; null: no."
        )
        last_event = serializers.IntegerField(help_text="The newest event of the case: this look.")
        last_hash = serializers.CharField(help_text="Its SHA-256.")

    @operation(
        "Read who knew what of a case", name="knowledge_shown", takes=InputSerializer, answers=OutputSerializer,
        refusals=[404],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        viewer = request.user
        case = access.case_for(viewer, case_id, self.verb)
        services.knowledge_shown(actor=viewer, case_id=case.pk, at=clock.now())
        lines = selectors.lines_of(viewer=viewer, case=case)
        found, older = selectors.older_than(lines, self.given.get("before"), selectors.ACTS_SHOWN)
        last = case_events(viewer=viewer, case=case).last()
        known = [
            {"who": _who(each.who), "fields_known": [name for name in each.first if name], "acts": each.acts}
            for each in selectors.known(lines)
        ]
        answer = {"known": known, "lines": [shown(each) for each in found], "older": older}
        return self.answer(answer | {"last_event": last.seq, "last_hash": bytes(last.hash).hex()})


OPERATIONS = [path("cases/<uuid:case_id>/who-knew", KnowledgeApi.as_view())]

"""REST: exceptions to the confidentiality of a Restricted report, the commander's decision, and leaks."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from reports.disclosure import leaks, selectors, services
from reports.disclosure.asking import record_fields
from reports.disclosure.leaks import REACHED
from reports.disclosure.models import (
    Advice,
    Decided,
    DisclosureState,
    Exceptions,
    ExceptionStatement,
    Office,
    Privilege,
    Recipient,
)
from reports.disclosure.statement import sentences
from reports.election.models import Case
from sapr.acts import EventOutput, act, of_event
from sapr.fields import InstantField, WordField
from sapr.reads import listing, thing

CASE = "cases/<uuid:case_id>"
ONE = f"{CASE}/disclosures/<uuid:disclosure_id>"
WHEN = "When it happened; left out: now."


def of_record(sentence: str) -> serializers.ListField:
    """Kinds of information, any number of them."""
    return serializers.ListField(child=WordField(record_fields()), help_text=sentence)


class DisclosureOutput(serializers.Serializer):
    """An exception and the step it is at."""

    id = serializers.UUIDField(help_text="Names it in the steps that follow.")
    exception = WordField(Exceptions, help_text="Which exception.")
    state = WordField(DisclosureState, help_text="The step it is at.")
    proposed_at = InstantField(help_text="When it was proposed.")
    scope = of_record("What it covers.")
    recipient = WordField(Recipient, help_text="To whom it goes.")
    office = WordField(Office, allow_blank=True, help_text="Who was consulted; empty: nobody yet.")
    advice = WordField(Advice, allow_blank=True, help_text="What the legal office said.")
    privilege = WordField(Privilege, allow_blank=True, help_text="What it said on MRE 514.")
    advised_at = InstantField(allow_null=True, help_text="When it was consulted.")
    post = serializers.CharField(
        source="post.title",
        default=None,
        allow_null=True,
        help_text="The post that decides; null: nobody has to.",
    )
    decision = WordField(Decided, allow_blank=True, help_text="The commander's; empty: none.")
    decided_at = InstantField(allow_null=True, help_text="When it was decided.")
    fields_told = serializers.ListField(
        source="fields", child=WordField(record_fields()), help_text="What was disclosed."
    )
    made_at = InstantField(allow_null=True, help_text="When it was disclosed.")
    told_at = InstantField(allow_null=True, help_text="When the victim was told.")


class LeakOutput(serializers.Serializer):
    """A disclosure that nobody was entitled to make."""

    id = serializers.UUIDField(help_text="Names it when the MCIO is told.")
    found_at = InstantField(help_text="When it was found.")
    reached = serializers.ListField(child=WordField(REACHED), help_text="Whom it reached.")
    handed_on_at = InstantField(allow_null=True, help_text="When the MCIO was told.")


class LeaksOutput(serializers.Serializer):
    """Every leak of a case."""

    items = LeakOutput(many=True, help_text="The newest first.")


class LeakIdOutput(serializers.Serializer):
    """What was recorded."""

    leak = serializers.UUIDField(help_text="The leak's id.")


class StatementRow(serializers.Serializer):
    """What was put to one of the caller's posts."""

    id = serializers.UUIDField(help_text="The statement's id; it says nothing of the case.")
    exception = WordField(Exceptions, help_text="Which exception.")
    post = serializers.CharField(source="post.title", help_text="The post it was put to.")
    put_at = InstantField(help_text="When it was put.")
    decision = WordField(Decided, allow_blank=True, help_text="Empty: it waits.")
    decided_at = InstantField(allow_null=True, help_text="When it was decided.")


class StatementPartOutput(serializers.Serializer):
    """A part of the statement."""

    heading = serializers.CharField(help_text="What it is about.")
    lines = serializers.ListField(child=serializers.CharField(), help_text="Sentences made of lists.")


class StatementOutput(StatementRow):
    """One statement in full. Nothing of it comes from the case but words of lists."""

    parts = StatementPartOutput(many=True, help_text="What the commander reads.")


def statement_whole(*, viewer, statement_id: UUID) -> ExceptionStatement:
    """One statement put to a post of the caller's, with every sentence that the commander reads."""
    found = selectors.statement_get(viewer=viewer, statement_id=statement_id)
    found.parts = [{"heading": heading, "lines": lines} for heading, lines in sentences(found)]
    return found


def leaks_of(*, viewer, case: Case) -> dict[str, Any]:
    """The leaks found in a case of the caller's, the newest first."""
    return {"items": selectors.case_leaks(viewer=viewer, case=case)}


OPERATIONS = [
    listing(
        f"{CASE}/disclosures", selectors.case_disclosures, name="disclosure_list", verb="case_work",
        says="List the exceptions of a case", item=DisclosureOutput, page="Disclosure", by="proposed_at",
        newest_first=True,
    ),
    act(
        f"{CASE}/disclosures/propose", services.exception_propose, verb="disclose", says="Propose an exception",
        takes={
            "exception": WordField(Exceptions, help_text="Which exception."),
            "answers": serializers.DictField(
                help_text="What the exception's own condition asks, by name: EX-1 authorisation_written, EX-2 "
                "threat_serious, threat_imminent, repeat_offender, EX-3 needed_for_determination, EX-4 "
                "specific_request (true or false), EX-5 order_source (a word)."
            ),
            "scope": of_record("What it covers. Nothing outside this can be disclosed later."),
            "recipient": WordField(Recipient, help_text="To whom it would go."),
            "at": WHEN,
        },
        answers=DisclosureOutput, status=201,
    ),
    act(
        f"{ONE}/advise", services.exception_advise, verb="disclose", says="Record what the legal office said",
        takes={
            "office": WordField(Office, help_text="Who was consulted."),
            "advice": WordField(Advice, help_text="What it said."),
            "privilege": WordField(Privilege, help_text="What it said on MRE 514."),
            "at": WHEN,
        },
        answers=DisclosureOutput,
    ),
    act(
        f"{ONE}/make", services.disclosure_make, verb="disclose", says="Record that the minimum was disclosed",
        takes={
            "fields": of_record("What was disclosed: no more than was needed."),
            "minimum_only": "It is no more than the exception needs.",
            "recipient_needs_to_know": "Who is told needs to know it officially.",
            "at": WHEN,
        },
        answers=DisclosureOutput,
    ),
    act(
        f"{ONE}/tell", services.disclosure_tell, verb="case_work", says="Record that the victim was told",
        takes={"at": WHEN}, answers=DisclosureOutput,
    ),
    thing(
        f"{CASE}/leaks", leaks_of, name="leak_list", verb="case_work", says="List the leaks of a case",
        answers=LeaksOutput,
    ),
    act(
        f"{CASE}/leaks/find", leaks.leak_find, verb="disclose", says="Record a disclosure without right",
        takes={
            "reached": serializers.ListField(
                child=WordField(REACHED), help_text="Whom it reached."
            ),
            "at": WHEN,
        },
        answers=LeakIdOutput, show=lambda leak: {"leak": leak}, status=201,
    ),
    act(
        f"{CASE}/leaks/<uuid:leak_id>/hand-on", leaks.leak_hand_on, verb="disclose",
        says="Record that the MCIO was told of a leak", takes={"at": WHEN}, answers=EventOutput, show=of_event,
    ),
    listing(
        "exceptions", selectors.statements, name="statement_list", verb="decide_exception",
        says="List the exceptions put to one's posts", item=StatementRow, page="StatementRow", by="put_at",
        newest_first=True,
    ),
    thing(
        "exceptions/<uuid:statement_id>", statement_whole, name="statement_get", verb="decide_exception",
        says="Read an exception to decide on", answers=StatementOutput,
    ),
    act(
        "exceptions/<uuid:statement_id>/decide", services.exception_decide, verb="decide_exception",
        says="Decide on an exception", takes={"decision": WordField(Decided, help_text="The decision, once.")},
        answers=StatementRow,
    ),
]  # fmt: skip

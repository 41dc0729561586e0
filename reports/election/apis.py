"""REST: from first contact to a signed election."""

from uuid import UUID

from django.db import transaction
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.election import contacts, conversion, selectors, services
from reports.election.inputs import IdentityInput, NarrativeInput, Signatures
from reports.election.outputs import CaseSummary, ReportSummary, case_row, report_row
from sapr import clock
from sapr.acts import act
from sapr.apis import BaseApi, operation
from sapr.fields import FlagField, StrictSerializer, TextField


class ContactOpenApi(BaseApi):
    """Open a contact: a case folder, no report, nobody told."""

    verb = "open_contact"
    OutputSerializer = CaseSummary

    class InputSerializer(StrictSerializer):
        source = TextField(
            required=False,
            help_text="The door: healthcare, commander, law_enforcement, sarc, sapr_va, self (default) or other.",
        )
        identity = IdentityInput(required=False, help_text="Who the victim is.")
        narrative = NarrativeInput(required=False, help_text="What happened.")

    @operation(
        "Open a contact", name="contact_open", takes=InputSerializer, answers=CaseSummary, status=201,
        refusals=[409],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        case = contacts.contact_open(
            actor=request.user,
            at=clock.now(),
            source=self.given.get("source", "self"),
            identity=self.given.get("identity"),
            narrative=self.given.get("narrative"),
        )
        return self.answer(case_row(case), status=201)


class ContactCompleteApi(BaseApi):
    """Add to the sealed contents of a contact or replace them."""

    verb = "case_work"
    OutputSerializer = CaseSummary

    class InputSerializer(StrictSerializer):
        identity = IdentityInput(required=False, help_text="Who the victim is.")
        narrative = NarrativeInput(required=False, help_text="What happened.")

    @operation(
        "Complete a contact", name="contact_complete", takes=InputSerializer, answers=CaseSummary,
        refusals=[404, 409],
    )  # fmt: skip
    def patch(self, request: Request, case_id: UUID) -> Response:
        case = contacts.contact_complete(
            actor=request.user,
            case_id=case_id,
            at=clock.now(),
            identity=self.given.get("identity", {}),
            narrative=self.given.get("narrative", {}),
        )
        return self.answer(case_row(case))


class PersonFindApi(BaseApi):
    """Which of the caller's cases name a person. The look is an event; the number stands in no address."""

    verb = "case_view"
    only_reads = True

    class InputSerializer(StrictSerializer):
        dod_id = TextField(help_text="Ten digits.")

    class OutputSerializer(serializers.Serializer):
        items = CaseSummary(many=True)

    @operation("Find a person's cases", name="person_find", takes=InputSerializer, answers=OutputSerializer)
    def post(self, request: Request) -> Response:
        found = selectors.person_find(viewer=request.user, dod_id=self.given["dod_id"], at=clock.now())
        return self.answer({"items": [case_row(case) for case in found]})


class SealedOpenApi(BaseApi):
    """Open identity and account of a case. The look is an event that names the caller and the purpose."""

    verb = "case_work"
    only_reads = only_looks = True

    class InputSerializer(StrictSerializer):
        purpose = TextField(help_text="Why: case_work, or emergency where the case was opened in one.")

    class OutputSerializer(serializers.Serializer):
        identity = serializers.DictField(
            child=serializers.CharField(),
            required=False,
            help_text="Who the victim is, as far as it was told.",
        )
        narrative = serializers.DictField(
            child=serializers.CharField(), required=False, help_text="What happened, as far as it was told."
        )

    @operation(
        "Open the sealed parts", name="case_sealed_open", takes=InputSerializer, answers=OutputSerializer,
        refusals=[404, 429],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        case = selectors.case_get(viewer=request.user, case_id=case_id)
        purpose = self.given["purpose"]
        found = selectors.sealed_parts(viewer=request.user, case=case, purpose=purpose, at=clock.now())
        return self.answer(found)


class ReportSignApi(BaseApi):
    """Sign the election: the report, its duties and its notices, or nothing."""

    verb = "sign"
    OutputSerializer = ReportSummary

    class InputSerializer(Signatures):
        election = TextField(help_text="restricted or unrestricted.")
        edition = TextField(help_text="The edition of the form in force on the day of signing.")
        initials = serializers.DictField(child=TextField(), help_text="Acknowledgement key: initials.")

    @operation(
        "Sign the election", name="case_sign", takes=InputSerializer, answers=ReportSummary, status=201,
        refusals=[404, 409],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        report = services.report_sign(actor=request.user, case_id=case_id, **self.given)
        return self.answer(report_row(report), status=201)


class ReportConvertApi(BaseApi):
    """Make a Restricted report Unrestricted by a new victim signature. There is no way back.

    `confirmation` is that of `convert/prepare`, as this person was shown it. Without one this prepares and converts in
    one transaction: what its offices will see is recorded as shown, and sealed to the act.
    """

    verb = "convert"
    OutputSerializer = ReportSummary

    class InputSerializer(Signatures):
        confirmation = TextField(required=False, help_text="What `convert/prepare` gave.")
        form = TextField(required=False, help_text="DD 2910-1 where the first form is lost.")
        remotely = FlagField(required=False, help_text="Signed from afar; on DD 2910-1 only.")

    @operation(
        "Convert to Unrestricted", name="case_convert", takes=InputSerializer, answers=ReportSummary,
        refusals=[404, 409, 429],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        given = dict(self.given)
        with transaction.atomic():
            if "confirmation" not in given:
                shown = conversion.conversion_prepare(actor=request.user, case_id=case_id, at=clock.now())
                given["confirmation"] = shown.digest
            report = conversion.report_convert(actor=request.user, case_id=case_id, **given)
        return self.answer(report_row(report))


OPERATIONS = [
    act(
        "cases/<uuid:case_id>/walk-away", contacts.contact_walk_away, verb="case_work",
        says="Close a contact without a report", answers=CaseSummary, show=case_row,
    ),
]  # fmt: skip

"""Generated from the description of the API by `manage.py client_code --write`. Not edited by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal
from urllib.parse import quote

from sapr_client.answers import *
from sapr_client.transport import Transport


class Client(Transport):
    """Every operation of the API, by its name."""

    def case_convert(
        self,
        case_id: str,
        body: SignaturesRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ReportSummary:
        """Convert to Unrestricted: POST /api/v1/cases/{case_id}/convert"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/convert", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def case_eligibility(
        self,
        case_id: str,
        body: CaseEligibilityRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> DecisionOutput:
        """Decide the options of a case: POST /api/v1/cases/{case_id}/eligibility"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/eligibility", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def case_evidence_number(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> KitNumber:
        """Issue an evidence number: POST /api/v1/cases/{case_id}/evidence-number"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/evidence-number", idempotency_key=idempotency_key, if_match=if_match)

    def case_get(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "number", "state", "election", "installation", "opened_at", "signed_at", "converted_at", "duties", "notices"]] | None = None,
    ) -> CaseGet:
        """Read a case: GET /api/v1/cases/{case_id}"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}", query={"fields": fields})

    def case_list_page(
        self,
        *,
        cursor: str | None = None,
        due: Literal["late", "once", "soon", "any", "nothing"] | None = None,
        fields: Sequence[Literal["id", "number", "state", "election", "installation", "opened_at"]] | None = None,
        kit: Literal["kept", "numbered", "none"] | None = None,
        limit: int | None = None,
        opened: Literal["this_month", "last_month", "this_year", "last_year"] | None = None,
        opened_from: str | None = None,
        opened_to: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        place: str | None = None,
        role: Literal["sarc", "sapr_va"] | None = None,
        running: Literal["open", "closed"] | None = None,
        stands: Literal["contact", "inquiry", "limited", "restricted", "unrestricted", "converted", "walked_away"] | None = None,
    ) -> CasePage:
        """List one's cases: GET /api/v1/cases"""
        return self._ask("GET", "/api/v1/cases", query={"cursor": cursor, "due": due, "fields": fields, "kit": kit, "limit": limit, "opened": opened, "opened_from": opened_from, "opened_to": opened_to, "order": order, "place": place, "role": role, "running": running, "stands": stands})

    def case_list(
        self,
        *,
        due: Literal["late", "once", "soon", "any", "nothing"] | None = None,
        fields: Sequence[Literal["id", "number", "state", "election", "installation", "opened_at"]] | None = None,
        kit: Literal["kept", "numbered", "none"] | None = None,
        limit: int | None = None,
        opened: Literal["this_month", "last_month", "this_year", "last_year"] | None = None,
        opened_from: str | None = None,
        opened_to: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        place: str | None = None,
        role: Literal["sarc", "sapr_va"] | None = None,
        running: Literal["open", "closed"] | None = None,
        stands: Literal["contact", "inquiry", "limited", "restricted", "unrestricted", "converted", "walked_away"] | None = None,
    ) -> Iterator[CaseSummary]:
        """List one's cases: GET /api/v1/cases, row after row"""
        return self._pages("/api/v1/cases", {"due": due, "fields": fields, "kit": kit, "limit": limit, "opened": opened, "opened_from": opened_from, "opened_to": opened_to, "order": order, "place": place, "role": role, "running": running, "stands": stands})

    def case_sealed_open(
        self,
        case_id: str,
        body: SealedOpenRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> SealedOpen:
        """Open the sealed parts: POST /api/v1/cases/{case_id}/sealed"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/sealed", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def case_sign(
        self,
        case_id: str,
        body: ReportSignRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ReportSummary:
        """Sign the election: POST /api/v1/cases/{case_id}/sign"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/sign", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def case_step(
        self,
        case_id: str,
        body: StepRecordRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> StepRecord:
        """Record a step: POST /api/v1/cases/{case_id}/steps"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/steps", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def case_va(
        self,
        case_id: str,
        body: VaAssignRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> VaAssign:
        """Assign a SAPR VA: POST /api/v1/cases/{case_id}/va"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/va", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def client_get(
        self,
        *,
        fields: Sequence[Literal["name", "prefix", "expires_at", "per_minute", "places", "rooms", "verbs", "fields_shown"]] | None = None,
    ) -> ClientGet:
        """Read what the key is for: GET /api/v1/client"""
        return self._ask("GET", "/api/v1/client", query={"fields": fields})

    def client_rotate(
        self,
        *,
        idempotency_key: str | None = None,
    ) -> ClientRotate:
        """Follow the key with a new one: POST /api/v1/client/rotate"""
        return self._ask("POST", "/api/v1/client/rotate", idempotency_key=idempotency_key)

    def contact_complete(
        self,
        case_id: str,
        body: PatchedContactCompleteRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseSummary:
        """Complete a contact: PATCH /api/v1/contacts/{case_id}"""
        return self._ask("PATCH", f"/api/v1/contacts/{quote(str(case_id), safe='')}", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def contact_open(
        self,
        body: ContactOpenRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> CaseSummary:
        """Open a contact: POST /api/v1/contacts"""
        return self._ask("POST", "/api/v1/contacts", body=body, idempotency_key=idempotency_key)

    def contact_walk_away(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseSummary:
        """Close a contact without a report: POST /api/v1/cases/{case_id}/walk-away"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/walk-away", idempotency_key=idempotency_key, if_match=if_match)

    def counts(
        self,
        *,
        fields: Sequence[Literal["restricted", "unrestricted"]] | None = None,
    ) -> Counts:
        """Count one's reports by option: GET /api/v1/counts"""
        return self._ask("GET", "/api/v1/counts", query={"fields": fields})

    def duty_list_page(
        self,
        *,
        case: str | None = None,
        cursor: str | None = None,
        due_from: str | None = None,
        due_until: str | None = None,
        fields: Sequence[Literal["id", "case", "rule", "kind", "role", "state", "due_at", "immediate", "discharged_by", "reason"]] | None = None,
        kind: str | None = None,
        limit: int | None = None,
        order: Literal["soonest", "latest"] | None = None,
        role: str | None = None,
    ) -> DutyPage:
        """List what is due: GET /api/v1/duties"""
        return self._ask("GET", "/api/v1/duties", query={"case": case, "cursor": cursor, "due_from": due_from, "due_until": due_until, "fields": fields, "kind": kind, "limit": limit, "order": order, "role": role})

    def duty_list(
        self,
        *,
        case: str | None = None,
        due_from: str | None = None,
        due_until: str | None = None,
        fields: Sequence[Literal["id", "case", "rule", "kind", "role", "state", "due_at", "immediate", "discharged_by", "reason"]] | None = None,
        kind: str | None = None,
        limit: int | None = None,
        order: Literal["soonest", "latest"] | None = None,
        role: str | None = None,
    ) -> Iterator[DutyOutput]:
        """List what is due: GET /api/v1/duties, row after row"""
        return self._pages("/api/v1/duties", {"case": case, "due_from": due_from, "due_until": due_until, "fields": fields, "kind": kind, "limit": limit, "order": order, "role": role})

    def eligibility(
        self,
        body: EligibilityRequest,
        *,
        idempotency_key: str | None = None,
    ) -> DecisionOutput:
        """Ask which options the rules give: POST /api/v1/eligibility"""
        return self._ask("POST", "/api/v1/eligibility", body=body, idempotency_key=idempotency_key)

    def emergency_ask(
        self,
        body: EmergencyRequest,
        *,
        idempotency_key: str | None = None,
    ) -> EmergencyOutput:
        """Ask for emergency access: POST /api/v1/emergencies"""
        return self._ask("POST", "/api/v1/emergencies", body=body, idempotency_key=idempotency_key)

    def emergency_decide(
        self,
        request_id: str,
        body: EmergencyDecideRequest,
        *,
        idempotency_key: str | None = None,
    ) -> EmergencyOutput:
        """Decide on emergency access: POST /api/v1/emergencies/{request_id}/decide"""
        return self._ask("POST", f"/api/v1/emergencies/{quote(str(request_id), safe='')}/decide", body=body, idempotency_key=idempotency_key)

    def emergency_end(
        self,
        request_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> EmergencyOutput:
        """End emergency access: POST /api/v1/emergencies/{request_id}/end"""
        return self._ask("POST", f"/api/v1/emergencies/{quote(str(request_id), safe='')}/end", idempotency_key=idempotency_key)

    def emergency_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "asked_for", "standing", "asked_at", "answer_by", "runs_until"]] | None = None,
        limit: int | None = None,
    ) -> EmergencyPage:
        """List one's requests for emergency access: GET /api/v1/emergencies"""
        return self._ask("GET", "/api/v1/emergencies", query={"cursor": cursor, "fields": fields, "limit": limit})

    def emergency_list(
        self,
        *,
        fields: Sequence[Literal["id", "asked_for", "standing", "asked_at", "answer_by", "runs_until"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[EmergencyOutput]:
        """List one's requests for emergency access: GET /api/v1/emergencies, row after row"""
        return self._pages("/api/v1/emergencies", {"fields": fields, "limit": limit})

    def emergency_reason(
        self,
        request_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> EmergencyReason:
        """Read the reason: POST /api/v1/emergencies/{request_id}/reason"""
        return self._ask("POST", f"/api/v1/emergencies/{quote(str(request_id), safe='')}/reason", idempotency_key=idempotency_key)

    def form_edition(
        self,
        *,
        form: str,
        on: str,
        fields: Sequence[Literal["form", "edition", "acknowledgements"]] | None = None,
    ) -> FormEdition:
        """Look up a form's edition: GET /api/v1/form-editions"""
        return self._ask("GET", "/api/v1/form-editions", query={"form": form, "on": on, "fields": fields})

    def inbox_acknowledge(
        self,
        item_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> InboxOutput:
        """Acknowledge an inbox item: POST /api/v1/inbox/{item_id}/acknowledge"""
        return self._ask("POST", f"/api/v1/inbox/{quote(str(item_id), safe='')}/acknowledge", idempotency_key=idempotency_key)

    def inbox_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "kind", "post", "slot", "acknowledged"]] | None = None,
        limit: int | None = None,
    ) -> InboxPage:
        """List one's inbox: GET /api/v1/inbox"""
        return self._ask("GET", "/api/v1/inbox", query={"cursor": cursor, "fields": fields, "limit": limit})

    def inbox_list(
        self,
        *,
        fields: Sequence[Literal["id", "kind", "post", "slot", "acknowledged"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[InboxOutput]:
        """List one's inbox: GET /api/v1/inbox, row after row"""
        return self._pages("/api/v1/inbox", {"fields": fields, "limit": limit})

    def inbox_open(
        self,
        item_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> InboxOpenOutput:
        """Open an inbox item: POST /api/v1/inbox/{item_id}/open"""
        return self._ask("POST", f"/api/v1/inbox/{quote(str(item_id), safe='')}/open", idempotency_key=idempotency_key)

    def kit_hand_to_mcio(
        self,
        case_id: str,
        body: KitHandToMcioInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> KitOutput:
        """Hand a kit to MCIO: POST /api/v1/cases/{case_id}/kits/to-mcio"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/to-mcio", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def kit_seal(
        self,
        case_id: str,
        body: KitSealInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> KitOutput:
        """Seal a kit: POST /api/v1/cases/{case_id}/kits/seal"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/seal", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def notice_get(
        self,
        notice_id: str,
        *,
        fields: Sequence[Literal["id", "case", "kind", "state", "post", "last_slot", "slot", "rung", "wording", "wording_sha256", "minimal", "minimal_sha256", "released_sha256"]] | None = None,
    ) -> NoticeOutput:
        """Read a notice: GET /api/v1/notices/{notice_id}"""
        return self._ask("GET", f"/api/v1/notices/{quote(str(notice_id), safe='')}", query={"fields": fields})

    def notice_list_page(
        self,
        *,
        case: str | None = None,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "case", "kind", "state", "post", "last_slot", "slot"]] | None = None,
        kind: Literal["commander_notice_restricted", "commander_notice_details", "mcio_notice", "unit_commander_notice"] | None = None,
        last_slot_from: str | None = None,
        last_slot_until: str | None = None,
        limit: int | None = None,
        order: Literal["earliest", "latest"] | None = None,
        state: Literal["composed", "released", "placed"] | None = None,
    ) -> NoticePage:
        """List notices: GET /api/v1/notices"""
        return self._ask("GET", "/api/v1/notices", query={"case": case, "cursor": cursor, "fields": fields, "kind": kind, "last_slot_from": last_slot_from, "last_slot_until": last_slot_until, "limit": limit, "order": order, "state": state})

    def notice_list(
        self,
        *,
        case: str | None = None,
        fields: Sequence[Literal["id", "case", "kind", "state", "post", "last_slot", "slot"]] | None = None,
        kind: Literal["commander_notice_restricted", "commander_notice_details", "mcio_notice", "unit_commander_notice"] | None = None,
        last_slot_from: str | None = None,
        last_slot_until: str | None = None,
        limit: int | None = None,
        order: Literal["earliest", "latest"] | None = None,
        state: Literal["composed", "released", "placed"] | None = None,
    ) -> Iterator[NoticeSummary]:
        """List notices: GET /api/v1/notices, row after row"""
        return self._pages("/api/v1/notices", {"case": case, "fields": fields, "kind": kind, "last_slot_from": last_slot_from, "last_slot_until": last_slot_until, "limit": limit, "order": order, "state": state})

    def notice_release(
        self,
        notice_id: str,
        body: NoticeReleaseRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> NoticeOutput:
        """Release a notice: POST /api/v1/notices/{notice_id}/release"""
        return self._ask("POST", f"/api/v1/notices/{quote(str(notice_id), safe='')}/release", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def person_find(
        self,
        body: PersonFindRequest,
        *,
        idempotency_key: str | None = None,
    ) -> PersonFind:
        """Find a person's cases: POST /api/v1/people/find"""
        return self._ask("POST", "/api/v1/people/find", body=body, idempotency_key=idempotency_key)

    def policy_settings(
        self,
        *,
        fields: Sequence[Literal["profile", "since", "adoptions"]] | None = None,
    ) -> PolicySettings:
        """Read the policy settings: GET /api/v1/policy/settings"""
        return self._ask("GET", "/api/v1/policy/settings", query={"fields": fields})

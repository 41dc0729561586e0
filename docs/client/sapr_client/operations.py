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
    ) -> ReportSummary:
        """Convert to Unrestricted: POST /api/v1/cases/{case_id}/convert"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/convert", body=body, idempotency_key=idempotency_key)

    def case_eligibility(
        self,
        case_id: str,
        body: CaseEligibilityRequest,
        *,
        idempotency_key: str | None = None,
    ) -> DecisionOutput:
        """Decide the options of a case: POST /api/v1/cases/{case_id}/eligibility"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/eligibility", body=body, idempotency_key=idempotency_key)

    def case_evidence_number(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> KitNumber:
        """Issue an evidence number: POST /api/v1/cases/{case_id}/evidence-number"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/evidence-number", idempotency_key=idempotency_key)

    def case_get(
        self,
        case_id: str,
    ) -> CaseGet:
        """Read a case: GET /api/v1/cases/{case_id}"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}")

    def case_list_page(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> CasePage:
        """List one's cases: GET /api/v1/cases"""
        return self._ask("GET", "/api/v1/cases", query={"cursor": cursor, "limit": limit})

    def case_list(
        self,
        *,
        limit: int | None = None,
    ) -> Iterator[CaseSummary]:
        """List one's cases: GET /api/v1/cases, row after row"""
        return self._pages("/api/v1/cases", {"limit": limit})

    def case_sealed_open(
        self,
        case_id: str,
        body: SealedOpenRequest,
        *,
        idempotency_key: str | None = None,
    ) -> SealedOpen:
        """Open the sealed parts: POST /api/v1/cases/{case_id}/sealed"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/sealed", body=body, idempotency_key=idempotency_key)

    def case_sign(
        self,
        case_id: str,
        body: ReportSignRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ReportSummary:
        """Sign the election: POST /api/v1/cases/{case_id}/sign"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/sign", body=body, idempotency_key=idempotency_key)

    def case_step(
        self,
        case_id: str,
        body: StepRecordRequest,
        *,
        idempotency_key: str | None = None,
    ) -> StepRecord:
        """Record a step: POST /api/v1/cases/{case_id}/steps"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/steps", body=body, idempotency_key=idempotency_key)

    def case_va(
        self,
        case_id: str,
        body: VaAssignRequest,
        *,
        idempotency_key: str | None = None,
    ) -> VaAssign:
        """Assign a SAPR VA: POST /api/v1/cases/{case_id}/va"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/va", body=body, idempotency_key=idempotency_key)

    def case_walk_away(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> CaseSummary:
        """Close a contact without a report: POST /api/v1/cases/{case_id}/walk-away"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/walk-away", idempotency_key=idempotency_key)

    def client_get(
        self,
    ) -> ClientGet:
        """Read what the key is for: GET /api/v1/client"""
        return self._ask("GET", "/api/v1/client")

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
    ) -> CaseSummary:
        """Complete a contact: PATCH /api/v1/contacts/{case_id}"""
        return self._ask("PATCH", f"/api/v1/contacts/{quote(str(case_id), safe='')}", body=body, idempotency_key=idempotency_key)

    def contact_open(
        self,
        body: ContactOpenRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> CaseSummary:
        """Open a contact: POST /api/v1/contacts"""
        return self._ask("POST", "/api/v1/contacts", body=body, idempotency_key=idempotency_key)

    def counts(
        self,
    ) -> Counts:
        """Count one's reports by option: GET /api/v1/counts"""
        return self._ask("GET", "/api/v1/counts")

    def duty_list_page(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> DutyPage:
        """List what is due: GET /api/v1/duties"""
        return self._ask("GET", "/api/v1/duties", query={"cursor": cursor, "limit": limit})

    def duty_list(
        self,
        *,
        limit: int | None = None,
    ) -> Iterator[DutyOutput]:
        """List what is due: GET /api/v1/duties, row after row"""
        return self._pages("/api/v1/duties", {"limit": limit})

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
        limit: int | None = None,
    ) -> EmergencyPage:
        """List one's requests for emergency access: GET /api/v1/emergencies"""
        return self._ask("GET", "/api/v1/emergencies", query={"cursor": cursor, "limit": limit})

    def emergency_list(
        self,
        *,
        limit: int | None = None,
    ) -> Iterator[EmergencyOutput]:
        """List one's requests for emergency access: GET /api/v1/emergencies, row after row"""
        return self._pages("/api/v1/emergencies", {"limit": limit})

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
    ) -> FormEdition:
        """Look up a form's edition: GET /api/v1/form-editions"""
        return self._ask("GET", "/api/v1/form-editions", query={"form": form, "on": on})

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
        limit: int | None = None,
    ) -> InboxPage:
        """List one's inbox: GET /api/v1/inbox"""
        return self._ask("GET", "/api/v1/inbox", query={"cursor": cursor, "limit": limit})

    def inbox_list(
        self,
        *,
        limit: int | None = None,
    ) -> Iterator[InboxOutput]:
        """List one's inbox: GET /api/v1/inbox, row after row"""
        return self._pages("/api/v1/inbox", {"limit": limit})

    def inbox_open(
        self,
        item_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> InboxOpenOutput:
        """Open an inbox item: POST /api/v1/inbox/{item_id}/open"""
        return self._ask("POST", f"/api/v1/inbox/{quote(str(item_id), safe='')}/open", idempotency_key=idempotency_key)

    def kit_seal(
        self,
        case_id: str,
        body: NumberInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> KitOutput:
        """Seal a kit: POST /api/v1/cases/{case_id}/kits/seal"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/seal", body=body, idempotency_key=idempotency_key)

    def kit_to_mcio(
        self,
        case_id: str,
        body: NumberInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> KitOutput:
        """Hand a kit to MCIO: POST /api/v1/cases/{case_id}/kits/to-mcio"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/to-mcio", body=body, idempotency_key=idempotency_key)

    def notice_get(
        self,
        notice_id: str,
    ) -> NoticeOutput:
        """Read a notice: GET /api/v1/notices/{notice_id}"""
        return self._ask("GET", f"/api/v1/notices/{quote(str(notice_id), safe='')}")

    def notice_list_page(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> NoticePage:
        """List notices: GET /api/v1/notices"""
        return self._ask("GET", "/api/v1/notices", query={"cursor": cursor, "limit": limit})

    def notice_list(
        self,
        *,
        limit: int | None = None,
    ) -> Iterator[NoticeSummary]:
        """List notices: GET /api/v1/notices, row after row"""
        return self._pages("/api/v1/notices", {"limit": limit})

    def notice_release(
        self,
        notice_id: str,
        body: NoticeReleaseRequest,
        *,
        idempotency_key: str | None = None,
    ) -> NoticeOutput:
        """Release a notice: POST /api/v1/notices/{notice_id}/release"""
        return self._ask("POST", f"/api/v1/notices/{quote(str(notice_id), safe='')}/release", body=body, idempotency_key=idempotency_key)

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
    ) -> PolicySettings:
        """Read the policy settings: GET /api/v1/policy/settings"""
        return self._ask("GET", "/api/v1/policy/settings")

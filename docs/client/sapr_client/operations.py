"""Generated from the description of the API by `manage.py client_code --write`. Not edited by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal
from urllib.parse import quote

from sapr_client.answers import *
from sapr_client.transport import Transport


class Client(Transport):
    """Every operation of the API, by its name."""

    def advocate_change(
        self,
        case_id: str,
        body: AdvocateChangeInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> HandOverOutput:
        """Let somebody follow on a case: POST /api/v1/cases/{case_id}/hand-over"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/hand-over", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def agenda_line(
        self,
        line_id: str,
        *,
        fields: Sequence[Literal["id", "number", "limited", "carried_over", "outcome", "minuted", "since", "meeting", "questions", "minutes"]] | None = None,
    ) -> AgendaLineWhole:
        """Read a case of an agenda: GET /api/v1/agenda-lines/{line_id}"""
        return self._ask("GET", f"/api/v1/agenda-lines/{quote(str(line_id), safe='')}", query={"fields": fields})

    def annual_counts(
        self,
        body: AnnualCountsInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> AnnualOutput:
        """Count the reports of a fiscal year: POST /api/v1/figures/annual"""
        return self._ask("POST", "/api/v1/figures/annual", body=body, idempotency_key=idempotency_key)

    def appointment_approve(
        self,
        appointment_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> AppointmentOutput:
        """Approve an appointment as the second person: POST /api/v1/staff/appointments/{appointment_id}/approve"""
        return self._ask("POST", f"/api/v1/staff/appointments/{quote(str(appointment_id), safe='')}/approve", idempotency_key=idempotency_key)

    def appointment_create(
        self,
        body: AppointmentCreateInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> AppointmentOutput:
        """Propose somebody for a post: POST /api/v1/staff/appointments/propose"""
        return self._ask("POST", "/api/v1/staff/appointments/propose", body=body, idempotency_key=idempotency_key)

    def appointment_end(
        self,
        appointment_id: str,
        body: AppointmentEndInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> AppointmentOutput:
        """End an appointment now: POST /api/v1/staff/appointments/{appointment_id}/end"""
        return self._ask("POST", f"/api/v1/staff/appointments/{quote(str(appointment_id), safe='')}/end", body=body, idempotency_key=idempotency_key)

    def appointment_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "username", "display_name", "post", "title", "role", "state", "starts_at", "ends_at", "proposed_by", "proposed_at"]] | None = None,
        limit: int | None = None,
    ) -> AppointmentPage:
        """List the appointments in force and to come: GET /api/v1/staff/appointments"""
        return self._ask("GET", "/api/v1/staff/appointments", query={"cursor": cursor, "fields": fields, "limit": limit})

    def appointment_list(
        self,
        *,
        fields: Sequence[Literal["id", "username", "display_name", "post", "title", "role", "state", "starts_at", "ends_at", "proposed_by", "proposed_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[AppointmentOutput]:
        """List the appointments in force and to come: GET /api/v1/staff/appointments, row after row"""
        return self._pages("/api/v1/staff/appointments", {"fields": fields, "limit": limit})

    def appointment_refuse(
        self,
        appointment_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> AppointmentOutput:
        """Refuse an appointment: POST /api/v1/staff/appointments/{appointment_id}/refuse"""
        return self._ask("POST", f"/api/v1/staff/appointments/{quote(str(appointment_id), safe='')}/refuse", idempotency_key=idempotency_key)

    def appointment_waiting_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "username", "display_name", "post", "title", "role", "state", "starts_at", "ends_at", "proposed_by", "proposed_at", "may_approve"]] | None = None,
        limit: int | None = None,
    ) -> WaitingAppointmentPage:
        """List the appointments that wait for a second person: GET /api/v1/staff/appointments/waiting"""
        return self._ask("GET", "/api/v1/staff/appointments/waiting", query={"cursor": cursor, "fields": fields, "limit": limit})

    def appointment_waiting(
        self,
        *,
        fields: Sequence[Literal["id", "username", "display_name", "post", "title", "role", "state", "starts_at", "ends_at", "proposed_by", "proposed_at", "may_approve"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[WaitingAppointmentOutput]:
        """List the appointments that wait for a second person: GET /api/v1/staff/appointments/waiting, row after row"""
        return self._pages("/api/v1/staff/appointments/waiting", {"fields": fields, "limit": limit})

    def card(
        self,
        card_id: str,
        *,
        fields: Sequence[Literal["id", "number", "case", "label", "holder", "at_post", "mine", "to_receive", "ways", "held_by_others", "end"]] | None = None,
    ) -> CardOutput:
        """Read a kit that lies before one: GET /api/v1/cards/{card_id}"""
        return self._ask("GET", f"/api/v1/cards/{quote(str(card_id), safe='')}", query={"fields": fields})

    def card_custody_page(
        self,
        card_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "hop", "giver", "receiver", "to_post", "purpose", "seal_number", "seal_intact", "condition", "photo", "receipt", "offered_at", "offered_by", "state", "answered_at", "answered_by", "seal_found_intact", "condition_found"]] | None = None,
        limit: int | None = None,
    ) -> CardCustodyPage:
        """List the hand-offs of a kit: GET /api/v1/cards/{card_id}/custody"""
        return self._ask("GET", f"/api/v1/cards/{quote(str(card_id), safe='')}/custody", query={"cursor": cursor, "fields": fields, "limit": limit})

    def card_custody(
        self,
        card_id: str,
        *,
        fields: Sequence[Literal["id", "hop", "giver", "receiver", "to_post", "purpose", "seal_number", "seal_intact", "condition", "photo", "receipt", "offered_at", "offered_by", "state", "answered_at", "answered_by", "seal_found_intact", "condition_found"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[HopOutput]:
        """List the hand-offs of a kit: GET /api/v1/cards/{card_id}/custody, row after row"""
        return self._pages(f"/api/v1/cards/{quote(str(card_id), safe='')}/custody", {"fields": fields, "limit": limit})

    def card_find(
        self,
        body: CardFindInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> FoundOutput:
        """Find a kit by its number: POST /api/v1/cards/find"""
        return self._ask("POST", "/api/v1/cards/find", body=body, idempotency_key=idempotency_key)

    def card_holds_page(
        self,
        card_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "reason", "placed_at", "lifted_at"]] | None = None,
        limit: int | None = None,
    ) -> CardHoldsPage:
        """List the open holds on a kit: GET /api/v1/cards/{card_id}/holds"""
        return self._ask("GET", f"/api/v1/cards/{quote(str(card_id), safe='')}/holds", query={"cursor": cursor, "fields": fields, "limit": limit})

    def card_holds(
        self,
        card_id: str,
        *,
        fields: Sequence[Literal["id", "reason", "placed_at", "lifted_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[HoldOutput]:
        """List the open holds on a kit: GET /api/v1/cards/{card_id}/holds, row after row"""
        return self._pages(f"/api/v1/cards/{quote(str(card_id), safe='')}/holds", {"fields": fields, "limit": limit})

    def card_stages_page(
        self,
        card_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "stage", "at"]] | None = None,
        limit: int | None = None,
    ) -> CardStagesPage:
        """List where a kit lay: GET /api/v1/cards/{card_id}/stages"""
        return self._ask("GET", f"/api/v1/cards/{quote(str(card_id), safe='')}/stages", query={"cursor": cursor, "fields": fields, "limit": limit})

    def card_stages(
        self,
        card_id: str,
        *,
        fields: Sequence[Literal["id", "stage", "at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[StageOutput]:
        """List where a kit lay: GET /api/v1/cards/{card_id}/stages, row after row"""
        return self._pages(f"/api/v1/cards/{quote(str(card_id), safe='')}/stages", {"fields": fields, "limit": limit})

    def case_close(
        self,
        case_id: str,
        body: CaseCloseInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseSummary:
        """Close a case: POST /api/v1/cases/{case_id}/close"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/close", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def case_close_from_above(
        self,
        body: CaseCloseFromAboveInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ClosedOutput:
        """Close a case by its number from a command above: POST /api/v1/close-from-above"""
        return self._ask("POST", "/api/v1/close-from-above", body=body, idempotency_key=idempotency_key)

    def case_closing(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["known", "asked", "keeping"]] | None = None,
    ) -> ClosingOutput:
        """Read how a case stands towards its closing: GET /api/v1/cases/{case_id}/closing"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/closing", query={"fields": fields})

    def case_convert(
        self,
        case_id: str,
        body: ReportConvertRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ReportSummary:
        """Convert to Unrestricted: POST /api/v1/cases/{case_id}/convert"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/convert", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def case_copies_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "form", "delivery", "requested_at", "requested_by", "given_at", "given_by"]] | None = None,
        limit: int | None = None,
    ) -> CaseCopiesPage:
        """List the copies asked for: GET /api/v1/cases/{case_id}/copies"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/copies", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_copies(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "form", "delivery", "requested_at", "requested_by", "given_at", "given_by"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[CopyOutput]:
        """List the copies asked for: GET /api/v1/cases/{case_id}/copies, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/copies", {"fields": fields, "limit": limit})

    def case_duties_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "case", "rule", "kind", "role", "state", "due_at", "immediate", "discharged_by", "reason", "sentence", "rule_sentence", "citation", "late", "about", "occurrence", "opened_at", "closed_at"]] | None = None,
        limit: int | None = None,
    ) -> CaseDutiesPage:
        """List every duty of a case: GET /api/v1/cases/{case_id}/duties"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/duties", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_duties(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "case", "rule", "kind", "role", "state", "due_at", "immediate", "discharged_by", "reason", "sentence", "rule_sentence", "citation", "late", "about", "occurrence", "opened_at", "closed_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[CaseDutyOutput]:
        """List every duty of a case: GET /api/v1/cases/{case_id}/duties, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/duties", {"fields": fields, "limit": limit})

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

    def case_emergency_list_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "asked_for", "standing", "asked_at", "answer_by", "runs_until", "asked_by"]] | None = None,
        limit: int | None = None,
    ) -> CaseEmergencyPage:
        """List who asked for a case in an emergency: GET /api/v1/cases/{case_id}/emergencies"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/emergencies", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_emergency_list(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "asked_for", "standing", "asked_at", "answer_by", "runs_until", "asked_by"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[CaseEmergencyOutput]:
        """List who asked for a case in an emergency: GET /api/v1/cases/{case_id}/emergencies, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/emergencies", {"fields": fields, "limit": limit})

    def case_events_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "seq", "kind", "sentence", "occurred_at", "recorded_at", "who", "details"]] | None = None,
        limit: int | None = None,
    ) -> CaseEventsPage:
        """List what happened in a case: GET /api/v1/cases/{case_id}/events"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/events", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_events(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "seq", "kind", "sentence", "occurred_at", "recorded_at", "who", "details"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[EventRowOutput]:
        """List what happened in a case: GET /api/v1/cases/{case_id}/events, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/events", {"fields": fields, "limit": limit})

    def case_evidence_number(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> KitNumber:
        """Issue an evidence number: POST /api/v1/cases/{case_id}/evidence-number"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/evidence-number", idempotency_key=idempotency_key, if_match=if_match)

    def case_form_sheet(
        self,
        case_id: str,
        form_id: str,
        *,
        fields: Sequence[Literal["form", "edition", "title", "questions", "acknowledgements", "statements", "signers", "given_to"]] | None = None,
    ) -> SheetOutput:
        """Read what a signed form asks: GET /api/v1/cases/{case_id}/forms/{form_id}"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/forms/{quote(str(form_id), safe='')}", query={"fields": fields})

    def case_forms_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "form", "edition", "title", "version", "reason", "remote", "signed_at", "newest", "replaced"]] | None = None,
        limit: int | None = None,
    ) -> CaseFormsPage:
        """List the signed forms of a case: GET /api/v1/cases/{case_id}/forms"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/forms", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_forms(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "form", "edition", "title", "version", "reason", "remote", "signed_at", "newest", "replaced"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[SignedOutput]:
        """List the signed forms of a case: GET /api/v1/cases/{case_id}/forms, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/forms", {"fields": fields, "limit": limit})

    def case_forms_to_sign_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["form", "edition", "title", "questions", "acknowledgements", "statements", "signers", "given_to"]] | None = None,
        limit: int | None = None,
    ) -> CaseFormsToSignPage:
        """List the forms that can be signed or handed out: GET /api/v1/cases/{case_id}/forms/to-sign"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/forms/to-sign", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_forms_to_sign(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["form", "edition", "title", "questions", "acknowledgements", "statements", "signers", "given_to"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[SheetOutput]:
        """List the forms that can be signed or handed out: GET /api/v1/cases/{case_id}/forms/to-sign, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/forms/to-sign", {"fields": fields, "limit": limit})

    def case_get(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "number", "state", "election", "stands", "installation", "opened_at", "signed_at", "converted_at", "duties", "notices"]] | None = None,
    ) -> CaseGet:
        """Read a case: GET /api/v1/cases/{case_id}"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}", query={"fields": fields})

    def case_hand_outs_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "form", "edition", "given_to", "given_at", "given_by"]] | None = None,
        limit: int | None = None,
    ) -> CaseHandOutsPage:
        """List what was handed out: GET /api/v1/cases/{case_id}/hand-outs"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/hand-outs", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_hand_outs(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "form", "edition", "given_to", "given_at", "given_by"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[HandOutOutput]:
        """List what was handed out: GET /api/v1/cases/{case_id}/hand-outs, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/hand-outs", {"fields": fields, "limit": limit})

    def case_handovers_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "number", "role", "leaves", "follows", "changed_at", "originals", "confirmed_at"]] | None = None,
        limit: int | None = None,
    ) -> CaseHandoversPage:
        """List who followed whom on a case: GET /api/v1/cases/{case_id}/handovers"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/handovers", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_handovers(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "number", "role", "leaves", "follows", "changed_at", "originals", "confirmed_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[HandOverOutput]:
        """List who followed whom on a case: GET /api/v1/cases/{case_id}/handovers, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/handovers", {"fields": fields, "limit": limit})

    def case_kit(
        self,
        case_id: str,
        kit_id: str,
        *,
        fields: Sequence[Literal["id", "card", "state", "issued_at", "label", "holder", "at_post", "until", "over", "matters", "rules", "tell_by", "chain_broken_at", "end"]] | None = None,
    ) -> KitWhole:
        """Read a kit: GET /api/v1/cases/{case_id}/kits/{kit_id}"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}", query={"fields": fields})

    def case_kit_certificate(
        self,
        case_id: str,
        kit_id: str,
        *,
        fields: Sequence[Literal["name", "type", "content"]] | None = None,
    ) -> FileOutput:
        """Draw the certificate of destruction: GET /api/v1/cases/{case_id}/kits/{kit_id}/destruction/certificate"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/destruction/certificate", query={"fields": fields})

    def case_kit_items_page(
        self,
        case_id: str,
        kit_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "kind", "added_at", "asked_at", "on_dd_2910_3", "returned_at"]] | None = None,
        limit: int | None = None,
    ) -> CaseKitItemsPage:
        """List what lies in a kit: GET /api/v1/cases/{case_id}/kits/{kit_id}/items"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/items", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_kit_items(
        self,
        case_id: str,
        kit_id: str,
        *,
        fields: Sequence[Literal["id", "kind", "added_at", "asked_at", "on_dd_2910_3", "returned_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[ItemOutput]:
        """List what lies in a kit: GET /api/v1/cases/{case_id}/kits/{kit_id}/items, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/items", {"fields": fields, "limit": limit})

    def case_kits_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "card", "state", "issued_at", "label", "holder", "at_post"]] | None = None,
        limit: int | None = None,
    ) -> CaseKitsPage:
        """List the kits of a case: GET /api/v1/cases/{case_id}/kits"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_kits(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "card", "state", "issued_at", "label", "holder", "at_post"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[KitRowOutput]:
        """List the kits of a case: GET /api/v1/cases/{case_id}/kits, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/kits", {"fields": fields, "limit": limit})

    def case_list_page(
        self,
        *,
        cursor: str | None = None,
        due: Literal["late", "once", "soon", "any", "nothing"] | None = None,
        fields: Sequence[Literal["id", "number", "state", "election", "stands", "installation", "opened_at"]] | None = None,
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
        fields: Sequence[Literal["id", "number", "state", "election", "stands", "installation", "opened_at"]] | None = None,
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

    def case_matter(
        self,
        case_id: str,
        matter_id: str,
        *,
        fields: Sequence[Literal["id", "kind", "what", "state", "parent", "opened_at", "moved_at", "ended_at", "sealed", "steps", "events"]] | None = None,
    ) -> MatterWhole:
        """Read a matter: GET /api/v1/cases/{case_id}/matters/{matter_id}"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/matters/{quote(str(matter_id), safe='')}", query={"fields": fields})

    def case_matters_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "kind", "what", "state", "parent", "opened_at", "moved_at", "ended_at", "sealed", "steps"]] | None = None,
        limit: int | None = None,
    ) -> CaseMattersPage:
        """List the matters of a case: GET /api/v1/cases/{case_id}/matters"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/matters", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_matters(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "kind", "what", "state", "parent", "opened_at", "moved_at", "ended_at", "sealed", "steps"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[MatterOutput]:
        """List the matters of a case: GET /api/v1/cases/{case_id}/matters, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/matters", {"fields": fields, "limit": limit})

    def case_meetings_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "number", "limited", "carried_over", "outcome", "minuted", "since", "meeting", "scheduled_at"]] | None = None,
        limit: int | None = None,
    ) -> CaseMeetingsPage:
        """List the meetings about a case: GET /api/v1/cases/{case_id}/meetings"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/meetings", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_meetings(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "number", "limited", "carried_over", "outcome", "minuted", "since", "meeting", "scheduled_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[CaseAgendaLineOutput]:
        """List the meetings about a case: GET /api/v1/cases/{case_id}/meetings, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/meetings", {"fields": fields, "limit": limit})

    def case_moves_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "to_installation", "offered_to", "offered_at", "state", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> CaseMovesPage:
        """List the offers of a case: GET /api/v1/cases/{case_id}/moves"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/moves", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_moves(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "to_installation", "offered_to", "offered_at", "state", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[MoveOutput]:
        """List the offers of a case: GET /api/v1/cases/{case_id}/moves, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/moves", {"fields": fields, "limit": limit})

    def case_moves_to_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["installation", "sarc"]] | None = None,
        limit: int | None = None,
    ) -> CaseMovesToPage:
        """List to whom a case can be offered: GET /api/v1/cases/{case_id}/moves/to"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/moves/to", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_moves_to(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["installation", "sarc"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[GainingOutput]:
        """List to whom a case can be offered: GET /api/v1/cases/{case_id}/moves/to, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/moves/to", {"fields": fields, "limit": limit})

    def case_open(
        self,
        case_id: str,
        body: SealedOpenRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseOpen:
        """Read a case and open its sealed parts: POST /api/v1/cases/{case_id}/open"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/open", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def case_people_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["person", "role", "started_at", "ended_at"]] | None = None,
        limit: int | None = None,
    ) -> CasePeoplePage:
        """List who is on a case: GET /api/v1/cases/{case_id}/people"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/people", query={"cursor": cursor, "fields": fields, "limit": limit})

    def case_people(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["person", "role", "started_at", "ended_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[AssignmentOutput]:
        """List who is on a case: GET /api/v1/cases/{case_id}/people, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/people", {"fields": fields, "limit": limit})

    def case_reopen(
        self,
        case_id: str,
        body: CaseReopenInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseSummary:
        """Open a closed case again: POST /api/v1/cases/{case_id}/reopen"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/reopen", body=body, idempotency_key=idempotency_key, if_match=if_match)

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

    def case_take_over(
        self,
        body: CaseTakeOverInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> TakenOutput:
        """Take over a case that no SARC holds: POST /api/v1/take-over"""
        return self._ask("POST", "/api/v1/take-over", body=body, idempotency_key=idempotency_key)

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

    def catch_credentials_close(
        self,
        case_id: str,
        credentials_id: str,
        body: CatchCredentialsCloseInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> None:
        """End credentials before their time: POST /api/v1/cases/{case_id}/catch/credentials/{credentials_id}/close"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/credentials/{quote(str(credentials_id), safe='')}/close", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_credentials_issue(
        self,
        case_id: str,
        body: CatchCredentialsIssueInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CredentialsOutput:
        """Record credentials that were given out: POST /api/v1/cases/{case_id}/catch/credentials"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/credentials", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_credentials_use(
        self,
        case_id: str,
        credentials_id: str,
        body: CatchCredentialsUseInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CredentialsEndedOutput:
        """Record a login with credentials: POST /api/v1/cases/{case_id}/catch/credentials/{credentials_id}/use"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/credentials/{quote(str(credentials_id), safe='')}/use", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_details_open(
        self,
        case_id: str,
        body: CatchDetailsOpenInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CatchDetailsOutput:
        """Open how the victim wants to be told of a match: POST /api/v1/cases/{case_id}/catch/details"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/details", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_explain(
        self,
        case_id: str,
        body: CatchExplainInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EventOutput:
        """Record that CATCH was explained: POST /api/v1/cases/{case_id}/catch/explain"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/explain", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_get(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["entries", "wish", "credentials", "matches"]] | None = None,
    ) -> CatchOutput:
        """Read a case's part in CATCH: GET /api/v1/cases/{case_id}/catch"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch", query={"fields": fields})

    def catch_join(
        self,
        case_id: str,
        body: CatchJoinInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CatchEntryOutput:
        """The victim joins CATCH: POST /api/v1/cases/{case_id}/catch/join"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/join", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_leave(
        self,
        case_id: str,
        body: CatchLeaveInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CatchEntryOutput:
        """The victim leaves CATCH: POST /api/v1/cases/{case_id}/catch/leave"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/leave", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_match(
        self,
        case_id: str,
        body: CatchMatchInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CatchMatchIdOutput:
        """Record a match: POST /api/v1/cases/{case_id}/catch/matches"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/matches", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_match_tell(
        self,
        case_id: str,
        match_id: str,
        body: CatchMatchTellInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EventOutput:
        """Record that the victim was told of a match: POST /api/v1/cases/{case_id}/catch/matches/{match_id}/tell"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/matches/{quote(str(match_id), safe='')}/tell", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_user_name_open(
        self,
        case_id: str,
        credentials_id: str,
        body: CatchUserNameOpenInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CatchUserNameOutput:
        """Open the user name of credentials: POST /api/v1/cases/{case_id}/catch/credentials/{credentials_id}/user-name"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/credentials/{quote(str(credentials_id), safe='')}/user-name", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def catch_wish(
        self,
        case_id: str,
        body: CatchWishInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CatchWishOutput:
        """Record whether a match is to be told: POST /api/v1/cases/{case_id}/catch/wish"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/catch/wish", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def certification_end(
        self,
        certification_id: str,
        body: CertificationEndInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> CertificationOutput:
        """Revoke a certification now: POST /api/v1/staff/certifications/{certification_id}/end"""
        return self._ask("POST", f"/api/v1/staff/certifications/{quote(str(certification_id), safe='')}/end", body=body, idempotency_key=idempotency_key)

    def certification_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "username", "display_name", "starts_at", "ends_at", "revoked_at"]] | None = None,
        limit: int | None = None,
    ) -> CertificationPage:
        """List certifications, those that lapse first in front: GET /api/v1/staff/certifications"""
        return self._ask("GET", "/api/v1/staff/certifications", query={"cursor": cursor, "fields": fields, "limit": limit})

    def certification_list(
        self,
        *,
        fields: Sequence[Literal["id", "username", "display_name", "starts_at", "ends_at", "revoked_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[CertificationOutput]:
        """List certifications, those that lapse first in front: GET /api/v1/staff/certifications, row after row"""
        return self._pages("/api/v1/staff/certifications", {"fields": fields, "limit": limit})

    def certification_record(
        self,
        body: CertificationRecordInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> CertificationOutput:
        """Record a certification: POST /api/v1/staff/certifications/record"""
        return self._ask("POST", "/api/v1/staff/certifications/record", body=body, idempotency_key=idempotency_key)

    def change_approve(
        self,
        change_id: str,
        body: ChangeApproveInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> PolicyChangeOutput:
        """Approve a change as the second person: POST /api/v1/policy/changes/{change_id}/approve"""
        return self._ask("POST", f"/api/v1/policy/changes/{quote(str(change_id), safe='')}/approve", body=body, idempotency_key=idempotency_key)

    def change_propose(
        self,
        body: ChangeProposeInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> PolicyChangeOutput:
        """Propose a change of the settings: POST /api/v1/policy/changes/propose"""
        return self._ask("POST", "/api/v1/policy/changes/propose", body=body, idempotency_key=idempotency_key)

    def change_refuse(
        self,
        change_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> PolicyChangeOutput:
        """Refuse a change: POST /api/v1/policy/changes/{change_id}/refuse"""
        return self._ask("POST", f"/api/v1/policy/changes/{quote(str(change_id), safe='')}/refuse", idempotency_key=idempotency_key)

    def change_withdraw(
        self,
        change_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> PolicyChangeOutput:
        """Take a change back: POST /api/v1/policy/changes/{change_id}/withdraw"""
        return self._ask("POST", f"/api/v1/policy/changes/{quote(str(change_id), safe='')}/withdraw", idempotency_key=idempotency_key)

    def channel_list(
        self,
        *,
        fields: Sequence[Literal["items", "next_mail_at", "skipped"]] | None = None,
    ) -> ChannelsOutput:
        """Read how each way out fares: GET /api/v1/channels"""
        return self._ask("GET", "/api/v1/channels", query={"fields": fields})

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

    def cmg_call(
        self,
        body: CmgCallInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> MeetingOutput:
        """Call a meeting: POST /api/v1/meetings/call"""
        return self._ask("POST", "/api/v1/meetings/call", body=body, idempotency_key=idempotency_key)

    def cmg_hold(
        self,
        meeting_id: str,
        body: CmgHoldInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> MeetingOutput:
        """Record that a meeting was held: POST /api/v1/meetings/{meeting_id}/hold"""
        return self._ask("POST", f"/api/v1/meetings/{quote(str(meeting_id), safe='')}/hold", body=body, idempotency_key=idempotency_key)

    def cmg_minutes_keep(
        self,
        line_id: str,
        body: CmgMinutesKeepInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> MinutesOutput:
        """Keep the minutes of a case: POST /api/v1/agenda-lines/{line_id}/minutes"""
        return self._ask("POST", f"/api/v1/agenda-lines/{quote(str(line_id), safe='')}/minutes", body=body, idempotency_key=idempotency_key)

    def cmg_minutes_open(
        self,
        line_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> MinutesWordsOutput:
        """Open the words of minutes: POST /api/v1/agenda-lines/{line_id}/minutes/open"""
        return self._ask("POST", f"/api/v1/agenda-lines/{quote(str(line_id), safe='')}/minutes/open", idempotency_key=idempotency_key)

    def cmg_seat_take(
        self,
        meeting_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> MeetingOutput:
        """Co-chair a meeting instead: POST /api/v1/meetings/{meeting_id}/take-seat"""
        return self._ask("POST", f"/api/v1/meetings/{quote(str(meeting_id), safe='')}/take-seat", idempotency_key=idempotency_key)

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

    def conversion_prepare(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> PreparedOutput:
        """Show what a conversion would tell whom: POST /api/v1/cases/{case_id}/convert/prepare"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/convert/prepare", idempotency_key=idempotency_key, if_match=if_match)

    def copy_give(
        self,
        case_id: str,
        request_id: str,
        body: CopyGiveInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CopyOutput:
        """Record that a copy was given: POST /api/v1/cases/{case_id}/copies/{request_id}/give"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/copies/{quote(str(request_id), safe='')}/give", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def copy_request(
        self,
        case_id: str,
        body: CopyRequestInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CopyOutput:
        """Log that a copy is asked for: POST /api/v1/cases/{case_id}/copies/request"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/copies/request", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def counts(
        self,
        *,
        fields: Sequence[Literal["restricted", "unrestricted"]] | None = None,
    ) -> Counts:
        """Count one's reports by option: GET /api/v1/counts"""
        return self._ask("GET", "/api/v1/counts", query={"fields": fields})

    def custody_offered_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "hop", "giver", "receiver", "to_post", "purpose", "seal_number", "seal_intact", "condition", "photo", "receipt", "offered_at", "offered_by", "state", "answered_at", "answered_by", "seal_found_intact", "condition_found", "card"]] | None = None,
        limit: int | None = None,
    ) -> CustodyOfferedPage:
        """List the hand-offs that wait for one: GET /api/v1/custody/offered"""
        return self._ask("GET", "/api/v1/custody/offered", query={"cursor": cursor, "fields": fields, "limit": limit})

    def custody_offered(
        self,
        *,
        fields: Sequence[Literal["id", "hop", "giver", "receiver", "to_post", "purpose", "seal_number", "seal_intact", "condition", "photo", "receipt", "offered_at", "offered_by", "state", "answered_at", "answered_by", "seal_found_intact", "condition_found", "card"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[OfferedOutput]:
        """List the hand-offs that wait for one: GET /api/v1/custody/offered, row after row"""
        return self._pages("/api/v1/custody/offered", {"fields": fields, "limit": limit})

    def decision_open(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> DecidedOutput:
        """Open the last answer of the rules: POST /api/v1/cases/{case_id}/eligibility/open"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/eligibility/open", idempotency_key=idempotency_key, if_match=if_match)

    def deployment_end(
        self,
        deployment_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> None:
        """Record that a place is deployed no longer: POST /api/v1/deployments/{deployment_id}/end"""
        return self._ask("POST", f"/api/v1/deployments/{quote(str(deployment_id), safe='')}/end", idempotency_key=idempotency_key)

    def deployment_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "location", "name", "starts_at", "ends_at"]] | None = None,
        limit: int | None = None,
    ) -> DeploymentPage:
        """List deployed places: GET /api/v1/deployments"""
        return self._ask("GET", "/api/v1/deployments", query={"cursor": cursor, "fields": fields, "limit": limit})

    def deployment_list(
        self,
        *,
        fields: Sequence[Literal["id", "location", "name", "starts_at", "ends_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[DeploymentOutput]:
        """List deployed places: GET /api/v1/deployments, row after row"""
        return self._pages("/api/v1/deployments", {"fields": fields, "limit": limit})

    def deployment_record(
        self,
        body: DeploymentRecordInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> DeploymentOutput:
        """Record that a place is deployed: POST /api/v1/deployments/record"""
        return self._ask("POST", "/api/v1/deployments/record", body=body, idempotency_key=idempotency_key)

    def destruction_carry_out(
        self,
        card_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> EndOutput:
        """Record that a kit is destroyed: POST /api/v1/cards/{card_id}/destroy"""
        return self._ask("POST", f"/api/v1/cards/{quote(str(card_id), safe='')}/destroy", idempotency_key=idempotency_key)

    def destruction_propose(
        self,
        case_id: str,
        kit_id: str,
        body: DestructionProposeInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EndOutput:
        """Propose to destroy a kit: POST /api/v1/cases/{case_id}/kits/{kit_id}/destruction/propose"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/destruction/propose", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def destruction_refuse(
        self,
        card_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> EndOutput:
        """Refuse to destroy a kit: POST /api/v1/cards/{card_id}/spare"""
        return self._ask("POST", f"/api/v1/cards/{quote(str(card_id), safe='')}/spare", idempotency_key=idempotency_key)

    def destruction_withdraw(
        self,
        case_id: str,
        kit_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EndOutput:
        """Take the proposal to destroy a kit back: POST /api/v1/cases/{case_id}/kits/{kit_id}/destruction/withdraw"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/destruction/withdraw", idempotency_key=idempotency_key, if_match=if_match)

    def disclosure_list_page(
        self,
        case_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "exception", "state", "proposed_at", "scope", "recipient", "office", "advice", "privilege", "advised_at", "post", "decision", "decided_at", "fields_told", "made_at", "told_at"]] | None = None,
        limit: int | None = None,
    ) -> DisclosurePage:
        """List the exceptions of a case: GET /api/v1/cases/{case_id}/disclosures"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/disclosures", query={"cursor": cursor, "fields": fields, "limit": limit})

    def disclosure_list(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["id", "exception", "state", "proposed_at", "scope", "recipient", "office", "advice", "privilege", "advised_at", "post", "decision", "decided_at", "fields_told", "made_at", "told_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[DisclosureOutput]:
        """List the exceptions of a case: GET /api/v1/cases/{case_id}/disclosures, row after row"""
        return self._pages(f"/api/v1/cases/{quote(str(case_id), safe='')}/disclosures", {"fields": fields, "limit": limit})

    def disclosure_make(
        self,
        case_id: str,
        disclosure_id: str,
        body: DisclosureMakeInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> DisclosureOutput:
        """Record that the minimum was disclosed: POST /api/v1/cases/{case_id}/disclosures/{disclosure_id}/make"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/disclosures/{quote(str(disclosure_id), safe='')}/make", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def disclosure_tell(
        self,
        case_id: str,
        disclosure_id: str,
        body: DisclosureTellInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> DisclosureOutput:
        """Record that the victim was told: POST /api/v1/cases/{case_id}/disclosures/{disclosure_id}/tell"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/disclosures/{quote(str(disclosure_id), safe='')}/tell", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def dsaid_ask(
        self,
        body: DsaidAskInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ExportOutput:
        """Ask for an export for the official system: POST /api/v1/exports/ask-dsaid"""
        return self._ask("POST", "/api/v1/exports/ask-dsaid", body=body, idempotency_key=idempotency_key)

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

    def election_preview(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ForeseenAllOutput:
        """Show what each election would tell whom: POST /api/v1/cases/{case_id}/election-preview"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/election-preview", idempotency_key=idempotency_key, if_match=if_match)

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

    def emergency_waiting_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "asked_by", "installation", "asked_at", "answer_by"]] | None = None,
        limit: int | None = None,
    ) -> EmergencyWaitingPage:
        """List what waits for a second person: GET /api/v1/emergencies/waiting"""
        return self._ask("GET", "/api/v1/emergencies/waiting", query={"cursor": cursor, "fields": fields, "limit": limit})

    def emergency_waiting(
        self,
        *,
        fields: Sequence[Literal["id", "asked_by", "installation", "asked_at", "answer_by"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[EmergencyWaitingOutput]:
        """List what waits for a second person: GET /api/v1/emergencies/waiting, row after row"""
        return self._pages("/api/v1/emergencies/waiting", {"fields": fields, "limit": limit})

    def enrolment_create(
        self,
        user_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> EnrolmentCodeOutput:
        """Make a one-time enrolment code: POST /api/v1/staff/people/{user_id}/link"""
        return self._ask("POST", f"/api/v1/staff/people/{quote(str(user_id), safe='')}/link", idempotency_key=idempotency_key)

    def erasure_approve(
        self,
        erasure_id: str,
        body: ErasureApproveInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ErasureRow:
        """Approve an erasure as the second person: POST /api/v1/erasures/{erasure_id}/approve"""
        return self._ask("POST", f"/api/v1/erasures/{quote(str(erasure_id), safe='')}/approve", body=body, idempotency_key=idempotency_key)

    def erasure_get(
        self,
        erasure_id: str,
        *,
        fields: Sequence[Literal["id", "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "done_at", "number", "keep_until", "signed_on", "signed_as", "converted_on", "has_kit", "rules", "on_hold", "may_decide"]] | None = None,
    ) -> ErasureDetail:
        """Read a proposed erasure: GET /api/v1/erasures/{erasure_id}"""
        return self._ask("GET", f"/api/v1/erasures/{quote(str(erasure_id), safe='')}", query={"fields": fields})

    def erasure_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "done_at", "number", "keep_until"]] | None = None,
        limit: int | None = None,
    ) -> ErasureRowPage:
        """List the proposed erasures: GET /api/v1/erasures"""
        return self._ask("GET", "/api/v1/erasures", query={"cursor": cursor, "fields": fields, "limit": limit})

    def erasure_list(
        self,
        *,
        fields: Sequence[Literal["id", "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "done_at", "number", "keep_until"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[ErasureRow]:
        """List the proposed erasures: GET /api/v1/erasures, row after row"""
        return self._pages("/api/v1/erasures", {"fields": fields, "limit": limit})

    def erasure_propose(
        self,
        case_id: str,
        body: ErasureProposeInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ErasureOutput:
        """Propose that a case's keys be destroyed: POST /api/v1/cases/{case_id}/erasures"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/erasures", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def erasure_refuse(
        self,
        erasure_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> ErasureRow:
        """Refuse an erasure: POST /api/v1/erasures/{erasure_id}/refuse"""
        return self._ask("POST", f"/api/v1/erasures/{quote(str(erasure_id), safe='')}/refuse", idempotency_key=idempotency_key)

    def erasure_withdraw(
        self,
        case_id: str,
        erasure_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ErasureOutput:
        """Take a proposed erasure back: POST /api/v1/cases/{case_id}/erasures/{erasure_id}/withdraw"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/erasures/{quote(str(erasure_id), safe='')}/withdraw", idempotency_key=idempotency_key, if_match=if_match)

    def evidence_accept(
        self,
        hop_id: str,
        body: EvidenceAcceptInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> HopOutput:
        """Receive a kit: POST /api/v1/custody/{hop_id}/accept"""
        return self._ask("POST", f"/api/v1/custody/{quote(str(hop_id), safe='')}/accept", body=body, idempotency_key=idempotency_key)

    def evidence_offer(
        self,
        card_id: str,
        body: EvidenceOfferInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> HopOutput:
        """Hand a kit on: POST /api/v1/cards/{card_id}/offer"""
        return self._ask("POST", f"/api/v1/cards/{quote(str(card_id), safe='')}/offer", body=body, idempotency_key=idempotency_key)

    def evidence_refuse(
        self,
        hop_id: str,
        body: EvidenceRefuseInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> HopOutput:
        """Not receive a kit: POST /api/v1/custody/{hop_id}/refuse"""
        return self._ask("POST", f"/api/v1/custody/{quote(str(hop_id), safe='')}/refuse", body=body, idempotency_key=idempotency_key)

    def evidence_stage(
        self,
        card_id: str,
        body: EvidenceStageInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> StageOutput:
        """Note where a kit lies or how far a laboratory came: POST /api/v1/cards/{card_id}/stages/note"""
        return self._ask("POST", f"/api/v1/cards/{quote(str(card_id), safe='')}/stages/note", body=body, idempotency_key=idempotency_key)

    def evidence_take_back(
        self,
        card_id: str,
        body: EvidenceTakeBackInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> HopOutput:
        """Take an offer of a kit back: POST /api/v1/cards/{card_id}/take-back"""
        return self._ask("POST", f"/api/v1/cards/{quote(str(card_id), safe='')}/take-back", body=body, idempotency_key=idempotency_key)

    def exception_advise(
        self,
        case_id: str,
        disclosure_id: str,
        body: ExceptionAdviseInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> DisclosureOutput:
        """Record what the legal office said: POST /api/v1/cases/{case_id}/disclosures/{disclosure_id}/advise"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/disclosures/{quote(str(disclosure_id), safe='')}/advise", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def exception_decide(
        self,
        statement_id: str,
        body: ExceptionDecideInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> StatementRow:
        """Decide on an exception: POST /api/v1/exceptions/{statement_id}/decide"""
        return self._ask("POST", f"/api/v1/exceptions/{quote(str(statement_id), safe='')}/decide", body=body, idempotency_key=idempotency_key)

    def exception_propose(
        self,
        case_id: str,
        body: ExceptionProposeInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> DisclosureOutput:
        """Propose an exception: POST /api/v1/cases/{case_id}/disclosures/propose"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/disclosures/propose", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def export_approve(
        self,
        export_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> ExportOutput:
        """Approve an export: POST /api/v1/exports/{export_id}/approve"""
        return self._ask("POST", f"/api/v1/exports/{quote(str(export_id), safe='')}/approve", idempotency_key=idempotency_key)

    def export_ask(
        self,
        body: ExportAskInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ExportOutput:
        """Ask for an export: POST /api/v1/exports/ask"""
        return self._ask("POST", "/api/v1/exports/ask", body=body, idempotency_key=idempotency_key)

    def export_begin(
        self,
        export_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> JobOutput:
        """Begin to make the file: POST /api/v1/exports/{export_id}/make"""
        return self._ask("POST", f"/api/v1/exports/{quote(str(export_id), safe='')}/make", idempotency_key=idempotency_key)

    def export_fetch(
        self,
        export_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> bytes:
        """Fetch the file of an export, once: POST /api/v1/exports/{export_id}/file"""
        return self._ask("POST", f"/api/v1/exports/{quote(str(export_id), safe='')}/file", idempotency_key=idempotency_key)

    def export_get(
        self,
        export_id: str,
        *,
        fields: Sequence[Literal["id", "kind", "form", "purpose", "columns", "opened_from", "opened_to", "recipient", "state", "asked_by", "asked_at", "runs_out_at", "decided_by", "decided_at", "made_at", "downloaded_at", "digest", "lines", "job"]] | None = None,
    ) -> ExportDetail:
        """Read an export: GET /api/v1/exports/{export_id}"""
        return self._ask("GET", f"/api/v1/exports/{quote(str(export_id), safe='')}", query={"fields": fields})

    def export_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "kind", "form", "purpose", "columns", "opened_from", "opened_to", "recipient", "state", "asked_by", "asked_at", "runs_out_at", "decided_by", "decided_at", "made_at", "downloaded_at", "digest"]] | None = None,
        limit: int | None = None,
    ) -> ExportPage:
        """List the exports that one asked for: GET /api/v1/exports"""
        return self._ask("GET", "/api/v1/exports", query={"cursor": cursor, "fields": fields, "limit": limit})

    def export_list(
        self,
        *,
        fields: Sequence[Literal["id", "kind", "form", "purpose", "columns", "opened_from", "opened_to", "recipient", "state", "asked_by", "asked_at", "runs_out_at", "decided_by", "decided_at", "made_at", "downloaded_at", "digest"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[ExportOutput]:
        """List the exports that one asked for: GET /api/v1/exports, row after row"""
        return self._pages("/api/v1/exports", {"fields": fields, "limit": limit})

    def export_refuse(
        self,
        export_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> ExportOutput:
        """Refuse an export: POST /api/v1/exports/{export_id}/refuse"""
        return self._ask("POST", f"/api/v1/exports/{quote(str(export_id), safe='')}/refuse", idempotency_key=idempotency_key)

    def export_step(
        self,
        job_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> JobOutput:
        """Make the next part of an export: POST /api/v1/jobs/{job_id}/step"""
        return self._ask("POST", f"/api/v1/jobs/{quote(str(job_id), safe='')}/step", idempotency_key=idempotency_key)

    def export_waiting_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "kind", "form", "purpose", "columns", "opened_from", "opened_to", "recipient", "state", "asked_by", "asked_at", "runs_out_at", "decided_by", "decided_at", "made_at", "downloaded_at", "digest"]] | None = None,
        limit: int | None = None,
    ) -> ExportPage:
        """List the exports that wait for a second person: GET /api/v1/exports/waiting"""
        return self._ask("GET", "/api/v1/exports/waiting", query={"cursor": cursor, "fields": fields, "limit": limit})

    def export_waiting(
        self,
        *,
        fields: Sequence[Literal["id", "kind", "form", "purpose", "columns", "opened_from", "opened_to", "recipient", "state", "asked_by", "asked_at", "runs_out_at", "decided_by", "decided_at", "made_at", "downloaded_at", "digest"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[ExportOutput]:
        """List the exports that wait for a second person: GET /api/v1/exports/waiting, row after row"""
        return self._pages("/api/v1/exports/waiting", {"fields": fields, "limit": limit})

    def export_withdraw(
        self,
        export_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> ExportOutput:
        """Take an export back: POST /api/v1/exports/{export_id}/withdraw"""
        return self._ask("POST", f"/api/v1/exports/{quote(str(export_id), safe='')}/withdraw", idempotency_key=idempotency_key)

    def extension_grant(
        self,
        body: ExtensionGrantInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> GrantOutput:
        """Grant longer time for notices: POST /api/v1/extension-grants/grant"""
        return self._ask("POST", "/api/v1/extension-grants/grant", body=body, idempotency_key=idempotency_key)

    def extension_grant_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "post", "location", "reason", "starts_at", "ends_at", "granted_at", "revoked_at"]] | None = None,
        limit: int | None = None,
    ) -> GrantPage:
        """List one's grants of longer time: GET /api/v1/extension-grants"""
        return self._ask("GET", "/api/v1/extension-grants", query={"cursor": cursor, "fields": fields, "limit": limit})

    def extension_grant_list(
        self,
        *,
        fields: Sequence[Literal["id", "post", "location", "reason", "starts_at", "ends_at", "granted_at", "revoked_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[GrantOutput]:
        """List one's grants of longer time: GET /api/v1/extension-grants, row after row"""
        return self._pages("/api/v1/extension-grants", {"fields": fields, "limit": limit})

    def extension_revoke(
        self,
        grant_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> GrantOutput:
        """Revoke a grant: POST /api/v1/extension-grants/{grant_id}/revoke"""
        return self._ask("POST", f"/api/v1/extension-grants/{quote(str(grant_id), safe='')}/revoke", idempotency_key=idempotency_key)

    def feed_list(
        self,
        *,
        fields: Sequence[Literal["items"]] | None = None,
    ) -> FeedsOutput:
        """List one's calendar addresses: GET /api/v1/calendar/feeds"""
        return self._ask("GET", "/api/v1/calendar/feeds", query={"fields": fields})

    def feed_make(
        self,
        appointment_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> AddressOutput:
        """Make a calendar address: POST /api/v1/calendar/feeds/{appointment_id}"""
        return self._ask("POST", f"/api/v1/calendar/feeds/{quote(str(appointment_id), safe='')}", idempotency_key=idempotency_key)

    def feed_revoke(
        self,
        appointment_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> None:
        """Revoke a calendar address: POST /api/v1/calendar/feeds/{appointment_id}/revoke"""
        return self._ask("POST", f"/api/v1/calendar/feeds/{quote(str(appointment_id), safe='')}/revoke", idempotency_key=idempotency_key)

    def figures_get(
        self,
        *,
        fields: Sequence[Literal["load", "months", "kinds", "ages", "to_store", "laboratory"]] | None = None,
    ) -> FiguresOutput:
        """Read the figures of one's own cases: GET /api/v1/figures"""
        return self._ask("GET", "/api/v1/figures", query={"fields": fields})

    def filter_forget(
        self,
        body: FilterForgetInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> None:
        """Forget a filter: POST /api/v1/filters/forget"""
        return self._ask("POST", "/api/v1/filters/forget", body=body, idempotency_key=idempotency_key)

    def filter_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "name", "stands", "running", "place", "role", "due", "kit", "opened", "opened_from", "opened_to"]] | None = None,
        limit: int | None = None,
    ) -> FilterPage:
        """List one's kept filters: GET /api/v1/filters"""
        return self._ask("GET", "/api/v1/filters", query={"cursor": cursor, "fields": fields, "limit": limit})

    def filter_list(
        self,
        *,
        fields: Sequence[Literal["id", "name", "stands", "running", "place", "role", "due", "kit", "opened", "opened_from", "opened_to"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[FilterOutput]:
        """List one's kept filters: GET /api/v1/filters, row after row"""
        return self._pages("/api/v1/filters", {"fields": fields, "limit": limit})

    def filter_save(
        self,
        body: FilterSaveInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> FilterOutput:
        """Keep a filter: POST /api/v1/filters/keep"""
        return self._ask("POST", "/api/v1/filters/keep", body=body, idempotency_key=idempotency_key)

    def finer_approve(
        self,
        finer_id: str,
        body: FinerApproveInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> FinerOutput:
        """Approve exactly these words as the second person: POST /api/v1/finer/{finer_id}/approve"""
        return self._ask("POST", f"/api/v1/finer/{quote(str(finer_id), safe='')}/approve", body=body, idempotency_key=idempotency_key)

    def finer_get(
        self,
        finer_id: str,
        *,
        fields: Sequence[Literal["id", "rung", "text", "sha256", "reason", "ground", "consent_signed_at", "expires_at", "people_before", "people", "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "may_decide"]] | None = None,
    ) -> FinerDetail:
        """Read finer words to decide on: GET /api/v1/finer/{finer_id}"""
        return self._ask("GET", f"/api/v1/finer/{quote(str(finer_id), safe='')}", query={"fields": fields})

    def finer_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "rung", "text", "sha256", "reason", "ground", "consent_signed_at", "expires_at", "people_before", "people", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> FinerPage:
        """List the finer words to decide on: GET /api/v1/finer"""
        return self._ask("GET", "/api/v1/finer", query={"cursor": cursor, "fields": fields, "limit": limit})

    def finer_list(
        self,
        *,
        fields: Sequence[Literal["id", "rung", "text", "sha256", "reason", "ground", "consent_signed_at", "expires_at", "people_before", "people", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[FinerOutput]:
        """List the finer words to decide on: GET /api/v1/finer, row after row"""
        return self._pages("/api/v1/finer", {"fields": fields, "limit": limit})

    def finer_prepare(
        self,
        notice_id: str,
        body: FinerPrepareInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> FinerPreparedOutput:
        """Make finer words and count the people they leave: POST /api/v1/notices/{notice_id}/finer/prepare"""
        return self._ask("POST", f"/api/v1/notices/{quote(str(notice_id), safe='')}/finer/prepare", body=body, idempotency_key=idempotency_key)

    def finer_propose(
        self,
        notice_id: str,
        body: FinerProposeInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> FinerOutput:
        """Propose finer words: POST /api/v1/notices/{notice_id}/finer/propose"""
        return self._ask("POST", f"/api/v1/notices/{quote(str(notice_id), safe='')}/finer/propose", body=body, idempotency_key=idempotency_key)

    def finer_refuse(
        self,
        finer_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> FinerOutput:
        """Refuse finer words: POST /api/v1/finer/{finer_id}/refuse"""
        return self._ask("POST", f"/api/v1/finer/{quote(str(finer_id), safe='')}/refuse", idempotency_key=idempotency_key)

    def finer_withdraw(
        self,
        finer_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> FinerOutput:
        """Withdraw finer words: POST /api/v1/finer/{finer_id}/withdraw"""
        return self._ask("POST", f"/api/v1/finer/{quote(str(finer_id), safe='')}/withdraw", idempotency_key=idempotency_key)

    def form_correct(
        self,
        case_id: str,
        form_id: str,
        body: FormCorrectInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> PaperOutput:
        """Correct a signed form: POST /api/v1/cases/{case_id}/forms/{form_id}/correct"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/forms/{quote(str(form_id), safe='')}/correct", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def form_document(
        self,
        case_id: str,
        form_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> FileOutput:
        """Draw a signed form: POST /api/v1/cases/{case_id}/forms/{form_id}/document"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/forms/{quote(str(form_id), safe='')}/document", idempotency_key=idempotency_key, if_match=if_match)

    def form_edition(
        self,
        *,
        form: str,
        on: str,
        fields: Sequence[Literal["form", "edition", "acknowledgements"]] | None = None,
    ) -> FormEdition:
        """Look up a form's edition: GET /api/v1/form-editions"""
        return self._ask("GET", "/api/v1/form-editions", query={"form": form, "on": on, "fields": fields})

    def form_replace_lost(
        self,
        case_id: str,
        body: FormReplaceLostInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> PaperOutput:
        """Replace a lost form: POST /api/v1/cases/{case_id}/forms/replace-lost"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/forms/replace-lost", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def form_sign(
        self,
        case_id: str,
        body: FormSignInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> PaperOutput:
        """Sign a form beside the election: POST /api/v1/cases/{case_id}/forms/sign"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/forms/sign", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def hand_out_give(
        self,
        case_id: str,
        body: HandOutGiveInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> HandOutOutput:
        """Record that a paper was given: POST /api/v1/cases/{case_id}/hand-outs/give"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/hand-outs/give", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def handovers_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "number", "role", "leaves", "follows", "changed_at", "originals", "confirmed_at"]] | None = None,
        limit: int | None = None,
    ) -> HandoversPage:
        """List originals that wait for a second person: GET /api/v1/handovers"""
        return self._ask("GET", "/api/v1/handovers", query={"cursor": cursor, "fields": fields, "limit": limit})

    def handovers(
        self,
        *,
        fields: Sequence[Literal["id", "number", "role", "leaves", "follows", "changed_at", "originals", "confirmed_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[HandOverOutput]:
        """List originals that wait for a second person: GET /api/v1/handovers, row after row"""
        return self._pages("/api/v1/handovers", {"fields": fields, "limit": limit})

    def held_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "label", "holder", "at_post", "tell_by", "to_destroy"]] | None = None,
        limit: int | None = None,
    ) -> HeldPage:
        """List the kits of one's posts: GET /api/v1/held"""
        return self._ask("GET", "/api/v1/held", query={"cursor": cursor, "fields": fields, "limit": limit})

    def held(
        self,
        *,
        fields: Sequence[Literal["id", "label", "holder", "at_post", "tell_by", "to_destroy"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[HeldOutput]:
        """List the kits of one's posts: GET /api/v1/held, row after row"""
        return self._pages("/api/v1/held", {"fields": fields, "limit": limit})

    def hold_lift(
        self,
        case_id: str,
        hold_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseHoldOutput:
        """Lift a hold: POST /api/v1/cases/{case_id}/holds/{hold_id}/lift"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/holds/{quote(str(hold_id), safe='')}/lift", idempotency_key=idempotency_key, if_match=if_match)

    def hold_place(
        self,
        case_id: str,
        body: HoldPlaceInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseHoldOutput:
        """Place a hold: POST /api/v1/cases/{case_id}/holds"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/holds", body=body, idempotency_key=idempotency_key, if_match=if_match)

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

    def inquiries_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "number", "state", "election", "stands", "installation", "opened_at"]] | None = None,
        limit: int | None = None,
    ) -> InquiriesPage:
        """List one's inquiries: GET /api/v1/inquiries"""
        return self._ask("GET", "/api/v1/inquiries", query={"cursor": cursor, "fields": fields, "limit": limit})

    def inquiries(
        self,
        *,
        fields: Sequence[Literal["id", "number", "state", "election", "stands", "installation", "opened_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[CaseSummary]:
        """List one's inquiries: GET /api/v1/inquiries, row after row"""
        return self._pages("/api/v1/inquiries", {"fields": fields, "limit": limit})

    def inquiry_log(
        self,
        case_id: str,
        body: InquiryLogInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseSummary:
        """Log a contact as an inquiry: POST /api/v1/cases/{case_id}/inquiry"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/inquiry", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def item_add(
        self,
        case_id: str,
        kit_id: str,
        body: ItemAddInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ItemOutput:
        """Note what lies in a kit: POST /api/v1/cases/{case_id}/kits/{kit_id}/items/add"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/items/add", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def job_cancel(
        self,
        job_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> JobOutput:
        """Cancel a job: POST /api/v1/jobs/{job_id}/cancel"""
        return self._ask("POST", f"/api/v1/jobs/{quote(str(job_id), safe='')}/cancel", idempotency_key=idempotency_key)

    def job_get(
        self,
        job_id: str,
        *,
        fields: Sequence[Literal["id", "kind", "state", "quarter", "export", "done", "total", "asked_at", "ended_at", "failure"]] | None = None,
    ) -> JobOutput:
        """Read how far a job is: GET /api/v1/jobs/{job_id}"""
        return self._ask("GET", f"/api/v1/jobs/{quote(str(job_id), safe='')}", query={"fields": fields})

    def job_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "kind", "state", "quarter", "export", "done", "total", "asked_at", "ended_at", "failure"]] | None = None,
        limit: int | None = None,
    ) -> JobPage:
        """List one's jobs: GET /api/v1/jobs"""
        return self._ask("GET", "/api/v1/jobs", query={"cursor": cursor, "fields": fields, "limit": limit})

    def job_list(
        self,
        *,
        fields: Sequence[Literal["id", "kind", "state", "quarter", "export", "done", "total", "asked_at", "ended_at", "failure"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[JobOutput]:
        """List one's jobs: GET /api/v1/jobs, row after row"""
        return self._pages("/api/v1/jobs", {"fields": fields, "limit": limit})

    def keeping_get(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["kept_because", "holds", "erasures"]] | None = None,
    ) -> KeepingOutput:
        """Read what keeps a case: GET /api/v1/cases/{case_id}/keeping"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/keeping", query={"fields": fields})

    def kit_expiry_told(
        self,
        case_id: str,
        kit_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> None:
        """Record that the holder told of the end of a kit's time: POST /api/v1/cases/{case_id}/kits/{kit_id}/expiry-told"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/expiry-told", idempotency_key=idempotency_key, if_match=if_match)

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

    def kit_hold_lift(
        self,
        card_id: str,
        hold_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> HoldOutput:
        """Lift a hold on a kit: POST /api/v1/cards/{card_id}/holds/{hold_id}/lift"""
        return self._ask("POST", f"/api/v1/cards/{quote(str(card_id), safe='')}/holds/{quote(str(hold_id), safe='')}/lift", idempotency_key=idempotency_key)

    def kit_hold_place(
        self,
        card_id: str,
        body: KitHoldPlaceInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> HoldOutput:
        """Hold a kit back: POST /api/v1/cards/{card_id}/holds/place"""
        return self._ask("POST", f"/api/v1/cards/{quote(str(card_id), safe='')}/holds/place", body=body, idempotency_key=idempotency_key)

    def kit_name_open(
        self,
        card_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> NameOutput:
        """Open the name on a kit's label: POST /api/v1/cards/{card_id}/name"""
        return self._ask("POST", f"/api/v1/cards/{quote(str(card_id), safe='')}/name", idempotency_key=idempotency_key)

    def kit_number_open(
        self,
        case_id: str,
        kit_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> NumberOutput:
        """Open the number of a kit: POST /api/v1/cases/{case_id}/kits/{kit_id}/number"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/number", idempotency_key=idempotency_key, if_match=if_match)

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

    def kits_expiring_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "case", "until", "held"]] | None = None,
        limit: int | None = None,
    ) -> KitsExpiringPage:
        """List kits whose time ends: GET /api/v1/kits/expiring"""
        return self._ask("GET", "/api/v1/kits/expiring", query={"cursor": cursor, "fields": fields, "limit": limit})

    def kits_expiring(
        self,
        *,
        fields: Sequence[Literal["id", "case", "until", "held"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[ExpiringOutput]:
        """List kits whose time ends: GET /api/v1/kits/expiring, row after row"""
        return self._pages("/api/v1/kits/expiring", {"fields": fields, "limit": limit})

    def knowledge_shown(
        self,
        case_id: str,
        body: KnowledgeRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Knowledge:
        """Read who knew what of a case: POST /api/v1/cases/{case_id}/who-knew"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/who-knew", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def label_draw(
        self,
        case_id: str,
        kit_id: str,
        body: LabelDrawInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> FileOutput:
        """Draw the label of a kit: POST /api/v1/cases/{case_id}/kits/{kit_id}/label"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kits/{quote(str(kit_id), safe='')}/label", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def lateness(
        self,
        *,
        fields: Sequence[Literal["items", "soon"]] | None = None,
    ) -> LatenessOutput:
        """Read what is late where: GET /api/v1/lateness"""
        return self._ask("GET", "/api/v1/lateness", query={"fields": fields})

    def leak_find(
        self,
        case_id: str,
        body: LeakFindInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> LeakIdOutput:
        """Record a disclosure without right: POST /api/v1/cases/{case_id}/leaks/find"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/leaks/find", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def leak_hand_on(
        self,
        case_id: str,
        leak_id: str,
        body: LeakHandOnInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EventOutput:
        """Record that the MCIO was told of a leak: POST /api/v1/cases/{case_id}/leaks/{leak_id}/hand-on"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/leaks/{quote(str(leak_id), safe='')}/hand-on", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def leak_list(
        self,
        case_id: str,
        *,
        fields: Sequence[Literal["items"]] | None = None,
    ) -> LeaksOutput:
        """List the leaks of a case: GET /api/v1/cases/{case_id}/leaks"""
        return self._ask("GET", f"/api/v1/cases/{quote(str(case_id), safe='')}/leaks", query={"fields": fields})

    def leaving_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["name", "role", "place", "lapses_at", "cases"]] | None = None,
        limit: int | None = None,
    ) -> LeavingPage:
        """List who leaves soon: GET /api/v1/leaving"""
        return self._ask("GET", "/api/v1/leaving", query={"cursor": cursor, "fields": fields, "limit": limit})

    def leaving(
        self,
        *,
        fields: Sequence[Literal["name", "role", "place", "lapses_at", "cases"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[LeavingOutput]:
        """List who leaves soon: GET /api/v1/leaving, row after row"""
        return self._pages("/api/v1/leaving", {"fields": fields, "limit": limit})

    def limited_case_open(
        self,
        body: LimitedCaseOpenInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> CaseSummary:
        """Open a case with limited information: POST /api/v1/limited-cases/open"""
        return self._ask("POST", "/api/v1/limited-cases/open", body=body, idempotency_key=idempotency_key)

    def limited_cases_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "number", "state", "election", "stands", "installation", "opened_at"]] | None = None,
        limit: int | None = None,
    ) -> LimitedCasesPage:
        """List one's cases with limited information: GET /api/v1/limited-cases"""
        return self._ask("GET", "/api/v1/limited-cases", query={"cursor": cursor, "fields": fields, "limit": limit})

    def limited_cases(
        self,
        *,
        fields: Sequence[Literal["id", "number", "state", "election", "stands", "installation", "opened_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[CaseSummary]:
        """List one's cases with limited information: GET /api/v1/limited-cases, row after row"""
        return self._pages("/api/v1/limited-cases", {"fields": fields, "limit": limit})

    def location_create(
        self,
        body: LocationCreateInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> LocationOutput:
        """Add a place: POST /api/v1/staff/locations/add"""
        return self._ask("POST", "/api/v1/staff/locations/add", body=body, idempotency_key=idempotency_key)

    def location_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "kind", "name", "zone", "parent"]] | None = None,
        limit: int | None = None,
    ) -> LocationPage:
        """List installations, units and commands: GET /api/v1/staff/locations"""
        return self._ask("GET", "/api/v1/staff/locations", query={"cursor": cursor, "fields": fields, "limit": limit})

    def location_list(
        self,
        *,
        fields: Sequence[Literal["id", "kind", "name", "zone", "parent"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[LocationOutput]:
        """List installations, units and commands: GET /api/v1/staff/locations, row after row"""
        return self._pages("/api/v1/staff/locations", {"fields": fields, "limit": limit})

    def matter_kinds(
        self,
        *,
        fields: Sequence[Literal["items"]] | None = None,
    ) -> KindsOutput:
        """List what a case can hold: GET /api/v1/matter-kinds"""
        return self._ask("GET", "/api/v1/matter-kinds", query={"fields": fields})

    def matter_open(
        self,
        case_id: str,
        body: MatterOpenInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> MatterOutput:
        """Open a matter: POST /api/v1/cases/{case_id}/matters/open"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/matters/open", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def matter_sealed_open(
        self,
        case_id: str,
        matter_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> MatterSealedOutput:
        """Open the sealed part of a matter: POST /api/v1/cases/{case_id}/matters/{matter_id}/sealed"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/matters/{quote(str(matter_id), safe='')}/sealed", idempotency_key=idempotency_key, if_match=if_match)

    def matter_step(
        self,
        case_id: str,
        matter_id: str,
        body: MatterStepInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> MatterOutput:
        """Take a step of a matter: POST /api/v1/cases/{case_id}/matters/{matter_id}/step"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/matters/{quote(str(matter_id), safe='')}/step", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def meeting(
        self,
        meeting_id: str,
        *,
        fields: Sequence[Literal["id", "installation", "kind", "month", "scheduled_at", "co_chair", "chair", "chair_seat", "held_at", "attendance", "further"]] | None = None,
    ) -> MeetingWhole:
        """Read a meeting: GET /api/v1/meetings/{meeting_id}"""
        return self._ask("GET", f"/api/v1/meetings/{quote(str(meeting_id), safe='')}", query={"fields": fields})

    def meeting_agenda_page(
        self,
        meeting_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "number", "limited", "carried_over", "outcome", "minuted", "since"]] | None = None,
        limit: int | None = None,
    ) -> MeetingAgendaPage:
        """List the agenda of a meeting: GET /api/v1/meetings/{meeting_id}/agenda"""
        return self._ask("GET", f"/api/v1/meetings/{quote(str(meeting_id), safe='')}/agenda", query={"cursor": cursor, "fields": fields, "limit": limit})

    def meeting_agenda(
        self,
        meeting_id: str,
        *,
        fields: Sequence[Literal["id", "number", "limited", "carried_over", "outcome", "minuted", "since"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[AgendaLineOutput]:
        """List the agenda of a meeting: GET /api/v1/meetings/{meeting_id}/agenda, row after row"""
        return self._pages(f"/api/v1/meetings/{quote(str(meeting_id), safe='')}/agenda", {"fields": fields, "limit": limit})

    def meetings_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "installation", "kind", "month", "scheduled_at", "co_chair", "chair", "chair_seat", "held_at"]] | None = None,
        limit: int | None = None,
    ) -> MeetingsPage:
        """List the meetings of one's groups: GET /api/v1/meetings"""
        return self._ask("GET", "/api/v1/meetings", query={"cursor": cursor, "fields": fields, "limit": limit})

    def meetings(
        self,
        *,
        fields: Sequence[Literal["id", "installation", "kind", "month", "scheduled_at", "co_chair", "chair", "chair_seat", "held_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[MeetingOutput]:
        """List the meetings of one's groups: GET /api/v1/meetings, row after row"""
        return self._pages("/api/v1/meetings", {"fields": fields, "limit": limit})

    def move_accept(
        self,
        move_id: str,
        body: MoveAcceptInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> MovedOutput:
        """Accept an offer: POST /api/v1/offers/{move_id}/accept"""
        return self._ask("POST", f"/api/v1/offers/{quote(str(move_id), safe='')}/accept", body=body, idempotency_key=idempotency_key)

    def move_consent_record(
        self,
        case_id: str,
        body: MoveConsentRecordInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EventOutput:
        """Record whether the file may follow: POST /api/v1/cases/{case_id}/move-consent"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/move-consent", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def move_offer(
        self,
        case_id: str,
        body: MoveOfferInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> MoveOutput:
        """Offer a case to a SARC elsewhere: POST /api/v1/cases/{case_id}/moves/offer"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/moves/offer", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def move_reject(
        self,
        move_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> OfferOutput:
        """Reject an offer: POST /api/v1/offers/{move_id}/reject"""
        return self._ask("POST", f"/api/v1/offers/{quote(str(move_id), safe='')}/reject", idempotency_key=idempotency_key)

    def move_withdraw(
        self,
        case_id: str,
        move_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> MoveOutput:
        """Take an offer back: POST /api/v1/cases/{case_id}/moves/{move_id}/withdraw"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/moves/{quote(str(move_id), safe='')}/withdraw", idempotency_key=idempotency_key, if_match=if_match)

    def news_begin(
        self,
        channel_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> SubscriptionOutput:
        """Have the events of one's cases told to a webhook: POST /api/v1/webhooks/{channel_id}/tell"""
        return self._ask("POST", f"/api/v1/webhooks/{quote(str(channel_id), safe='')}/tell", idempotency_key=idempotency_key)

    def news_end(
        self,
        subscription_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> SubscriptionOutput:
        """End telling a webhook: POST /api/v1/told-systems/{subscription_id}/end"""
        return self._ask("POST", f"/api/v1/told-systems/{quote(str(subscription_id), safe='')}/end", idempotency_key=idempotency_key)

    def notice_correct(
        self,
        notice_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> NoticeSummary:
        """Send corrected details in a notice of its own: POST /api/v1/notices/{notice_id}/correct"""
        return self._ask("POST", f"/api/v1/notices/{quote(str(notice_id), safe='')}/correct", idempotency_key=idempotency_key)

    def notice_extend(
        self,
        notice_id: str,
        body: NoticeExtendInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ExtensionOutput:
        """Use a grant for a notice: POST /api/v1/notices/{notice_id}/extend"""
        return self._ask("POST", f"/api/v1/notices/{quote(str(notice_id), safe='')}/extend", body=body, idempotency_key=idempotency_key)

    def notice_extension(
        self,
        notice_id: str,
        *,
        fields: Sequence[Literal["extension", "possible"]] | None = None,
    ) -> ExtendingOutput:
        """Read whether a notice has longer time: GET /api/v1/notices/{notice_id}/extension"""
        return self._ask("GET", f"/api/v1/notices/{quote(str(notice_id), safe='')}/extension", query={"fields": fields})

    def notice_finer_list_page(
        self,
        notice_id: str,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "rung", "text", "sha256", "reason", "ground", "consent_signed_at", "expires_at", "people_before", "people", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> FinerPage:
        """List the finer words proposed for a notice: GET /api/v1/notices/{notice_id}/finer"""
        return self._ask("GET", f"/api/v1/notices/{quote(str(notice_id), safe='')}/finer", query={"cursor": cursor, "fields": fields, "limit": limit})

    def notice_finer_list(
        self,
        notice_id: str,
        *,
        fields: Sequence[Literal["id", "rung", "text", "sha256", "reason", "ground", "consent_signed_at", "expires_at", "people_before", "people", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[FinerOutput]:
        """List the finer words proposed for a notice: GET /api/v1/notices/{notice_id}/finer, row after row"""
        return self._pages(f"/api/v1/notices/{quote(str(notice_id), safe='')}/finer", {"fields": fields, "limit": limit})

    def notice_finer_steps(
        self,
        notice_id: str,
        *,
        fields: Sequence[Literal["steps"]] | None = None,
    ) -> FinerStepsOutput:
        """Read what a notice could say more of: GET /api/v1/notices/{notice_id}/finer/steps"""
        return self._ask("GET", f"/api/v1/notices/{quote(str(notice_id), safe='')}/finer/steps", query={"fields": fields})

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

    def notice_proof(
        self,
        notice_id: str,
        *,
        fields: Sequence[Literal["step", "placed_at", "nudge_at", "alternate_at", "telephone_at", "passed_to", "acknowledged_at", "acknowledged_by", "told_at", "over_at"]] | None = None,
    ) -> NoticeProofOutput:
        """Read whether a placed notice was read: GET /api/v1/notices/{notice_id}/proof"""
        return self._ask("GET", f"/api/v1/notices/{quote(str(notice_id), safe='')}/proof", query={"fields": fields})

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

    def notice_telephone(
        self,
        notice_id: str,
        body: NoticeTelephoneInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> NoticeCallOutput:
        """Record a call about a notice that waits: POST /api/v1/notices/{notice_id}/telephone"""
        return self._ask("POST", f"/api/v1/notices/{quote(str(notice_id), safe='')}/telephone", body=body, idempotency_key=idempotency_key)

    def offers_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "election", "from_installation", "to_installation", "offered_by", "offered_at", "state", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> OffersPage:
        """List the offers made to oneself: GET /api/v1/offers"""
        return self._ask("GET", "/api/v1/offers", query={"cursor": cursor, "fields": fields, "limit": limit})

    def offers(
        self,
        *,
        fields: Sequence[Literal["id", "election", "from_installation", "to_installation", "offered_by", "offered_at", "state", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[OfferOutput]:
        """List the offers made to oneself: GET /api/v1/offers, row after row"""
        return self._pages("/api/v1/offers", {"fields": fields, "limit": limit})

    def open_export_ask(
        self,
        body: OpenExportAskInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ExportOutput:
        """Ask that everything leaves: POST /api/v1/exports/ask-everything"""
        return self._ask("POST", "/api/v1/exports/ask-everything", body=body, idempotency_key=idempotency_key)

    def originals_confirm(
        self,
        handover_id: str,
        body: OriginalsConfirmInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> HandOverOutput:
        """Confirm where originals lie: POST /api/v1/handovers/{handover_id}/confirm"""
        return self._ask("POST", f"/api/v1/handovers/{quote(str(handover_id), safe='')}/confirm", body=body, idempotency_key=idempotency_key)

    def outgoing_close(
        self,
        outgoing_id: str,
        body: OutgoingCloseInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> OutgoingOutput:
        """Close a given-up message: POST /api/v1/outgoing/{outgoing_id}/close"""
        return self._ask("POST", f"/api/v1/outgoing/{quote(str(outgoing_id), safe='')}/close", body=body, idempotency_key=idempotency_key)

    def outgoing_failed_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "channel", "kind", "address", "state", "planned_at", "expires_at", "attempts", "last_outcome", "closed_at", "closed_reason"]] | None = None,
        limit: int | None = None,
    ) -> OutgoingPage:
        """List the messages that were given up: GET /api/v1/outgoing/failed"""
        return self._ask("GET", "/api/v1/outgoing/failed", query={"cursor": cursor, "fields": fields, "limit": limit})

    def outgoing_failed(
        self,
        *,
        fields: Sequence[Literal["id", "channel", "kind", "address", "state", "planned_at", "expires_at", "attempts", "last_outcome", "closed_at", "closed_reason"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[OutgoingOutput]:
        """List the messages that were given up: GET /api/v1/outgoing/failed, row after row"""
        return self._pages("/api/v1/outgoing/failed", {"fields": fields, "limit": limit})

    def outgoing_requeue(
        self,
        outgoing_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> OutgoingOutput:
        """Try a given-up message again: POST /api/v1/outgoing/{outgoing_id}/requeue"""
        return self._ask("POST", f"/api/v1/outgoing/{quote(str(outgoing_id), safe='')}/requeue", idempotency_key=idempotency_key)

    def participation_decline(
        self,
        case_id: str,
        body: ParticipationDeclineInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> RuleSaysOutput:
        """Record that the victim takes no part: POST /api/v1/cases/{case_id}/participation/decline"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/participation/decline", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def participation_resume(
        self,
        case_id: str,
        body: ParticipationResumeInputRequest | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CaseSummary:
        """Record that the victim takes part again: POST /api/v1/cases/{case_id}/participation/resume"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/participation/resume", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def person_find(
        self,
        body: PersonFindRequest,
        *,
        idempotency_key: str | None = None,
    ) -> PersonFind:
        """Find a person's cases: POST /api/v1/people/find"""
        return self._ask("POST", "/api/v1/people/find", body=body, idempotency_key=idempotency_key)

    def person_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "username", "display_name", "is_active"]] | None = None,
        limit: int | None = None,
    ) -> StaffPersonPage:
        """List everybody with an account: GET /api/v1/staff/people"""
        return self._ask("GET", "/api/v1/staff/people", query={"cursor": cursor, "fields": fields, "limit": limit})

    def person_list(
        self,
        *,
        fields: Sequence[Literal["id", "username", "display_name", "is_active"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[StaffPersonOutput]:
        """List everybody with an account: GET /api/v1/staff/people, row after row"""
        return self._pages("/api/v1/staff/people", {"fields": fields, "limit": limit})

    def policy_change_get(
        self,
        change_id: str,
        *,
        fields: Sequence[Literal["id", "kind", "profile", "service", "rule_set", "starts_on", "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "differences", "may_decide"]] | None = None,
    ) -> PolicyChangeDetail:
        """Read a change: GET /api/v1/policy/changes/{change_id}"""
        return self._ask("GET", f"/api/v1/policy/changes/{quote(str(change_id), safe='')}", query={"fields": fields})

    def policy_change_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "kind", "profile", "service", "rule_set", "starts_on", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> PolicyChangePage:
        """List the changes of the settings: GET /api/v1/policy/changes"""
        return self._ask("GET", "/api/v1/policy/changes", query={"cursor": cursor, "fields": fields, "limit": limit})

    def policy_change_list(
        self,
        *,
        fields: Sequence[Literal["id", "kind", "profile", "service", "rule_set", "starts_on", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[PolicyChangeOutput]:
        """List the changes of the settings: GET /api/v1/policy/changes, row after row"""
        return self._pages("/api/v1/policy/changes", {"fields": fields, "limit": limit})

    def policy_settings(
        self,
        *,
        fields: Sequence[Literal["profile", "since", "adoptions"]] | None = None,
    ) -> PolicySettings:
        """Read the policy settings: GET /api/v1/policy/settings"""
        return self._ask("GET", "/api/v1/policy/settings", query={"fields": fields})

    def post_create(
        self,
        body: PostCreateInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> StaffPostOutput:
        """Add a post with its inbox: POST /api/v1/staff/posts/add"""
        return self._ask("POST", "/api/v1/staff/posts/add", body=body, idempotency_key=idempotency_key)

    def post_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "location", "role", "title", "next_higher", "vacant"]] | None = None,
        limit: int | None = None,
    ) -> StaffPostRowPage:
        """List posts: GET /api/v1/staff/posts"""
        return self._ask("GET", "/api/v1/staff/posts", query={"cursor": cursor, "fields": fields, "limit": limit})

    def post_list(
        self,
        *,
        fields: Sequence[Literal["id", "location", "role", "title", "next_higher", "vacant"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[StaffPostRow]:
        """List posts: GET /api/v1/staff/posts, row after row"""
        return self._pages("/api/v1/staff/posts", {"fields": fields, "limit": limit})

    def property_ask(
        self,
        case_id: str,
        item_id: str,
        body: PropertyAskInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ItemOutput:
        """Record that property is asked back: POST /api/v1/cases/{case_id}/kit-items/{item_id}/ask-back"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kit-items/{quote(str(item_id), safe='')}/ask-back", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def property_return(
        self,
        case_id: str,
        item_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ItemOutput:
        """Record that property was returned: POST /api/v1/cases/{case_id}/kit-items/{item_id}/return"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/kit-items/{quote(str(item_id), safe='')}/return", idempotency_key=idempotency_key, if_match=if_match)

    def quarter_figures_ask(
        self,
        body: QuarterFiguresAskInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> JobOutput:
        """Have a quarter counted: POST /api/v1/figures/quarters/ask"""
        return self._ask("POST", "/api/v1/figures/quarters/ask", body=body, idempotency_key=idempotency_key)

    def quarter_figures_get(
        self,
        *,
        fields: Sequence[Literal["class_width", "quarters", "ripe"]] | None = None,
    ) -> QuartersOutput:
        """Read the figures of the last quarters: GET /api/v1/figures/quarters"""
        return self._ask("GET", "/api/v1/figures/quarters", query={"fields": fields})

    def sessions_end(
        self,
        user_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> SessionsEndedOutput:
        """End every session of somebody: POST /api/v1/staff/people/{user_id}/sessions/end"""
        return self._ask("POST", f"/api/v1/staff/people/{quote(str(user_id), safe='')}/sessions/end", idempotency_key=idempotency_key)

    def statement_get(
        self,
        statement_id: str,
        *,
        fields: Sequence[Literal["id", "exception", "post", "put_at", "decision", "decided_at", "parts"]] | None = None,
    ) -> StatementOutput:
        """Read an exception to decide on: GET /api/v1/exceptions/{statement_id}"""
        return self._ask("GET", f"/api/v1/exceptions/{quote(str(statement_id), safe='')}", query={"fields": fields})

    def statement_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "exception", "post", "put_at", "decision", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> StatementRowPage:
        """List the exceptions put to one's posts: GET /api/v1/exceptions"""
        return self._ask("GET", "/api/v1/exceptions", query={"cursor": cursor, "fields": fields, "limit": limit})

    def statement_list(
        self,
        *,
        fields: Sequence[Literal["id", "exception", "post", "put_at", "decision", "decided_at"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[StatementRow]:
        """List the exceptions put to one's posts: GET /api/v1/exceptions, row after row"""
        return self._pages("/api/v1/exceptions", {"fields": fields, "limit": limit})

    def strength_import(
        self,
        location_id: str,
        body: StrengthImportInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> StrengthTableOutput:
        """Record a strength table: POST /api/v1/strength/{location_id}/tables"""
        return self._ask("POST", f"/api/v1/strength/{quote(str(location_id), safe='')}/tables", body=body, idempotency_key=idempotency_key)

    def strength_list(
        self,
        *,
        fields: Sequence[Literal["items", "coarsened"]] | None = None,
    ) -> StrengthOutput:
        """Read what notices may say in this quarter: GET /api/v1/strength"""
        return self._ask("GET", "/api/v1/strength", query={"fields": fields})

    def strength_place(
        self,
        location_id: str,
        *,
        fields: Sequence[Literal["name", "rungs", "tables", "people"]] | None = None,
    ) -> StrengthPlaceOutput:
        """Read the strength of one place: GET /api/v1/strength/{location_id}"""
        return self._ask("GET", f"/api/v1/strength/{quote(str(location_id), safe='')}", query={"fields": fields})

    def told_system_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "url", "own", "taken"]] | None = None,
        limit: int | None = None,
    ) -> ToldSystemListPage:
        """List the webhooks that can be told of one's cases: GET /api/v1/told-systems"""
        return self._ask("GET", "/api/v1/told-systems", query={"cursor": cursor, "fields": fields, "limit": limit})

    def told_system_list(
        self,
        *,
        fields: Sequence[Literal["id", "url", "own", "taken"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[ToldSystemOutput]:
        """List the webhooks that can be told of one's cases: GET /api/v1/told-systems, row after row"""
        return self._pages("/api/v1/told-systems", {"fields": fields, "limit": limit})

    def uncertified_list_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["id", "username", "display_name", "is_active"]] | None = None,
        limit: int | None = None,
    ) -> StaffPersonPage:
        """List SARCs and SAPR VAs without a certification in force: GET /api/v1/staff/uncertified"""
        return self._ask("GET", "/api/v1/staff/uncertified", query={"cursor": cursor, "fields": fields, "limit": limit})

    def uncertified_list(
        self,
        *,
        fields: Sequence[Literal["id", "username", "display_name", "is_active"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[StaffPersonOutput]:
        """List SARCs and SAPR VAs without a certification in force: GET /api/v1/staff/uncertified, row after row"""
        return self._pages("/api/v1/staff/uncertified", {"fields": fields, "limit": limit})

    def user_create(
        self,
        body: UserCreateInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> StaffPersonOutput:
        """Add a member of staff: POST /api/v1/staff/people/add"""
        return self._ask("POST", "/api/v1/staff/people/add", body=body, idempotency_key=idempotency_key)

    def user_deactivate(
        self,
        user_id: str,
        body: UserDeactivateInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> StaffPersonOutput:
        """Close an account: POST /api/v1/staff/people/{user_id}/close"""
        return self._ask("POST", f"/api/v1/staff/people/{quote(str(user_id), safe='')}/close", body=body, idempotency_key=idempotency_key)

    def victim_hand_over(
        self,
        case_id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EventOutput:
        """Record that what concerns the victim was handed over: POST /api/v1/cases/{case_id}/victim-handed-over"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/victim-handed-over", idempotency_key=idempotency_key, if_match=if_match)

    def victim_relocate(
        self,
        case_id: str,
        body: VictimRelocateInputRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EventOutput:
        """Record that the victim moves: POST /api/v1/cases/{case_id}/relocate"""
        return self._ask("POST", f"/api/v1/cases/{quote(str(case_id), safe='')}/relocate", body=body, idempotency_key=idempotency_key, if_match=if_match)

    def webhook_end(
        self,
        channel_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookOutput:
        """End a webhook: POST /api/v1/webhooks/{channel_id}/end"""
        return self._ask("POST", f"/api/v1/webhooks/{quote(str(channel_id), safe='')}/end", idempotency_key=idempotency_key)

    def webhook_register(
        self,
        body: WebhookRegisterInputRequest,
        *,
        idempotency_key: str | None = None,
    ) -> NewWebhookOutput:
        """Register a webhook: POST /api/v1/webhooks"""
        return self._ask("POST", "/api/v1/webhooks", body=body, idempotency_key=idempotency_key)

    def without_sarc_page(
        self,
        *,
        cursor: str | None = None,
        fields: Sequence[Literal["place", "cases"]] | None = None,
        limit: int | None = None,
    ) -> WithoutSarcPage:
        """List installations with cases that no SARC holds: GET /api/v1/without-sarc"""
        return self._ask("GET", "/api/v1/without-sarc", query={"cursor": cursor, "fields": fields, "limit": limit})

    def without_sarc(
        self,
        *,
        fields: Sequence[Literal["place", "cases"]] | None = None,
        limit: int | None = None,
    ) -> Iterator[OwnerlessOutput]:
        """List installations with cases that no SARC holds: GET /api/v1/without-sarc, row after row"""
        return self._pages("/api/v1/without-sarc", {"fields": fields, "limit": limit})

"""What operations and services are asked with: of the right shape, so that what follows is the door's decision."""

import json
from typing import Any
from uuid import uuid4

from reports import policy
from reports.finding.filters import Filter
from tests.api.test_every_route import ROUTES
from tests.world import MEMBER

BY_ROUTE = {(route.method, route.path.split("?")[0]): route.body for route in ROUTES}


def body_of(scene: Any, method: str, path: str) -> bytes | None:
    """The body as bytes; None for an operation that takes none."""
    if method == "GET":
        return None
    made = BY_ROUTE[method, path](scene)
    return b"" if made is None else json.dumps(made).encode()


def arguments(name: str, scene: Any, row: Any, at: Any) -> dict[str, Any]:
    """What a service is called with in the matrix: enough to get past the door, not more."""
    case = {"case_id": scene.case.pk}
    paper = scene.world.paper(scene.case, "restricted", at)
    signed = {key: paper[key] for key in paper if key.endswith(("_signature", "_signed_at"))}
    written = {"edition": "", "answers": {}, "initials": {}, "signatures": {}, "signed_at": {}}
    kit = scene.rows["kit"][0].pk if scene.rows["kit"] else scene.case.pk
    item = scene.rows["kit_item"][0].pk if scene.rows["kit_item"] else scene.case.pk
    of = {
        "knowledge_shown": case | {"at": at},
        "va_assign": case | {"va": scene.world.other_va, "at": at},
        "matter_open": case | {"kind": "service", "at": at, "details": {"service": "medical"}},
        "matter_step": case
        | {"matter_id": scene.rows["matter"][0].pk, "step": "consent_withdrawn", "at": at},
        "decision_open": case | {"at": at},
        "matter_sealed_open": case | {"matter_id": scene.rows["matter"][0].pk, "at": at},
        "kit_number_open": case | {"kit_id": kit, "at": at},
        "card_find": {"number": scene.number},
        "step_record": case | {"kind": "vwap_explained", "at": at},
        "counts_by_option": {"at": at},
        "feed_make": {"appointment_id": scene.case.pk, "at": at},
        "feed_revoke": {"appointment_id": scene.case.pk, "at": at},
        "filter_save": {"name": "daily", "wanted": Filter(stands="contact")},
        "filter_forget": {"name": "daily"},
        "contact_open": {"at": at},
        "contact_complete": case | {"at": at, "identity": {}, "narrative": {"text": "More."}},
        "contact_walk_away": case | {"at": at},
        "options_decide": case | {"facts": MEMBER, "at": at},
        "report_sign": paper,
        "report_convert": case | signed | {"confirmation": "seen"},
        "conversion_prepare": case | {"at": at},
        "election_preview": case | {"at": at},
        "draft_keep": case | {"step": "details", "values": {"name": ["x"]}, "at": at},
        "draft_discard": {"draft_id": uuid4()},
        "inquiry_log": case | {"at": at},
        "limited_case_open": {"at": at},
        "case_close": case | {"at": at},
        "case_reopen": case | {"reason": "victim_asked", "at": at},
        "participation_decline": case | {"at": at},
        "participation_resume": case | {"at": at},
        "form_sign": case | written | {"form": "DD 2910-3"},
        "form_replace_lost": case | written,
        "hand_out_give": case | {"form": "DD 2701", "given_to": "victim", "at": at},
        "copy_request": case | {"form": "DD 2911", "delivery": "in_person", "at": at},
        "kit_number_issue": case | {"at": at},
        "kit_seal": case | {"number": scene.number, "at": at},
        "kit_hand_to_mcio": case | {"number": scene.number, "at": at},
        "change_propose": {"profile": "dated", "at": at},
        "change_approve": {"change_id": scene.case.pk, "at": at},
        "change_refuse": {"change_id": scene.case.pk, "at": at},
        "change_withdraw": {"change_id": scene.case.pk, "at": at},
        "webhook_register": {"url": "https://hooks.example/x", "at": at},
        "webhook_end": {"channel_id": scene.case.pk, "at": at},
        "news_begin": {"channel_id": scene.case.pk, "at": at},
        "news_end": {"subscription_id": scene.case.pk, "at": at},
        "outgoing_requeue": {"outgoing_id": scene.case.pk, "at": at},
        "outgoing_close": {"outgoing_id": scene.case.pk, "reason": "not_needed", "at": at},
        "quarter_figures_ask": {"quarter": at.date(), "at": at},
        "job_cancel": {"job_id": scene.case.pk, "at": at},
        "export_ask": {"purpose": "checking", "fields": ["state"], "recipient": "age1", "at": at},
        "dsaid_ask": {
            "purpose": "checking",
            "elements": ["report_date"],
            "form": "csv",
            "recipient": "age1",
            "at": at,
        },
        "open_export_ask": {"recipient": "age1", "at": at},
        "export_approve": {"export_id": scene.case.pk, "at": at},
        "export_refuse": {"export_id": scene.case.pk, "at": at},
        "export_withdraw": {"export_id": scene.case.pk, "at": at},
        "export_fetch": {"export_id": scene.case.pk, "at": at},
        "export_begin": {"export_id": scene.case.pk, "at": at},
        "export_step": {"job_id": scene.case.pk, "at": at},
        "strength_import": {"location": scene.case.installation, "text": "", "at": at},
        "break_glass_ask": {"case": scene.case.number, "reason": "Invented.", "at": at},
        "hold_place": case | {"reason": "appeal", "at": at},
        "hold_lift": case | {"hold_id": scene.rows["hold"][0].pk, "at": at},
        "erasure_propose": case | {"at": at},
        "cmg_call": {"installation_id": scene.case.installation_id, "scheduled_at": at, "at": at},
        "victim_relocate": case | {"reason": "move", "at": at},
        "move_consent_record": case | {"consents": True, "at": at},
        "move_offer": case
        | {"to": scene.world.stranger, "installation_id": scene.case.installation_id, "at": at},
        "move_withdraw": case | {"move_id": scene.case.pk, "at": at},
        "advocate_change": case
        | {
            "role": "sapr_va",
            "leaves": scene.world.va,
            "follows": scene.world.other_va,
            "at": at,
        },
        "victim_hand_over": case | {"at": at},
        # Of another case: this scene's is to stay as it is.
        "case_close_from_above": {"number": policy.new_control_number(prefix="C"), "at": at},
        "case_take_over": {"installation_id": scene.case.installation_id, "at": at},
        "exception_propose": case
        | {
            "exception": "EX-4",
            "answers": {"specific_request": True},
            "scope": ["contact"],
            "recipient": "medical",
        }
        | {"at": at},
        "leak_find": case | {"reached": ["other"], "at": at},
        "leak_hand_on": case | {"leak_id": scene.case.pk, "at": at},
        "catch_explain": case | {"at": at},
        "catch_join": case | {"answers": {}, "form_signed": False, "consents": False, "at": at},
        "catch_wish": case | {"consents": False, "at": at},
        "catch_leave": case | {"at": at},
        "catch_match": case | {"at": at},
        "catch_match_tell": case | {"match_id": scene.case.pk, "only_details_given": True, "at": at},
        "catch_credentials_issue": case | {"user_name": "invented", "at": at},
        "catch_credentials_use": case | {"credentials_id": _first(scene, "catch_credentials"), "at": at},
        "catch_credentials_close": case | {"credentials_id": _first(scene, "catch_credentials"), "at": at},
        "catch_details_open": case | {"at": at},
        "catch_user_name_open": case | {"credentials_id": _first(scene, "catch_credentials"), "at": at},
        "item_add": case | {"kit_id": kit, "kind": "swabs", "at": at},
        "label_draw": case | {"kit_id": kit, "printer": False, "at": at},
        "property_ask": case | {"item_id": item, "on_dd_2910_3": True, "at": at},
        "property_return": case | {"item_id": item, "at": at},
        "kit_expiry_told": case | {"kit_id": kit, "at": at},
        "destruction_propose": case | {"kit_id": kit, "no_conversion": True, "no_property": True, "at": at},
        "destruction_withdraw": case | {"kit_id": kit},
        "looked": {"kind": "person"},
        "annual_counts": {"fy": 2026, "at": at},
        "_stopped": {},
        "extension_grant": {
            "post_id": scene.world.posts["commander"].pk,
            "starts_at": at,
            "ends_at": at,
            "reason": "operations",
            "at": at,
        },
        "deployment_record": {"location_id": scene.case.installation_id, "at": at},
        "deployment_end": {"deployment_id": scene.case.pk, "at": at},
    }
    found = {"seal_intact": True, "condition": "good", "at": at}
    way = {"receiver": "sarc", "to_post": None, "purpose": "give_back", "seal_number": ""}
    card = {"card_id": row.pk} if row is not None else {}
    of |= {
        "evidence_offer": card | way | found | {"receipt": "", "photo_sha256": ""},
        "evidence_take_back": card | {"at": at},
        "evidence_stage": card | {"stage": "safe", "at": at},
        "evidence_accept": {"hop_id": row and row.pk} | found,
        "evidence_refuse": {"hop_id": row and row.pk, "at": at},
        "kit_hold_place": card | {"reason": "appeal", "at": at},
        "kit_name_open": card | {"at": at},
        "kit_hold_lift": card | {"hold_id": scene.case.pk, "at": at},
        "destruction_carry_out": card,
        "destruction_refuse": card,
    }
    by_row = {
        "notice_release": {"minimal": True, "bytes_seen": "", "at": at},
        "inbox_open": {"at": at},
        "inbox_acknowledge": {"at": at},
        "break_glass_decide": {"approve": True, "at": at},
        "break_glass_end": {"at": at},
        "exception_advise": case
        | {"office": "judge_advocate", "advice": "agree", "privilege": "covered", "at": at},
        "exception_decide": {"decision": "withhold"},
        "disclosure_make": case
        | {"fields": ["identity"], "minimum_only": True, "recipient_needs_to_know": True, "at": at},
        "disclosure_tell": case | {"at": at},
        "erasure_withdraw": case | {"at": at},
        "erasure_approve": {"at": at},
        "erasure_refuse": {"at": at},
        "form_correct": case | written | {"reason": "left_out"},
        "form_document": case | {"at": at},
        "copy_give": case | {"at": at},
        "cmg_seat_take": {"at": at},
        "cmg_hold": {
            "chair": scene.world.commander,
            "chair_seat": "deputy_commander",
            "delegated": False,
            "member_or_dod_civilian": True,
            "at": at,
        },
        "cmg_minutes_keep": {"answers": {}, "told_by": "mcio", "privileged": False, "at": at},
        "move_accept": {"at": at},
        "move_reject": {"at": at},
        "originals_confirm": {"originals": "safe", "at": at},
        "notice_telephone": {"outcome": "nobody", "at": at},
        "notice_correct": {"at": at},
        "notice_extend": {"reason": "medical", "at": at},
        "extension_revoke": {"at": at},
        "finer_approve": {"bytes_seen": "", "at": at},
        "finer_refuse": {"at": at},
        "finer_withdraw": {"at": at},
    }
    if name.rpartition(".")[2] in ("finer_prepare", "finer_propose"):
        return _finer(row, at, whole=name.endswith("propose"))
    short = name.rpartition(".")[2]
    if short in of:
        return of[short]
    if short == "cmg_minutes_keep":
        return by_row[short] | {"line_id": row.pk}
    if short == "cmg_minutes_open":
        return {"line_id": row.line_id, "at": at}
    if short == "exception_decide":
        return by_row[short] | {"statement_id": row.pk}
    named = {
        "cmg": "meeting_id", "move": "move_id", "originals": "handover_id",
        "notice": "notice_id", "inbox": "item_id", "break": "request_id", "hold": "hold_id", "erasure": "erasure_id",
        "form": "form_id", "copy": "request_id",
        "exception": "disclosure_id", "disclosure": "disclosure_id", "extension": "grant_id",
        "finer": "finer_id",
    }[short.partition("_")[0]]  # fmt: skip
    return by_row[short] | {named: row.pk}


def _finer(row: Any, at: Any, *, whole: bool) -> dict[str, Any]:
    """What asks for finer words of a notice."""
    given = {"notice_id": row.pk, "rung": "minimal", "at": at}
    return given | ({"bytes_seen": "", "reason": "safety", "ground": "consent"} if whole else {})


def _first(scene: Any, thing: str) -> Any:
    """The id of a row of the scene; of the case where it has none, which is nothing's."""
    return scene.rows[thing][0].pk if scene.rows[thing] else scene.case.pk

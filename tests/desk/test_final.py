"""Every service is final, and its page says so; or it is taken back by another; or more is added to it later."""

import re
from pathlib import Path

from django.conf import settings

from sapr.desk.final import SENTENCES
from tests.access.register import SERVICES

# Services that nothing takes back, by the mark of what is said where they are done.
FINAL = {
    "sign": {"election.services.report_sign"},
    "convert": {"election.conversion.report_convert"},
    "form": {
        "election.papers.services." + each for each in ("form_sign", "form_replace_lost", "form_correct")
    },
    "walk_away": {"election.contacts.contact_walk_away"},
    "release": {"services.notice_release"},
    "correct": {"correcting.services.notice_correct"},
    "disclose": {"disclosure.services.disclosure_make"},
    "decide_exception": {"disclosure.services.exception_decide"},
    "hand_over": {"casework.moves.leaving.advocate_change", "casework.moves.leaving.case_take_over"},
    "accept_move": {"casework.moves.services.move_accept"},
    "destroy": {"evidence.endings.destruction_carry_out"},
    "erase": {"erasure.services.erasure_approve"},
    "minutes": {"casework.cmg.minutes.cmg_minutes_keep"},
    "forget": {"election.drafts.services.draft_discard"},
    "end_webhook": {"outside.services.webhook_end"},
}
# Not in that register: accounts' own.
ALSO_SAID = {"close_account"}
# Each is taken back by the other, or was only proposed.
TAKEN_BACK = {
    "casework.services.va_assign": "casework.services.va_assign",
    "casework.closing.case_close": "casework.closing.case_reopen",
    "casework.closing.case_reopen": "casework.closing.case_close",
    "casework.closing_above.case_close_from_above": "casework.closing.case_reopen",
    "casework.participation.participation_decline": "casework.participation.participation_resume",
    "casework.participation.participation_resume": "casework.participation.participation_decline",
    "casework.moves.services.move_offer": "casework.moves.services.move_withdraw",
    "casework.moves.services.move_withdraw": "casework.moves.services.move_offer",
    "casework.moves.services.move_reject": "casework.moves.services.move_offer",
    "evidence.custody.evidence_offer": "evidence.custody.evidence_take_back",
    "evidence.custody.evidence_take_back": "evidence.custody.evidence_offer",
    "evidence.custody.evidence_refuse": "evidence.custody.evidence_offer",
    "evidence.endings.kit_hold_place": "evidence.endings.kit_hold_lift",
    "evidence.endings.kit_hold_lift": "evidence.endings.kit_hold_place",
    "evidence.endings.destruction_propose": "evidence.endings.destruction_withdraw",
    "evidence.endings.destruction_withdraw": "evidence.endings.destruction_propose",
    "evidence.endings.destruction_refuse": "evidence.endings.destruction_propose",
    "adoption.services.change_propose": "adoption.services.change_withdraw",
    "adoption.services.change_withdraw": "adoption.services.change_propose",
    "adoption.services.change_refuse": "adoption.services.change_propose",
    "adoption.services.change_approve": "adoption.services.change_propose",
    "erasure.services.hold_place": "erasure.services.hold_lift",
    "erasure.services.hold_lift": "erasure.services.hold_place",
    "erasure.services.erasure_propose": "erasure.services.erasure_withdraw",
    "erasure.services.erasure_withdraw": "erasure.services.erasure_propose",
    "erasure.services.erasure_refuse": "erasure.services.erasure_propose",
    "extensions.services.extension_grant": "extensions.services.extension_revoke",
    "extensions.services.extension_revoke": "extensions.services.extension_grant",
    "extensions.services.deployment_record": "extensions.services.deployment_end",
    "extensions.services.deployment_end": "extensions.services.deployment_record",
    "finer.services.finer_propose": "finer.services.finer_withdraw",
    "finer.services.finer_approve": "finer.services.finer_withdraw",
    "finer.services.finer_withdraw": "finer.services.finer_propose",
    "finer.services.finer_refuse": "finer.services.finer_propose",
    "outside.services.webhook_register": "outside.services.webhook_end",
    "outside.news.news_begin": "outside.news.news_end",
    "outside.news.news_end": "outside.news.news_begin",
    "outside.services.outgoing_requeue": "outside.services.outgoing_close",
    "breakglass.services.break_glass_ask": "breakglass.services.break_glass_end",
    "breakglass.services.break_glass_decide": "breakglass.services.break_glass_end",
    "catch.services.catch_join": "catch.services.catch_leave",
    "catch.services.catch_leave": "catch.services.catch_join",
    "finding.services.filter_save": "finding.services.filter_forget",
    "finding.services.filter_forget": "finding.services.filter_save",
    "calendars.services.feed_make": "calendars.services.feed_revoke",
    "calendars.services.feed_revoke": "calendars.services.feed_make",
    "exports.services.export_ask": "exports.services.export_withdraw",
    "exports.services.dsaid_ask": "exports.services.export_withdraw",
    "exports.services.open_export_ask": "exports.services.export_withdraw",
    "exports.services.export_withdraw": "exports.services.export_ask",
    "exports.services.export_approve": "exports.services.export_withdraw",
    "exports.services.export_refuse": "exports.services.export_ask",
}
# They record what happened or show something: a later line stands beside an earlier one, nothing is lost by it.
ADDED_TO = [
    "casework.matters.services.matter_open",
    "casework.matters.services.matter_step",
    "casework.services.step_record",
    "casework.services.counts_by_option",
    "casework.cmg.services.cmg_call",
    "casework.cmg.services.cmg_seat_take",
    "casework.cmg.services.cmg_hold",
    "casework.moves.services.victim_relocate",
    "casework.moves.services.move_consent_record",
    "casework.moves.leaving.originals_confirm",
    "casework.moves.leaving.victim_hand_over",
    "election.contacts.contact_open",
    "election.contacts.contact_complete",
    "election.services.options_decide",
    "election.conversion.conversion_prepare",
    "election.inquiries.inquiry_log",
    "election.inquiries.limited_case_open",
    "election.papers.document.form_document",
    "election.papers.copies.hand_out_give",
    "election.papers.copies.copy_request",
    "election.papers.copies.copy_give",
    "evidence.services.kit_number_issue",
    "evidence.services.kit_seal",
    "evidence.services.kit_hand_to_mcio",
    "evidence.services.item_add",
    "evidence.labels.label_draw",
    "evidence.custody.evidence_stage",
    "evidence.custody.evidence_accept",
    "evidence.endings.property_ask",
    "evidence.endings.property_return",
    "evidence.endings.kit_expiry_told",
    "services.inbox_open",
    "services.inbox_acknowledge",
    "acknowledging.services.notice_telephone",
    "extensions.services.notice_extend",
    "finer.services.finer_prepare",
    "outside.services.outgoing_close",
    "strength.services.strength_import",
    "breakglass.services.break_glass_end",
    "disclosure.services.exception_propose",
    "disclosure.services.exception_advise",
    "disclosure.services.disclosure_tell",
    "disclosure.leaks.leak_find",
    "disclosure.leaks.leak_hand_on",
    "catch.services.catch_explain",
    "catch.services.catch_wish",
    "catch.services.catch_match",
    "catch.services.catch_match_tell",
    "catch.credentials.catch_credentials_issue",
    "catch.credentials.catch_credentials_use",
    "catch.credentials.catch_credentials_close",
    "statistics.services.annual_counts",
    "sapr.knowing.services.knowledge_shown",
    "statistics.quarters.quarter_figures_ask",
    "jobs.services.job_cancel",
    "exports.services.export_fetch",
    "exports.making.export_begin",
    "exports.making.export_step",
    "election.drafts.services.draft_keep",
    "previews.election_preview",
    "casework.matters.opening.matter_sealed_open",
    "casework.cmg.opening.cmg_minutes_open",
    "election.opening.decision_open",
    "evidence.opening.kit_number_open",
    "evidence.opening.kit_name_open",
    "evidence.opening.card_find",
    "catch.opening.catch_details_open",
    "catch.opening.catch_user_name_open",
    "access.looks.looked",
    "access.looks._stopped",
]
MARK = re.compile(r"""(?:data-final="|\{% final "|\bfinal = "|"final": ")([a-z_]+)\"""")


def short(name: str) -> str:
    return name.removeprefix("reports.").removeprefix("notifications.")


def test_every_service_is_final_or_taken_back_or_added_to() -> None:
    known = {short(name) for name in SERVICES}
    final = set().union(*FINAL.values())
    assert known == final | TAKEN_BACK.keys() | set(ADDED_TO)
    assert len(known) == len(final) + len(TAKEN_BACK) + len(ADDED_TO), "a service stands in two lists"
    assert set(TAKEN_BACK.values()) <= known


def test_what_is_final_says_so_where_it_is_done() -> None:
    files = [
        path
        for room in ("sapr", "reports", "accounts", "notifications")
        for path in Path(settings.BASE_DIR, room).rglob("*")
        if path.suffix in {".html", ".py"}
    ]
    said = {mark for path in files for mark in MARK.findall(path.read_text(encoding="utf-8"))}
    assert said == FINAL.keys() | ALSO_SAID
    # Whatever is no sentence of the list says it in the page's own words.
    assert SENTENCES.keys() <= said

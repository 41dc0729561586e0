"""Whatever is done on the desk can be done here: every service has an operation, or a reason why not."""

from sapr import api_urls
from tests.access.register import SERVICES
from tests.api.test_every_route import served

# Services whose operation is a class of its own, which does more than call them.
BY_CLASS = {
    "reports.election.contacts.contact_open": ("POST", "contacts"),
    "reports.election.contacts.contact_complete": ("PATCH", "contacts/<uuid:case_id>"),
    "reports.election.services.options_decide": ("POST", "cases/<uuid:case_id>/eligibility"),
    "reports.election.services.report_sign": ("POST", "cases/<uuid:case_id>/sign"),
    "reports.election.conversion.report_convert": ("POST", "cases/<uuid:case_id>/convert"),
    "reports.casework.services.step_record": ("POST", "cases/<uuid:case_id>/steps"),
    "reports.casework.services.va_assign": ("POST", "cases/<uuid:case_id>/va"),
    "reports.casework.services.counts_by_option": ("GET", "counts"),
    "reports.evidence.services.kit_number_issue": ("POST", "cases/<uuid:case_id>/evidence-number"),
    "notifications.services.notice_release": ("POST", "notices/<uuid:notice_id>/release"),
    "notifications.services.inbox_open": ("POST", "inbox/<uuid:item_id>/open"),
    "notifications.services.inbox_acknowledge": ("POST", "inbox/<uuid:item_id>/acknowledge"),
    "reports.breakglass.services.break_glass_ask": ("POST", "emergencies"),
    "reports.breakglass.services.break_glass_decide": ("POST", "emergencies/<uuid:request_id>/decide"),
    "reports.breakglass.services.break_glass_end": ("POST", "emergencies/<uuid:request_id>/end"),
}
WITHOUT = {
    "reports.election.drafts.services.draft_keep": "What is typed into the desk's form; whoever calls keeps their own.",
    "reports.election.drafts.services.draft_discard": "As above.",
    "reports.access.looks.looked": "Counts a look; every operation that answers 'not there' calls it.",
    "reports.access.looks._stopped": "Says once that the hour is full; opening a seal calls it.",
}
# Those of the other rooms, which the other half of these operations serves.
OPSB = {
    "sapr.knowing.services.knowledge_shown": "",
    "reports.finding.services.filter_save": "",
    "reports.finding.services.filter_forget": "",
    "reports.adoption.services.change_propose": "",
    "reports.adoption.services.change_approve": "",
    "reports.adoption.services.change_refuse": "",
    "reports.adoption.services.change_withdraw": "",
    "notifications.acknowledging.services.notice_telephone": "",
    "notifications.extensions.services.notice_extend": "",
    "notifications.correcting.services.notice_correct": "",
    "notifications.extensions.services.extension_grant": "",
    "notifications.extensions.services.extension_revoke": "",
    "notifications.extensions.services.deployment_record": "",
    "notifications.finer.services.finer_prepare": "",
    "notifications.finer.services.finer_propose": "",
    "notifications.finer.services.finer_approve": "",
    "notifications.finer.services.finer_refuse": "",
    "notifications.finer.services.finer_withdraw": "",
    "notifications.extensions.services.deployment_end": "",
    "notifications.outside.services.webhook_register": "",
    "notifications.outside.services.webhook_end": "",
    "notifications.outside.services.outgoing_requeue": "",
    "notifications.outside.services.outgoing_close": "",
    "notifications.strength.services.strength_import": "",
    "reports.erasure.services.hold_place": "",
    "reports.erasure.services.hold_lift": "",
    "reports.erasure.services.erasure_propose": "",
    "reports.erasure.services.erasure_withdraw": "",
    "reports.erasure.services.erasure_approve": "",
    "reports.erasure.services.erasure_refuse": "",
    "reports.disclosure.services.exception_propose": "",
    "reports.disclosure.services.exception_advise": "",
    "reports.disclosure.services.exception_decide": "",
    "reports.disclosure.services.disclosure_make": "",
    "reports.disclosure.services.disclosure_tell": "",
    "reports.disclosure.leaks.leak_find": "",
    "reports.disclosure.leaks.leak_hand_on": "",
    "reports.catch.services.catch_explain": "",
    "reports.catch.services.catch_join": "",
    "reports.catch.services.catch_wish": "",
    "reports.catch.services.catch_leave": "",
    "reports.catch.services.catch_match": "",
    "reports.catch.services.catch_match_tell": "",
    "reports.catch.credentials.catch_credentials_issue": "",
    "reports.catch.credentials.catch_credentials_use": "",
    "reports.catch.credentials.catch_credentials_close": "",
    "reports.statistics.services.annual_counts": "",
    "reports.calendars.services.feed_make": "",
    "reports.calendars.services.feed_revoke": "",
    "reports.statistics.quarters.quarter_figures_ask": "",
    "reports.jobs.services.job_cancel": "",
    "reports.exports.services.export_ask": "",
    "reports.exports.services.export_approve": "",
    "reports.exports.services.export_refuse": "",
    "reports.exports.services.export_withdraw": "",
    "reports.exports.services.export_fetch": "",
    "reports.exports.making.export_begin": "",
    "reports.exports.making.export_step": "",
}


def test_every_service_has_an_operation_or_a_reason():
    declared = {
        f"{view.service.__module__}.{view.service.__qualname__}"
        for view in (each.callback.view_class for each in api_urls.urlpatterns)
        if hasattr(view, "service")
    }
    assert set(BY_CLASS.values()) <= served()
    ways = (declared, BY_CLASS.keys(), WITHOUT.keys(), OPSB.keys())
    assert set(SERVICES) - set().union(*ways) == set(), "services that no operation serves"
    for way, others in (
        (BY_CLASS, declared),
        (WITHOUT, declared | set(BY_CLASS)),
        (OPSB, declared | set(BY_CLASS)),
    ):
        assert set(way) - set(SERVICES) == set(), "names of no service"
        assert set(way) & set(others) == set(), "named twice"
    assert all(WITHOUT.values())

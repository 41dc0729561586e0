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


def test_every_service_has_an_operation_or_a_reason():
    declared = {
        f"{view.service.__module__}.{view.service.__qualname__}"
        for view in (each.callback.view_class for each in api_urls.urlpatterns)
        if hasattr(view, "service")
    }
    assert set(BY_CLASS.values()) <= served()
    ways = (declared, BY_CLASS.keys(), WITHOUT.keys())
    assert set(SERVICES) - set().union(*ways) == set(), "services that no operation serves"
    for way, others in ((BY_CLASS, declared), (WITHOUT, declared | set(BY_CLASS))):
        assert set(way) - set(SERVICES) == set(), "names of no service"
        assert set(way) & set(others) == set(), "named twice"
    assert all(WITHOUT.values())

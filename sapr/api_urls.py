"""/api/v1/: one address for one operation."""

from django.urls import path

from notifications import apis as notices
from reports.adoption import apis as adoption
from reports.breakglass import apis as breakglass
from reports.casework import apis as casework
from reports.election import apis as election
from reports.election import rules_apis as rules
from reports.evidence import apis as evidence
from reports.obligations import apis as obligations
from sapr import api_rooms
from sapr.case_api import CaseGetApi

urlpatterns = [
    path("contacts", election.ContactOpenApi.as_view()),
    path("contacts/<uuid:case_id>", election.ContactCompleteApi.as_view()),
    path("cases", election.CaseListApi.as_view()),
    path("cases/<uuid:case_id>", CaseGetApi.as_view()),
    path("cases/<uuid:case_id>/sealed", election.SealedOpenApi.as_view()),
    path("cases/<uuid:case_id>/eligibility", rules.CaseEligibilityApi.as_view()),
    path("cases/<uuid:case_id>/sign", election.ReportSignApi.as_view()),
    path("cases/<uuid:case_id>/convert", election.ReportConvertApi.as_view()),
    path("cases/<uuid:case_id>/steps", casework.StepRecordApi.as_view()),
    path("cases/<uuid:case_id>/va", casework.VaAssignApi.as_view()),
    path("cases/<uuid:case_id>/evidence-number", evidence.KitNumberApi.as_view()),
    path("people/find", election.PersonFindApi.as_view()),
    path("eligibility", rules.EligibilityApi.as_view()),
    path("policy/settings", adoption.PolicySettingsApi.as_view()),
    path("form-editions", rules.FormEditionApi.as_view()),
    path("duties", obligations.DutyListApi.as_view()),
    path("notices", notices.NoticeListApi.as_view()),
    path("notices/<uuid:notice_id>", notices.NoticeGetApi.as_view()),
    path("notices/<uuid:notice_id>/release", notices.NoticeReleaseApi.as_view()),
    path("inbox", notices.InboxListApi.as_view()),
    path("inbox/<uuid:item_id>/open", notices.InboxOpenApi.as_view()),
    path("inbox/<uuid:item_id>/acknowledge", notices.InboxAcknowledgeApi.as_view()),
    path("emergencies", breakglass.EmergencyApi.as_view()),
    path("emergencies/<uuid:request_id>/reason", breakglass.EmergencyReasonApi.as_view()),
    path("emergencies/<uuid:request_id>/decide", breakglass.EmergencyDecideApi.as_view()),
    path("emergencies/<uuid:request_id>/end", breakglass.EmergencyEndApi.as_view()),
    path("counts", casework.CountsApi.as_view()),
    *election.OPERATIONS,
    *evidence.OPERATIONS,
    *adoption.OPERATIONS,
    *breakglass.OPERATIONS,
    *api_rooms.OPERATIONS,
]

"""/api/v1/: one address for one operation."""

from django.urls import path

from accounts import staff_apis as staff
from accounts.clients import apis as clients
from notifications import apis as notices
from notifications.acknowledging import apis as acknowledging
from notifications.correcting import apis as correcting
from notifications.extensions import apis as extensions
from notifications.finer import apis as finer
from notifications.outside import apis as outside
from notifications.outside import news_apis as news
from notifications.strength import apis as strength
from reports.adoption import apis as adoption
from reports.breakglass import apis as breakglass
from reports.calendars import apis as calendars
from reports.casework import apis as casework
from reports.casework import way_apis as casework_way
from reports.casework.cmg import apis as cmg
from reports.casework.matters import apis as matters
from reports.casework.moves import apis as moves
from reports.catch import apis as catch
from reports.disclosure import apis as disclosure
from reports.election import apis as election
from reports.election import rules_apis as rules
from reports.election import way_apis as election_way
from reports.election.papers import apis as papers
from reports.erasure import apis as erasure
from reports.evidence import apis as evidence
from reports.evidence import custody_apis as custody
from reports.evidence import kit_apis as kits
from reports.exports import apis as exports
from reports.finding import apis as finding
from reports.finding import kept_apis as kept
from reports.jobs import apis as jobs
from reports.obligations import apis as obligations
from reports.statistics import apis as statistics
from sapr import case_parts_api as case_parts
from sapr.case_api import CaseGetApi, CaseOpenApi
from sapr.knowing import apis as knowing

urlpatterns = [
    path("contacts", election.ContactOpenApi.as_view()),
    path("contacts/<uuid:case_id>", election.ContactCompleteApi.as_view()),
    path("cases", finding.CaseListApi.as_view()),
    path("cases/<uuid:case_id>", CaseGetApi.as_view()),
    path("cases/<uuid:case_id>/open", CaseOpenApi.as_view()),
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
    path("client", clients.ClientGetApi.as_view()),
    path("client/rotate", clients.ClientRotateApi.as_view()),
    *election.OPERATIONS,
    *evidence.OPERATIONS,
    *news.OPERATIONS,
    *matters.OPERATIONS,
    *casework_way.OPERATIONS,
    *moves.OPERATIONS,
    *cmg.OPERATIONS,
    *election_way.OPERATIONS,
    *papers.OPERATIONS,
    *kits.OPERATIONS,
    *custody.OPERATIONS,
    *obligations.OPERATIONS,
    *case_parts.OPERATIONS,
    *adoption.OPERATIONS,
    *breakglass.OPERATIONS,
    *disclosure.OPERATIONS,
    *catch.OPERATIONS,
    *knowing.OPERATIONS,
    *erasure.OPERATIONS,
    *kept.OPERATIONS,
    *calendars.OPERATIONS,
    *exports.OPERATIONS,
    *jobs.OPERATIONS,
    *statistics.OPERATIONS,
    *acknowledging.OPERATIONS,
    *correcting.OPERATIONS,
    *extensions.OPERATIONS,
    *finer.OPERATIONS,
    *outside.OPERATIONS,
    *strength.OPERATIONS,
    *staff.OPERATIONS,
]

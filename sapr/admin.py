"""The desk: Django's admin site with our own pages. No model is registered, so there is no LogEntry either."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from accounts import admin as accounts
from accounts import lock_views, sessions, signing_views
from accounts import rights_admin as rights
from accounts import views as own_account
from accounts.clients import admin as clients
from accounts.factors import step
from accounts.factors import views as factors
from notifications import admin as notifications
from notifications.acknowledging import admin as acknowledging
from notifications.correcting import admin as correcting
from notifications.extensions import admin as extensions
from notifications.finer import admin as finer
from notifications.outside import admin as outside
from notifications.outside import news_admin as news
from notifications.strength import admin as strength
from reports.adoption import admin as adoption
from reports.breakglass import admin as breakglass
from reports.calendars import admin as calendars
from reports.casework import above_admin as above
from reports.casework import admin as casework
from reports.casework import way_admin as way
from reports.casework.cmg import admin as meetings
from reports.casework.cmg import evening_admin as evenings
from reports.casework.matters import admin as matters
from reports.casework.moves import admin as moves
from reports.casework.moves import leaving_admin as leaving
from reports.catch import admin as catch
from reports.disclosure import admin as disclosure
from reports.election import admin as election
from reports.election import flowchart_admin as flowchart
from reports.election import inquiry_admin as inquiries
from reports.election import person_admin as people
from reports.election.drafts import admin as drafts
from reports.election.papers import admin as papers
from reports.erasure import admin as erasure
from reports.evidence import admin as evidence
from reports.evidence import held_admin as held
from reports.evidence import kit_admin as kits
from reports.evidence import shelf_admin as shelf
from reports.exports import admin as exports
from reports.finding import admin as finding
from reports.jobs import admin as jobs
from reports.obligations import admin as duties
from reports.statistics import admin as figures
from sapr.contract import admin as contract
from sapr.desk import case, convert, demo, intake, language, today
from sapr.desk.waiting import admin as waiting
from sapr.knowing import admin as knowing

ROOMS = (
    case,
    convert,
    election,
    people,
    casework,
    evidence,
    erasure,
    notifications,
    accounts,
    rights,
    adoption,
    breakglass,
    papers,
    meetings,
    moves,
    disclosure,
    catch,
    leaving,
    demo,
    inquiries,
    way,
    flowchart,
    matters,
    kits,
    held,
    above,
    outside,
    acknowledging,
    correcting,
    extensions,
    strength,
    finer,
    drafts,
    intake,
    knowing,
    calendars,
    news,
    waiting,
    shelf,
    evenings,
    finding,
    duties,
    figures,
    exports,
    jobs,
    clients,
    contract,
)
OWN = (factors, signing_views, lock_views)


class DeskSite(AdminSite):
    """The staff check is Django's; signing in and every page are a room's own."""

    site_header = site_title = index_title = "SAPR"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Sign-in and sign-out, the rooms' pages, and one answer for everything else. Nothing of the stock site."""
        pages = [
            path("", self.index, name="index"),
            path("login/", signing_views.password_step, name="login"),
            path("certificate/", signing_views.certificate, name="certificate"),
            *step.open_urls,
            *language.open_urls,
            *factors.open_urls,
            *drafts.open_urls,
            *lock_views.open_urls,
            path("logout/", self.logout, name="logout"),
            path("password/", self.admin_view(own_account.password), name="password_change"),
        ]
        for room in (*ROOMS, *OWN):
            pages += [
                path(str(each.pattern), self.admin_view(each.callback), name=each.name) for each in room.urls
            ]
        return [*pages, re_path(r"(?P<url>.*)$", self.admin_view(self.catch_all_view))]

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Today."""
        return self.admin_view(today.today)(request)

    def has_permission(self, request: HttpRequest) -> bool:
        """Anybody of the staff who passed both factors; what a page shows is `reports.access`'s to say."""
        known = request.user.is_active and request.user.is_authenticated
        return known and sessions.passed_both(request.session)

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """End the session; half way in, start again. The browser is told to forget this site.

        Only a POST does: an address that is followed ends nothing, and shows the button that does.
        """
        if request.method != "POST":
            return signing_views.sign_out_page(request)
        return signing_views.cleared(super().logout(request, extra_context))

    def register(self, *args, **kwargs) -> None:
        """Registers nothing: a ModelAdmin brings its log of names, its search in URLs and its own way past services.

        Silent, because Django's own apps offer theirs when they are discovered.
        """

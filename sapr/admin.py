"""The desk: Django's admin site with our own pages. No model is registered, so there is no LogEntry either."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from accounts import admin as accounts
from accounts import views as own_account
from notifications import admin as notifications
from reports.adoption import admin as adoption
from reports.breakglass import admin as breakglass
from reports.casework import admin as casework
from reports.election import admin as election
from reports.evidence import admin as evidence
from sapr.desk import case, convert, demo, today

ROOMS = (
    today,
    case,
    convert,
    election,
    casework,
    evidence,
    notifications,
    accounts,
    adoption,
    breakglass,
    demo,
)


class DeskSite(AdminSite):
    """Sign-in, session and the staff check are Django's; every page is a room's own."""

    site_header = site_title = index_title = "SAPR"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Sign-in and sign-out, the rooms' pages, and one answer for everything else. Nothing of the stock site."""
        pages = [
            path("", self.index, name="index"),
            path("login/", self.login, name="login"),
            path("logout/", self.logout, name="logout"),
            path("password/", self.admin_view(own_account.password), name="password_change"),
        ]
        for room in ROOMS:
            pages += [
                path(str(each.pattern), self.admin_view(each.callback), name=each.name) for each in room.urls
            ]
        return [*pages, re_path(r"(?P<url>.*)$", self.admin_view(self.catch_all_view))]

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Today."""
        return self.admin_view(today.today)(request)

    def has_permission(self, request: HttpRequest) -> bool:
        """Anybody of the staff may sign in; what a page shows is `reports.access`'s to say."""
        return request.user.is_active and request.user.is_authenticated

    def register(self, *args, **kwargs) -> None:
        """Registers nothing: a ModelAdmin brings its log of names, its search in URLs and its own way past services.

        Silent, because Django's own apps offer theirs when they are discovered.
        """

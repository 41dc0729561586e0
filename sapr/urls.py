"""The doors' addresses."""

from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import RoutePattern
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView

from accounts.lock_views import blank
from accounts.views import enrol
from sapr import api_urls, health
from sapr.addresses import Shapes
from sapr.operating.metrics import metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("healthz/work", health.work, name="healthz_work"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/schema/", SpectacularJSONAPIView.as_view(http_method_names=["get", "head"]), name="schema"),
    Shapes(RoutePattern("api/v1/", is_endpoint=False), api_urls),
    path("admin/", admin.site.urls),
    path("calendar/", include("reports.calendars.feed")),
    path("enrol/", enrol, name="enrol"),
    path("blank/", blank, name="blank"),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
]

handler400 = "sapr.problems.handler400"
handler404 = "sapr.problems.handler404"
handler500 = "sapr.problems.handler500"

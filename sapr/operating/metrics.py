"""/metrics: for a monitor that has the token, or that asks from this machine where nothing stands in front of it."""

from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from sapr.operating.counting import Requests
from sapr.operating.gauges import OfWeb

# A front end names whom it asks for; one on this machine would make everybody look like this machine.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via")


def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers of the web processes; for everybody else there is no such page."""
    if request.method != "GET" or not _may(request):
        raise Http404
    return HttpResponse(text(Requests(), OfWeb()), content_type=CONTENT_TYPE_LATEST)


def text(*collectors) -> bytes:
    """What these tell, as a monitor reads it."""
    registry = CollectorRegistry()
    for each in collectors:
        registry.register(each)
    return generate_latest(registry)


def token_fits(given: str) -> bool:
    """Whether an Authorization header bears the monitor's token; nothing fits where there is none."""
    token = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(given, f"Bearer {token}")


def _may(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return token_fits(request.headers.get("Authorization", ""))
    if settings.HTTPS or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False

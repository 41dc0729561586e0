"""The demo's clock: the bar on every page asks the worker to move it, so that what falls due is done on the way."""

import logging
import time
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from accounts.selectors import appointments_of, installation_of
from reports import policy
from sapr import clock
from sapr.celery import app
from sapr.models import Kind

TASK = "notifications.demo_clock_advance"
WAIT, LOOK_EVERY = 10.0, 0.2
log = logging.getLogger("sapr")


@require_POST
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Move to the next slot, day or month. Only a demo has such a clock; elsewhere there is no such page."""
    if clock.kind() != Kind.DEMO:
        raise Http404
    target = _target(request.POST.get("to", ""), clock.now(), zone_of(request.user))
    if target is None:
        messages.error(request, "Choose next slot, next day or next month.")
        return _back(request)
    try:
        app.send_task(TASK, args=[target.isoformat()], argsrepr="", kwargsrepr="", retry=False)
    except (OperationalError, OSError):
        log.warning("wake_failed")
        messages.error(request, "The worker cannot be reached, so the clock stands. Start it and try again.")
        return _back(request)
    if _moved(target):
        messages.success(request, "The clock moved. Whatever fell due on the way has been done.")
    else:
        messages.info(request, "The clock is still moving: the worker has much to do. Reload in a moment.")
    return _back(request)


def zone_of(user) -> str:
    """The zone of the first installation at which the user holds a post now; else UTC."""
    held = appointments_of(user, clock.now()).order_by("post__location__kind", "post__title").first()
    return installation_of(held.post.location).zone if held else "UTC"


def _target(to: str, now: datetime, zone: str) -> datetime | None:
    if to == "slot":
        return policy.slots_after(now, now + timedelta(days=1, hours=2), zone)[0]
    if to == "day":
        return now + timedelta(days=1)
    if to == "month":
        return policy.next_monthly(now, now, zone)
    return None


def _moved(target: datetime) -> bool:
    """Whether the clock arrived within the time a visitor waits. No transaction is open meanwhile."""
    give_up = time.monotonic() + WAIT
    while clock.now() < target:
        if time.monotonic() > give_up:
            return False
        time.sleep(LOOK_EVERY)
    return True


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the button was on, if it is one that can be fetched again."""
    page = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(page, allowed_hosts=None) and page.startswith("/admin/")
    return redirect(page if safe else "admin:index")


urls = [path("demo-clock/", demo_clock, name="demo_clock")]

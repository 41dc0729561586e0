"""Does the running system work? Signs in as a person would and has the worker do one thing."""

import time
import urllib.error
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin, urlsplit

from accounts.selectors import programme_manager
from reports import access
from reports.ledger.selectors import system_events
from sapr import clock
from sapr.celery import wake
from sapr.errors import DomainError

HTTP_SECONDS = 15
WORKER_SECONDS = 20
LOOK_EVERY = 0.2


class _Token(HTMLParser):
    """Finds the form's hidden CSRF token: the cookie that matches it is not readable from a page."""

    value = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") == "csrfmiddlewaretoken":
            self.value = found.get("value") or ""


def sign_in(url: str, username: str, password: str) -> dict[str, bool]:
    """Whether these credentials sign in at that address, and whether the first page then answers."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise DomainError("bad_url", "Give the address as http://localhost:PORT.", path="url")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    login, first = urljoin(url, "/admin/login/"), urljoin(url, "/admin/")
    try:
        with browser.open(login, timeout=HTTP_SECONDS) as page:
            token = _Token()
            token.feed(page.read().decode())
        form = {
            "username": username,
            "password": password,
            "csrfmiddlewaretoken": token.value,
            "next": "/admin/",
        }
        # The scheme was checked above.
        request = urllib.request.Request(login, urlencode(form).encode(), {"Referer": login})  # noqa: S310
        with browser.open(request, timeout=HTTP_SECONDS) as answer:
            signed_in = urlsplit(answer.url).path != urlsplit(login).path
        with browser.open(first, timeout=HTTP_SECONDS) as page:
            shown = page.status == 200 and urlsplit(page.url).path == urlsplit(first).path
    except urllib.error.HTTPError:
        return {"signed_in": False, "page": False}
    except OSError:
        raise DomainError("no_answer", f"Nothing answers at {url}. Is ./run running?", status=503) from None
    return {"signed_in": signed_in, "page": signed_in and shown}


def ask_worker() -> dict[str, object]:
    """Whether the worker takes a task and writes its event; it has 20 seconds."""
    viewer = programme_manager(clock.now())
    if viewer is None:
        raise DomainError(
            "no_manager", "There is no programme manager yet. Type ./run manage staff bootstrap."
        )
    before, start = _pings(viewer), time.monotonic()
    wake("sapr.ping")
    while time.monotonic() - start < WORKER_SECONDS:
        if _pings(viewer) > before:
            return {"worker": True, "worker_seconds": round(time.monotonic() - start, 2)}
        time.sleep(LOOK_EVERY)
    return {"worker": False, "worker_seconds": None}


def _pings(viewer) -> int:
    with access.viewing(viewer):
        return system_events(viewer=viewer).filter(kind="worker_pinged").count()

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


class _Page(HTMLParser):
    """Finds a page's hidden CSRF token (the cookie that matches it is not readable) and the code a demo shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.token = self.code = ""
        self._in_code = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") == "csrfmiddlewaretoken":
            self.token = found.get("value") or ""
        self._in_code = found.get("data-test") == "demo-code"

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code, self._in_code = "".join(data.split()), False


def sign_in(url: str, username: str, password: str) -> dict[str, bool]:
    """Whether these credentials sign in at that address, and whether the first page then answers.

    Both steps are gone through as a visitor of a demo does: the second one's code stands on its page. Elsewhere
    nobody but the person has it, so there this check ends at the second step and says so.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise DomainError("bad_url", "Give the address as http://localhost:PORT.", path="url")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    login, first = urljoin(url, "/admin/login/"), urljoin(url, "/admin/")

    def sent(address: str, page: _Page, **fields: str) -> tuple[str, _Page]:
        form = urlencode(fields | {"csrfmiddlewaretoken": page.token}).encode()
        # The scheme was checked above.
        request = urllib.request.Request(address, form, {"Referer": address})  # noqa: S310
        with browser.open(request, timeout=HTTP_SECONDS) as answer:
            return answer.url, _Page(answer.read().decode())

    try:
        with browser.open(login, timeout=HTTP_SECONDS) as page:
            asked = _Page(page.read().decode())
        address, second = sent(login, asked, username=username, password=password, next="/admin/")
        if second.code:
            address, _ = sent(address, second, code=second.code)
        signed_in = urlsplit(address).path == urlsplit(first).path
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

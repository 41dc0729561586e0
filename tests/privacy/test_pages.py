"""What every answer carries, on every route: headers, scripts, tokens, methods; "not yours" is "not there"."""

import re
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import URLPattern, get_resolver

from notifications.models import Notice
from reports import access
from reports.breakglass.services import break_glass_ask
from reports.erasure.services import erasure_propose
from tests.api.door import rows
from tests.casework.steps import begin
from tests.erasure.conftest import left_without_signing
from tests.privacy.roster import PARAMETERS, filled, served
from tests.privacy.signing import signed_in
from tests.times import T0

STRICT = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
TOKEN = re.compile(rb'(name="(?:csrfmiddlewaretoken|once|draft)" value=)"[^"]*"')


# What says of a case that it is there.
OF_CASES = ("case_id", "notice_id", "request_id", "erasure_id", "matter_id")


@pytest.fixture
def ids(world) -> dict[str, object]:
    """One id of each kind that addresses take."""
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
    left = left_without_signing(world)
    proposed = erasure_propose(actor=world.sarc, case_id=left.pk, at=T0)
    asked = break_glass_ask(actor=world.other_va, case=str(report.case_id), reason="invented", at=T0)
    found = dict.fromkeys(PARAMETERS, uuid4())
    return found | {
        "case_id": report.case_id,
        "notice_id": notice.pk,
        "request_id": asked.pk,
        "erasure_id": proposed.pk,
        "matter_id": begin(world, report.case, "civil_order", election="restricted").pk,
        "user_id": world.va.pk,
        "location_id": world.installation.pk,
        "url": "nothing",
    }


def addresses(ids: dict[str, object]) -> dict[str, str]:
    """Every route with ids filled in."""
    found = {route: filled(route, ids, "nothing/") for route, _ in served()}
    assert not [url for url in found.values() if "<" in url], "a parameter is missing in roster.PARAMETERS"
    return found


def test_every_answer_of_every_route_is_strict_and_uncached_and_no_page_has_inline_code(world, ids) -> None:
    """Nor a foreign asset, nor a form that puts what is searched for into an address."""
    answers, pages = [], 0
    for client in (signed_in(world.sarc), signed_in(world.manager), Client(raise_request_exception=False)):
        for url in addresses(ids).values():
            answers += [client.options(url), *(both := [client.get(url), client.post(url, {"x": "1"})])]
            pages += sum(check_page(url, answer) for answer in both)
    client = Client(raise_request_exception=False)
    odd = [
        client.get("/nothing"),
        client.get("/admin"),
        client.get("/", headers={"Host": "elsewhere.invalid"}),
    ]
    odd += [client.get("/static/nothing.css"), client.delete("/admin/"), client.get("/api/nothing")]
    for answer in answers + odd:
        check_headers(answer)
        assert answer["Cache-Control"] == "no-store", answer.request["PATH_INFO"]
    assert {200, 302, 400, 401, 403, 404, 405, 415, 422} <= {answer.status_code for answer in answers + odd}
    assert pages > 150


def check_headers(answer) -> None:
    told = {name: answer.headers.get(name) for name in STRICT}
    assert told == STRICT, answer.request["PATH_INFO"]
    assert set(answer["Content-Security-Policy"].split("; ")) == CSP
    assert not {"Server", "X-Powered-By", "Last-Modified"} & set(answer.headers)
    # The REST door's versions are keyed (docs/api.md); a page has none.
    assert "ETag" not in answer.headers or answer.request["PATH_INFO"].startswith("/api/v1/")


def test_static_files_carry_the_same_headers(world) -> None:
    answer = Client().get("/static/desk/base.css")
    assert answer.status_code == 200
    b"".join(answer.streaming_content)
    told = {name: answer.headers.get(name) for name in STRICT}
    assert told == STRICT
    assert set(answer["Content-Security-Policy"].split("; ")) == CSP


class Inline(HTMLParser):
    """Collects what a strict policy would refuse, and forms that put what is typed into an address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "style" or "style" in given or (tag == "script" and "src" not in given):
            self.found.append(f"<{tag}> with inline code")
        if any(
            name.startswith("on") or (value or "").startswith("javascript:") for name, value in attributes
        ):
            self.found.append(f"<{tag}> with a handler")
        if tag in ("script", "link", "img", "iframe") and "//" in (
            given.get("src") or given.get("href") or ""
        ):
            self.found.append(f"<{tag}> from elsewhere")
        if tag == "form" and (given.get("method") or "get").lower() != "post":
            self.found.append(f"GET form {given.get('action') or ''}")


# Forms that ask by address: nothing in them is about a person.
GET_FORMS = {"/admin/policy/profile/", "/admin/policy/adoption/"}
# What a notice is to say less of: steps of the ladder, never what it says.
LESS = "GET form /admin/notices/"


def check_page(url: str, answer) -> bool:
    """Whether it is a page; then nothing in it is refused by the policy or asks by address."""
    if not answer["Content-Type"].startswith("text/html"):
        return False
    parser = Inline()
    parser.feed(answer.content.decode())
    asked = "GET form" if url in GET_FORMS else LESS
    found = [each for each in parser.found if not each.startswith(asked)]
    assert found == [], url
    return True


def test_methods_that_no_page_lists_are_refused(world, ids) -> None:
    client = signed_in(world.sarc)
    for url in addresses(ids).values():
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND"):
            answer = client.generic(method, url, "{}", "application/json")
            patched = method == "PATCH" and answer.status_code in (200, 422)
            # An operation of other roles is refused before anybody asks by which method.
            of_others = url.startswith("/api/v1/") and answer.status_code == 403
            assert answer.status_code == 405 or of_others or (patched and "/contacts/" in url), (
                method,
                url,
                answer.status_code,
            )


# Who must leave is not held up by an old page: without a token these lock a screen, and do nothing else.
LOCKS_ALONE = ("admin/lock/", "admin/leave/")


@pytest.mark.parametrize("how", ["missing", "wrong", "cross-site"])
def test_a_write_without_its_token_changes_nothing(world, ids, how) -> None:
    """Each POST of each route, by a session; an API key carries no cookie, so nobody else's page can send it."""
    client = signed_in(world.sarc, enforce_csrf_checks=True)
    manager = signed_in(world.manager, enforce_csrf_checks=True)
    before = rows(world.sarc, world.va, world.commander)
    statuses = set()
    for each in (client, manager):
        body, headers = {"x": "1"}, {}
        if how == "wrong":
            body |= {"csrfmiddlewaretoken": "y" * 64}
        if how == "cross-site":
            body |= {"csrfmiddlewaretoken": each.get("/admin/password/").cookies["sapr-csrf"].value}
            headers = {"Origin": "https://elsewhere.invalid"}
        for route, url in addresses(ids).items():
            if route in LOCKS_ALONE:
                continue
            if route.startswith("api"):
                answer = each.generic("POST", url, "{}", "application/json", headers=headers)
            else:
                answer = each.post(url, body, headers=headers)
            statuses.add(answer.status_code)
            assert answer.status_code in (403, 405), (url, answer.status_code)
    assert 403 in statuses
    assert rows(world.sarc, world.va, world.commander) == before


def test_not_yours_and_not_there_are_the_same_answer_in_every_byte(world, ids) -> None:
    """Status, every header and the body; only the form's own random tokens differ, and not in length."""
    others = ids | {name: uuid4() for name in OF_CASES}
    there, gone = addresses(ids), addresses(others)
    # The other SAPR VA asked for the emergency access; the manager decides on it and on the erasure.
    theirs = {world.other_va: {"request_id"}, world.manager: {"request_id", "erasure_id"}}
    compared = 0
    for person in (world.stranger, world.other_va, world.commander, world.manager):
        client, hidden = signed_in(person), set(OF_CASES) - theirs.get(person, set())
        for route in there:
            if any(f":{name}>" in route for name in hidden):
                for method in ("get", "post"):
                    ask = getattr(client, method)
                    kind = {"content_type": "application/json"} if method == "post" and "api" in route else {}
                    mine, none = ask(there[route], **kind), ask(gone[route], **kind)
                    assert mine.status_code in (302, 403, 404, 405, 422), route
                    assert shown(mine, ids) == shown(none, others), route
                    assert len(mine.content) == len(none.content), route
                    compared += 1
    assert compared > 150


def shown(answer, ids: dict[str, object]) -> tuple[int, str, bytes]:
    """Everything but the id that was asked for and the form's tokens."""
    headers, body = str(dict(answer.headers)), TOKEN.sub(rb"\1", answer.content)
    for name in OF_CASES:
        headers, body = headers.replace(str(ids[name]), name), body.replace(str(ids[name]).encode(), b"id")
    return answer.status_code, headers, body


def test_no_model_has_an_admin_of_the_stock_kind(world) -> None:
    """Threat: a lookup in a changelist's address rebuilds a hidden number from counts."""
    assert site._registry == {}
    client = signed_in(world.manager)
    answers = {
        (answer.status_code, TOKEN.sub(rb"\1", answer.content))
        for model in ("reports/identity", "reports/case", "accounts/user", "auth/group")
        for tail in ("", "?dod_id__startswith=9", "add/", "autocomplete/?term=x", "1/history/", "1/delete/")
        if (answer := client.get(f"/admin/{model}/{tail}"))
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_the_catch_all_is_the_last_of_the_desk() -> None:
    desk = next(each for each in get_resolver().url_patterns if str(each.pattern) == "admin/")
    patterns = [each for each in desk.url_patterns if isinstance(each, URLPattern)]
    assert str(patterns[-1].pattern) == "(?P<url>.*)$"

"""What every operation shares: one request, its refusal as an exception, waiting and trying again, pages."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from ssl import SSLContext
from typing import Any

TOO_FAST, UNAVAILABLE = 429, 503


class Problem(Exception):  # noqa: N818  what RFC 9457 calls it
    """A refusal of the API (RFC 9457). `code` is stable; `detail` is a sentence for a person.

    `path`: the input it is about; `rule`: the policy rule that refuses; `retry_after`: seconds to wait; None: not told.
    """

    def __init__(self, status: int, told: Mapping[str, Any], retry_after: float | None = None) -> None:
        super().__init__(f"{status} {told.get('code', '')}: {told.get('detail', '')}")
        self.status, self.retry_after = status, retry_after
        self.code: str = told.get("code", "")
        self.detail: str = told.get("detail", "")
        self.path: str | None = told.get("path")
        self.rule: str | None = told.get("rule")


class NotSignedIn(Problem):
    """401: no key, or one that has ended."""


class NotAllowed(Problem):
    """403: the account may not, or the key is not for it."""


class NotFound(Problem):
    """404: not there, or not yours."""


class Conflict(Problem):
    """409 or 412: it does not fit what has happened already."""


class Unacceptable(Problem):
    """422: something in the request cannot be accepted; `path` says what."""


class TooFast(Problem):
    """429: more than an hour or a minute allows."""


class Unavailable(Problem):
    """503: not now."""


KINDS: dict[int, type[Problem]] = {
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    412: Conflict,
    422: Unacceptable,
    TOO_FAST: TooFast,
    UNAVAILABLE: Unavailable,
}


class Answer(dict):
    """An answer's values, with the version of what it shows (`etag`)."""

    etag: str | None = None


def etag(answer: Any) -> str | None:
    """The version of what an answer shows, for `if_match` of a change to it; None where it has none."""
    return getattr(answer, "etag", None)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A key goes to the address that was named and to no other."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Transport:
    """A connection to one installation.

    `address`: such as https://sapr.example.mil, without /api/v1; `key`: the API key. `context`: TLS settings, with the
    client certificate that the key is bound to, if it is. A refusal that says when to come again is tried again, up
    to `attempts` times in all, while it asks for at most `longest_wait` seconds; so is a connection that broke. Writes
    are safe to repeat: each carries a key of idempotency, which is made here unless the caller gives one.
    """

    def __init__(
        self,
        address: str,
        key: str,
        *,
        context: SSLContext | None = None,
        timeout: float = 60,
        attempts: int = 3,
        longest_wait: float = 120,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
            raise ValueError("The address begins with https:// (or, on this machine, http://).")
        self._address, self._key, self._timeout = address.rstrip("/"), key, timeout
        self._attempts, self._longest_wait, self._sleep = attempts, longest_wait, sleep
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
        if context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Any:
        """One operation: its answer's values, bytes where it is no JSON, None where there is nothing."""
        given = {name: _written(value) for name, value in (query or {}).items() if value is not None}
        url = self._address + path + (f"?{urllib.parse.urlencode(given)}" if given else "")
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        data = None
        if method not in ("GET", "HEAD"):
            # The same for every attempt: what was done once is answered again, not done again.
            headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
            headers["Content-Type"] = "application/json"
            data = json.dumps({} if body is None else body).encode()
        if if_match is not None:
            headers["If-Match"] = if_match
        for attempt in range(1, self._attempts + 1):
            try:
                return self._once(urllib.request.Request(url, data, headers, method=method))  # noqa: S310  checked
            except Problem as problem:
                wait = problem.retry_after
                if attempt == self._attempts or wait is None or wait > self._longest_wait:
                    raise
            except (urllib.error.URLError, HTTPException, ConnectionError, TimeoutError):
                if attempt == self._attempts:
                    raise
                wait = float(attempt)
            self._sleep(wait)
        raise AssertionError

    def _once(self, request: urllib.request.Request) -> Any:
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return _read(answer.read(), answer.headers)
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise _problem(refusal) from None

    def _pages(self, path: str, query: dict[str, Any]) -> Iterator[Any]:
        """Every row of a list, page after page."""
        while True:
            page = self._ask("GET", path, query=query)
            yield from page["items"]
            if page["next"] is None:
                return
            query = query | {"cursor": page["next"]}


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _read(content: bytes, headers: Any) -> Any:
    if not content:
        return None
    if not headers.get("Content-Type", "").startswith("application/json"):
        return content
    values = json.loads(content)
    if not isinstance(values, dict):
        return values
    answer = Answer(values)
    answer.etag = headers.get("ETag")
    return answer


def _problem(refusal: urllib.error.HTTPError) -> Problem:
    try:
        told = json.loads(refusal.read())
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    wait = refusal.headers.get("Retry-After", "")
    kind = KINDS.get(refusal.code, Problem)
    return kind(refusal.code, told, float(wait) if wait.isdigit() else None)

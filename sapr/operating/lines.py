"""A line in the log for a request that failed or took long: its number, operation, status and duration; no address.

Other requests leave no line: an operation's name with its minute says that somebody reported then (docs/privacy.md).
How many there are and how long they take stands in the numbers for a monitor.
"""

import logging
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from sapr.logs import new_error_id
from sapr.operating.counting import operation_of

log = logging.getLogger("sapr.request")
# Nothing that people ask for may take longer.
SLOW_SECONDS = 5.0


class LinesMiddleware:
    """Outermost, so that whatever the others answer is seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        took = perf_counter() - began
        failed = response.status_code >= 500
        # Health and readiness say 503 as their answer, every few seconds while it lasts.
        if (failed and response.status_code != 503) or took >= SLOW_SECONDS:
            told = {
                # The number that a page of ours showed to whoever met it.
                "request": getattr(request, "error_id", None) or new_error_id(),
                "operation": operation_of(request),
                "status": response.status_code,
                "seconds": round(took, 3),
            }
            if failed:
                log.warning("request_failed", extra={"fields": told})
            else:
                log.warning("request_slow", extra={"fields": told})
        return response

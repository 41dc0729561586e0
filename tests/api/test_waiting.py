"""Whoever is asked to wait is told how long: 429 and 503 carry Retry-After, in whole seconds."""

from rest_framework.exceptions import Throttled

from sapr.errors import DomainError
from sapr.problems import plain_problem, problem, problem_handler


def test_waiting_is_told_in_whole_seconds_by_every_way_out():
    def told(**given):
        refusal = DomainError("held_up", "Something holds this up.", **given)
        answers = (problem(refusal), plain_problem(refusal), problem_handler(refusal, {}))
        [said] = {answer.headers.get("Retry-After") for answer in answers}
        return said

    assert told(status=503) == "60"
    assert told(status=503, retry_after=5) == "5"
    assert told(status=429, retry_after=1.2) == "2"
    assert told(status=429, retry_after=0) == "1"
    assert told(status=409) is None
    throttled = problem_handler(Throttled(wait=12.5), {})
    assert (throttled.status_code, throttled.data["code"]) == (429, "too_many_requests")
    assert throttled["Retry-After"] == "13"

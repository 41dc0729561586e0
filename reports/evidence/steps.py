"""Pages with several steps: `do` names the one that a POST means."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from sapr.desk import undo
from sapr.desk.forms import DeskForm
from sapr.desk.pages import perform


class Step(NamedTuple):
    """`said`: what the page says when it is done; a step that returns a response is its own answer.

    `back`: from what the act returned, the fields of the step that takes it back; None where nothing does.
    """

    form: DeskForm
    act: Callable[[], object]
    said: str = ""
    back: Callable[[Any], dict[str, object] | None] = lambda _: None


def taken(request: HttpRequest, steps: Mapping[str, Step], here: str) -> HttpResponse | None:
    """Take the step that was asked for; None when the page is to be drawn, with the reason if there is one."""
    if request.method != "POST":
        return None
    step = steps.get(request.POST.get("do", ""))
    if step is None:
        messages.error(request, "Choose one of the steps on this page.")
        return None

    def run() -> HttpResponse:
        answer = step.act()
        if isinstance(answer, HttpResponse):
            return answer
        messages.success(request, step.said)
        if fields := step.back(answer):
            undo.offer(request, here, **fields)
        return redirect(here)

    return perform(request, step.form, run, again=here)


def named(request: HttpRequest, name: str = "id") -> UUID:
    """The id that a form carries; one of nothing when it is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return UUID(int=0)

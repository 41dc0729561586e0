"""What every page of the desk shares: the viewer's transaction, the role check, and refusals kept on the page."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.shortcuts import render as django_render

from reports import access
from sapr import standing
from sapr.desk import once
from sapr.desk.forms import DeskForm
from sapr.errors import DomainError
from sapr.problems import as_refusal

View = Callable[..., HttpResponse]
UNPROCESSABLE = 422


def page(*verbs: str) -> Callable[[View], View]:
    """Wrap a view: the database knows who looks, and one of the verbs is allowed (none named: anybody signed in).

    The verb is checked before anything is looked up, so a page answers alike for every id to those whose
    appointment does not include it.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            looks = standing.one_look() if request.method in ("GET", "HEAD") else nullcontext()
            with looks, access.entering(request.user):
                if verbs and not any(access.may(request.user, verb) for verb in verbs):
                    raise DomainError(
                        "not_your_role", "Your appointment does not include this page.", status=403
                    )
                return view(request, **kwargs)

        return run

    return wrap


def render(
    request: HttpRequest,
    template: str,
    page_title: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page. `page_title` names a kind of page, never a person or a case: titles end up in histories."""
    return django_render(request, template, {"page_title": page_title, **(context or {})}, status=status)


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent by a form, an empty one included; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def perform(
    request: HttpRequest, form: DeskForm, action: Callable[[], HttpResponse], *, again: str
) -> HttpResponse | None:
    """Run a form's action and return its response; None when the form is to be shown again with the reason.

    A refusal of a rule lands on the form and whatever the action had written is undone. A form that was sent
    twice runs once: the second time leads to where the first ended, or to `again` if that was a page of its own.
    """
    if not form.is_valid():
        return None
    token = form.cleaned_data.get("once", "")
    earlier = once.earlier(request, token)
    if earlier is not None:
        messages.info(request, "This was done already; nothing was done twice.")
        return redirect(earlier or again)
    try:
        with transaction.atomic():
            response = action()
    except Exception as error:
        refusal = as_refusal(error)
        # Not a refusal, or one that no other input would change: the page of its own says so.
        if refusal is None or refusal.status in {403, 404, 410, 503}:
            raise
        form.refuse(refusal)
        return None
    once.remember(request, token, response.headers.get("Location", again))
    return response


def status_of(form: DeskForm) -> int:
    """The status of a page that shows this form: 200 when it is fresh, else that of what was refused."""
    return form.refusal_status or UNPROCESSABLE if form.is_bound and form.errors else 200

"""What pages with several steps share: which step a POST names, and the id that goes with it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from sapr.desk.pages import perform


def steps(request: HttpRequest, here: str, actions) -> HttpResponse | None:
    """Run the step that a POST names; None when the page is to be drawn."""
    do = request.POST.get("do", "")
    if do not in actions:
        if request.method == "POST":
            messages.error(request, "Choose one of the steps on this page.")
        return None
    form, action, said = actions[do]

    def run() -> HttpResponse:
        target = action()
        messages.success(request, said)
        return redirect(target or here)

    return perform(request, form, run, again=here)


def id_of(text: str) -> UUID:
    """The id as sent; one of nothing when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)

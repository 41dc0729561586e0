"""Page: closing a case by its number, for who stands above its installation and sees nothing of it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reports.casework.closing_above import case_close_from_above
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

HERE = "admin:close_from_above"
NOT_CLOSED = (
    "Nothing was closed. There is no open case of this number below your command, or its own record does not pass "
    "every test. Ask its SARC, who sees which."
)


class NumberForm(DeskForm):
    number = forms.CharField(label="Number of the case", max_length=40)


@page("close_from_above")
def close_from_above(request: HttpRequest) -> HttpResponse:
    """Close a case of an installation below one's command by its number. Nothing of it is shown, before or after."""
    form = NumberForm(sent(request))

    def close() -> HttpResponse:
        number = form.cleaned_data["number"]
        if case_close_from_above(actor=request.user, number=number, at=clock.now()):
            messages.success(request, "The case is closed. Its SARC sees that you closed it.")
        else:
            # No exception: the look stays counted.
            messages.error(request, NOT_CLOSED)
        return redirect(HERE)

    if request.method == "POST":
        done = perform(request, form, close, again=reverse(HERE))
        if done is not None:
            return done
    context = {
        "form": form,
        "back": reverse("admin:handovers"),
        "back_label": "Hand-over",
        "button": "Close it",
        "intro": "For a SARC or programme manager whose post is at a command above the installation (CL-5, CL-6). "
        "A case is closed when its own record passes every test: referrals ended, review over, investigation ended. "
        "You are not shown the case, and each attempt that closes nothing is counted.",
    }
    return render(request, "desk/form.html", "Close a case by its number", context, status=status_of(form))


urls = [path("close-from-above/", close_from_above, name="close_from_above")]

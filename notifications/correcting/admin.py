"""The SARC's page on which an addressee is told anew what was told wrongly."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from notifications import selectors
from notifications.correcting import services
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of


@page("release_notice")
def notice_correct(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Send the details of a case as they are now in a notice of its own."""
    selectors.notice_for(request.user, notice_id, "release_notice")
    form, back = DeskForm(sent(request)), reverse("admin:notice", args=[notice_id])
    form.final = "correct"

    def correct() -> HttpResponse:
        new = services.notice_correct(actor=request.user, notice_id=notice_id, at=clock.now())
        messages.success(request, f"Told anew: {new.post.title}.")
        return redirect("admin:notice", notice_id=new.pk)

    if request.method == "POST":
        done = perform(request, form, correct, again=back)
        if done is not None:
            return done
    context = {
        "form": form,
        "intro": "What the case holds now goes at once to whom it is for now, in a notice of its own. It does not say "
        "that there was an earlier one, which stays where it lies. Complete the sealed details first.",
        "back": back,
        "back_label": "Notice",
        "button": "Send the corrected details",
    }
    return render(request, "desk/form.html", "Send corrected details", context, status=status_of(form))


urls = [path("notices/<uuid:notice_id>/correct/", notice_correct, name="notice_correct")]

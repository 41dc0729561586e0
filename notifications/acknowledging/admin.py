"""The SARC's page on which a call about an unacknowledged notice is recorded, without what was said."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from notifications import selectors
from notifications.acknowledging import services
from notifications.acknowledging.models import Outcome
from sapr import clock
from sapr.desk.forms import DeskForm, LocalInstantField
from sapr.desk.pages import page, perform, render, sent, status_of


class TelephoneForm(DeskForm):
    outcome = forms.ChoiceField(label="What came of it", choices=Outcome, widget=forms.RadioSelect)
    at = LocalInstantField(label="When")


@page("release_notice")
def notice_telephone(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Record that the addressee of one notice was telephoned."""
    row, now = selectors.notice_for(request.user, notice_id, "release_notice"), clock.now()
    form, back = TelephoneForm(sent(request)), reverse("admin:notice", args=[notice_id])
    form.fields["at"].starts_at(now, row.case.installation.zone)

    def record() -> HttpResponse:
        given = form.cleaned_data
        services.notice_telephone(
            actor=request.user, notice_id=notice_id, outcome=given["outcome"], at=given["at"]
        )
        messages.success(request, "Recorded.")
        return redirect(back)

    if request.method == "POST":
        done = perform(request, form, record, again=back)
        if done is not None:
            return done
    context = {
        "form": form,
        "intro": f"Telephone {row.post.title}. Say only: a notice waits in the inbox, please sign in. "
        "Nothing of the case, not even by telephone. What is said is not recorded.",
        "back": back,
        "back_label": "Notice",
        "button": "Record the call",
    }
    return render(request, "desk/form.html", "Telephone the addressee", context, status=status_of(form))


urls = [path("notices/<uuid:notice_id>/telephone/", notice_telephone, name="notice_telephone")]

"""The page that finds a person's cases by number. The number is sent in a form's body and stands in no address."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

from reports.election import selectors
from reports.election.contents import DIGITS_IN_DOD_ID
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render, sent, status_of
from sapr.errors import DomainError


class PersonForm(DeskForm):
    dod_id = forms.CharField(
        max_length=DIGITS_IN_DOD_ID,
        label="DoD ID number",
        help_text="Ten digits. That you looked is recorded; the number is not.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


@page("case_view")
def find(request: HttpRequest) -> HttpResponse:
    """One's own cases of a person. What was typed is not shown again."""
    form, found = PersonForm(sent(request)), None
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["dod_id"]
        try:
            found = selectors.person_find(viewer=request.user, dod_id=number, at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
    status = status_of(form)
    context = {"form": form if found is None else PersonForm(), "found": found}
    return render(request, "desk/person.html", "Find a person", context, status=status)


urls = [path("people/find/", find, name="person_find")]

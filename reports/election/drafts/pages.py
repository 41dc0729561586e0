"""A step's page and what is kept of its form: found when the page is asked for, done when it is submitted."""

from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from reports.election.drafts.models import Draft, Step
from reports.election.drafts.selectors import Kept, draft_of
from reports.election.drafts.services import draft_done
from reports.election.models import Case
from sapr.desk.forms import LocalInstantField

# What a page sends of itself, and nobody typed.
OWN = frozenset({"csrfmiddlewaretoken", "once", "draft", "author", "later"})


class Drafting:
    """One showing of a step. `id`: of a contact's draft, chosen by its page; `kept`: what is filled in again."""

    def __init__(self, request: HttpRequest, step: Step, case: Case | None = None) -> None:
        self.author, self.step, self.case = request.user, step, case
        asked = _id(request.POST.get("draft") or request.GET.get("draft"))
        self.id = asked or uuid4()
        self.kept: Kept | None = None
        if request.method == "GET" and (case is not None or asked):
            self.kept = draft_of(viewer=self.author, step=step, case=case, draft_id=asked)

    @property
    def url(self) -> str:
        """Where what is typed is sent to be kept."""
        if self.case is None:
            return reverse("admin:contact_draft")
        return f"{reverse('admin:draft', args=[self.case.pk])}?step={self.step}"

    @property
    def row(self) -> Draft | None:
        return self.kept.draft if self.kept else None

    def fill(self, form: forms.Form) -> None:
        """Show what is kept in a form that nobody sent. An instant that the page put there itself is put there anew."""
        if self.kept is None:
            return
        values = QueryDict(mutable=True)
        for name, each in self.kept.values.items():
            values.setlist(name, each)
        for name, field in form.fields.items():
            if name in OWN or (field.widget.is_hidden and not name.endswith("_drawn")):
                continue
            if isinstance(field, LocalInstantField) and values.get(name) == values.get(f"initial-{name}"):
                continue
            if name in values or isinstance(field.widget, forms.CheckboxSelectMultiple | forms.CheckboxInput):
                form.initial[name] = field.widget.value_from_datadict(values, {}, name)

    def done(self) -> None:
        """The step was submitted, in this transaction."""
        draft_done(actor=self.author, step=self.step, case=self.case, draft_id=self.id)


def typed(data: QueryDict) -> dict[str, list[str]]:
    """What somebody typed on a page: each field's values."""
    return {name: data.getlist(name) for name in data if name not in OWN}


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None

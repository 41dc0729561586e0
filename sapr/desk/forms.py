"""The base of every form of the desk, and its few field types."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext as _

from sapr.desk.once import new_token
from sapr.desk.spoken import spoken
from sapr.errors import DomainError


def sentence(refusal: DomainError) -> str:
    """The refusal's sentence without the machine's name of the field: on a page the field stands beside it."""
    text = str(spoken(refusal.message))
    text = text.removeprefix(f"{refusal.path}: ") if refusal.path else text
    return text[:1].upper() + text[1:]


class DeskRenderer(DjangoTemplates):
    """Fields with label, reason, help and error joined for screen readers, and choices in the reader's language."""

    field_template_name = "desk/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        for _group, options, _index in context.get("widget", {}).get("optgroups", ()):
            for option in options:
                option["label"] = spoken(option["label"])
        return super().render(template_name, context, request)


class DeskForm(forms.Form):
    """A form whose refusals stand at the field they concern, with everything that was typed kept.

    The browser's own bubbles are off: they differ by browser and vanish; our summary links to each field.
    """

    default_renderer = DeskRenderer()
    use_required_attribute = False
    refusal_status = 0
    # The act of `sapr.desk.final` that this form does, where it cannot be taken back.
    final = ""
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # A fresh token also when the form is shown again: it is another attempt.
        self.fresh_token = new_token()

    def full_clean(self) -> None:
        """As Django's, with our sentence for what was left out."""
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = "This is needed. Fill it in."
        super().full_clean()

    def refuse(self, refusal: DomainError) -> None:
        """Show a service's refusal at the field it names, else at the top of the form."""
        self.refusal_status = refusal.status
        name = refusal.path.replace(".", "-")
        candidates = [name, name.rpartition("-")[2], name.partition("[")[0]]
        field = next((each for each in candidates if each in self.fields), None)
        rule = " " + _("(Rule %(rule)s)") % {"rule": refusal.rule} if refusal.rule else ""
        self.add_error(field, sentence(refusal) + rule)

    def focus_on(self, first: str) -> None:
        """Let the page begin with the cursor in the first field that is wrong, else in the one named."""
        wrong = [name for name in self.fields if self.is_bound and name in self.errors]
        self.fields[(wrong or [first])[0]].widget.attrs["autofocus"] = True

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """(id to focus, label, message) of every error, in the order of the page."""
        lines = [("", "", message) for message in self.non_field_errors()]
        for name, field in self.fields.items():
            bound = self[name]
            grouped = isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
            focus = f"{bound.auto_id}_0" if grouped else bound.id_for_label
            lines += [(focus, str(bound.label), message) for message in bound.errors]
        return lines


class ConfirmForm(DeskForm):
    """Something that cannot be taken back."""

    confirm = forms.BooleanField(
        label="I have read this and want it done.",
        error_messages={"required": "Tick the box to say that you have read this."},
    )


class LocalInstantInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        return value if isinstance(value, str) or value is None else value.strftime("%Y-%m-%dT%H:%M")


class LocalInstantField(forms.CharField):
    """A date and time as the clock on the installation's wall shows it; cleaned to an aware instant or None."""

    widget = LocalInstantInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.zone = "UTC"

    def starts_at(self, now: datetime, zone: str) -> None:
        """Set the zone, and the present minute as the first value."""
        self.zone = zone
        self.initial = now.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            given = datetime.fromisoformat(text)
            if given.tzinfo is not None:
                return given.astimezone(UTC)
            local = given.replace(tzinfo=ZoneInfo(self.zone))
            there = local.astimezone(UTC).astimezone(ZoneInfo(self.zone))
        except (ValueError, OverflowError):
            raise forms.ValidationError("Write date and time like 2026-03-02T14:05.") from None
        if there.replace(tzinfo=None) != given:
            raise forms.ValidationError("The clocks went forward: this time of day did not exist. Check it.")
        return local.astimezone(UTC)


def text_area(rows: int = 6) -> forms.Textarea:
    """A text area of a given height; its width is the page's to say."""
    return forms.Textarea(attrs={"rows": rows, "cols": False})

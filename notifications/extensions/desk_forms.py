"""Forms of standing grants and of their use. Every reason is a word of a list."""

from typing import Any

from django import forms

from accounts.models import Post
from notifications.extensions.models import Circumstance, GrantReason
from sapr.desk.forms import ConfirmForm, DeskForm, LocalInstantField


class GrantForm(DeskForm):
    button = "Grant"
    post_id = forms.ChoiceField(label="Place")
    starts_at = LocalInstantField(
        label="From", required=False, help_text="Empty: from now on. Never before it is granted."
    )
    ends_at = LocalInstantField(label="Until")
    reason = forms.ChoiceField(label="Why", choices=[("", "Choose …"), *GrantReason.choices])

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post_id"].choices = [
            (str(post.pk), f"{post.location.name} ({post.title})") for post in posts
        ]
        for name in ("starts_at", "ends_at"):
            self.fields[name].zone = posts[0].location.zone


class RevokeForm(ConfirmForm):
    button = "Revoke"


class PlaceForm(DeskForm):
    button = "Record as deployed from now on"
    location = forms.ChoiceField(label="Place")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].choices = places


class EndForm(ConfirmForm):
    button = "No longer deployed"


class ExtendForm(DeskForm):
    reason = forms.ChoiceField(label="What is extenuating", choices=Circumstance, widget=forms.RadioSelect)
    deployed = forms.BooleanField(
        label="The report was made at the deployed place, and the usual time cannot be kept.",
        error_messages={"required": "Tick the box to say that this is so."},
    )

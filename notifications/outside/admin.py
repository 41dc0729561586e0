"""The page of channels: whether each works, webhooks, and the messages that were given up. For programme managers."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from notifications.outside import selectors, services
from notifications.outside.handing import Outcome
from notifications.outside.models import ClosedReason, Outgoing
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.demo import zone_of
from sapr.desk.forms import ConfirmForm, DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

HOME = "admin:channels"
SHOWN = 60


class RegisterForm(DeskForm):
    """Where a webhook stands."""

    url = forms.CharField(
        label="Address",
        max_length=300,
        help_text=_(
            "https://host/path of a machine that watches over this system. It is told nothing of any case."
        ),
    )


class CloseForm(DeskForm):
    """Why nobody needs to look any more."""

    button = "Close it"
    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose …"), *ClosedReason.choices])


class RequeueForm(DeskForm):
    button = "Try again now"


class EndForm(ConfirmForm):
    final = "end_webhook"
    button = "End this webhook"


@page(services.VERB)
def channels(request: HttpRequest) -> HttpResponse:
    """How each channel fares, what waits for a person, and the steps that can be taken."""
    now, viewer = clock.now(), request.user
    acts = Acts(request, reverse(HOME))
    letters = [_letter(acts, viewer, row, now) for row in selectors.letters(viewer=viewer)[:SHOWN]]
    lines = []
    for row in selectors.channels(at=now):
        line: dict[str, Any] = {"row": row, "end": None}
        if row.url:
            line["end"] = acts.add(
                "end",
                EndForm,
                lambda given, row=row: services.webhook_end(actor=viewer, channel_id=row.pk, at=now),
                "It is ended. Nothing goes there any more.",
                thing=row.pk,
            )
        lines.append(line)
    if (done := acts.run()) is not None:
        return done
    context = {
        "zone": zone_of(viewer),
        "channels": lines,
        "letters": letters,
        "rounds": selectors.rounds(at=now),
    }
    return render(request, "desk/channels.html", "Channels", context, status=acts.status)


def _letter(acts: Acts, viewer, row: Outgoing, now) -> dict[str, Any]:
    """One message that was given up, with what can be done about it."""
    steps = []
    if row.expires_at > now:
        again = acts.add(
            "again",
            RequeueForm,
            lambda given: services.outgoing_requeue(actor=viewer, outgoing_id=row.pk, at=now),
            "It is tried again now.",
            thing=row.pk,
        )
        steps.append(again)
    close = acts.add(
        "close",
        CloseForm,
        lambda given: services.outgoing_close(actor=viewer, outgoing_id=row.pk, at=now, **given),
        "It is closed.",
        thing=row.pk,
    )
    last = Outcome(row.tries[-1][1]).label if row.tries else ""
    return {"row": row, "last": last, "steps": [*steps, close]}


@page(services.VERB)
def webhook_new(request: HttpRequest) -> HttpResponse:
    """A further webhook; the answer shows its secret, once."""
    form = RegisterForm(sent(request))

    def register() -> HttpResponse:
        channel, secret = services.webhook_register(
            actor=request.user, url=form.cleaned_data["url"], at=clock.now()
        )
        return render(request, "desk/webhook_secret.html", "Webhook", {"channel": channel, "secret": secret})

    if request.method == "POST":
        done = perform(request, form, register, again=reverse(HOME))
        if done is not None:
            return done
    context = {
        "form": form,
        "back": reverse(HOME),
        "back_label": "Channels",
        "button": "Register it",
        "intro": "A webhook is POSTed the same few bytes every hour, and others when a channel is dead.",
    }
    return render(request, "desk/form.html", "Register a webhook", context, status=status_of(form))


urls = [
    path("channels/", channels, name="channels"),
    path("channels/webhooks/new/", webhook_new, name="webhook_new"),
]

"""Pages about API clients: programme managers propose and end them; whose name one acts in agrees, or ends it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from accounts import forms as accounts_forms
from accounts.admin import form_page
from accounts.clients import forms, selectors, services
from accounts.clients.models import Client, ClientKey, KeyState
from accounts.models import Role
from accounts.selectors import roles_of
from sapr import clock
from sapr.desk.forms import ConfirmForm
from sapr.desk.pages import page, perform, render, sent, status_of

HOME, TITLE = "admin:clients", "API clients"


@page()
def clients(request: HttpRequest) -> HttpResponse:
    """Every client to a programme manager, to anybody else those that act in their name."""
    now = clock.now()
    context = {
        "clients": selectors.clients(request.user, now),
        "now": now,
        "manages": Role.PROGRAMME_MANAGER in roles_of(request.user, now),
    }
    return render(request, "desk/clients.html", TITLE, context)


@page("manage_staff")
def client_new(request: HttpRequest) -> HttpResponse:
    """Propose an outside system and its first key."""
    form = forms.ClientForm(sent(request))

    def propose() -> HttpResponse:
        given = form.cleaned_data
        services.client_propose(
            name=given["name"],
            user=given["user"],
            scope=form.scope(),
            valid_days=given["valid_days"],
            per_minute=given["per_minute"],
            actor=request.user,
            at=clock.now(),
        )
        return _proposed(request)

    return form_page(request, form, propose, "Propose an API client", "Propose", home=(HOME, TITLE))


@page("manage_staff")
def client_key_new(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Propose another key of a client; it begins with the scope of the newest one."""
    client = _client(request, client_id)
    newest = client.shown_keys[-1] if client.shown_keys else None
    initial = _initial(newest) if newest else {}
    form = forms.KeyForm(sent(request), initial=initial)

    def propose() -> HttpResponse:
        services.key_propose(
            client=client,
            scope=form.scope(),
            valid_days=form.cleaned_data["valid_days"],
            actor=request.user,
            at=clock.now(),
        )
        return _proposed(request)

    return form_page(request, form, propose, "Propose another key", "Propose", home=(HOME, TITLE))


def _initial(key: ClientKey) -> dict:
    scope = selectors.scope_of(key)
    return {
        "places": [str(each) for each in scope.places],
        "rooms": list(scope.rooms),
        "verbs": list(scope.verbs),
        "fields_shown": "\n".join(scope.fields),
        "fingerprint": scope.fingerprint,
        "valid_days": key.valid_days,
    }


def _proposed(request: HttpRequest) -> HttpResponse:
    messages.success(request, "It is proposed. The key is made, and shown once, to whoever agrees to it.")
    return redirect(HOME)


@page()
def client_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """A proposed key: what it is for. Whoever may agrees, and is shown the key, once."""
    row = get_object_or_404(
        ClientKey.objects.select_related("client__user", "proposed_by"), pk=key_id, state=KeyState.PROPOSED
    )
    now = clock.now()
    _client(request, row.client_id)
    second = selectors.may_approve(row, request.user, now)
    form = (accounts_forms.DecisionForm if second else ConfirmForm)(sent(request))

    def decide() -> HttpResponse:
        if form.cleaned_data.get("decision") != "approve":
            services.key_refuse(key_id=row.pk, actor=request.user, at=clock.now())
            messages.success(request, "It is refused.")
            return redirect(HOME)
        key = services.key_approve(key_id=row.pk, actor=request.user, at=clock.now())
        return render(request, "desk/client_secret.html", "Key of an API client", {"row": row, "key": key})

    if request.method == "POST":
        done = perform(request, form, decide, again=reverse(HOME))
        if done is not None:
            return done
    context = {"row": row, "form": form, "second": second, "places": selectors.place_names(row)}
    return render(
        request, "desk/client_key.html", "Proposed key of an API client", context, status=status_of(form)
    )


@page()
def client_end(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Show what ending it means; the POST ends it, with all its keys."""
    client = _client(request, client_id)
    form = ConfirmForm(sent(request))

    def end() -> HttpResponse:
        services.client_end(client=client, actor=request.user, at=clock.now())
        messages.success(request, "The API client is ended.")
        return redirect(HOME)

    intro = f"{client.name} reaches nothing any more, with none of its keys. This cannot be taken back."
    return form_page(request, form, end, "End an API client", "End it now", intro, home=(HOME, TITLE))


def _client(request: HttpRequest, client_id: UUID) -> Client:
    """The client, for a manager or whoever's name it acts in; for others there is none."""
    found = selectors.clients(request.user, clock.now()).filter(pk=client_id).first()
    if found is None:
        raise Http404
    return found


urls = [
    path("clients/", clients, name="clients"),
    path("clients/new/", client_new, name="client_new"),
    path("clients/<uuid:client_id>/key/", client_key_new, name="client_key_new"),
    path("clients/<uuid:client_id>/end/", client_end, name="client_end"),
    path("clients/keys/<uuid:key_id>/", client_key, name="client_key"),
]

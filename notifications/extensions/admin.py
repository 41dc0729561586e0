"""Pages: a commander's standing grants; a programme manager's deployed places; and using a grant for one notice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts import selectors as staff
from accounts.models import LocationKind
from notifications import selectors as notices
from notifications.extensions import selectors, services
from notifications.extensions.desk_forms import EndForm, ExtendForm, GrantForm, PlaceForm, RevokeForm
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.pages import page, perform, render, sent, status_of

SHOWN = 100


@page("grant_extension")
def extensions(request: HttpRequest) -> HttpResponse:
    """What the commander granted, and granting more. The page is the same whether a grant was ever used or not."""
    viewer, now = request.user, clock.now()
    acts, at = Acts(request, reverse("admin:extensions")), {"actor": viewer, "at": now}
    posts = selectors.granting_posts(viewer, now)
    deployed = [post for post in posts if selectors.is_deployed(post.location, now)]

    def grant(given: dict[str, Any]) -> None:
        starts_at = given["starts_at"] or now
        services.extension_grant(**at, **given | {"starts_at": starts_at, "post_id": UUID(given["post_id"])})

    form = (
        acts.add(
            "grant", GrantForm, grant, "Granted. It counts for reports made from then on.", posts=deployed
        )
        if deployed
        else None
    )
    rows = [
        {"grant": each, "ended": each.revoked_at or each.ends_at <= now, "form": _revoke(acts, each, at, now)}
        for each in selectors.own_grants(viewer=viewer, at=now)[:SHOWN]
    ]
    done = acts.run()
    if done is not None:
        return done
    context = {"rows": rows, "form": form, "posts": posts, "now": now}
    return render(request, "desk/extensions.html", "Longer time for notices", context, status=acts.status)


def _revoke(acts: Acts, grant, at: dict[str, Any], now):
    if grant.revoked_at or grant.ends_at <= now:
        return None
    return acts.add(
        "revoke",
        RevokeForm,
        lambda given: services.extension_revoke(**at, grant_id=grant.pk),
        "Revoked. It counts for no report that is made from now on.",
        thing=grant.pk,
    )


@page("manage_staff")
def deployments(request: HttpRequest) -> HttpResponse:
    """Which places are deployed: only there may a commander grant longer time."""
    now = clock.now()
    acts, at = Acts(request, reverse("admin:deployments")), {"actor": request.user, "at": now}
    bases = staff.locations().filter(kind=LocationKind.INSTALLATION)
    places = [(str(each.pk), each.name) for each in bases]
    form = acts.add(
        "record",
        PlaceForm,
        lambda given: services.deployment_record(**at, location_id=UUID(given["location"])),
        "Recorded.",
        places=places,
    )
    rows = [
        {
            "deployment": each,
            "form": acts.add(
                "end",
                EndForm,
                lambda given, each=each: services.deployment_end(**at, deployment_id=each.pk),
                "Recorded. The place is deployed no longer.",
                thing=each.pk,
            )
            if each.ends_at is None
            else None,
        }
        for each in selectors.deployments()[:SHOWN]
    ]
    done = acts.run()
    if done is not None:
        return done
    context = {"rows": rows, "form": form}
    return render(request, "desk/deployments.html", "Deployed places", context, status=acts.status)


@page("release_notice")
def notice_extend(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Use a standing grant for one notice that waits."""
    row, now = notices.notice_for(request.user, notice_id, "release_notice"), clock.now()
    form, back = ExtendForm(sent(request)), reverse("admin:notice", args=[notice_id])

    def use() -> HttpResponse:
        services.notice_extend(
            actor=request.user, notice_id=notice_id, reason=form.cleaned_data["reason"], at=now
        )
        messages.success(request, "Extended. The last slot and the reminders moved; no commander is told.")
        return redirect(back)

    if request.method == "POST":
        done = perform(request, form, use, again=back)
        if done is not None:
            return done
    context = {
        "form": form,
        "intro": f"For a report made at {row.case.installation.name} while it was deployed and its commander's grant "
        "stood. Use it only when the usual time cannot be kept. No commander sees that you did.",
        "back": back,
        "back_label": "Notice",
        "button": "Use the longer time",
    }
    return render(request, "desk/form.html", "Longer time for this notice", context, status=status_of(form))


urls = [
    path("extensions/", extensions, name="extensions"),
    path("deployments/", deployments, name="deployments"),
    path("notices/<uuid:notice_id>/extend/", notice_extend, name="notice_extend"),
]

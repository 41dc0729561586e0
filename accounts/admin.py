"""The staff pages: people, posts, appointments. For programme managers; nothing of any case is here."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from accounts import forms, selectors, services, staffing
from accounts.leaving import left_words
from accounts.models import Role, User
from sapr import clock
from sapr.desk.forms import ConfirmForm, DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

HOME = "admin:staff"
# From how long before on a page says that a certification lapses.
LAPSES_SOON = timedelta(days=60)


@page("manage_staff")
def staff(request: HttpRequest) -> HttpResponse:
    """Who holds which post, and which posts are vacant."""
    now = clock.now()
    context = {
        "now": now,
        "people": selectors.people(),
        "linkable": selectors.linkable(request.user),
        "locations": selectors.locations(),
        "posts": selectors.posts(),
        "vacant": {post.pk for post in staffing.vacant_posts(now)},
        "appointments": selectors.appointments(now),
        "waiting": selectors.appointments_waiting(),
        "certifications": certification_lines(now),
        "uncertified": staffing.advocates_without(now),
        "link_form": DeskForm(),
    }
    return render(request, "desk/staff.html", "Staff", context)


def certification_lines(now: datetime, rows=None) -> list[dict]:
    """Certifications with the days that are left, for pages; `soon`: worth saying so."""
    rows = staffing.certifications(now) if rows is None else rows
    return [
        {"row": row, "days": (row.ends_at - now).days, "soon": row.ends_at - now <= LAPSES_SOON}
        for row in rows
    ]


def _enrolment_shown(request: HttpRequest, user: User, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("enrol")) + "#" + token
    return render(
        request, "desk/staff_link.html", "Enrolment link", {"person": user, "link": link, "code": token}
    )


@page("manage_staff")
def person_new(request: HttpRequest) -> HttpResponse:
    """A new member of staff; the answer shows the one-time enrolment link, once."""
    form = forms.PersonForm(sent(request))

    def create() -> HttpResponse:
        now, actor = clock.now(), request.user
        values = {name: form.cleaned_data[name] for name in ("username", "display_name", "email")}
        user = services.user_create(**values, actor=actor, at=now)
        return _enrolment_shown(request, user, services.enrolment_create(user=user, actor=actor, at=now))

    return form_page(request, form, create, "Add a person", "Create account and link")


@page("manage_staff")
def person_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """A new one-time enrolment link for somebody of one's own adding who never used one; POST only."""
    user = get_object_or_404(selectors.people(), pk=user_id)
    form = DeskForm(sent(request))

    def create() -> HttpResponse:
        token = services.enrolment_create(user=user, actor=request.user, at=clock.now())
        return _enrolment_shown(request, user, token)

    done = perform(request, form, create, again=reverse(HOME)) if request.method == "POST" else None
    for message in form.non_field_errors() if form.is_bound and done is None else ():
        messages.error(request, message)
    return done or redirect(HOME)


@page("manage_staff")
def person_close(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show what closing an account means; the POST closes it now."""
    user = get_object_or_404(selectors.people(), pk=user_id)
    form = ConfirmForm(sent(request))
    form.final = "close_account"

    def close() -> HttpResponse:
        services.user_deactivate(user=user, actor=request.user, at=clock.now())
        messages.success(request, "The account is closed.")
        return redirect(HOME)

    intro = (
        f"{user.display_name} ({user.username}) can no longer sign in. Running sessions and API keys end at once, "
        "and the posts this person holds count as vacant unless somebody else holds them too."
    ) + left_words(user)
    return form_page(request, form, close, "Close an account", "Close it now", intro)


@page("manage_staff")
def location_new(request: HttpRequest) -> HttpResponse:
    """A new installation, unit or higher command."""
    form = forms.LocationForm(sent(request))

    def create() -> HttpResponse:
        values = {name: form.cleaned_data[name] for name in ("kind", "name", "zone", "parent")}
        services.location_create(**values, actor=request.user, at=clock.now())
        messages.success(request, "The location was added.")
        return redirect(HOME)

    return form_page(request, form, create, "Add a location", "Add location")


@page("manage_staff")
def post_new(request: HttpRequest) -> HttpResponse:
    """A new post with its inbox."""
    form = forms.PostForm(sent(request))

    def create() -> HttpResponse:
        values = {name: form.cleaned_data[name] for name in ("location", "role", "title", "next_higher")}
        services.post_create(**values, actor=request.user, at=clock.now())
        messages.success(request, "The post was added. It has an inbox; appoint somebody to it.")
        return redirect(HOME)

    return form_page(request, form, create, "Add a post", "Add post")


@page("manage_staff")
def appointment_new(request: HttpRequest) -> HttpResponse:
    """Propose somebody for a post, from its approval until further notice or to an end."""
    now = clock.now()
    form = forms.AppointmentForm(sent(request))
    form.fields["ends_at"].zone = "UTC"

    def create() -> HttpResponse:
        services.appointment_create(
            user=form.cleaned_data["user"],
            post=form.cleaned_data["post"],
            starts_at=now,
            ends_at=form.cleaned_data["ends_at"],
            actor=request.user,
            at=now,
        )
        messages.success(
            request, "It is proposed. Nothing is in force until another programme manager approves it."
        )
        return redirect(HOME)

    intro = "A second programme manager, behind whom nobody stands who stands behind you, must approve it."
    return form_page(request, form, create, "Propose an appointment", "Propose", intro)


@page("manage_staff")
def appointment_end(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Show what ending it means; the POST ends it now."""
    row = get_object_or_404(selectors.appointments(clock.now()), pk=appointment_id)
    form = ConfirmForm(sent(request))

    def end() -> HttpResponse:
        services.appointment_end(appointment=row, actor=request.user, at=clock.now())
        messages.success(request, "The appointment has ended.")
        return redirect(HOME)

    intro = (
        f"{row.user.display_name} will no longer be {row.post.title}. Access ends at once, in running sessions "
        "too. What this person works on needs somebody else from now on."
    )
    if row.post.role == Role.SARC:
        intro += left_words(row.user)
    return form_page(request, form, end, "End an appointment", "End it now", intro)


def form_page(
    request: HttpRequest, form, action, title: str, button: str, intro: str = "", home=(HOME, "Staff")
) -> HttpResponse:
    """A page that is one form, with the way back; `home`: to which page, and its title."""
    back, label = reverse(home[0]), home[1]
    if request.method == "POST":
        done = perform(request, form, action, again=back)
        if done is not None:
            return done
    context = {"form": form, "button": button, "intro": intro, "back": back, "back_label": label}
    return render(request, "desk/form.html", title, context, status=status_of(form))


urls = [
    path("staff/", staff, name="staff"),
    path("staff/people/new/", person_new, name="staff_person_new"),
    path("staff/people/<uuid:user_id>/link/", person_link, name="staff_person_link"),
    path("staff/people/<uuid:user_id>/close/", person_close, name="staff_person_close"),
    path("staff/locations/new/", location_new, name="staff_location_new"),
    path("staff/posts/new/", post_new, name="staff_post_new"),
    path("staff/appointments/new/", appointment_new, name="staff_appointment_new"),
    path("staff/appointments/<uuid:appointment_id>/end/", appointment_end, name="staff_appointment_end"),
]

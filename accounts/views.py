"""Pages about one's own account: enrolment by one-time code, and the password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import forms, services
from sapr import clock
from sapr.desk.pages import page, perform, render, sent, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Choose a password with a one-time code.

    The code travels behind the # of the link, which browsers keep to themselves, so that it is in no log.
    """
    form = forms.EnrolForm(sent(request))

    def use() -> HttpResponse:
        services.enrolment_use(
            token=form.cleaned_data["code"].strip(), password=form.cleaned_data["password"], at=clock.now()
        )
        messages.success(request, "Your password is set. Sign in with it; then you add a second factor.")
        return redirect("admin:login")

    if request.method == "POST":
        done = perform(request, form, use, again=reverse("admin:login"))
        if done is not None:
            return done
    return render(request, "desk/enrol.html", "Enrolment", {"form": form}, status=status_of(form))


@page()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the session goes on, other sessions end."""
    form = forms.PasswordForm(sent(request), user=request.user)

    def change() -> HttpResponse:
        services.password_change(user=request.user, password=form.cleaned_data["password"], at=clock.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, "Your password is changed.")
        return redirect("admin:index")

    if request.method == "POST":
        done = perform(request, form, change, again=reverse("admin:index"))
        if done is not None:
            return done
    context = {
        "form": form,
        "button": "Change password",
        "back": reverse("admin:index"),
        "back_label": "Today",
    }
    return render(request, "desk/form.html", "Change password", context, status=status_of(form))

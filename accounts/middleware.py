"""Default deny: a session belongs to somebody only when both factors were passed in it."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts import sessions


class BothFactorsMiddleware:
    """Every door behind this one (desk, API, schema) sees nobody until the second factor was passed too."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if sessions.passed_both(request.session):
                sessions.keep_idle_limit(request.session, request.user)
            else:
                request.user = AnonymousUser()
        return self.get_response(request)

"""Default deny: a session belongs to somebody only when both factors were passed in it."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts import certificates, sessions


class BothFactorsMiddleware:
    """Every door behind this one (desk, API, schema) sees nobody until the second factor was passed too."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if sessions.passed_both(request.session) and self._card_is_there(request):
                sessions.keep_idle_limit(request.session, request.user)
            else:
                request.user = AnonymousUser()
        return self.get_response(request)

    @staticmethod
    def _card_is_there(request: HttpRequest) -> bool:
        """A session that a certificate opened is worth nothing without that certificate: a stolen cookie neither."""
        if sessions.second_factor(request.session) != certificates.BY_CERTIFICATE:
            return True
        return certificates.holder_of(request) == request.user

"""The language of the desk: what a person chose, else what their browser asks for, else English.

Only pages of the desk are drawn in it. The API, the worker and every command speak English, so that nothing that is
stored, sent or compared depends on who looked.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import services, sessions

PAGES = ("/admin/", "/enrol/")


class LanguageMiddleware:
    """Activates the language of a page for as long as it is being drawn."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PAGES):
            return self.get_response(request)
        with translation.override(language_of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            return response


def language_of(request: HttpRequest) -> str:
    """The code of one of `settings.LANGUAGES`."""
    known = dict(settings.LANGUAGES)
    chosen = request.session.get(sessions.LANGUAGE) or getattr(request.user, "language", "")
    return chosen if chosen in known else translation.get_language_from_request(request)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice, for the session and for the person who is signed in, and lead back to the page."""
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        request.session[sessions.LANGUAGE] = language
        if request.user.is_authenticated:
            services.language_set(user=request.user, language=language)
    # Without a field for it no page has to carry its own address, which may be anything that somebody typed.
    back = request.POST.get("back") or urlsplit(request.headers.get("Referer", "")).path
    safe = back.startswith(PAGES) and url_has_allowed_host_and_scheme(back, None)
    return redirect(back if safe else "admin:index")


open_urls = [path("language/", choose, name="language")]

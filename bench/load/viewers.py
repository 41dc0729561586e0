"""The measured people, signed in, and their pages: `python -m bench.load.viewers` in a stage's environment."""

import json
from importlib import import_module
from typing import Any

import django


def pages() -> list[dict[str, Any]]:
    """Whose page it is, what it is called, its address, and the cookie of a session that passed both factors."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from accounts import sessions
    from accounts.models import User
    from bench.load.filling import connect

    [told] = connect().execute("SELECT told FROM bench.made WHERE what = 'stories'").fetchone() or [{}]
    cases = told["cases"]
    running = reverse("admin:case", args=[cases["unrestricted with a kit"]])
    closed = reverse("admin:case", args=[cases["converted, closed"]])
    today, listed = reverse("admin:index"), reverse("admin:cases")
    asked = {
        "sarc": {"today": today, "cases": listed, "case": running, "closed case": closed},
        "va": {"today": today, "cases": listed, "case": running},
        "manager": {"today": today},
    }
    found = []
    for who, addresses in asked.items():
        client = Client()
        user = User.objects.get(pk=told["cast"]["people"][who])
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        # The machine's own time, which a held clock has not come to or is past.
        user.last_login = None
        user.save(update_fields=["last_login"])
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        sessions.mark_passed(session, "totp")
        session.save()
        cookie = f"{settings.SESSION_COOKIE_NAME}={key}"
        found += [{"who": who, "page": name, "url": url, "cookie": cookie} for name, url in addresses.items()]
    return found


if __name__ == "__main__":
    django.setup()
    print(json.dumps(pages()))

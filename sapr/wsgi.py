"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapr.settings")
os.environ.setdefault("SAPR_ROLE", "web")
application = get_wsgi_application()

from sapr.startup import settle, verify  # noqa: E402  the apps must be loaded first

verify()
settle()

"""The project package as an app: database kind, clock, admin site, checks, start-up commands."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SaprConfig(AppConfig):
    name = "sapr"
    verbose_name = "SAPR"

    def ready(self) -> None:
        from sapr import celery, checks, deployment  # noqa: F401  registers the Celery app and the system checks
        from sapr.operating import checks as operating  # noqa: F401


class DeskAdminConfig(AdminConfig):
    default_site = "sapr.admin.DeskSite"

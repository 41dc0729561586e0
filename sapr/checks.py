"""Combinations that must not start."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection

from sapr.models import Kind


@register()
def a_composer_is_registered(app_configs, **kwargs) -> list[Error]:
    """sapr.E001: without a listener duties would open and no notice would be composed."""
    from reports.obligations import hooks

    if hooks.registered():
        return []
    return [Error("No composer listens to opened duties.", hint="Install notifications.", id="sapr.E001")]


@register()
def the_kind_is_known(app_configs, **kwargs) -> list[Error]:
    """sapr.E002: the kind is one of three, and a demo never runs on a server that was named from outside."""
    if settings.KIND not in Kind.values:
        return [Error("SAPR_KIND must be real, demo or rehearsal.", id="sapr.E002")]
    return []


@register(Tags.database)
def roles_are_apart(app_configs, databases, **kwargs) -> list[Error]:
    """sapr.E003: the web and worker roles own no table and cannot go round row-level security."""
    if settings.ROLE == "owner" or not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid AND relkind IN ('r', 'p')),
                      r.rolsuper OR r.rolbypassrls
               FROM pg_roles r WHERE r.rolname = current_user"""
        )
        owns, bypasses = cursor.fetchone()
    if owns or bypasses:
        return [
            Error(
                f"The {settings.ROLE} role owns tables or bypasses row-level security.",
                hint="Create the roles with `manage.py roles` and name each in its own URL.",
                id="sapr.E003",
            )
        ]
    return []


@register(Tags.database)
def every_installation_has_a_higher_post(app_configs, databases, **kwargs) -> list[Error]:
    """sapr.E004: each senior commander's post names a next higher post; it takes over when that is needed."""
    if not databases or settings.ROLE != "web":
        return []
    post = apps.get_model("accounts", "Post")
    lonely = post.objects.filter(
        role="senior_commander", location__kind="installation", next_higher=None
    ).values_list("location__name", flat=True)
    return [
        Error(f"{name}: the senior commander's post has no next higher post.", id="sapr.E004")
        for name in lonely
    ]

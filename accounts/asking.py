"""Who asks the REST door with a key: one statement says all that is asked of everybody, before anything is done.

It stands for itself, outside of the operation's transaction: what that undoes, it does not undo.
"""

from datetime import UTC
from typing import Any, NamedTuple

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Model

from accounts import selectors
from accounts.clients import keys
from accounts.clients.models import Client, ClientKey
from accounts.keys import digest
from accounts.models import ApiKey, User
from sapr import clock
from sapr.making import read
from sapr.sending import sent


class Asked(NamedTuple):
    """Whose key it is; the outside system's key, where it is one's; how many seconds to wait (0: ask on)."""

    user: User
    key: ClientKey | None
    wait: float


def _columns(name: str, model: type[Model]) -> str:
    return ", ".join(f'{name}."{each.column}"' for each in model._meta.concrete_fields)


# The clock, the roles held then and the account. Volatile functions stand where they are asked once, for the one row.
_SAID = f"""
    WITH now AS MATERIALIZED (SELECT sapr_now() AS at)
    SELECT now.at,
           ARRAY({selectors.HELD_IN_WORDS.format(user="u.id", at="now.at")}),
           {{wait}}, {_columns("u", User)}{{more}}
    FROM now CROSS JOIN {{keys}} JOIN "{User._meta.db_table}" u ON u.id = {{whose}}
    WHERE k.key_hash = %(key)s AND k.revoked_at IS NULL AND k.expires_at > now.at AND u.is_active{{only}}
"""  # noqa: S608  # nosec B608  names from above
_BY_PERSON = _SAID.format(
    wait="CASE WHEN %(pace)s::integer > 0 THEN accounts_ask(u.id, %(pace)s::integer) ELSE 0 END",
    more="",
    keys=f'"{ApiKey._meta.db_table}" k',
    whose="k.user_id",
    only="",
)
# Who comes without the certificate that the key is bound to is refused, and costs the outside system nothing.
_BY_SYSTEM = _SAID.format(
    wait="CASE WHEN coalesce(k.fingerprint = %(shown)s::bytea, k.fingerprint IS NULL)"
    " THEN accounts_ask(c.id, c.per_minute) ELSE 0 END",
    more=f", {_columns('k', ClientKey)}, {_columns('c', Client)}",
    keys=f'"{ClientKey._meta.db_table}" k JOIN "{Client._meta.db_table}" c ON c.id = k.client_id',
    whose="c.user_id",
    only=" AND k.state = 'approved' AND c.ended_at IS NULL",
)
_FIRST = 3


def asked_by(key: str, shown: bytes | None = None) -> Asked | None:
    """Whoever asks with this key, counted among what they ask in a minute; None where it is no key in use.

    `shown`: the fingerprint of the certificate that came with it. A look (sapr.standing) that is going on knows the
    clock and the roles held from here. DomainError `certificate_needed` as `keys.require_certificate`.
    """
    if key.startswith(keys.MARK):
        row = _asked(_BY_SYSTEM, {"key": digest(key), "shown": shown})
    else:
        row = _asked(_BY_PERSON, {"key": digest(key), "pace": settings.API_PER_MINUTE})
    if row is None:
        return None
    at, held, wait = row[0].astimezone(UTC), selectors.read_held(row[1]), row[2]
    user, rest = _made(User, row[_FIRST:])
    used = None
    if rest:
        used, rest = _made(ClientKey, rest)
        used.client, _ = _made(Client, rest)
        used.client.user = user
        keys.require_certificate(used, shown)
        keys.keep_day(used, at)
        user.client_key = used
    clock.told(at)
    selectors.held_told(user, at, held)
    return Asked(user, used, wait)


def _asked(sql: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """The row; it is the request's first question, and finds out whether the connection still stands."""
    connection.health_check_done = True
    try:
        return _row(sql, values)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _row(sql, values)


def _row(sql: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    return next(iter(sent(sql, values)()), None)


def _made(model: type[Model], values: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """The row whose columns come first, and the values after them."""
    names = [each.attname for each in model._meta.concrete_fields]
    return read(model, names, values[: len(names)]), values[len(names) :]

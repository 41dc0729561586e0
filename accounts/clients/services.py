"""Writes about API clients: a key is proposed, agreed to, followed by another, ended. Each appends an event."""

from datetime import datetime, timedelta
from uuid import UUID

from accounts import rows
from accounts.acting import acting
from accounts.clients import keys, limits, selectors
from accounts.clients.models import Client, ClientKey, KeyState
from accounts.clients.scopes import Scope
from accounts.keys import digest
from accounts.models import User
from reports.ledger.services import append_system
from sapr.errors import DomainError, NotFoundError


def client_propose(
    *,
    name: str,
    user: User,
    scope: Scope,
    valid_days: int,
    per_minute: int,
    actor: User | None,
    at: datetime,
) -> tuple[Client, str]:
    """A new outside system that acts in the name of an account, and its first key; the key itself, or ''.

    A programme manager proposes, never for themselves; `key_approve` makes the key. Without an actor (the command
    line) it is made at once. DomainErrors as `Scope.checked` says, `own_rights`, `out_of_range`, `already_exists`.
    """
    _not_own(actor, user)
    if not 1 <= per_minute <= limits.MOST_PER_MINUTE:
        raise DomainError(
            "out_of_range", f"Choose 1 to {limits.MOST_PER_MINUTE} requests.", path="per_minute"
        )
    with acting(actor):
        client = Client(name=name, user=user, per_minute=per_minute, made_by=actor, made_at=at)
        taken = "There is an API client of this name already. Give it another."
        if Client.objects.filter(name=name).exists():
            raise DomainError("already_exists", taken, path="name", status=409)
        rows.insert(client, taken)
        return client, _key_propose(client, scope, valid_days, actor, at)[1]


def key_propose(
    *, client: Client, scope: Scope, valid_days: int, actor: User | None, at: datetime
) -> tuple[ClientKey, str]:
    """Another key of a client, of whatever scope: what a key may do never changes. As with `client_propose`."""
    _not_own(actor, client.user)
    with acting(actor):
        _in_use(client)
        return _key_propose(client, scope, valid_days, actor, at)


def _key_propose(
    client: Client, scope: Scope, valid_days: int, actor: User | None, at: datetime
) -> tuple[ClientKey, str]:
    if not 1 <= valid_days <= limits.LONGEST_DAYS:
        raise DomainError(
            "bad_days", f"A key is valid for 1 to {limits.LONGEST_DAYS} days.", path="valid_days"
        )
    scope.checked()
    row = ClientKey(
        client=client,
        **scope.columns(),
        valid_days=valid_days,
        state=KeyState.PROPOSED if actor else KeyState.APPROVED,
        proposed_by=actor,
        proposed_at=at,
    )
    key = "" if actor else _made(row, at)
    row.save(force_insert=True)
    _said("proposed" if actor else "approved", row, actor, at)
    return row, key


def key_approve(*, key_id: UUID, actor: User, at: datetime) -> str:
    """Agree to a proposed key: it is made now, and this is the only time that it is told.

    Whose name it acts in agrees, nobody else; where nobody signs in to that account, an independent second programme
    manager (`second_person_needed`). Who reads it could have acted so anyway, or is not alone.
    """
    with acting(actor):
        row = _waiting(key_id)
        if not selectors.may_approve(row, actor, at):
            raise DomainError(
                "second_person_needed",
                "You cannot agree to this: the person does in whose name it acts, or, where nobody signs in to that "
                "account, a second programme manager behind whom nobody stands who stands behind the proposer.",
                status=409,
            )
        _in_use(row.client)
        key = _made(row, at)
        values = {"prefix": row.prefix, "key_hash": row.key_hash, "expires_at": row.expires_at}
        _decide(row, KeyState.APPROVED, actor, at, **values)
    return key


def key_refuse(*, key_id: UUID, actor: User, at: datetime) -> None:
    """Say no to a proposed key: any programme manager, or the person in whose name it would act."""
    with acting(actor):
        _decide(_waiting(key_id), KeyState.REFUSED, actor, at)


def key_rotate(*, key: ClientKey, actor: User, at: datetime) -> tuple[ClientKey, str]:
    """A new key of the same scope and length, told once; the one before ends by itself after `limits.OVERLAP`.

    Asked for with the key itself, or by the person in whose name it acts. A key is followed once: `already_ended`.
    """
    with acting(actor):
        ClientKey.objects.select_for_update(of=("self",)).filter(pk=key.pk).first()
        if ClientKey.objects.filter(follows=key).exists() or not selectors.in_use(key, at):
            raise DomainError(
                "already_ended",
                "This key was followed by another or has ended. Use the newer one.",
                status=409,
            )
        row = ClientKey(
            client=key.client,
            **selectors.scope_of(key).columns(),
            valid_days=key.valid_days,
            state=KeyState.APPROVED,
            proposed_by=actor,
            decided_by=actor,
            proposed_at=at,
            follows=key,
        )
        told = _made(row, at)
        row.save(force_insert=True)
        ends = min(key.expires_at, at + limits.OVERLAP)
        ClientKey.objects.filter(pk=key.pk).update(expires_at=ends)
        _said("rotated", row, actor, at, before=str(key.pk), before_until=ends.isoformat())
    return row, told


def client_limit(*, client: Client, per_minute: int, actor: User | None, at: datetime) -> None:
    """How many requests a minute the system may send from now on."""
    if not 1 <= per_minute <= limits.MOST_PER_MINUTE:
        raise DomainError(
            "out_of_range", f"Choose 1 to {limits.MOST_PER_MINUTE} requests.", path="per_minute"
        )
    with acting(actor):
        _in_use(client)
        Client.objects.filter(pk=client.pk).update(per_minute=per_minute)
        data = {"client": str(client.pk), "user": str(client.user_id), "per_minute": per_minute}
        append_system(kind="client_limited", actor=actor, at=at, data=data)


def client_end(*, client: Client, actor: User | None, at: datetime) -> None:
    """End the client at once, with all its keys: a programme manager, or the person in whose name it acts."""
    with acting(actor):
        if Client.objects.filter(pk=client.pk, ended_at=None).update(ended_at=at) != 1:
            raise _ended()
        count = ClientKey.objects.filter(
            client=client, state=KeyState.APPROVED, revoked_at=None, expires_at__gt=at
        ).update(revoked_at=at)
        data = {"client": str(client.pk), "user": str(client.user_id), "keys": count}
        append_system(kind="client_ended", actor=actor, at=at, data=data)


def _made(row: ClientKey, at: datetime) -> str:
    key = keys.fresh()
    row.prefix, row.key_hash = key[: keys.PREFIX], digest(key)
    row.expires_at = at + timedelta(days=row.valid_days)
    if row.state == KeyState.APPROVED:
        row.decided_at = at
    return key


def _waiting(key_id: UUID) -> ClientKey:
    row = ClientKey.objects.select_related("client__user").filter(pk=key_id).first()
    if row is None:
        raise NotFoundError
    if row.state != KeyState.PROPOSED:
        raise _decided_already()
    return row


def _decide(row: ClientKey, state: str, actor: User, at: datetime, **values) -> None:
    """Close the proposal, once: of many at the same moment the database lets one through."""
    waiting = ClientKey.objects.filter(pk=row.pk, state=KeyState.PROPOSED)
    if waiting.update(state=state, decided_by=actor, decided_at=at, **values) != 1:
        raise _decided_already()
    _said(state, row, actor, at)


def _said(what: str, row: ClientKey, actor: User | None, at: datetime, **more: str) -> None:
    data = {"client": str(row.client_id), "user": str(row.client.user_id), "key": str(row.pk)}
    append_system(kind=f"client_key_{what}", actor=actor, at=at, data=data | more)


def _in_use(client: Client) -> None:
    if not Client.objects.filter(pk=client.pk, ended_at=None).exists():
        raise _ended()


def _ended() -> DomainError:
    return DomainError("already_ended", "This API client was ended. Make a new one.", status=409)


def _decided_already() -> DomainError:
    return DomainError("already_decided", "This was decided in the meantime.", status=409)


def _not_own(actor: User | None, user: User) -> None:
    if actor is not None and actor.pk == user.pk:
        raise DomainError(
            "own_rights", "Nobody proposes an API client that acts for themselves. Ask the other manager."
        )

"""`manage.py client`: API clients. What the desk does by two persons, whoever runs the system does here."""

from datetime import UTC

from accounts import selectors
from accounts.clients import limits, services
from accounts.clients.models import Client, ClientKey, KeyState
from accounts.clients.scopes import VERBS, Scope
from accounts.clients.selectors import scope_of
from accounts.models import Location, LocationKind, User
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError


class Command(PlainCommand):
    help = "Make, follow, end and list API clients: outside systems with a key of their own. A key is shown once."

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="make | rotate | limit | end | list"
        )
        make = actions.add_parser("make", help="a client that acts in the name of an account, and its key")
        make.add_argument("system", help="its name, never a person's")
        make.add_argument("username", help="in whose name it acts; it may never do more")
        make.add_argument("--installation", action="append", required=True, help="or a command, by its name")
        make.add_argument("--room", action="append", required=True, help="the first part of addresses: cases")
        make.add_argument("--verb", action="append", choices=VERBS, required=True)
        make.add_argument(
            "--field", action="append", default=[], help="an allowed field of answers: cases:id"
        )
        make.add_argument(
            "--fingerprint", default="", help="SHA-256 of the certificate that must come with it"
        )
        make.add_argument("--days", type=int, default=limits.USUAL_DAYS, help="how long the key is valid")
        make.add_argument("--per-minute", type=int, default=limits.PER_MINUTE, help="how often it may ask")
        rotate = actions.add_parser(
            "rotate", help="a new key of the same scope; the earlier one ends in a day"
        )
        rotate.add_argument("prefix", help="by which the earlier key is recognised")
        limit = actions.add_parser("limit", help="how often a client may ask from now on")
        limit.add_argument("system")
        limit.add_argument("--per-minute", type=int, required=True)
        end = actions.add_parser("end", help="end a client with all its keys")
        end.add_argument("system")
        for each in (make, rotate, limit, end, actions.add_parser("list", help="every client with its keys")):
            add_json(each)

    def handle(self, *args, action: str, as_json: bool, **options) -> None:
        result, lines = getattr(self, action)(**options)
        self.tell(result, lines, as_json=as_json)

    def make(self, system: str, username: str, **options) -> tuple[dict, list[str]]:
        scope = Scope(
            tuple(_place(each).pk for each in options["installation"]),
            tuple(options["room"]),
            tuple(options["verb"]),
            tuple(options["field"]),
            options["fingerprint"],
        )
        _, key = services.client_propose(
            name=system,
            user=_user(username),
            scope=scope,
            valid_days=options["days"],
            per_minute=options["per_minute"],
            actor=None,
            at=clock.now(),
        )
        return {"name": system, "key": key, "valid_days": options["days"]}, [key]

    def rotate(self, prefix: str, **options) -> tuple[dict, list[str]]:
        key = ClientKey.objects.filter(prefix=prefix, state=KeyState.APPROVED).select_related("client").last()
        if key is None:
            raise _unknown("prefix", "There is no key that begins so.")
        made, told = services.key_rotate(key=key, actor=None, at=clock.now())
        return {"name": key.client.name, "key": told, "valid_days": made.valid_days}, [told]

    def limit(self, system: str, per_minute: int, **options) -> tuple[dict, list[str]]:
        services.client_limit(client=_client(system), per_minute=per_minute, actor=None, at=clock.now())
        return {"name": system, "per_minute": per_minute}, [f"{system}: {per_minute} requests in a minute."]

    def end(self, system: str, **options) -> tuple[dict, list[str]]:
        services.client_end(client=_client(system), actor=None, at=clock.now())
        return {"name": system, "ended": True}, ["The client is ended, with all its keys."]

    def list(self, **options) -> tuple[dict, list[str]]:
        keys = ClientKey.objects.select_related("client__user").order_by("client__name", "proposed_at", "id")
        rows = [_row(key) for key in keys]
        lines = [
            f"{row['prefix'] or '-':<16}{row['state']:<10}{row['until']:<12}{row['name']}" for row in rows
        ]
        return {"keys": rows}, lines or ["There are no API clients."]


def _row(key: ClientKey) -> dict:
    scope = scope_of(key)
    ended = key.client.ended_at is not None or key.revoked_at is not None
    return {
        "name": key.client.name,
        "username": key.client.user.username,
        "prefix": key.prefix,
        "state": "ended" if ended else key.state,
        "until": f"{key.expires_at.astimezone(UTC):%Y-%m-%d}" if key.expires_at else "-",
        "rooms": list(scope.rooms),
        "verbs": list(scope.verbs),
        "last_used_on": key.last_used_on.isoformat() if key.last_used_on else None,
    }


def _place(name: str) -> Location:
    found = Location.objects.filter(name=name).exclude(kind=LocationKind.UNIT).first()
    if found is None:
        raise _unknown("installation", "There is no installation or command of that name.")
    return found


def _user(username: str) -> User:
    user = selectors.user_named(username)
    if user is None:
        raise DomainError("no_such_user", "There is no account of that user name.", path="username")
    return user


def _client(name: str) -> Client:
    found = Client.objects.filter(name=name).first()
    if found is None:
        raise _unknown("system", "There is no API client of that name.")
    return found


def _unknown(path: str, sentence: str) -> DomainError:
    return DomainError("unknown_value", sentence, path=path)

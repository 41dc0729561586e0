"""`manage.py staff`: the first accounts, lost passwords and factors, cards, API keys. The rest is done on the desk."""

import os
import sys
from datetime import timedelta

from accounts import selectors, services
from accounts.bootstrap import manager_restore, staff_bootstrap
from accounts.certificates import certificate_bind, certificate_unbind
from accounts.factors.services import factors_reset
from accounts.models import User
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError
from sapr.models import Kind

LONGEST_KEY_DAYS = 365


class Command(PlainCommand):
    help = (
        "Create the first programme managers, issue a password or an API key, take second factors away, bind a card. "
        "What is printed is shown once."
    )

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(
            dest="action",
            required=True,
            metavar="bootstrap | manager | password | factors | certificate | apikey",
        )
        add_json(actions.add_parser("bootstrap", help="two programme managers of an empty database, once"))
        manager = actions.add_parser(
            "manager",
            help="a new programme manager, while fewer than two are in force; prints an enrolment link",
        )
        manager.add_argument("username")
        add_json(manager)
        password = actions.add_parser("password", help="a new password; in a real database an enrolment link")
        password.add_argument("username")
        add_json(password)
        factors = actions.add_parser(
            "factors", help="take somebody's second factors and password away; prints a new enrolment link"
        )
        factors.add_argument("username")
        add_json(factors)
        card = actions.add_parser(
            "certificate",
            help="bind a client certificate (CAC); its subject id is read from one line of input",
        )
        card.add_argument("username")
        card.add_argument("--remove", action="store_true", help="take the bound one away instead")
        add_json(card)
        key = actions.add_parser("apikey", help="a key for the REST API that acts for this person")
        key.add_argument("username")
        key.add_argument("--days", type=int, default=30, help="how long it is valid (default 30)")
        add_json(key)

    def handle(self, *args, action: str, as_json: bool, **options) -> None:
        result, lines = getattr(self, action)(**options)
        self.tell(result, lines, as_json=as_json)

    def bootstrap(self, **options) -> tuple[dict, list[str]]:
        if clock.kind() == Kind.DEMO:
            raise DomainError(
                "demo", "A demo has its staff already. Type ./run --no-demo for an empty database."
            )
        made = staff_bootstrap(at=clock.now())
        accounts = [{"username": user.username, "link": _link(token)} for user, token in made]
        lines = ["Each link sets one password, once, within 7 days. They are shown only now:"]
        return {"accounts": accounts}, lines + [f"{each['username']:<12}{each['link']}" for each in accounts]

    def manager(self, username: str, **options) -> tuple[dict, list[str]]:
        user, token = manager_restore(username=username, at=clock.now())
        link = _link(token)
        return {"username": user.username, "link": link}, [
            "This link sets one password, once, within 7 days:",
            link,
        ]

    def password(self, username: str, **options) -> tuple[dict, list[str]]:
        user, at = _user(username), clock.now()
        if clock.kind() == Kind.REAL:
            link = _link(services.enrolment_create(user=user, actor=None, at=at))
            return {"username": user.username, "link": link}, [
                "Nobody else may know a password here. This link sets a new one, once, within 7 days:",
                link,
            ]
        password = services.password_issue(user=user, actor=None, at=at)
        return {"username": user.username, "password": password}, [f"{user.username}  {password}"]

    def factors(self, username: str, **options) -> tuple[dict, list[str]]:
        user = _user(username)
        link = _link(factors_reset(user=user, at=clock.now()))
        return {"username": user.username, "link": link}, [
            "Factors, password, sessions and keys are gone. Hand this link over in person; it works once in 7 days:",
            link,
        ]

    def certificate(self, username: str, remove: bool, **options) -> tuple[dict, list[str]]:
        user, at = _user(username), clock.now()
        if remove:
            removed = certificate_unbind(user=user, at=at)
            words = "The certificate is taken away." if removed else "No certificate was bound."
            return {"username": user.username, "bound": False}, [words]
        certificate_bind(user=user, subject=sys.stdin.readline(), at=at)
        return {"username": user.username, "bound": True}, ["The certificate is bound."]

    def apikey(self, username: str, days: int, **options) -> tuple[dict, list[str]]:
        if not 1 <= days <= LONGEST_KEY_DAYS:
            raise DomainError("bad_days", f"A key is valid for 1 to {LONGEST_KEY_DAYS} days.", path="days")
        user, at = _user(username), clock.now()
        key = services.api_key_create(user=user, valid=timedelta(days=days), actor=None, at=at)
        return {"username": user.username, "key": key, "valid_days": days}, [key]


def _user(username: str) -> User:
    user = selectors.user_named(username)
    if user is None:
        raise DomainError("no_such_user", "There is no account of that user name.", path="username")
    return user


def _link(token: str) -> str:
    """The token stands after the #, which no browser sends to a server or writes into its log."""
    return f"http://localhost:{os.environ.get('SAPR_PORT', '8000')}/enrol/#{token}"

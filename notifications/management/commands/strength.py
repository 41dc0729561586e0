"""`manage.py strength import`: what the desk's page does with a pasted file, done with one on disk."""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from accounts.models import Location, User
from accounts.selectors import user_named
from notifications.strength.services import Checked, strength_check, strength_import
from notifications.strength.tables import Tree
from notifications.strength.text import as_text, read
from reports import access
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError

SHOWN = 20


class Command(PlainCommand):
    help = "Record a strength table from a CSV file for a place and everything below it, whole or not at all."

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="import")
        command = actions.add_parser("import", help="read a file and record it as the newest table")
        command.add_argument("--file", required=True, help="the CSV file; - reads standard input")
        command.add_argument(
            "--for",
            dest="holder",
            help="the place that the table speaks for; else the lowest that holds all the file names",
        )
        command.add_argument("--as", required=True, dest="username", help="the programme manager who records")
        command.add_argument("--check", action="store_true", help="only read it and say what is wrong")
        add_json(command)

    def handle(
        self, *args, file: str, holder: str | None, username: str, check: bool, as_json: bool, **options
    ) -> None:
        actor, text = _actor(username), as_text(_content(file))
        location = _place(holder) if holder else _holding(text)
        with access.viewing(actor):
            checked = strength_check(actor=actor, location=location, text=text)
        if checked.found is None:
            self._refuse(checked, as_json)
        done: dict[str, Any] = {
            "place": location.name,
            "sha256": checked.sha256,
            "lines": checked.found.count,
            "recorded": not check,
            "lacking": [each._asdict() | {"since": each.since.isoformat()} for each in checked.lacking],
        }
        if not check:
            table = strength_import(actor=actor, location=location, text=text, at=clock.now())
            done["table"] = str(table.pk)
        words = "It can be recorded" if check else "Recorded"
        self.tell(
            done,
            [
                f"{words} for {location.name}: {checked.found.count} lines, SHA-256 {checked.sha256}",
                *(each.sentence for each in checked.lacking),
            ],
            as_json=as_json,
        )

    def _refuse(self, checked: Checked, as_json: bool) -> None:
        faults = [fault._asdict() for fault in checked.faults]
        lines = [f"line {each.line}: {each.code}: {each.sentence}" for each in checked.faults[:SHOWN]]
        self.tell({"sha256": checked.sha256, "recorded": False, "faults": faults}, lines, as_json=as_json)
        raise CommandError(f"Nothing was recorded: {len(faults)} lines cannot be used.")


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError:
        raise DomainError("no_file", "The file cannot be read. Check its name and rights.") from None


def _actor(username: str) -> User:
    user = user_named(username)
    if user is None or not user.is_active:
        raise DomainError("no_such_user", "Nobody active has this user name.", path="as")
    return user


def _place(name: str) -> Location:
    found = list(Location.objects.filter(name=name)[:2])
    if len(found) != 1:
        raise DomainError("unknown_unit", "One place of exactly this name is needed; see Staff.", path="for")
    return found[0]


def _holding(text: str) -> Location:
    """The lowest place that is or holds every place of the file; a file with faults is read against the whole tree."""
    tree = Tree(named=True)
    tops = [pk for pk, place in tree.places.items() if place.parent_id is None]
    everywhere: dict[str, list[UUID]] = {}
    for top in tops:
        for name, held in tree.by_name(top).items():
            everywhere.setdefault(name, []).extend(held)
    found, _ = read(text, everywhere)
    named = [line.place for line in (*found.people, *found.present)] if found else tops[:1]
    common = (
        [pk for pk in tree.chain(named[0]) if all(pk in tree.chain(each) for each in named)] if named else []
    )
    if not common:
        raise DomainError("unknown_unit", "No one place holds all places of the file. Say --for.", path="for")
    return tree.places[common[0]]

"""`manage.py policy …`: what the rules say, asked from a shell. Needs no database and no secret."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from reports import policy
from reports.policy import FactsError, PolicyDataError, telling
from reports.policy.asking import QUESTIONS, read_json
from reports.policy.compare import compare
from reports.policy.overview import overview
from reports.policy.pages import rules_page
from sapr.commands import PlainCommand, add_json

RULES_PAGE = Path(settings.BASE_DIR) / "docs" / "rules.md"
# exit codes: what was asked cannot be answered; the rules themselves are at fault
WRONG_QUESTION, WRONG_RULES = 2, 1
PROGRESS_EVERY = 5_000
ABOUT = {
    "decide": "which reporting options a person has, and why",
    "duties": "what an event makes due, for whom and by when",
    "ruling": "what the rules say on one topic",
    "retention": "how long a thing is kept",
    "see": "what a role may see of a case",
}
RULES = {
    "diff": "what one rule set changed against another",
    "check": "read and check the rules; exit code 1 names file and row of the first fault",
    "docs": "every rule with its versions, as a page to read",
}
KEYS = {
    "facts": "JSON file with the facts, or with a list of questions; - reads standard input",
    "on": "the date, YYYY-MM-DD",
    "started_on": "the date from which the period runs, YYYY-MM-DD",
    "at": "the instant with its offset, such as 2024-08-01T22:30:00+09:00",
    "zone": "the installation's time zone, such as Asia/Tokyo",
    "event": "what happened, such as report_signed",
    "topic": "such as expedited_transfer",
    "item": "the thing that is kept",
    "role": "who looks",
    "profile": "which layers of rules apply (default: seed)",
    "adopted": "a rule set that the Service has adopted; may be repeated",
}


class Command(PlainCommand):
    help = (
        "Ask the dated rules: options, duties, rulings, retention, visibility; or look at the rules themselves. "
        "A question's --facts may also be a JSON list of objects whose keys are the options; then the answer is a list."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.error = partial(_misused, parser)
        actions = parser.add_subparsers(dest="action", required=True, metavar=" | ".join(ABOUT | RULES))
        made = {}
        for name, about in (ABOUT | RULES).items():
            made[name] = action = actions.add_parser(name, help=about, description=about)
            action.error = partial(_misused, action)
            for key in QUESTIONS[name].keys if name in QUESTIONS else ():
                how = "append" if key == "adopted" else "store"
                action.add_argument(f"--{key.replace('_', '-')}", action=how, help=KEYS[key])
            add_json(action)
        made["decide"].add_argument(
            "--no-would-change", action="store_true", help="leave out what would change the answer: faster"
        )
        for name in ("before", "after"):
            made["diff"].add_argument(name, help="a rule set, such as RS-2024")
        made["check"].add_argument("--directory", help="further rules, laid beside the shipped ones")
        made["docs"].add_argument(
            "--write", action="store_true", help="write docs/rules.md, of the shipped rules"
        )

    def handle(self, *args, action: str, as_json: bool, **options) -> None:
        if sys.stdout is None:
            self._refuse("unwritable", "", "Standard output is closed.", as_json, WRONG_RULES)
        try:
            if action in QUESTIONS:
                self._answer(action, as_json, options)
            else:
                result, lines = getattr(self, action)(**options)
                self.tell(result, lines, as_json=as_json)
            self.stdout.flush()
        except FactsError as error:
            self._refuse(error.code, error.path, error.message, as_json, WRONG_QUESTION)
        except PolicyDataError as error:
            self._refuse("bad_rules", f"{error.file}: {error.row}", error.message, as_json, WRONG_RULES)
        except BrokenPipeError:
            # Whoever read has enough.
            _write_no_more()
            raise SystemExit(WRONG_RULES) from None
        except OSError as error:
            _write_no_more()
            self._refuse("unwritable", "", f"This cannot be written: {error.strerror}.", as_json, WRONG_RULES)

    def _answer(self, action: str, as_json: bool, options: dict[str, Any]) -> None:
        question = QUESTIONS[action]
        stated = {key: options[key] for key in question.keys if options[key] is not None}
        if "facts" in stated:
            stated["facts"] = read_json(_read(stated["facts"]))
        how = {"explain": not options["no_would_change"]} if action == "decide" else {}
        if not isinstance(stated.get("facts"), list):
            answers: Iterable[Any] = [question.ask(stated, **how)]
            lines = map(_json, answers) if as_json else _pages(action, answers)
        else:
            requests = stated.pop("facts")
            for _ in question.ask_each(requests, stated, **dict.fromkeys(how, False)):
                pass  # whatever is wrong is found before anything is printed
            answers = question.ask_each(requests, stated, **how)
            lines = _json_list(answers) if as_json else _numbered(_pages(action, answers))
        for number, line in enumerate(lines, 1):
            self.stdout.write(line)
            if number % PROGRESS_EVERY == 0 and self.stderr.isatty():
                self.stderr.write(f"{number} answered")

    def diff(self, before: str, after: str, **options) -> tuple[dict, list[str]]:
        found = compare(policy.default_policy().book, before, after)
        result = {"before": before, "after": after, "differences": [each.to_dict() for each in found]}
        return result, telling.difference_lines(found)

    def check(self, directory: str | None, **options) -> tuple[dict, list[str]]:
        if directory == "":
            raise FactsError("unreadable", "directory", "Name a folder.")
        further = directory or settings.POLICY_DIRECTORY
        book = policy.load_policy(policy.DATA, *([further] if further else ())).book
        found = overview(book)
        return found, telling.overview_lines(found)

    def docs(self, write: bool, **options) -> tuple[dict, list[str]]:
        if not write:
            page = rules_page(policy.default_policy().book)
            return {"page": page}, page.splitlines()
        RULES_PAGE.write_text(rules_page(policy.load_policy(policy.DATA).book), encoding="utf-8")
        return {"written": str(RULES_PAGE)}, [f"written: {RULES_PAGE}"]

    def _refuse(self, code: str, path: str, message: str, as_json: bool, returncode: int) -> None:
        if not as_json:
            raise CommandError(_one_line(f"{path}: {message}" if path else message), returncode=returncode)
        self.stderr.write(_problem(code, path, message), lambda text: text)
        raise SystemExit(returncode)


def _misused(parser: CommandParser, message: str) -> None:
    """Instead of argparse's own paragraph: the same one line as for any other question that cannot be answered."""
    if not parser.called_from_command_line:
        raise CommandError(message)
    as_json = "--json" in sys.argv
    parser.exit(WRONG_QUESTION, (_problem("usage", "", message) if as_json else _one_line(message)) + "\n")


def _problem(code: str, path: str, message: str) -> str:
    return json.dumps({"code": code, "path": path, "message": message})


def _one_line(text: str) -> str:
    """What a caller wrote may hold line ends and terminal codes; they are shown, not done."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _write_no_more() -> None:
    """What is still to be written goes nowhere, or Python would fail over it once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read(name: str) -> bytes:
    if not name:
        raise FactsError("unreadable", "facts", "Name a file, or - for standard input.")
    if name == "-" and sys.stdin is None:
        raise FactsError("unreadable", "facts", "Standard input is closed.")
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise FactsError("unreadable", "facts", f"This file cannot be read: {error.strerror}.") from None


def _json(answer: Any) -> str:
    """One answer as one line; of a plan of duties what it opens."""
    plain = answer.to_dict()
    return json.dumps(plain["opened"] if isinstance(answer, policy.DutyPlan) else plain)


def _json_list(answers: Iterable[Any]) -> Iterator[str]:
    before = "["
    for answer in answers:
        yield before + _json(answer)
        before = ","
    yield "]" if before == "," else "[]"


def _pages(action: str, answers: Iterable[Any]) -> Iterator[str]:
    return ("\n".join(telling.PAGES[action](answer)) for answer in answers)


def _numbered(pages: Iterable[str]) -> Iterator[str]:
    return (f"[{index}]\n{page}\n" for index, page in enumerate(pages))

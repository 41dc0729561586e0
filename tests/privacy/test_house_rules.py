"""Rules of the house that a machine can read off the source; `house_rules` lists them, each with the right way."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from tests.privacy.house_rules import ROOMS, ROOT, RULES, name_of, nodes


@lru_cache
def places(rule: str) -> list[str]:
    """Where the source does what the rule is about."""
    find = RULES[rule][0]
    return [f"{path}:{node.lineno}" for path, node in nodes() if find(node)]


@pytest.mark.parametrize("rule", RULES)
def test_the_source_keeps_the_rule(rule: str) -> None:
    _, allowed, right_way = RULES[rule]
    broken = [place for place in places(rule) if not place.startswith(tuple(allowed) or ("-",))]
    assert broken == [], f"{rule}: {right_way}"


BREAKING = {
    "encryption outside the vault": "from cryptography.fernet import Fernet",
    "opening a seal past the event": "column.open(row, row.sealed)",
    "asking for the time": "at = timezone.now()",
    "bulk writing": "Identity.objects.bulk_update(rows, ['name'])",
    "logging with values": "log.info(f'{name} signed')",
    "printing": "print(case.name)",
    "task with content": "app.send_task('x', args=[name])",
    "HTML marked as safe": "format_html('<b>{}</b>', name)",
    "sealing or opening under a key at hand": "open_under(key, row)",
    "statement from pieces": "cursor.execute(f'SELECT {name}')",
    "message with a traceback": "import traceback",
    "mail to administrators": "mail_admins('error', text)",
    "work hung on a commit": "transaction.on_commit(send)",
    "own log handler": "logging.basicConfig(level=10)",
    "pickled things": "import pickle",
}


def test_every_listed_exception_is_still_one() -> None:
    stale = [
        (rule, place)
        for rule, (_, allowed, _) in RULES.items()
        for place in allowed
        if not any(found.startswith(place) for found in places(rule))
    ]
    assert stale == []


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_finds_what_breaks_it(rule: str) -> None:
    assert any(RULES[rule][0](node) for node in ast.walk(ast.parse(BREAKING[rule])))


def sealed_models() -> dict[str, str]:
    """Each model with a sealed column, and the room that may use its manager."""
    from django.apps import apps

    from reports.vault.services import sealed_fields

    found = {}
    for model in apps.get_models():
        if sealed_fields(model):
            room = model.__module__.rpartition(".")[0].replace(".", "/")
            found[model.__name__] = f"{room}/"
    return found


# Who else uses a sealed model's manager, and why.
DECIDES = {"reports/access/held.py": "who has which access is read from its rows; nothing is opened"}


def test_the_managers_of_sealed_models_are_used_in_their_rooms_only() -> None:
    """Others ask the room's selectors, which know the viewer."""
    sealed, broken = sealed_models(), []
    for path, node in nodes():
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            room = sealed.get(name_of(node.value).rpartition(".")[2])
            if room and not path.startswith((room, *DECIDES)):
                broken.append(f"{path}:{node.lineno} {ast.unparse(node)}")
    assert broken == [], "Ask the room's selectors."


FORM = re.compile(r"<form\b(?![^>]*method=\"post\")[^>]*>", re.I)
# Forms that ask by address, and why nothing in them is about a person.
GET_FORMS = {
    "desk/policy_propose.html": "which profile or rule set to compare",
    "desk/cases.html": "words of lists, days and an installation; whatever else is sent is refused (docs/finding.md)",
    "desk/notice.html": "which steps of the ladder to leave out: words of the rules, nothing told",
}
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|\|safe|autoescape off", re.I
)


def test_templates_have_no_inline_code_no_unescaped_value_and_no_search_by_address() -> None:
    broken = []
    for path in sorted(ROOT.glob("*/templates/**/*.html")):
        name, text = path.as_posix().split("/templates/")[1], path.read_text(encoding="utf-8")
        if FORM.search(text) and name not in GET_FORMS:
            broken.append(f"{name}: a form that sends by GET puts what is typed into the address")
        if found := INLINE.search(text):
            broken.append(f"{name}: {found[0]} is refused by the content security policy, or not escaped")
    assert broken == []


PLACEHOLDERS = {
    "an e-mail address": re.compile(
        r"[\w.+-]+@(?![\w.-]*(?:\.invalid|\.example|example\.(?:com|org|mil))\b)[\w-]+\.[a-z]{2,}"
    ),
    "a social security number": re.compile(r"\b\d{3}-\d{2}-\d{4}\b"),
    "a private key": re.compile(r"BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY"),
    "an American telephone number": re.compile(r"\b(?!555)\d{3}[-. ](?!01\d\d\b|555)\d{3}[-. ]\d{4}\b"),
}


@pytest.mark.parametrize("what", PLACEHOLDERS)
def test_demo_documents_and_fixtures_hold_nothing_that_could_be_real(what: str) -> None:
    """Invented data says that it is: addresses end in .invalid, numbers are from the ranges kept for fiction."""
    found = []
    for folder in ("fixtures", "docs", "sapr/demo", "sapr/story", "tests"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".json", ".py", ".md", ".yaml", ".html") and path.name != Path(__file__).name:
                found += [
                    f"{path.relative_to(ROOT)}: {match}"
                    for match in PLACEHOLDERS[what].findall(path.read_text())
                ]
    assert found == []


def test_no_command_takes_what_a_victim_told_as_a_word_of_its_command_line() -> None:
    """Other accounts see command lines and shells remember them: such input comes by standard input."""
    from django.apps import apps
    from django.core.management import get_commands, load_command_class

    from reports.vault.services import sealed_fields

    sealed = {name for model in apps.get_models() for name in sealed_fields(model)} | {
        "victim",
        "person",
        "dod",
    }
    # A folder of the key store's copies, not the place of an incident.
    taken, other = set(), {("keys", "place")}
    for command, owner in get_commands().items():
        if owner in ROOMS:
            parsers = [load_command_class(owner, command).create_parser("manage.py", command)]
            for parser in parsers:
                for action in parser._actions:
                    taken.add((command, action.dest))
                    parsers += (action.choices or {}).values() if isinstance(action.choices, dict) else []
    assert len(taken) > 30
    assert {(command, word) for command, word in taken if word in sealed} == other

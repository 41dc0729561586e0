"""What the code and the rules say in English and a page may show."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Choices
from django.forms.utils import pretty_name

from notifications.strength import labels as rungs
from reports import policy
from reports.casework.events import STEPS
from reports.casework.matters.kinds import KINDS, title
from reports.election.fact_forms import asked_facts
from reports.policy import in_words
from reports.vault.services import PURPOSES
from sapr import admin as _pages  # noqa: F401 - with every page, every form is there
from sapr.desk import words
from sapr.desk.forms import DeskForm

BASE = Path(settings.BASE_DIR)
ROOMS = ("accounts", "reports", "notifications", "sapr/desk", "sapr/knowing", "sapr/templatetags")
ALSO = ("sapr/context.py", "sapr/problems.py")
# Rooms and modules in which nothing is said to who sits at the desk.
SILENT = re.compile(
    r"/(migrations|management|policy|vault|anonymity|rehearsal|statistics|ledger|lateness|legacy)/"
    r"|models\.py$"
    r"|/((\w+_)?apis|inputs|(\w+_)?outputs|checks|tasks|bootstrap|managers|apps|api_keys)\.py$"
    r"|outside/(messages|handing|smtp)\.py$|notifications/details\.py$|papers/document\.py$|evidence/papers\.py$"
    r"|desk/charts/__init__\.py$|knowing/telling\.py$|accounts/(asking|selectors)\.py$|access/(__init__|held|listing)\.py$"
    r"|strength/periods\.py$"
)
MARKS = {"gettext", "gettext_lazy", "_", "ngettext", "ngettext_lazy", "gettext_noop"}
VALUE = re.compile(r"%\(\w+\)s")
# Choices whose words no event of a case holds.
UNTOLD = re.compile("Kind$|State$|Stage|Holder|Place|Label|Member|Role|Profile|Service|Seat")
# A sentence, a title or a label: begins with a capital letter, is more than a code.
TEXT = re.compile(r"(?=.*[a-z]{2})[A-Z“0-9%][^\n]*")
CODE = re.compile(
    r"[A-Z][a-z0-9]+([A-Z]\w*)+|[A-Z][\w-]*-[A-Z][\w-]*|\S*[_/=<>{}\\]\S*|[A-Z]{2,}[a-z]?|.*(SELECT|UPDATE|INSERT|%[YmdHMSBjb](?!\w)).*|\S+\.html|ETag|Referer|TO-%\S+"
)


def said() -> Iterator[tuple[str, str, bool]]:
    """(text, its plural or '', whether values stand in it) of everything that is said outside the templates."""
    for path in modules():
        yield from in_code(path.read_text())
    for text in (*choices(), *broken(), *unnamed(), *labels(), *of_rules()):
        yield text, "", False
    for text in wordings():
        yield text, "", True


def modules() -> list[Path]:
    """The modules whose sentences may come to a page."""
    found = [path for room in ROOMS for path in (BASE / room).rglob("*.py")]
    found += [BASE / each for each in ALSO]
    return sorted(path for path in found if not SILENT.search(str(path.relative_to(BASE).as_posix())))


def in_code(source: str) -> Iterator[tuple[str, str, bool]]:
    """Marked texts, and sentences and labels that stand in the code plainly (`sapr.desk.spoken` looks them up)."""
    tree = ast.parse(source)
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            passed.add(body[0].value)
        elif isinstance(node, ast.JoinedStr):
            passed.update(node.values)
    for node in ast.walk(tree):
        if node in passed:
            continue
        if isinstance(node, ast.Call) and _name(node.func) in MARKS:
            given = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
            if not given:
                continue
            passed.update(node.args)
            many = given[1] if _name(node.func).startswith("ngettext") else ""
            yield str(given[0]), str(many), False
        elif isinstance(node, ast.JoinedStr):
            text = pattern(node)
            if is_text(text) and re.search("[A-Za-z]{2}", VALUE.sub("", text)):
                yield text, "", True
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and is_text(node.value):
            yield node.value, "", False


def is_text(text: str) -> bool:
    """Whether this reads as something that is said to people."""
    return bool(TEXT.fullmatch(text)) and not CODE.fullmatch(text)


def pattern(node: ast.JoinedStr) -> str:
    """A sentence with values, as the catalogue holds it: `The kit %(kit)s is here.`"""
    text, names = "", []
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("%", "%%")
        else:
            name = _name(part.value) or "value"
            names.append(name)
            text += f"%({name}{names.count(name) if names.count(name) > 1 else ''})s"
    return text


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def choices() -> Iterator[str]:
    """The words of every choice of every table, kinds of events included."""
    for each in _below(Choices):
        if each.__module__.split(".")[0] in ("accounts", "reports", "notifications", "sapr"):
            yield from (str(label) for label in each.labels)
    for model in _models():
        for field in model._meta.get_fields():
            yield from (str(label) for _value, label in getattr(field, "flatchoices", ()) or ())


def _below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _models() -> list[type]:
    return [
        each
        for each in apps.get_models()
        if each.__module__.split(".")[0] in ("accounts", "reports", "notifications")
    ]


def broken() -> Iterator[str]:
    """What is said when a table would not take a row."""
    for model in _models():
        for constraint in model._meta.constraints:
            if constraint.violation_error_message != constraint.default_violation_error_message:
                yield str(constraint.violation_error_message)


def unnamed() -> Iterator[str]:
    """Labels of fields that have their name for a label."""
    for form in _below(DeskForm):
        for name, field in form.base_fields.items():
            if field.label is None and not field.widget.is_hidden:
                yield pretty_name(name)


def labels() -> Iterator[str]:
    """Words of the vocabulary: of the rules' facts, of steps and their details, of rungs, of what a record holds."""
    yield from (
        *words.LABELS.values(),
        *words.OF_FACT.values(),
        *words.QUESTIONS.values(),
        *rungs.SAID.values(),
    )
    vocabulary = policy.default_policy().book.vocabulary
    yield from (*vocabulary["record_fields"].values(), *policy.retention_items().values())
    for spec in asked_facts().values():
        yield from (words.label(value, spec.id) for value in spec.values)
    yield from (words.label([]), "No", "Yes")
    yield from (words.label(word) for key in ("confidence", "routes", "roles") for word in vocabulary[key])
    # Data of events, as a case's timeline tells them.
    for each in _below(Choices):
        if each.__module__.startswith("reports.") and not UNTOLD.search(each.__name__):
            yield from filter(is_text, (words.label(value) for value in each.values))
    yield from (words.label(purpose) for purpose in PURPOSES)
    yield from PURPOSES.values()
    for step in STEPS.values():
        for name, values in step.details.items():
            yield from (
                words.QUESTIONS.get(name, name.capitalize()),
                *(words.label(each, name) for each in values),
            )
    for sides in priors():
        yield from (each["name"].replace("_", " ") for each in sides)
    for kind in KINDS.values():
        yield from matter(kind)


def matter(kind) -> Iterator[str]:
    """What the pages of one kind of matter say."""
    yield from (kind.label, *(state.label for state in kind.states.values()), *kind.sealed.values())
    yield from (words.label(state.owner) for state in kind.states.values() if state.owner)
    for step in kind.steps:
        yield title(step)
        for detail in step.details:
            yield detail.ask
            yield from (told or words.label(word, detail.name) for word, told in detail.words.items())
        if step.after:
            yield step.after.sentence


def priors() -> list[list[dict]]:
    """What a reader of notices may think of who is meant."""
    return [
        value
        for rule in policy.rules()
        for part in rule.parameters.values()
        if isinstance(part, dict)
        for name, value in (part.get("priors") or part).items()
        if name in ("victim", "offender") and isinstance(value, list)
    ]


def of_rules() -> Iterator[str]:
    """What the rules let be said to a victim, and duties: questions with their why, reasons, benefits, limits."""
    for spec in asked_facts().values():
        yield from (spec.question, spec.why, spec.label)
    for rule in policy.rules():
        yield from _of_rule(rule)


def _of_rule(rule) -> Iterator[str]:
    given = rule.parameters
    for case in given.get("cases", ()):
        yield from case.get("because", {}).values()
    if rule.id.startswith(("BL-", "EL-")) and "because" in given:
        yield given["because"]
    for duty in given.get("duties", ()):
        yield from (duty[key] for key in ("sentence", "otherwise") if key in duty)
        yield words.label(duty["kind"])
        yield in_words.delay(duty["delay"], policy.default_policy().book)
    for form in given.values():
        if isinstance(form, dict):
            yield from _of_form(form)
    for sides in given.get("considerations", {}).values():
        if isinstance(sides, dict):
            for lines in sides.values():
                yield from lines


def _of_form(form: dict) -> Iterator[str]:
    for question in form.get("questions", ()):
        if isinstance(question, dict):
            yield question["sentence"]
            yield from (each for each in question.get("values", {}).values() if isinstance(each, str))


def wordings() -> Iterator[str]:
    """Sentences of the engine with values in them, as the catalogue holds them."""
    for text in policy.default_policy().book.wording.values():
        yield re.sub(r"\{(\w+)\}", r"%(\1)s", text)

"""Every code that an answer can carry stands in docs/api.md, and nothing else does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sapr.problems import FIELD_CODES, FRAMEWORK_CODES, OTHERWISE
from tests.api.test_every_route import served

ROOT = Path(__file__).parents[2]
REFUSALS = {"DomainError", "FactsError"}


def raised_in(source: str) -> Iterator[str]:
    """The first argument of every refusal that is built in a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in REFUSALS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_code_is_documented():
    codes = {"not_found"}
    for app in ("accounts", "notifications", "reports", "sapr"):
        for file in (ROOT / app).rglob("*.py"):
            codes.update(raised_in(file.read_text()))
    codes |= {code for code, _ in (*FRAMEWORK_CODES.values(), *FIELD_CODES.values(), OTHERWISE)}
    refusals = (ROOT / "docs" / "api.md").read_text().partition("## Refusals")[2]
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", refusals, re.MULTILINE))
    assert codes - listed == set(), "codes that docs/api.md does not list"
    assert listed - codes == set(), "codes in docs/api.md that nothing raises"


def test_every_operation_is_documented():
    page = (ROOT / "docs" / "api.md").read_text()
    listed = set(re.findall(r"^\| (GET|POST|PATCH) `([^`?]+)[`?]", page, re.MULTILINE))
    assert listed == {(method, re.sub(r"<uuid:(\w+)_id>", r"{\1}", path)) for method, path in served()}


def test_every_step_is_documented():
    from reports.casework.events import STEPS

    page = (ROOT / "docs" / "api.md").read_text()
    for kind, step in STEPS.items():
        answers = " ".join(f"{name}: {', '.join(values)}" for name, values in step.details.items())
        assert f"| `{kind}` | {answers} |" in page, kind

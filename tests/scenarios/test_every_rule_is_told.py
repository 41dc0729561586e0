"""Each rule of the founding page and each clock has a test that carries its number: nobody drops one unseen."""

import ast
import re
from pathlib import Path

from reports import policy

TESTS = Path(__file__).parents[1]
FOUNDING = {f"R{number:02}" for number in range(1, 25)}
CLOCKS = {row.id for row in policy.rules() if row.id.startswith("CK-")}
RULE = re.compile(r"(?<![a-z])(r\d{2}|ck_\d{2})(?![0-9])")


def told() -> set[str]:
    """The rule numbers in the names of all tests, those of other folders included."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found |= set(RULE.findall(node.name.lower()))
    return {name.upper().replace("_", "-") for name in found}


def test_every_rule_of_the_founding_page_has_a_scenario() -> None:
    assert told() >= FOUNDING, sorted(FOUNDING - told())


def test_every_clock_has_a_scenario() -> None:
    assert len(CLOCKS) >= 20
    assert told() >= CLOCKS, sorted(CLOCKS - told())

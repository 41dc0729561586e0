"""A second reader of the access rows: slow, plain, and none of the product's code. What it grants is expected."""

import json
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[2] / "reports" / "policy" / "data"
STATES = ("contact", "walked_away", "restricted", "unrestricted")


@cache
def grants() -> list[dict]:
    """Every grant of a row that is switched on, as it stands in the file."""
    rows = json.loads((DATA / "access.json").read_text())["rows"]
    return [
        grant | {"id": row["id"]}
        for row in rows
        if row["enabled"]
        for grant in row["parameters"].get("access", [])
    ]


@cache
def words(name: str) -> dict:
    """One of the vocabularies of the access rows."""
    return json.loads((DATA / "vocabulary_access.json").read_text())[name]


def roles_for(verb: str) -> set[str]:
    """The roles that may do the verb with anything at all."""
    return {role for grant in grants() if verb in grant["verbs"] for role in grant["roles"]}


def rule_for(scopes: dict[str, set[str]], verb: str, thing: str, state: str) -> str | None:
    """The first row that lets somebody, who holds these roles in these scopes, do the verb with the thing."""
    for grant in grants():
        if verb not in grant["verbs"] or thing not in grant["objects"]:
            continue
        if grant.get("states") and state not in grant["states"]:
            continue
        if scopes.get(grant["scope"], set()) & set(grant["roles"]):
            return grant["id"]
    return None

"""Two hundred installations with their staff, copied from the one on which the patterns were signed.

The measured people are at the first: one SARC of a big place and a SAPR VA who has a fifth of its cases. Wherever a
pattern names the SARC, the VA, a commander or a post, its copies name whoever is that at their place.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

import psycopg

PLACES = 200
# On each of the others; at the first, so many SAPR VAs beside one SARC.
SARCS, VAS, FIRST_VAS = 2, 2, 5
SPACE = UUID("6f0d6a0e-5a3a-4d43-9c1e-6d3a4b3f5b10")
# By the names of the story's staff.
PEOPLE = ("sarc", "va", "commander", "unit", "mcio")
POSTS, HERE = ("sarc", "va", "commander", "unit", "mcio"), ("base", "company")
Named = dict[str, str]


def names(cast: dict[str, dict[str, str]]) -> Named:
    """Each id of the story's staff with the name of its hole; what is above the installation is everybody's."""
    found = {id_: f"person/{name}" for name, id_ in cast["people"].items()}
    found |= {id_: f"post/{name}" for name, id_ in cast["posts"].items()}
    return found | {id_: f"place/{name}" for name, id_ in cast["places"].items()}


def variants(cast: dict[str, dict[str, str]]) -> list[dict[str, bytes]]:
    """What stands for each name: first the measured SARC with each VA of theirs, then each pair of each place."""
    base = {name: id_ for id_, name in names(cast).items()}
    found = []
    for place in range(PLACES):
        pairs = [(0, va) for va in range(FIRST_VAS)] if place == 0 else _pairs()
        for sarc, va in pairs:
            own = base | {name: _id(base[name], place) for name in base if _is_here(name)}
            own["person/sarc"] = _id(base["person/sarc"], place, sarc)
            own["person/va"] = _id(base["person/va"], place, va)
            found.append({name: id_.encode() for name, id_ in own.items()})
    return found


def _pairs() -> list[tuple[int, int]]:
    return [(sarc, va) for sarc in range(SARCS) for va in range(VAS)]


def _is_here(name: str) -> bool:
    kind, _, which = name.partition("/")
    return which in {"person": PEOPLE, "post": POSTS, "place": HERE}[kind]


def _id(original: str, place: int, number: int = 0) -> str:
    """The id that stands for one of the first place's: itself there, or made of both."""
    if place == number == 0:
        return original
    return str(uuid5(SPACE, f"{original}/{place}/{number}"))


def copy(admin: psycopg.Connection[Any], cast: dict[str, dict[str, str]]) -> None:
    """Enter all others: locations, posts, people, appointments and certifications, in the caller's transaction."""
    for table, key, kind, which in (
        ("accounts_location", "id", "places", HERE),
        ("accounts_post", "id", "posts", POSTS),
        ("accounts_user", "id", "people", PEOPLE),
        ("accounts_appointment", "user_id", "people", PEOPLE),
        ("accounts_certification", "user_id", "people", PEOPLE),
    ):
        ids = [cast[kind][name] for name in which]
        cursor = admin.execute(f"SELECT * FROM {table} WHERE {key} = ANY (%s)", [ids])  # noqa: S608
        columns = [each.name for each in cursor.description or ()]
        rows = cursor.fetchall()
        with admin.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as into:
            for row in rows:
                for copied in _copies(dict(zip(columns, row, strict=True)), cast):
                    into.write_row(list(copied.values()))
    admin.execute("SELECT accounts_held_anew(ARRAY(SELECT id FROM accounts_user))")


def _copies(row: dict[str, Any], cast: dict[str, dict[str, str]]) -> Iterator[dict[str, Any]]:
    """A row of the first place, once for every other; those of SARCs and SAPR VAs once for each of them."""
    here = {cast["places"][name] for name in HERE} | {cast["posts"][name] for name in POSTS}
    several = {cast["people"]["sarc"]: (1, SARCS), cast["people"]["va"]: (FIRST_VAS, VAS)}
    people = {cast["people"][name] for name in PEOPLE}
    who = str(row.get("user_id") or row["id"])
    for place in range(PLACES):
        first, other = several.get(who, (1, 1))
        for number in range(first if place == 0 else other):
            if place == number == 0:
                continue
            made = {}
            for name, value in row.items():
                text = str(value)
                if text in people or (name == "id" and text not in here):
                    made[name] = _id(text, place, number)
                else:
                    made[name] = _id(text, place) if text in here else value
            for name in ("username", "name", "title", "email"):
                if name in made:
                    made[name] = (
                        f"{made[name]} {place}/{number}"
                        if name in ("name", "title")
                        else f"{place}-{number}-{made[name]}"
                    )
            yield made

"""The invented staff of a story, made through the services from a data file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts import services as accounts
from accounts.models import CERTIFIED_ROLES, Location, Post, User
from notifications.strength.services import strength_record

# A certification is renewed after two years (rule AG-05); `certified_days` of the file says otherwise.
CERTIFIED_DAYS = 730


@dataclass
class Cast:
    """Who and where, by the names that the data file gives them."""

    places: dict[str, Location] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)


def build(data: Mapping[str, Any], *, at: datetime) -> Cast:
    """Places, posts, people, appointments, certifications and strength tables of the file, in force from `at` on.

    In the file a parent stands before its parts and a higher post before the lower ones.
    """
    cast = Cast()
    for key, place in data["places"].items():
        cast.places[key] = accounts.location_create(
            kind=place["kind"],
            name=place["name"],
            zone=place["zone"],
            parent=cast.places[place["parent"]] if place.get("parent") else None,
            actor=None,
            at=at,
        )
    for key, post in data["posts"].items():
        cast.posts[key] = accounts.post_create(
            location=cast.places[post["place"]],
            role=post["role"],
            title=post["title"],
            next_higher=cast.posts[post["next_higher"]] if post.get("next_higher") else None,
            actor=None,
            at=at,
        )
    for username, person in data["people"].items():
        user = accounts.user_create(
            username=username,
            display_name=person["name"],
            email=f"{username}@staff.invalid",
            actor=None,
            at=at,
        )
        cast.people[username] = user
        for post in person["posts"]:
            accounts.appointment_create(
                user=user, post=cast.posts[post], starts_at=at, ends_at=None, actor=None, at=at
            )
        if any(cast.posts[post].role in CERTIFIED_ROLES for post in person["posts"]):
            until = at + timedelta(days=person.get("certified_days", CERTIFIED_DAYS))
            accounts.certification_record(user=user, starts_at=at, ends_at=until, actor=None, at=at)
    for place, groups in data.get("strength", {}).items():
        strength_record(
            location=cast.places[place],
            valid_from=date(at.year, 1, 1),
            valid_to=date(at.year + 1, 12, 31),
            groups=[_group(row) for row in groups if "at" not in row],
            below=[(cast.places[row["at"]], *_group(row)) for row in groups if "at" in row],
            actor=None,
            at=at,
        )
    return cast


def _group(row: Mapping[str, Any]) -> tuple[str, str, int, str, str]:
    """One line of a strength table of the file; `at` names a place below where it is about one."""
    return row["sex"], row["grade_band"], row["people"], "active", row.get("status", "member")

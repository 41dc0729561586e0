"""Filling a demo once: the clock is set back, the cases happen one after the other, the clock is set right."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from accounts.factors.services import demo_app_give
from accounts.services import password_issue
from reports.ledger.services import append_system
from sapr import clock
from sapr.demo import ground
from sapr.errors import DomainError
from sapr.models import Kind
from sapr.story import cast, offsets
from sapr.story.actions import Teller
from sapr.story.passing import advance

FILES = Path(settings.BASE_DIR) / "fixtures" / "demo"


def seed() -> list[dict[str, str]]:
    """Fill the demo; returns each account with its one-time password, or nothing when it is filled already.

    Refused outside a database of the kind `demo`. What an interrupted filling left is cleared away first. At
    the end the demo's clock shows the real time.
    """
    if clock.kind() != Kind.DEMO:
        raise DomainError("not_a_demo", "Only a database of the kind 'demo' is filled with invented cases.")
    state = ground.state()
    if state == ground.FILLED:
        return []
    if state == ground.HALF_FILLED:
        ground.clear()
    story = json.loads((FILES / "cases.json").read_text(encoding="utf-8"))
    staff = json.loads((FILES / "staff.json").read_text(encoding="utf-8"))
    now = clock.now()
    ground.set_back(-offsets.parse(story["begins"]))
    people = cast.build(staff, at=clock.now())
    _tell(story["steps"], Teller(people), now)
    ground.set_back(timedelta())
    accounts = list(_accounts(staff, people))
    append_system(kind="demo_seeded", actor=None, at=clock.now(), data={"accounts": len(accounts)})
    return accounts


def _tell(steps: list[dict[str, Any]], teller: Teller, now: datetime) -> None:
    for step in sorted(steps, key=lambda each: offsets.parse(each["at"])):
        at = now + offsets.parse(step["at"])
        advance(at, hold=False)
        teller.do(step["do"], case=step["case"], actor=step["actor"], at=at, given=step["with"])
    advance(now, hold=False)


def _accounts(staff: dict[str, Any], people: cast.Cast) -> Iterator[dict[str, str]]:
    for username, person in staff["people"].items():
        user = people.people[username]
        password = password_issue(user=user, actor=None, at=clock.now())
        # Nobody needs a phone to look round: the second step shows this app's code, in a demo only.
        demo_app_give(user=user, at=clock.now())
        yield {"username": username, "role": person["shown_as"], "password": password}
    connections["default"].close()

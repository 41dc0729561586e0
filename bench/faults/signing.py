"""Signing reports through the services, before the run and, in a process that is killed, during it."""

import os
import random
import sys
from datetime import date, datetime, timedelta
from typing import Any

FACTS: dict[str, Any] = {
    "statuses": ["service_member"],
    "age": 24,
    "offender_relationship": "none",
    "told": [],
    "victim_reported_to_law_enforcement": False,
    "investigation": "none",
    "prior_election": "none",
}


def sign(*, sarc, unit_post, option: str, at: datetime) -> str:
    """A signed report of an invented member; the case's id."""
    from reports import policy
    from reports.election import contacts
    from reports.election import services as election

    identity = {"name": "Invented Person", "unit_commander_post": str(unit_post.pk)}
    told = {"text": "Invented.", "incident_on": date(2026, 1, 5).isoformat(), "place": "on_installation"}
    case = contacts.contact_open(actor=sarc, at=at, identity=identity, narrative=told)
    election.options_decide(actor=sarc, case_id=case.pk, facts=FACTS, at=at)
    edition = policy.form_edition("DD 2910", at.date())
    election.report_sign(
        actor=sarc,
        case_id=case.pk,
        election=option,
        initials={each.key: "IP" for each in edition.acknowledgements if option in each.options},
        victim_signature="Invented Person",
        victim_signed_at=at,
        advocate_signature="Invented Advocate",
        advocate_signed_at=at,
        edition=edition.edition,
        late_reason="paper_delayed",
    )
    return str(case.pk)


def main() -> None:
    """`python -m bench.faults.signing FILE`: sign until killed; each case goes to the file once its commit returned."""
    import django

    django.setup()
    from django.db import InterfaceError, OperationalError, connections

    from accounts.models import Post, Role
    from accounts.selectors import holders_of
    from sapr import clock

    dice = random.Random(os.getpid())
    with open(sys.argv[1], "a", buffering=1, encoding="utf-8") as accepted:
        while True:
            try:
                now = clock.now()
                post = dice.choice(list(Post.objects.filter(role=Role.SARC).select_related("location")))
                unit = Post.objects.get(role=Role.UNIT_COMMANDER, location__parent=post.location)
                at = now - timedelta(minutes=dice.randint(1, 60))
                case = sign(sarc=holders_of(post, now).get(), unit_post=unit, option="unrestricted", at=at)
                accepted.write(f"{case}\n")
                accepted.flush()
                os.fsync(accepted.fileno())
            except (OperationalError, InterfaceError):
                connections.close_all()


if __name__ == "__main__":
    main()

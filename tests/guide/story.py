"""One night and one week of a SARC, as pages: what docs/guide.md shows, from an invented installation.

What happens is done by the services; each look is a page as its reader gets it. So the guide hangs on no form's fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from notifications.models import Notice, NoticeState
from reports import access
from reports.casework.services import va_assign
from reports.election.services import report_sign
from reports.evidence.services import kit_number_issue, kit_seal
from sapr import clock
from tests.meeting.ways import called, line_of
from tests.signed_in import signed_in

# Five past three in the morning at the installation; another report was signed the evening before.
NIGHT = datetime(2026, 3, 28, 7, 5, tzinfo=UTC)
EVENING = NIGHT - timedelta(hours=9)


@dataclass(frozen=True)
class Look:
    """A page of the story as it was answered. `picture`: its name in the guide."""

    picture: str
    answer: Any


def looks(world) -> Iterator[Look]:
    """Every page of the guide, in its order."""
    world.strength(5000)

    def page(address: str, picture: str) -> Look:
        return Look(picture, signed_in(world.sarc).get(address))

    clock.move(EVENING, hold=True)
    earlier = world.signed("unrestricted", at=EVENING)
    clock.move(NIGHT, hold=True)
    yield Look("sign-in", Client().get("/admin/login/"))
    yield page("/admin/", "today")
    yield page("/admin/contacts/new/", "contact")
    case = world.decided(at=NIGHT)
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=NIGHT)
    here = f"/admin/cases/{case.pk}/"
    yield page(f"{here}questions/", "questions")
    yield page(f"{here}options/", "options")
    yield page(f"{here}sign/", "sign")
    report_sign(actor=world.sarc, late_reason="", **world.paper(case, "restricted", NIGHT))
    with access.viewing(world.sarc):
        notice = Notice.objects.get(case=case, state=NoticeState.COMPOSED)
    yield page(f"/admin/notices/{notice.pk}/", "notice")
    kit, number = kit_number_issue(actor=world.sarc, case_id=case.pk, at=NIGHT)
    kit_seal(actor=world.sarc, case_id=case.pk, number=number, at=NIGHT)
    yield page(f"{here}evidence/{kit.pk}/", "kit")
    yield page(here, "case")
    meeting = called(world, at=NIGHT)
    yield page(f"/admin/meetings/{meeting.pk}/", "meeting")
    yield page(f"/admin/meetings/lines/{line_of(world, meeting, earlier.case_id).pk}/", "minutes")
    yield page(f"/admin/cases/{earlier.case_id}/steps/", "update")
    yield page(f"/admin/cases/{earlier.case_id}/close/", "close")
    client = signed_in(world.sarc)
    client.post("/admin/lock/")
    yield Look("locked", client.get("/admin/"))

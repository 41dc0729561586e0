"""Whatever shows what is sealed is a look each time, also with a key that was sent before: no answer of it is kept."""

import re
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.models import Reply
from reports import access
from reports.evidence.services import kit_number_issue
from reports.ledger.models import Event
from sapr import api_urls
from sapr.fields import FlagField
from sapr.knowing.reading import book
from tests.api.door import Door
from tests.api.test_acts import ACTS, may
from tests.api.test_reads import full
from tests.api.test_sent_twice import counted, keyed
from tests.times import T0

CASE = "cases/<uuid:case_id>"
# What the three cases below have sealed, and the account of who knew of it.
OPENED = {
    "agenda-lines/<uuid:line_id>/minutes/open",
    *(f"{CASE}/{each}" for each in ("convert/prepare", "election-preview", "eligibility/open", "who-knew")),
    *(f"{CASE}/{each}" for each in ("forms/<uuid:form_id>/document", "matters/<uuid:matter_id>/sealed")),
    *(f"{CASE}/kits/<uuid:kit_id>/{each}" for each in ("label", "number")),
}


def test_a_look_is_a_look_each_time(world, door):
    """What opens a seal takes the key and keeps nothing: every call leaves its event."""
    case, key = world.contact(), str(uuid4())

    def looks() -> int:
        with access.viewing(world.sarc):
            return Event.objects.filter(case_id=case.pk, kind="sealed_opened").count()

    before = looks()
    answers = [keyed(door, f"cases/{case.pk}/sealed", {"purpose": "case_work"}, key) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert looks() - before == 4
    assert not any(each.has_header("Idempotency-Replayed") for each in answers)
    assert counted(world, Reply) == 0


def test_whatever_leaves_a_look_is_done_again_each_time(world):
    """Every operation of a service that can be called with the ids of one of three cases and plain words, twice."""
    restricted = {"case_id": world.signed("restricted").case_id}
    kit, _ = kit_number_issue(actor=world.sarc, **restricted, at=T0)
    cases = [full(world), restricted | {"kit_id": kit.pk}, {"case_id": world.decided().pk}]
    door, opened = Door(world.sarc), set()
    for pattern in ACTS:
        view, route = pattern.callback.view_class, str(pattern.pattern)
        if not may(world, "sarc", view) or "<uuid:" not in route:
            continue
        for ids in cases:
            if set(re.findall(r"<uuid:(\w+)>", route)) <= set(ids) and _looks(world, door, view, route, ids):
                opened.add(route)
    assert opened == OPENED


def _looks(world, door: Door, view: Any, route: str, ids: dict[str, Any]) -> bool:
    """Whether the first call left the event of a look; and then so does the second, with the same key and body."""
    url = re.sub(r"<uuid:(\w+)>", lambda found: str(ids[found[1]]), route)
    fields = view.InputSerializer().fields.items()
    body, key = {name: _plain(field) for name, field in fields if field.required}, str(uuid4())
    with transaction.atomic():
        left = [_looked(world)]
        for _ in range(2):
            keyed(door, url, body, key)
            left.append(_looked(world))
            if left[-1] == left[0]:
                break
        else:
            assert left[2] - left[1] == left[1] - left[0], f"{route}: act(…, only_reads=True)"
        transaction.set_rollback(True)
    return left[-1] > left[0]


def _looked(world) -> int:
    with access.viewing(world.sarc):
        return Event.objects.filter(kind__in=book().looks()).count()


def _plain(field: Any) -> Any:
    """Something that a field takes: its first word, true, or a word."""
    words = list(getattr(field, "choices", None) or getattr(field, "words", ()))
    return words[0] if words else isinstance(field, FlagField) or "word"


def test_what_opens_stands_in_modules_of_their_own():
    """What a room opens stands in its module `opening`."""
    for pattern in ACTS:
        view = pattern.callback.view_class
        if view.service.__module__.endswith(".opening"):
            assert view.only_reads, f"{pattern.pattern}: act(…, only_reads=True)"
    seals = (
        f"{CASE}/open",
        f"{CASE}/sealed",
        "inbox/<uuid:item_id>/open",
        "emergencies/<uuid:request_id>/reason",
    )
    looks = {str(each.pattern) for each in api_urls.urlpatterns if each.callback.view_class.only_reads}
    assert looks >= {*seals, *OPENED, "people/find", "eligibility", "cards/find", "cards/<uuid:card_id>/name"}

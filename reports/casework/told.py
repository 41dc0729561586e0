"""What the victim must be told, by whom it counts as told, and how it stands in a case (policy: the told list).

Dates come from events alone: a step of its own, a topic, or the signed form on which it is initialled.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from reports.casework.events import SIGNED, UNRESTRICTED
from reports.election.models import Case
from reports.election.standing import election_of
from reports.ledger.models import Event

EVERY = SIGNED | {""}


class Item(NamedTuple):
    """One thing to tell. `event`: the step that says so; else `topic_explained` with its key. `on_form`: initialled on
    every edition of the election form. `only_if`: it arises in some cases only."""

    key: str
    sentence: str
    rule: str
    elections: frozenset[str] = EVERY
    event: str = ""
    on_form: bool = False
    only_if: str = ""


class Told(NamedTuple):
    """An item and when it was told; None for what is still to tell."""

    item: Item
    at: datetime | None


TOLD = (
    Item(
        "options",
        "Both options, what speaks for and against each",
        "R21",
        event="options_explained",
        on_form=True,
    ),
    Item(
        "services_optional", "Services are optional; another SAPR VA may be asked for", "CO-06", on_form=True
    ),
    Item("counsel", "Counsel of one's own (SVC/VLC)", "CO-05", event="counsel_explained", on_form=True),
    Item("vwap", "Victim and witness assistance (VWAP)", "CO-05", event="vwap_explained"),
    Item(
        "defence_counsel",
        "Defence counsel",
        "CO-08",
        only_if="misconduct of the victim's own may be an issue",
    ),
    Item("exam_confidential", "The forensic exam may stay confidential, and be declined", "PV-02"),
    Item("confiding", "Confiding in somebody else may end confidentiality", "PV-03"),
    Item("state_law", "State law may oblige caregivers to report", "BL-09"),
    Item("privilege", "Talks with SARC and SAPR VA are privileged, with exceptions", "PV-10", on_form=True),
    Item("transfer", "Expedited transfer", "ET-01", UNRESTRICTED),
    Item("order_off_base", "A military protective order is not enforced off base", "PO-06", UNRESTRICTED),
    Item("catch", "CATCH", "CA-01", frozenset({"restricted"}), event="catch_explained"),
    Item("retaliation", "Where to go with retaliation", "RE-10", on_form=True),
    Item("own_copies", "Keep the own copy of the forms", "CK-20", on_form=True),
)


def told(case: Case, events: Iterable[Event]) -> list[Told]:
    """Every item that fits the case, with the first instant at which an event says it was told."""
    first: dict[str, datetime] = {}
    for event in events:
        for key in _keys(event):
            first[key] = min(first.get(key, event.occurred_at), event.occurred_at)
    election = election_of(case)
    return [Told(item, _instant(item, first)) for item in TOLD if election in item.elections]


def _keys(event: Event) -> list[str]:
    if event.kind == "topic_explained":
        return [event.data["topic"]]
    if event.kind == "protective_order_issued" and event.data.get("off_base_told") == "told":
        return ["order_off_base"]
    return [event.kind]


def _instant(item: Item, first: dict[str, datetime]) -> datetime | None:
    keys = [item.event or item.key, *(["report_signed"] if item.on_form else [])]
    return min((first[key] for key in keys if key in first), default=None)

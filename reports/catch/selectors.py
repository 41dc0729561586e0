"""Reads of a case's part in CATCH, as seen by a viewer. Nothing here opens a seal but `details` and `user_name`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from reports import access
from reports.catch.models import CatchContact, CatchCredentials, CatchEntry
from reports.ledger.selectors import case_events


def entries(*, viewer, case) -> QuerySet[CatchEntry]:
    """When the victim of one of the viewer's cases took part, the latest first."""
    return access.of_case(viewer, "case_view", CatchEntry, case).order_by("-joined_at", "id")


def open_entry(*, viewer, case) -> CatchEntry | None:
    """The entry that stands now; None when the victim takes no part."""
    return entries(viewer=viewer, case=case).filter(left_at=None).first()


def ever_joined(*, viewer, case, at: datetime) -> bool:
    """Whether the victim had joined by an instant; a match may come after they left."""
    return entries(viewer=viewer, case=case).filter(joined_at__lte=at).exists()


def wish(*, viewer, case) -> CatchContact | None:
    """The newest answer to whether a match is to be told, of the entry that stands."""
    found = access.of_case(viewer, "case_view", CatchContact, case).filter(entry__left_at=None)
    return found.order_by("-version").first()


def details(*, viewer, case, at: datetime) -> str:
    """How the victim wants to be told of a match, in clear; the look is an event. '' when they do not."""
    found = wish(viewer=viewer, case=case)
    if found is None or not found.consents:
        return ""
    return access.open_for(viewer=viewer, record=found, purpose="case_work", at=at)["details"]


def case_credentials(*, viewer, case) -> QuerySet[CatchCredentials]:
    """The credentials of one of the viewer's cases, the newest first; nobody's but its SARC's."""
    found = access.of_case(viewer, "case_view", CatchCredentials, case)
    return found.order_by("-issued_at", "id")


def user_name(*, viewer, record: CatchCredentials, at: datetime) -> str:
    """The user name in clear; the look is an event."""
    return access.open_for(viewer=viewer, record=record, purpose="case_work", at=at)["user_name"]


def logins(*, viewer, case, credentials_id: UUID) -> int:
    """How often the credentials were used, as far as it was recorded."""
    events = case_events(viewer=viewer, case=case).filter(kind="catch_credentials_used")
    return events.filter(data__credentials=str(credentials_id)).count()


@dataclass(frozen=True)
class Match:
    """A match that the SARC was told of, and when the victim was."""

    id: UUID
    matched_at: datetime
    told_at: datetime | None


def matches(*, viewer, case) -> list[Match]:
    """The matches of one of the viewer's cases, the newest first."""
    events = case_events(viewer=viewer, case=case).filter(
        Q(kind="catch_matched") | Q(kind="catch_match_told")
    )
    found = list(events.values_list("kind", "occurred_at", "data"))
    told = {data["match"]: at for kind, at, data in found if kind == "catch_match_told"}
    return [
        Match(UUID(data["match"]), at, told.get(data["match"]))
        for kind, at, data in reversed(found)
        if kind == "catch_matched"
    ]

"""Whether the rules still keep something of a case: asked at the proposal, at the approval and at the destruction."""

from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from reports import policy
from reports.adoption.selectors import basis
from reports.election.models import Election
from sapr.errors import DomainError

FORMS = {Election.RESTRICTED: ["restricted_forms"], Election.UNRESTRICTED: ["unrestricted_form"]}
KITS = {
    Election.RESTRICTED: ["restricted_kit"],
    Election.UNRESTRICTED: ["unrestricted_kit", "unrestricted_safe_report"],
}
ON_HOLD = DomainError(
    "on_hold",
    "A legal hold is open on this case. Nothing of it may be destroyed until it is lifted.",
    status=409,
)
LAST_ZONE = timezone(timedelta(hours=-12))
# Nothing else may hold it: the person who proposes says so, and holds are looked up besides.
NOTHING_OPEN: dict[str, list[str]] = {"open_matters": []}


class Kept(NamedTuple):
    """The longest period of all items: its last day, and the rules that gave each."""

    until: date | None
    rules: list[str]


class Held(NamedTuple):
    """What the case holds that a rule may keep, as the database tells it; days by the installation's calendar."""

    signed_on: date | None
    signed_as: str
    converted_on: date | None
    has_kit: bool
    ended: bool


def items_of(held: Held) -> list[tuple[str, date]]:
    """(item, first day) of everything that a rule keeps. A converted report was of both kinds, each from its own
    signature on.

    A contact that left without signing left nothing that a rule keeps (BL-11); an open one is refused.
    """
    if held.signed_on is None:
        if not held.ended:
            raise DomainError(
                "still_open", "This contact is still open. Only what has ended can be destroyed.", status=409
            )
        return []
    signed = [(Election(held.signed_as), held.signed_on)]
    if held.converted_on is not None:
        signed.append((Election.UNRESTRICTED, held.converted_on))
    return [
        (name, began)
        for election, began in signed
        for name in FORMS[election] + (KITS[election] if held.has_kit else [])
    ]


def require_over(held: Held, *, at: datetime) -> Kept:
    """Refuse while a rule keeps something of it at that instant, or while it is not known for how long.

    The day is counted in the zone in which it begins last, so that no calendar is cheated of hours.
    """
    on = at.astimezone(LAST_ZONE).date()
    profile = basis(service=None, on=on, at=at).profile
    found = [
        policy.retention(item, NOTHING_OPEN, started_on=began, on=on, profile=profile)
        for item, began in items_of(held)
    ]
    for kept in found:
        if not kept.may_destroy:
            until = f" until {kept.keep_until:%d %B %Y}" if kept.keep_until else ""
            raise DomainError(
                "inside_retention",
                f"{policy.retention_items()[kept.item]}: this is kept{until}. {kept.because}",
                status=409,
                rule=kept.rules[0] if kept.rules else "",
            )
    ends = [kept.keep_until for kept in found if kept.keep_until]
    return Kept(max(ends, default=None), sorted({rule for kept in found for rule in kept.rules}))

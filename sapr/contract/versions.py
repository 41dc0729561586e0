"""Versions (ETag): whether somebody else has changed a thing since it was read.

The first half of a tag says what the case's chain stood at, looks aside; the second is a digest of the answer. A write
compares the first half, while it holds the case and the end of its chain. Both halves are keyed: they say nothing to
anybody whom they were not given to.
"""

import re
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from accounts.keys import keyed_digest
from reports import access
from reports.election.contacts import locked
from reports.election.models import Case
from reports.ledger.models import Event
from reports.ledger.services import hold_chain
from sapr.composed import composed
from sapr.errors import DomainError

HALF = 22
# What is added to a chain by reading: it makes no version old.
LOOKS = ("sealed_opened",)
TAG = re.compile(r'(?:W/)?"[!#-~]*"')
LONGEST = 2000


def version(case_id: UUID | None, content: bytes) -> str:
    """The tag of an answer, as it stands in the header; `case_id`: the case it is about, None: of no case."""
    return f'"{_of_case(case_id) if case_id else "-"}.{_half("answer", content.hex())}"'


def _of_case(case_id: UUID) -> str:
    last = _last(case_id)
    return _half("case", str(last[0] if last else None))


@composed
def _last(case_id: UUID) -> QuerySet:
    """The event at which the case's chain stands, looks aside."""
    told = Event.objects.filter(case_id=case_id).exclude(kind__in=LOOKS)
    return told.order_by("-seq").values_list("pk", flat=True)[:1]


def _half(use: str, value: str) -> str:
    return keyed_digest(f"version of {use}", value).hex()[:HALF]


def tags(header: str) -> list[str]:
    """The tags of If-Match or If-None-Match; refuses what is none (`bad_version`)."""
    found = TAG.findall(header[:LONGEST])
    if header.strip() == "*":
        return ["*"]
    if not found or TAG.sub("", header).strip(", \t"):
        raise DomainError(
            "bad_version", "Send an ETag as it was received, in its quotation marks.", path="If-Match"
        )
    return found


def not_modified(request: Request, tag: str) -> bool:
    """Whether the caller has this answer already (If-None-Match)."""
    given = request.headers.get("If-None-Match")
    if given is None:
        return False
    known = tags(given)
    return known == ["*"] or tag in [each.removeprefix("W/") for each in known]


def require_match(viewer: Any, given: str, case_id: UUID | None) -> None:
    """Refuse a write on what has changed since it was read (`stale`, 412); held until the transaction ends.

    Of a case that is not the viewer's this is the same NotFoundError as without If-Match.
    """
    known = tags(given)
    if case_id is None:
        raise DomainError(
            "no_version", "Nothing here has a version to compare with. Leave If-Match out.", path="If-Match"
        )
    case = access.case_for(viewer, case_id)
    # Whoever opens an identity waits for the hour's number first and for the chain then: in that order here as well.
    access.hold_openings(viewer)
    try:
        locked(case)
    except Case.DoesNotExist:
        # Seen in an emergency and not worked on: the operation itself says what it says.
        return
    hold_chain(case_id)
    now = _of_case(case_id)
    # A proxy that compresses marks a tag as weak (W/); what is compared here is the case's half all the same.
    halves = [each.removeprefix("W/").strip('"').partition(".")[0] for each in known]
    if known != ["*"] and now not in halves:
        raise DomainError(
            "stale", "This has changed since it was read. Read it again, then decide.", status=412
        )


def conditional(request: Request, response: HttpResponse, case_id: UUID | None) -> HttpResponse:
    """A GET's answer with its tag; without its content (304) where the caller has it already."""
    tag = version(case_id, response.content)
    if not_modified(request, tag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = tag
    return response

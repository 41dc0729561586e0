"""Keys of idempotency at the door: who sends the same write twice is answered twice and it is done once."""

import json
import re
from datetime import datetime
from typing import Any

from django.http.request import HttpHeaders
from rest_framework.request import Request

from accounts.models import Appointment, Certification
from accounts.replies.services import Answer, Sent, first_answer, keep
from reports.casework.models import Assignment
from sapr import clock
from sapr.errors import DomainError

HEADER = "Idempotency-Key"
IN_WSGI = HttpHeaders.to_wsgi_name(HEADER)
REPLAYED = "Idempotency-Replayed"
# Printable ASCII without blanks; what a UUID, a ULID or a random word of one's own needs.
SHORTEST, LONGEST = 8, 128
KEY = re.compile(rf"[!-~]{{{SHORTEST},{LONGEST}}}")


def sent_with_key(request: Request) -> Sent | None:
    """The write with its key, if it came with one. Refuses what is no key (`bad_key`)."""
    key = request.META.get(IN_WSGI)
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise DomainError(
            "bad_key",
            f"A key is {SHORTEST} to {LONGEST} printable characters without blanks. A fresh UUID is a good one.",
            path=HEADER,
        )
    return Sent(
        user=request.user,
        # An outside system keeps its name when its key is replaced; what that key shows may be less.
        client=str(getattr(request.auth, "client_id", "")),
        scope=json.dumps(
            [sorted(map(str, getattr(request.auth, part, ()))) for part in ("places", "fields")]
        ),
        key=key,
        target=f"{request.method} {request.get_full_path()}",
        # What was read, however it was spaced and in whichever order its keys stood.
        body=json.dumps(request.data, sort_keys=True, separators=(",", ":")),
    )


def answered_before(sent: Sent) -> Answer | None:
    """The first answer to this write, or None: do it. Nothing is shown again to whoever may see less by now."""
    found = first_answer(sent)
    if found is None:
        return None
    if found.scope != sent.scope or _cut_down(sent.user, found.at, clock.now()):
        raise DomainError(
            "access_changed",
            "This was done before, and your access has changed since. Look at the thing itself.",
            status=409,
        )
    return found


def _cut_down(user: Any, since: datetime, now: datetime) -> bool:
    """Whether anything of what the person holds, or a case of theirs, was taken away in the meantime."""
    ended = {"ends_at__gte": since, "ends_at__lte": now}
    return (
        Appointment.objects.filter(user=user, **ended).exists()
        or Certification.objects.filter(user=user, **ended).exists()
        or Certification.objects.filter(user=user, revoked_at__gte=since, revoked_at__lte=now).exists()
        or Assignment.objects.filter(user=user, ended_at__gte=since).exists()
    )


__all__ = ["HEADER", "REPLAYED", "Answer", "answered_before", "keep", "sent_with_key"]

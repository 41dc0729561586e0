"""The exact bytes of every message to outside. They depend on the row and the deployment's settings alone.

Nothing in them tells whether there is something to read: one subject and one body for everybody, a fixed set of
headers in a fixed order, the planned instant as their date, and a random id of fixed length.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from notifications.outside.models import OutgoingKind

# The first two are equally long, so that neither is told from the other by its length.
WORDS = {OutgoingKind.HEARTBEAT: "heartbeat", OutgoingKind.ALARM: "attention", OutgoingKind.NEWS: "events"}
# Room for as many events as a message ever tells, in bytes.
NEWS_LENGTH = 8 * 1024
SUBJECTS = {
    OutgoingKind.CONSTANT: "Please sign in",
    OutgoingKind.HEARTBEAT: "SAPR heartbeat",
    OutgoingKind.ALARM: "SAPR attention",
}
BODY = "Please sign in to the SAPR system when you can.\n"


def mail(key: UUID, kind: OutgoingKind, address: str, planned_at: datetime) -> EmailMessage:
    """The mail of one row."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Date": format_datetime(planned_at.replace(microsecond=0)),
        "Message-ID": f"<{key.hex}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(SUBJECTS[kind], BODY, to=[address], headers=headers)


def mail_bytes(message: EmailMessage) -> bytes:
    """What the mail server is given after DATA."""
    return message.message().as_bytes(linesep="\r\n")


def webhook_request(
    key: UUID,
    kind: OutgoingKind,
    url: str,
    planned_at: datetime,
    secret: str,
    news: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """The whole POST of one row. One that tells events is filled up with blanks: its length does not say how many.

    `SAPR-Signature` is HMAC-SHA256 over the value of `SAPR-Timestamp` (whole seconds since 1970), a dot and the body.
    A repetition bears the same key, timestamp and signature: a receiver takes each `Idempotency-Key` once.
    """
    parts = urlsplit(url)
    stamp = str(int(planned_at.timestamp()))
    at = planned_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    said: dict[str, object] = {"id": str(key), "at": at, "say": WORDS[kind]}
    if kind == OutgoingKind.NEWS:
        said["events"] = list(news)
    body = json.dumps(said, separators=(",", ":")).encode()
    if kind == OutgoingKind.NEWS:
        body = body.ljust(NEWS_LENGTH)
    signature = hmac.digest(secret.encode(), f"{stamp}.".encode() + body, sha256).hex()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = [
        f"POST {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        "User-Agent: SAPR",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Idempotency-Key: {key}",
        f"SAPR-Timestamp: {stamp}",
        f"SAPR-Signature: sha256={signature}",
        "Connection: close",
        "",
        "",
    ]
    return "\r\n".join(head).encode() + body

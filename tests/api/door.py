"""The REST door as tests use it: somebody with an API key, bodies in JSON."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.services import api_key_create
from notifications.models import InboxItem, Notice, Reminder
from reports import access
from reports.models import (
    Assignment,
    Case,
    Decision,
    Duty,
    Event,
    Identity,
    Kit,
    Narrative,
    Report,
    SignedForm,
)
from sapr import clock

PROBLEM = "application/problem+json"
TABLES = (
    Assignment, Case, Decision, Duty, Event, Identity, InboxItem, Kit, Narrative, Notice, Reminder, Report,
    SignedForm,
)  # fmt: skip


class Door:
    """One person's way in. Answers are Django responses; a defect is a 500, not an exception."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if user is not None:
            key = api_key_create(user=user, valid=timedelta(days=90), actor=None, at=clock.now())
            self.headers = {"Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str, body: Any = None, **extra: Any):
        """`body`: JSON values, or bytes as they are."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = extra.pop("content_type", "application/json")
        return self.client.generic(
            method.upper(),
            f"/api/v1/{path}",
            raw,
            kind,
            headers=self.headers | extra.pop("headers", {}),
            **extra,
        )

    def get(self, path: str, **extra: Any):
        return self.ask("GET", path, **extra)

    def post(self, path: str, body: Any = None, **extra: Any):
        return self.ask("POST", path, body, **extra)

    def done(self, path: str, body: Any = None, status: int = 200) -> Any:
        """POST that must succeed; the answer's values."""
        answer = self.post(path, body)
        assert answer.status_code == status, (path, answer.status_code, answer.content)
        return answer.json()

    def read(self, path: str) -> Any:
        """GET that must succeed; the answer's values."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.content)
        return answer.json()


def refused(answer, status: int, code: str) -> dict[str, Any]:
    """Assert that the answer is this refusal, a problem document with a sentence; return the document."""
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), (
        answer.status_code,
        answer.content,
    )
    document = answer.json()
    assert (document["code"], document["status"]) == (code, status), document
    assert document["type"] == f"urn:sapr:problem:{code}"
    assert document["detail"].rstrip(")").endswith((".", "/"))
    assert len(document["detail"]) >= 15
    assert "Traceback" not in document["detail"]
    return document


def rows(*viewers: User) -> dict[str, int]:
    """How many rows of each case table these people can see, together."""
    counted: dict[str, int] = {}
    for viewer in viewers:
        with access.viewing(viewer):
            for model in TABLES:
                name = f"{viewer.username} {model.__name__}"
                counted[name] = model.objects.count()
    return counted


def paper(arguments: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The body of `sign` or `convert` for a service's arguments."""
    body = {key: value for key, value in arguments.items() if key != "case_id"} | changed
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in body.items()}


def signatures(at: datetime) -> dict[str, Any]:
    """A complete pair of signatures."""
    return {
        "victim_signature": "V. Invented",
        "victim_signed_at": at.isoformat(),
        "advocate_signature": "A. Invented",
        "advocate_signed_at": at.isoformat(),
    }

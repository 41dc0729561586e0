"""The REST door of the scene."""

import json
from datetime import timedelta
from itertools import count
from secrets import token_urlsafe
from typing import Any

from accounts import services as accounts
from sapr import clock
from tests.privacy.scene import Scene

JSON = "application/json"


class Api:
    """Somebody's calls to the REST door with a key."""

    def __init__(self, scene: Scene, who: str) -> None:
        user = getattr(scene.world, who)
        key = accounts.api_key_create(user=user, valid=timedelta(days=90), actor=None, at=clock.now())
        scene.learn(f"{who} key", key, secret=True)
        self.client = scene.client()
        self.client.who = who
        self.headers = {"Authorization": f"Bearer {key}"}
        # Every write comes with a key of its own, so that its answer is kept.
        self.keys = (f"{once}-{number}" for once in [token_urlsafe(20)] for number in count())
        scene.learn(f"{who} key of idempotency", next(self.keys).removesuffix("-0"), secret=True)

    def __call__(self, path: str, body: Any = None, method: str = "POST"):
        headers = self.headers | {"Idempotency-Key": next(self.keys)}
        return self.client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), JSON, headers=headers)

    def done(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = self(path, body, method)
        assert answer.status_code in (200, 201), (path, answer.status_code, answer.content)
        return answer.json()

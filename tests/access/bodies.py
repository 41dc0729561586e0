"""A body for each operation that takes one: of the right shape, so that what follows is the door's decision."""

import json
from typing import Any

from tests.api.test_every_route import ROUTES

BY_ROUTE = {(route.method, route.path.split("?")[0]): route.body for route in ROUTES}


def body_of(scene: Any, method: str, path: str) -> bytes | None:
    """The body as bytes; None for an operation that takes none."""
    if method == "GET":
        return None
    made = BY_ROUTE[method, path](scene)
    return b"" if made is None else json.dumps(made).encode()

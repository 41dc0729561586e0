"""A client for the REST API of SAPR case management, from Python's standard library alone (docs/clients.md).

`operations` and `answers` are generated from the API's own description; nobody edits them.
"""

from sapr_client.operations import Client
from sapr_client.transport import (
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    TooFast,
    Unacceptable,
    Unavailable,
    etag,
)

__all__ = [
    "Client",
    "Conflict",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "Problem",
    "TooFast",
    "Unacceptable",
    "Unavailable",
    "etag",
]

"""The account of a case from the very lines of its export that are verified while they are read. Owner role."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from reports.ledger import checkpoints, exporting
from reports.ledger.selectors import beside_their_heads
from reports.ledger.verifier import BrokenFileError, Verifier, told
from sapr.knowing.acts import Act, of_canonical
from sapr.knowing.deriving import SPINE, Account
from sapr.knowing.directory import Directory
from sapr.knowing.lines import Line

EVENT = b'{"hash": "'


@dataclass(frozen=True)
class Proved:
    """`bad`: what does not hold, in words; then nothing else of it can be relied on. `digest`: SHA-256 of all lines."""

    case_id: UUID
    lines: list[Line]
    head: Act | None
    events: int
    checkpoints: int
    unsealed: int
    newest_key: str
    bad: list[str]
    digest: str


def account_of(case_id: UUID) -> Proved:
    """Verify one case's chain as `ledger verify` does and derive its account from the same lines."""
    verifier, acts, digest = checkpoints.verifier_here(), list[Act](), sha256()
    try:
        bad = verifier.read(_kept(exporting.export_lines(case_id=case_id), acts, digest)).bad
    except BrokenFileError as error:
        bad = [*verifier.bad, {"why": str(error)}]
    bad += beside_their_heads(case_id, {each.get("case") for each in bad})
    account = Account([each for each in acts if each.kind in SPINE], Directory(acts))
    return Proved(
        case_id=case_id,
        lines=[line for act in acts for line in account.lines(act)],
        head=acts[-1] if acts else None,
        events=verifier.events,
        checkpoints=verifier.checkpoints,
        unsealed=verifier.unsealed,
        newest_key=_key(verifier),
        bad=[told(each) for each in bad],
        digest=digest.hexdigest(),
    )


def _key(verifier: Verifier) -> str:
    return verifier.newest_key if verifier.checkpoints else ""


def _kept(lines: Iterable[bytes], acts: list[Act], digest: Any) -> Iterator[bytes]:
    """The lines as they pass to the verifier; the events among them are kept, and all of them counted in the digest."""
    for line in lines:
        digest.update(line)
        if line.startswith(EVENT):
            found = json.loads(line)
            acts.append(of_canonical(found["event"], found["hash"]))
        yield line

"""`manage.py ledger …`: does the ledger still hold, and what a stranger needs to see it for themselves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from reports.ledger import checkpoints, exporting, paper
from reports.ledger.selectors import beside_their_heads, chain_named
from reports.ledger.verifier import BrokenFileError, Verifier, read_held, told
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError
from sapr.models import UpkeepKind
from sapr.operating import upkeep


class Command(PlainCommand):
    help = (
        "Verify the ledger in the database, export it for a stranger to verify, sign a checkpoint. "
        "Runs as the owner role, which may read every chain."
    )

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="verify | export | checkpoint | key"
        )
        verify = actions.add_parser(
            "verify", help="exit code 1 when a link, a checkpoint or a signature does not hold"
        )
        export = actions.add_parser("export", help="write a file that reports/ledger/verifier.py verifies")
        for action, what in ((verify, "chain"), (export, "events")):
            which = action.add_mutually_exclusive_group(required=True)
            which.add_argument("--case", help=f"one case's {what}, by the case's id or number")
            which.add_argument(
                "--all", action="store_true", dest="whole", help="every chain, the system's own too"
            )
        verify.add_argument("--checkpoint", type=Path, metavar="FILE", help="a checkpoint held outside")
        export.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
        checkpoint = actions.add_parser("checkpoint", help="sign the ends of all chains now")
        checkpoint.add_argument(
            "--paper", type=Path, metavar="FILE.svg", help="draw the newest one as a QR code, to be printed"
        )
        key = actions.add_parser("key", help="print the public key that checkpoints verify with")
        for action in (verify, export, checkpoint, key):
            add_json(action)

    def handle(self, *args, action: str, as_json: bool, **options) -> None:
        getattr(self, action)(as_json=as_json, **options)

    def verify(self, *, case: str | None, checkpoint: Path | None, as_json: bool, **options) -> None:
        case_id = chain_named(case) if case else None
        verifier = checkpoints.verifier_here(_held(checkpoint))
        try:
            bad = verifier.read(exporting.export_lines(case_id=case_id)).bad
        except BrokenFileError as error:
            bad = [*verifier.bad, {"why": str(error)}]
        bad += beside_their_heads(case_id, {each.get("case") for each in bad})
        ahead = checkpoints.ahead_outside()
        if ahead and not verifier.checkpoints:
            bad.append({"why": f"There is no checkpoint here, and the folder outside holds {ahead}."})
        result = _counts(verifier) | {
            "ok": not bad,
            "ahead_outside": ahead,
            "newest_key": verifier.newest_key,
            "bad": [{name: each[name] for name in ("case", "seq", "kind")} for each in bad if "seq" in each],
            "why": [told(each) for each in bad],
        }
        signed = "" if verifier.keys else " (signature not looked at: no key here)"
        lines = [
            f"{verifier.chains} chain(s), {verifier.events} event(s), {verifier.checkpoints} checkpoint(s){signed}: "
            f"{'NOT intact' if bad else 'intact'}",
            *result["why"],
        ]
        if ahead and not bad:
            lines.append(f"{_outside(ahead)} After a restore on purpose that is so (docs/ledger.md).")
        if case is None and not bad:
            upkeep.note(UpkeepKind.VERIFIED)
        self.tell(result, lines, as_json=as_json)
        if verifier.unknown_key and len(bad) == 1:
            raise CommandError(
                f"All fits together, but it is signed by a key that is not known here, {verifier.unknown_key}. If "
                "you changed the key, add the earlier public key, as you have it on paper, to SAPR_CHECKPOINT_KEY_FILE "
                "(docs/ledger.md). If nobody did, somebody else signed this: stop, and keep a copy of the database."
            )
        if bad:
            raise CommandError(
                "The ledger was changed outside this system. Stop, and keep a copy of the database."
            )

    def export(self, *, case: str | None, out: Path, as_json: bool, **options) -> None:
        case_id = chain_named(case) if case else None
        ahead = checkpoints.ahead_outside()
        if settings.CHECKPOINT_KEY and checkpoints.something_is_open() and not ahead:
            self._make()
        lines = events = 0
        with exporting.new_file(out) as file:
            for line in exporting.export_lines(case_id=case_id):
                file.write(line)
                lines, events = lines + 1, events + line.startswith(b'{"hash"')
        result = {
            "file": str(out),
            "scope": str(case_id) if case_id else "all",
            "events": events,
            "lines": lines,
            "ahead_outside": ahead,
        }
        said = [
            f"{events} event(s) written to {out}",
            f"python3 reports/ledger/verifier.py {out} --key PUBLIC_KEY   verifies it (ledger key prints the key)",
        ]
        if ahead:
            said.append(f"No new checkpoint was signed. {_outside(ahead)}")
        self.tell(result, said, as_json=as_json)

    def checkpoint(self, *, paper: Path | None, as_json: bool, **options) -> None:
        signed = (checkpoints.newest() if paper else None) or self._make()
        result = {"number": signed.number, "checkpoint": signed.text.strip()}
        lines = [signed.text.strip()]
        if paper:
            _draw(signed, paper)
            result |= {"paper": str(paper)}
            lines = [
                f"Checkpoint {signed.number} is drawn in {paper}: print it and keep it away from the system."
            ]
        self.tell(result, lines, as_json=as_json)

    def key(self, *, as_json: bool, **options) -> None:
        public = checkpoints.public_key().hex()
        self.tell({"key": public}, [public], as_json=as_json)

    @staticmethod
    def _make() -> checkpoints.Signed:
        signed = checkpoints.checkpoint_make(at=clock.now())
        try:
            checkpoints.publish()
            checkpoints.mail(signed)
        except OSError as error:
            why = error.strerror or "the mail server refused it"
            raise CommandError(
                f"The checkpoint is signed and stored, but it could not be written elsewhere: {why}."
            ) from None
        return signed


def _outside(name: str) -> str:
    return f"The folder outside holds {name}, which this database does not hold in that form."


def _draw(signed: checkpoints.Signed, path: Path) -> None:
    with exporting.new_file(path) as file:
        file.write(paper.drawing(signed).encode())


def _held(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        return read_held(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DomainError(
            "unreadable", f"That file cannot be read: {error.strerror}.", path="checkpoint"
        ) from None
    except (BrokenFileError, ValueError):
        raise DomainError("unreadable", "That file holds no checkpoint.", path="checkpoint") from None


def _counts(verifier: Verifier) -> dict[str, Any]:
    return {
        "chains": verifier.chains,
        "events": verifier.events,
        "checkpoints": verifier.checkpoints,
        "unsealed": verifier.unsealed,
    }

"""`manage.py keys …`: rotation, copies, recovery shares. Runs as the owner role of the key store."""

import sys
from pathlib import Path

from reports.ledger.services import append_system
from reports.vault import copies, keyfiles, state, store
from reports.vault.errors import VaultLockedError
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError

DAYS = 365
Told = tuple[dict, list[str]]


class Command(PlainCommand):
    help = "Keys of the vault: wrap them anew, copy the key store, give out and use recovery shares of the master key."

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(
            dest="action",
            required=True,
            metavar="status | rotate | copy | load | forget-place | ceremony | recover",
        )
        add_json(actions.add_parser("status", help="what is there, and what to do next"))
        rotate = actions.add_parser("rotate", help="wrap every key anew; finishes a rotation that was killed")
        rotate.add_argument(
            "--master", action="store_true", help="with a new master key, in the master key's file"
        )
        rotate.add_argument(
            "--skip-damaged", action="store_true", help="set aside rows that were changed and do not open"
        )
        add_json(rotate)
        add_json(actions.add_parser("copy", help="write the key store to every place"))
        load = actions.add_parser("load", help="fill an empty key store from a place's copy")
        load.add_argument("--from", dest="place", required=True, type=Path, help="the place's folder")
        load.add_argument(
            "--epoch-only", action="store_true", help="only the epoch's file, for a store that is whole"
        )
        add_json(load)
        forget = actions.add_parser(
            "forget-place", help="a place that is gone for good holds no copy any more"
        )
        forget.add_argument("place", type=Path, help="the place's folder")
        add_json(forget)
        ceremony = actions.add_parser("ceremony", help="split the master key; earlier shares end")
        ceremony.add_argument("--shares", type=int, required=True, help="how many people get one")
        ceremony.add_argument("--threshold", type=int, required=True, help="how many bring the key back")
        ceremony.add_argument("--valid-days", type=int, default=DAYS, help=f"default {DAYS}")
        how = ceremony.add_mutually_exclusive_group(required=True)
        how.add_argument("--out", type=Path, help="a new folder: one file for each share")
        how.add_argument("--show", action="store_true", help="on the screen, one after the other")
        add_json(ceremony)
        recover = actions.add_parser("recover", help="the master key from its shares")
        recover.add_argument(
            "--shares", nargs="*", type=Path, default=[], help="files; none: one share per line of input"
        )
        recover.add_argument("--out", type=Path, required=True, help="a new file for the master key")
        add_json(recover)

    def handle(self, *args, action: str, as_json: bool, **options) -> None:
        try:
            result, lines = getattr(self, action.replace("-", "_"))(**options)
        except VaultLockedError as error:
            raise DomainError("keys_locked", f"Nothing can be sealed or opened: {error}.") from None
        self.tell(result, lines, as_json=as_json)

    def status(self, **options) -> Told:
        found = state.status(clock.now())
        lines = [
            f"{found['keys']} key(s) under wrapping key {found['in_use']}, master key {found['master']}",
            f"{found['tombstones']} case(s) erased",
        ]
        for copy in found["places"]:
            held = "no whole copy" if copy["keys"] is None else f"a copy with {copy['keys']} key(s)"
            lines.append(f"place {copy['place']}: {held}")
        if not found["places"]:
            lines.append(
                "No place is named (SAPR_KEY_STORE_PLACES): losing the key store loses every sealed part."
            )
        elif any(copy["keys"] != found["keys"] for copy in found["places"]):
            lines.append("A copy is not current. Type: keys copy")
        if found["unknown"]:
            lines.append(
                f"{found['unknown']} key(s) open under no master key here: put the earlier one back."
            )
        elif found["pending"] or found["under_others"] or found["unclean"]:
            lines.append("A rotation or an erasure was begun and not finished. Type: keys rotate")
        if found["damaged"]:
            lines.append(f"{found['damaged']} key(s) were changed, open under no key and are set aside.")
        for each in found["shares"]:
            lines.append(
                f"recovery: {each['threshold']} of {each['shares']} shares, until {each['expires_at'][:10]}"
            )
        if not found["shares"]:
            lines.append("No living recovery shares. Type: keys ceremony")
        return found, lines

    def rotate(self, master: bool, skip_damaged: bool, **options) -> Told:
        at = clock.now()
        done = store.rotate(at=at, master=master, skip_damaged=skip_damaged)
        told = {"rewrapped": done.rewrapped, "resumed": done.resumed, "master": master}
        told["damaged"] = [str(row) for row in done.damaged]
        append_system(kind="keys_rotated", actor=None, at=at, data=told | {"places": len(done.places)})
        lines = [f"{done.rewrapped} key(s) wrapped anew, {len(done.places)} cop(ies) rewritten"]
        lines += ["A rotation that was begun earlier is finished with this."] if done.resumed else []
        lines += ["The earlier recovery shares have ended. Type: keys ceremony"] if master else []
        lines += [f"set aside, changed and open under no key: {row}" for row in told["damaged"]]
        return told | {"places": done.places}, lines

    def copy(self, **options) -> Told:
        written = copies.copy()
        return {"places": written}, [f"copied to: {', '.join(written) or 'nowhere, no place is named'}"]

    def load(self, place: Path, epoch_only: bool, **options) -> Told:
        if epoch_only:
            copies.load_epoch(place)
            _loaded({"epoch": True})
            return {"epoch": True}, ["The epoch's file is back. Next: keys status"]
        loaded = copies.load(place)
        _loaded({"keys": loaded})
        return {"keys": loaded}, [f"{loaded} key(s) loaded. Next: keys status"]

    def forget_place(self, place: Path, **options) -> Told:
        copies.forget_place(place)
        return {"forgotten": place.name}, [f"{place.name} is off the list. Next: keys rotate"]

    def ceremony(self, shares: int, threshold: int, valid_days: int, out: Path | None, **options) -> Told:
        from reports.vault.shares import hold_ceremony

        at = clock.now()
        told = {"shares": shares, "threshold": threshold}

        def record(made) -> None:
            told.update(set=made.identifier, expires_at=made.expires_at.isoformat())
            append_system(kind="keys_ceremony_held", actor=None, at=at, data=told)

        if out and out.exists():
            raise DomainError("file_exists", "Name a new folder for the shares; this one exists.", path="out")
        hold_ceremony(
            shares=shares,
            threshold=threshold,
            days=valid_days,
            at=at,
            record=record,
            give=(lambda words: _write(out, words)) if out else self._show,
        )
        lines = [
            f"{threshold} of {shares} shares bring the master key back, until {told['expires_at'][:10]}."
        ]
        lines += [f"One file each in {out}: hand them out on paper, then destroy the files."] if out else []
        return told, lines

    def recover(self, shares: list[Path], out: Path, **options) -> Told:
        from reports.vault.shares import recover

        at = clock.now()

        def record(identifier: int) -> None:
            append_system(kind="keys_recovered", actor=None, at=at, data={"set": identifier})

        found = recover(_given(shares), at=at, out=out, record=record)
        return {"set": found, "written": str(out)}, [
            f"The master key is in {out}. Name it in SAPR_MASTER_KEY_FILE."
        ]

    def _show(self, words: list[str]) -> None:
        for number, each in enumerate(words, start=1):
            self.stderr.write(
                f"Share {number} of {len(words)}. Write it down; the next person presses Enter.\n\n{each}\n"
            )
            if not sys.stdin.readline():
                raise DomainError("not_read", "Nobody was there to read the shares. The earlier ones stand.")
            self.stderr.write("\n" * 60)


def _loaded(what: dict) -> None:
    append_system(kind="database_restored", actor=None, at=clock.now(), data={"store": "keys"} | what)


def _write(folder: Path, words: list[str]) -> None:
    """A share per file, in a folder made for them."""
    try:
        folder.mkdir(mode=0o700)
    except OSError:
        raise DomainError(
            "file_exists", "Name a new folder for the shares; this one exists or cannot be made."
        ) from None
    for number, each in enumerate(words, start=1):
        keyfiles.replace(folder / f"share-{number}", lambda file, text=each: file.write(f"{text}\n".encode()))


def _given(files: list[Path]) -> list[str]:
    try:
        texts = [path.read_text() for path in files] or sys.stdin.read().splitlines()
    except (OSError, UnicodeDecodeError):
        raise DomainError("unreadable", "A file with a share cannot be read.") from None
    found = [text for text in texts if text.strip()]
    if not found:
        raise DomainError("too_few_shares", "No share was given.", path="shares")
    return found

"""The server's write-ahead log, a file at a time, from where the server puts it to a place of encrypted files.

The server's own part is a plain copy into a spool folder, so that nothing of ours can hold it up (docs/production.md).
"""

import re
from pathlib import Path

from sapr.errors import DomainError
from sapr.operating import sealing

# Segments and histories of timelines; what marks the beginning of a backup is for people.
NAME = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
NOTE = re.compile(r"[0-9A-F]{24}\.[0-9A-F]{8}\.backup")
SUFFIX = ".age"


def ship(spool: Path, place: Path) -> int:
    """Encrypt every whole file of the spool into the place, then take it out of the spool; how many. Safe to repeat."""
    if not sealing.recipients():
        raise DomainError("no_recipients", "Set SAPR_BACKUP_RECIPIENTS: the log is not kept in clear.")
    shipped = 0
    for path in _files(spool):
        if NAME.fullmatch(path.name):
            target = place / f"{path.name}{SUFFIX}"
            if not target.exists():
                with sealing.new_file(target) as file, path.open("rb") as source:
                    sealing.seal(source, file)
                shipped += 1
        if NAME.fullmatch(path.name) or NOTE.fullmatch(path.name):
            path.unlink()
    return shipped


def unpack(place: Path, into: Path, identity: Path | None) -> int:
    """Every file of the place in clear, for a server that recovers from them; how many."""
    unpacked = 0
    for path in _files(place):
        if path.suffix == SUFFIX and NAME.fullmatch(path.stem):
            with (into / path.stem).open("xb") as file:
                sealing.open_into(path, file, identity)
            unpacked += 1
    return unpacked


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DomainError("no_folder", "One of the two folders is not there. Check their names.", path="from")
    return sorted(path for path in folder.iterdir() if path.is_file())

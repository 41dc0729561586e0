"""How long the stand-alone verifier takes over a million entries. Run: var/venv/bin/python bench/ledger.py [ENTRIES]"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "reports" / "ledger"))

import verifier  # noqa: E402  alone, as a stranger has it

ENTRIES, BAR_SECONDS = 1_000_000, 60
CHAIN, SEALED_EVERY, CHECKPOINTS = 50, 10, 100
AT = "2026-03-02T15:00:00.000000Z"
# As long as an ordinary event of a case.
DATA = f'{{"duty": "{UUID(int=7)}", "kind": "commander_notice_restricted", "rule": "CN-1", "due_at": "2026-03-03"}}'


def export(path: Path, entries: int) -> str:
    """Write an export of that many entries; the public key it verifies with."""
    blinds = [sha256(b"blind%d" % number).digest() for number in range(CHECKPOINTS)]
    leaves: list[list[bytes]] = [[] for _ in blinds]
    chains = entries // CHAIN
    with tempfile.TemporaryFile() as body:
        for case in sorted(str(UUID(bytes=sha256(b"%d" % number).digest()[:16])) for number in range(chains)):
            _chain(body, case, blinds, leaves)
        key = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
        body.seek(0)
        with path.open("wb") as file:
            _line(file, line="header", format=verifier.EXPORT_FORMAT, scope="all")
            _checkpoints(file, key, blinds, leaves)
            shutil.copyfileobj(body, file)
            _line(file, line="end", chains=chains, checkpoints=CHECKPOINTS, events=chains * CHAIN)
    return key.public_key().public_bytes_raw().hex()


def _line(file, **content) -> None:
    file.write(f"{verifier.dump(content)}\n".encode())


def _chain(file, case: str, blinds: list[bytes], leaves: list[list[bytes]]) -> None:
    previous, place = verifier.ZEROS, UUID(case)
    first = place.int % (CHECKPOINTS - CHAIN // SEALED_EVERY)
    for seq in range(1, CHAIN + 1):
        event_id = UUID(bytes=sha256(place.bytes + seq.to_bytes(8, "big")).digest()[:16])
        text = (
            f'{{"id": "{event_id}", "seq": {seq}, "case": "{case}", "data": {DATA}, "kind": "duty_opened", '
            f'"prev": "{previous}", "actor": null, "occurred_at": "{AT}", "recorded_at": "{AT}"}}'
        )
        digest = sha256(text.encode())
        previous = digest.hexdigest()
        file.write(f'{{"hash": "{previous}", "event": {text}}}\n'.encode())
        if seq % SEALED_EVERY == 0:
            number = first + seq // SEALED_EVERY
            _line(file, line="leaf", case=case, seq=seq, checkpoint=number, hash=previous)
            salt = verifier.salt_of(blinds[number - 1])
            leaf = verifier.place_of(salt, place.bytes) + verifier.value_of(seq, digest.digest())
            leaves[number - 1].append(leaf)


def _checkpoints(file, key: Ed25519PrivateKey, blinds: list[bytes], leaves: list[list[bytes]]) -> None:
    previous = verifier.ZEROS
    for number, (blind, own) in enumerate(zip(blinds, leaves, strict=True), 1):
        root = verifier.root_of(blind, own).hex()
        named = verifier.key_id(key.public_key().public_bytes_raw())
        body = {
            "at": AT,
            "format": verifier.CHECKPOINT_FORMAT,
            "key": named,
            "number": number,
            "prev": previous,
        }
        text = verifier.dump(body | {"root": root})
        signature = key.sign(text.encode())
        previous = verifier.digest_of(text.encode(), signature)
        _line(file, line="checkpoint", body=text, signature=signature.hex(), blind=blind.hex())


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.jsonl"
        key = export(file, entries)
        print(
            f"{entries} entries in {entries // CHAIN} chains, {file.stat().st_size / 1e6:.0f} MB", flush=True
        )
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-I", ROOT / "reports" / "ledger" / "verifier.py", file, "--key", key],
            check=False,
        )
        seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"verified in {seconds:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of one core); the bar is {BAR_SECONDS} s; "
        f"{used.ru_maxrss / 1024:.0f} MB at most"
    )
    if done.returncode or seconds > BAR_SECONDS:
        sys.exit(1)


if __name__ == "__main__":
    main()

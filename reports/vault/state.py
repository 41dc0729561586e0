"""What whoever runs the system should know of the key store; no key and nothing of a case."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from reports.vault import keyfiles, places
from reports.vault.master import epochs, master_id, masters
from reports.vault.rewrap import DAMAGED, store_locked
from reports.vault.wrapping import available
from sapr.errors import DomainError

COUNTS = """SELECT (SELECT count(*) FROM reports_wrappedkey), (SELECT count(*) FROM reports_tombstone),
                   (SELECT count(*) FROM reports_tombstone WHERE NOT clean)"""
UNDER = "SELECT kek_id, count(*) FROM reports_wrappedkey GROUP BY kek_id"
SETS = "SELECT shares, threshold, made_at, expires_at FROM reports_shareset WHERE expires_at > %s"


def status(at: datetime) -> dict[str, Any]:
    """Counts, the wrapping key in use, what a killed act left open, and how current each place's copy is."""
    known = available()
    in_use = next(iter(known))
    with store_locked() as connection:
        keys, stones, unclean = connection.execute(COUNTS).fetchone() or (0, 0, 0)
        under = dict(connection.execute(UNDER).fetchall())
        sets = connection.execute(SETS, [at]).fetchall()
        copies = [{"place": place.name, "keys": _keys_in(place)} for place in places.places()]
    return {
        "keys": keys,
        "master": master_id(masters()[0]),
        "in_use": in_use,
        "under_others": sum(count for name, count in under.items() if name not in (in_use, DAMAGED)),
        "unknown": sum(count for name, count in under.items() if name not in (*known, DAMAGED)),
        "damaged": under.get(DAMAGED, 0),
        "pending": len(epochs()) > 1 or len(masters()) > 1 or _remnants(),
        "tombstones": stones,
        "unclean": unclean,
        "places": copies,
        "shares": [
            {"shares": n, "threshold": m, "made_at": made.isoformat(), "expires_at": ends.isoformat()}
            for n, m, made, ends in sets
        ],
    }


def _keys_in(place) -> int | None:
    """How many keys a place's copy holds; None when it holds no whole copy."""
    try:
        return sum(table == "reports_wrappedkey" for table, _ in places.read(place)[1])
    except DomainError:
        return None


def _remnants() -> bool:
    """Whether a kill left a file beside one of the key files or copies."""
    named = [Path(name).resolve() for name in (settings.KEY_EPOCH_FILE, settings.MASTER_KEY_FILE) if name]
    named += [place / name for place in places.places() for name in (places.COPY, places.TOMBSTONES)]
    return any(keyfiles.remnants(path) for path in named)

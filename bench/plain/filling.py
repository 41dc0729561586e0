"""Making the plain app's database: `python -m bench.plain.filling ROWS` with PLAIN_DATABASE_URL; prints a token.

The rows come in by COPY, once; typed again it only makes the token anew.
"""

import json
import secrets
import sys
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random

import django

NEWEST = datetime(2026, 6, 16, 15, 0, tzinfo=UTC)
SPARE = 500
YEARS = timedelta(days=365 * 49)
# About as long as the accounts that SAPR's patterns have sealed.
ACCOUNT = "Somebody who is invented tells what happened, where it was and who else was there. " * 3
COLUMNS = (
    "number, election, state, opened_at, signed_at, notify_by, installation, sarc, advocate, name, dod_id, "
    "phone, email, grade, sex, service, incident_on, place, narrative"
)


def row(nth: int, of: int, dice: Random) -> tuple[object, ...]:
    """One report; the last is the newest."""
    opened = NEWEST - YEARS * (1 - nth / of)
    place = dice.randrange(200)
    return (
        f"R-{nth:09d}", dice.choice(("restricted", "unrestricted")), "closed" if nth < of * 0.99 else "open",
        opened, opened + timedelta(hours=2), opened + timedelta(hours=26), f"Installation {place}",
        f"Sarc Example {place}", f"Advocate Example {place}", f"Quillon Smith-Example {nth}",
        f"{nth % 10**10:010d}", "+1 555 0142", "quillon@example.invalid", "E-4", "f", "army",
        (opened - timedelta(days=1)).date(), "A place that is invented", ACCOUNT,
    )  # fmt: skip


def body(number: str) -> dict[str, object]:
    """A report that a client sends to be created."""
    values = dict(zip(COLUMNS.split(", "), row(1, 1, Random(number)), strict=True))  # noqa: S311
    return {name: _told(value) for name, value in (values | {"number": number}).items()}


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def main() -> None:
    """Tables, rows, a user with a token. Prints as JSON the token, the newest report's id, and numbers to come."""
    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection, transaction

    from bench.plain.models import Report, Token

    rows = int(sys.argv[1])
    # First the tables of Django's own apps, which ours refer to.
    for ours in (False, True):
        call_command("migrate", run_syncdb=ours, verbosity=0)
    if not Report.objects.exists():
        dice = Random(rows)  # noqa: S311
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy(f"COPY plain_report ({COLUMNS}) FROM STDIN") as into,
        ):
            for nth in range(1, rows + 1):
                into.write_row(row(nth, rows, dice))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (FREEZE, ANALYZE)")
    user, _ = get_user_model().objects.get_or_create(username="sarc")
    token = secrets.token_urlsafe(32)
    Token.objects.create(user=user, digest=sha256(token.encode()).digest())
    newest = Report.objects.order_by("-opened_at").values_list("pk", flat=True)[0]
    numbers = [f"N-{secrets.token_hex(8)}" for _ in range(SPARE)]
    print(json.dumps({"token": token, "newest": newest, "numbers": numbers}))


if __name__ == "__main__":
    main()

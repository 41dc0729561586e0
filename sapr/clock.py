"""The one clock: the database's. No other code asks for the time; services take it as an argument.

A `real` database cannot be moved or held; `demo` can be moved forward; `rehearsal` can be held at any instant.
"""

from datetime import UTC, datetime

from django.db import connection
from django.db.models import DateTimeField, Func

from sapr import standing


def now() -> datetime:
    """The instant by the database's clock, aware, in UTC. A page that only looks is drawn as of one."""
    return standing.instant() or _asked()


@standing.asked_in_an_act
@standing.asked_in_a_look
def _asked() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_now()")
        return cursor.fetchone()[0].astimezone(UTC)


def told(at: datetime) -> None:
    """Whoever looks was told the instant on the way (UTC): it is that one."""
    standing.told(_asked, answer=at)


def kind() -> str:
    """The database's permanent kind: `real`, `demo` or `rehearsal`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM sapr_database")
        row = cursor.fetchone()
        return row[0] if row else "unset"


def told_in_an_act(at: datetime) -> None:
    """The act that is being done was told the instant on the way: it is as of that one."""
    standing.told_in_an_act(_asked, answer=at.astimezone(UTC))


def move(to: datetime, *, hold: bool = False) -> None:
    """Set the clock of a demo or rehearsal database to an instant; with `hold` it then stands still.

    The database refuses this for a `real` database, and refuses a demo's clock going back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_move_clock(%s, %s)", [to, hold])


class Now(Func):
    """In a query: the instant by the database's clock, as the row is read."""

    function = "sapr_now"
    output_field = DateTimeField()

    def __init__(self) -> None:
        super().__init__()


class KeyboardNow(Func):
    """In a query: the instant by which people at a keyboard are measured (idle, locked out).

    It is the database's real time. A demo's clock tells a story and jumps; nobody was away that long. In a
    rehearsal it is the held clock, so that tests can let somebody go away.
    """

    function = "sapr_keyboard_now"
    output_field = DateTimeField()

    def __init__(self) -> None:
        super().__init__()


def keyboard_now() -> datetime:
    """The same instant, as a value."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_keyboard_now()")
        return cursor.fetchone()[0].astimezone(UTC)


def went_back() -> bool:
    """Whether the clock stands before what was recorded last: somebody set the server's clock back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_clock_went_back()")
        return cursor.fetchone()[0]

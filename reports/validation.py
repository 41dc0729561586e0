"""What people type, checked before anything is written."""

import re
import unicodedata
from datetime import UTC, datetime

from django.db.models import Choices

from sapr import clock
from sapr.errors import DomainError

EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)
SHORT, LONG = 200, 20_000


def text(value: object, path: str, *, limit: int = SHORT, required: bool = False) -> str:
    """The text, trimmed. Refuses other types, control characters, and more than `limit` characters."""
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise DomainError("wrong_type", f"{path}: text is expected here.", path=path)
    if len(value) > limit:
        raise DomainError(
            "too_long",
            f"{path}: at most {limit:,} characters; this has {len(value):,}. Shorten it.",
            path=path,
        )
    if not value.isprintable() and any(map(_unstorable, value)):
        raise DomainError(
            "control_characters",
            f"{path}: contains characters that cannot be stored. Type it again.",
            path=path,
        )
    value = value.strip()
    if required and not value:
        raise DomainError("missing", f"{path}: this is needed. Fill it in.", path=path)
    return value


def _unstorable(character: str) -> bool:
    """Of what Python calls printable none is."""
    return unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} and character not in "\n\r\t"


def instant(value: object, path: str) -> datetime:
    """An instant with a zone, not before 2005 and not after the database's clock; as UTC."""
    if not isinstance(value, datetime):
        raise DomainError("wrong_type", f"{path}: a date and time is expected here.", path=path)
    if value.tzinfo is None or value.utcoffset() is None:
        raise DomainError("naive_time", f"{path}: give the time zone with the time.", path=path)
    try:
        value = value.astimezone(UTC)
    except OverflowError:
        raise DomainError("date_out_of_range", f"{path}: this date cannot be right.", path=path) from None
    if value < EARLIEST:
        raise DomainError("date_out_of_range", f"{path}: no case is older than 2005.", path=path)
    if value > clock.now():
        raise DomainError("in_the_future", f"{path}: this is in the future. Check date and time.", path=path)
    return value


def known(value: object, choices: type[Choices], path: str) -> str:
    """The value, one of the listed. Refuses any other."""
    if value not in choices.values:
        raise DomainError("unknown_value", f"{path}: choose one of the listed values.", path=path)
    return str(value)


def matching(value: object, pattern: str, path: str, *, required: bool = False, upper: bool = True) -> str:
    """A printed number as it is kept, in capitals; '' when there is none and none is needed."""
    given = text(value, path, required=required)
    given = given.upper() if upper else given
    if given and not re.fullmatch(pattern, given):
        raise DomainError(
            "not_printed_so", f"{path}: copy it as it is printed: letters, digits and hyphens.", path=path
        )
    return given

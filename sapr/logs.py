"""Logs that hold ids and counts only: no traceback locals, no form data, no database DETAIL, no foreign text."""

import json
import logging
import re
import secrets
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter
from gunicorn.glogging import Logger

ROOT = Path(__file__).resolve().parent.parent
EVENT = re.compile(r"[a-z][a-z0-9_]{0,59}")
# What a line may hold beside when, level, logger and event: names of our own, values without spaces.
FIELDS = frozenset({"id", "error_id", "case", "seq", "column", "code", "task", "count", "seconds"}) | {
    "request",
    "operation",
    "status",
}
VALUE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def new_error_id() -> str:
    """What a person reads out to whoever keeps the logs. Random, so it says nothing by itself."""
    return f"E-{secrets.token_hex(4).upper()}"


class LineFormatter(logging.Formatter):
    """One JSON line: when, level, logger, event, and for an error its type and place, never its text.

    Texts of exceptions, and messages that other libraries build, can carry values (a database DETAIL line, a host
    header, a parse error). So our own events are single words, a library's message is written only where it is
    the constant template that stands in the library's source, and arguments are never filled in.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
        }
        line |= _fields(getattr(record, "fields", None))
        request = getattr(record, "request", None)
        if error_id := getattr(request, "error_id", None):
            line["error_id"] = error_id
        if route := getattr(getattr(request, "resolver_match", None), "route", None):
            line["route"] = route
        if record.exc_info and record.exc_info[1]:
            line = {"error_id": new_error_id()} | line | failure(record.exc_info[1])
        return json.dumps(line)


def failure(error: BaseException) -> dict[str, str]:
    """Type and code location of an error; of a database's refusal also its code and constraint. Never a value."""
    told = {"error": type(error).__name__}
    innermost, ours = _places(error.__traceback__)
    if innermost:
        told["where"] = innermost
    if ours and ours != innermost:
        told["ours"] = ours
    for each in (error, error.__cause__):
        if sqlstate := getattr(each, "sqlstate", None):
            told["sqlstate"] = sqlstate
            if constraint := each.diag.constraint_name:
                told["constraint"] = constraint
    return told


def _places(frame: TracebackType | None) -> tuple[str, str]:
    """The innermost frame, and the innermost one of this project."""
    innermost = ours = ""
    while frame:
        path = Path(frame.tb_frame.f_code.co_filename)
        innermost = f"{path.name}:{frame.tb_lineno}"
        if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / "var"):
            ours = f"{path.relative_to(ROOT)}:{frame.tb_lineno}"
        frame = frame.tb_next
    return innermost, ours


def _event(record: logging.LogRecord) -> str:
    message = record.msg
    if not isinstance(message, str):
        return type(message).__name__
    if record.name.split(".")[0] == "sapr":
        return message if EVENT.fullmatch(message) else "unnamed"
    if len(message) > 3 and message in _source(record.pathname):
        return message
    return f"{record.filename}:{record.lineno}"


@lru_cache(maxsize=200)
def _source(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _fields(fields: Any) -> dict[str, object]:
    if not isinstance(fields, dict):
        return {}
    return {
        name: value if isinstance(value, int | float) or VALUE.fullmatch(str(value)) else "withheld"
        for name, value in fields.items()
        if name in FIELDS
    }


class ServerLogger(Logger):
    """gunicorn's own log in our lines: its formatter would write addresses, paths and exception texts."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(LineFormatter())


class NothingReporterFilter(SafeExceptionReporterFilter):
    """Django's error reports get no settings, no POST data and no frame variables."""

    def get_safe_settings(self):
        return {}

    def get_safe_request_meta(self, request):
        return {}

    def get_safe_cookies(self, request):
        return {}

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        return {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return []


class TypeOnlyReporter(ExceptionReporter):
    """An error report is the error's type, its place in the code and its id; Django's own quotes the error's text."""

    def get_traceback_data(self) -> dict[str, Any]:
        error_id = getattr(self.request, "error_id", None) or new_error_id()
        return {"error_id": error_id, **(failure(self.exc_value) if self.exc_value else {})}

    def get_traceback_text(self) -> str:
        return json.dumps(self.get_traceback_data())

    def get_traceback_html(self) -> str:
        """The same words: they need no escaping."""
        return self.get_traceback_text()

"""Logs that hold ids and counts only: no traceback locals, no form data, no database DETAIL."""

import json
import logging
from datetime import UTC, datetime

from django.views.debug import SafeExceptionReporterFilter


class LineFormatter(logging.Formatter):
    """One JSON line: when, level, logger, event, and for an error its type and place, never its text.

    Exception texts can carry values (a database DETAIL line, a parse error), so only the type, file and line
    of the innermost frame are written.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        if isinstance(getattr(record, "fields", None), dict):
            line |= record.fields
        if record.exc_info and record.exc_info[1]:
            frame = record.exc_info[2]
            while frame and frame.tb_next:
                frame = frame.tb_next
            line["error"] = record.exc_info[1].__class__.__name__
            if frame:
                line["where"] = f"{frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}"
        return json.dumps(line)


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

"""JSON in and out of the REST door, strict in both directions."""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class StrictJSONParser(BaseParser):
    """One JSON text in UTF-8, at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes; no NaN, no key twice in an object.

    Raises RequestDataTooBig, ParseError, or RecursionError for a text nested too deeply; the problem handler
    knows all three. The charset of the content type is ignored: JSON is UTF-8.
    """

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise RequestDataTooBig
        try:
            return _READER.decode(raw.decode())
        except ValueError:
            raise ParseError from None


def _refuse(name: str) -> None:
    raise ValueError("not JSON")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


# Made anew for each text and each answer otherwise.
_READER = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_each_key_once)
_WRITER = JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))


class AsciiJSONRenderer(JSONRenderer):
    """JSON in ASCII, without blanks: whatever text there is, the answer can be written."""

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return b"" if data is None else _WRITER.encode(data).encode("ascii")


class OnlyJSON(DefaultContentNegotiation):
    """There is one representation; `Accept` cannot ask for another, so no request fails on it."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type

"""The forms in which a value may hide, each as the bytes to look for and as the way to hide it there."""

import base64
import gzip
import hashlib
import html
import json
import quopri
import urllib.parse
import zlib
from collections.abc import Callable, Iterator

Form = Callable[[str], list[bytes]]
DIGESTS = ("md5", "sha1", "sha256", "sha512")


def _plain(text: str) -> list[bytes]:
    return [text.encode()]


def _in_base64(raw: bytes, alphabet: bytes) -> Iterator[bytes]:
    """The characters of a base64 text that depend on these bytes alone, for each place they can begin at."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw + b"\0\0\0", altchars=alphabet)
        first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        yield whole[first:last]


def _base64(text: str) -> list[bytes]:
    return list(_in_base64(text.encode(), b"+/"))


def _base64url(text: str) -> list[bytes]:
    return list(_in_base64(text.encode(), b"-_"))


def of_bytes(raw: bytes) -> dict[str, list[bytes]]:
    """A key as bytes, and as base64 of them; their hex is the text that key files hold."""
    return {"bytes": [raw], "bytes in base64": [*_in_base64(raw, b"+/"), *_in_base64(raw, b"-_")]}


def _digest(name: str, spell: Callable[[bytes], bytes]) -> Form:
    """A digest, of the value and of its lower case; a shortened one is found too."""

    def form(text: str) -> list[bytes]:
        return [spell(hashlib.new(name, each.encode()).digest()) for each in {text, text.casefold()}]

    return form


def _python(text: str) -> list[bytes]:
    """As repr() and json.dumps() write what is not ASCII."""
    return [text.encode("unicode_escape")]


def _json(text: str) -> list[bytes]:
    return [json.dumps(text)[1:-1].encode()]


def _json_codes(text: str) -> list[bytes]:
    return ["".join(f"\\u{ord(each):04x}" for each in text).encode()]


def _html(text: str) -> list[bytes]:
    return [html.escape(text).encode(), html.escape(text).replace("&#x27;", "&#39;").encode()]


def _html_codes(text: str) -> list[bytes]:
    return [
        "".join(f"&#{ord(each)};" for each in text).encode(),
        "".join(f"&#x{ord(each):x};" for each in text).encode(),
    ]


def _octal(text: str) -> list[bytes]:
    """bytea in PostgreSQL's older form."""
    return ["".join(chr(each) if 32 <= each < 127 else f"\\{each:03o}" for each in text.encode()).encode()]


# Found as bytes, whatever surrounds them.
FORMS: dict[str, Form] = {
    "plain": _plain,
    "hex, bytea": lambda text: [text.encode().hex().encode()],
    "hex in capitals": lambda text: [text.encode().hex().upper().encode()],
    "base64": _base64,
    "base64url": _base64url,
    "percent": lambda text: [urllib.parse.quote(text, safe="").encode()],
    "form": lambda text: [urllib.parse.quote_plus(text).encode()],
    "UTF-16 LE": lambda text: [text.encode("utf-16-le")],
    "UTF-16 BE": lambda text: [text.encode("utf-16-be")],
    "JSON": _json,
    "JSON codes": _json_codes,
    "Python": _python,
    "HTML": _html,
    "HTML codes": _html_codes,
    "quoted-printable": lambda text: [quopri.encodestring(text.encode()).rstrip(b"=\n")],
    "octal bytea": _octal,
    "Latin-1": lambda text: [text.encode("latin-1", "replace")],
}
HASHED: dict[str, Form] = {
    f"{name} {how}": _digest(name, spell)
    for name in DIGESTS
    for how, spell in {
        "hex": lambda raw: raw.hex()[:16].encode(),
        "raw": lambda raw: raw[:12],
        "base64": lambda raw: base64.b64encode(raw)[:16],
        "base64url": lambda raw: base64.urlsafe_b64encode(raw)[:16],
    }.items()
}
# Found by unfolding first.
FOLDS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress,
    "gzip": lambda raw: gzip.compress(raw),
    "zlib in base64": lambda raw: base64.urlsafe_b64encode(zlib.compress(raw)),
    "base64 twice": lambda raw: base64.b64encode(base64.b64encode(raw)),
}
# Letters of either size: both sides are made small first.
FOLDED_CASE = "other capitals"
EVERY = (*FORMS, *HASHED, *FOLDS, FOLDED_CASE)


def hide(text: str, form: str) -> bytes:
    """The value in a form, as a leak would leave it."""
    if form == FOLDED_CASE:
        return text.swapcase().encode()
    if form in FOLDS:
        return FOLDS[form](f"before {text} after".encode())
    return (FORMS | HASHED)[form](text)[0]

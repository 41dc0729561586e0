"""The detector is proved before it is believed: every marker in every form, and nothing where nothing is."""

import base64
import secrets

import pytest

from tests.privacy.encodings import EVERY, hide
from tests.privacy.markers import Marker, Person, token
from tests.privacy.scanner import CHUNK, Scanner

PERSON = Person.invent("P")
MARKERS = PERSON.markers()
SCANNER = Scanner(MARKERS)


@pytest.mark.parametrize("form", EVERY)
def test_every_marker_is_found_in_every_form(form: str) -> None:
    missed = []
    for marker in MARKERS:
        for before in range(5):
            content = secrets.token_bytes(before + 100) + hide(marker.value, form) + secrets.token_bytes(100)
            if marker.name not in {name for name, _ in SCANNER.hits(content)}:
                missed.append((marker.name, before))
    assert missed == []


def test_a_part_of_a_value_is_found_alone() -> None:
    surname = PERSON.name.parts[1]
    assert ("P name", "plain") in SCANNER.hits(f'{{"last": "{surname}"}}'.encode())


def test_a_marker_across_the_border_of_two_pieces_is_found() -> None:
    for place in range(CHUNK - 12, CHUNK + 3):
        content = b"." * place + PERSON.dod_id.value.encode() + b"." * 50
        assert SCANNER.hits(content, depth=0)


def test_nothing_is_found_where_nothing_is() -> None:
    other = Person.invent("Q")
    content = b"".join(hide(m.value, form) for m in other.markers() for form in EVERY)
    assert SCANNER.hits(content + secrets.token_bytes(1 << 20)) == set()


def test_eight_digits_within_a_digest_are_no_day() -> None:
    day = PERSON.incident_on.parts[0].encode()
    assert ("P incident_on", "plain") in SCANNER.hits(b'{"on": "' + day + b'"}')
    assert SCANNER.hits(b"sha256 " + b"a1" * 9 + day + b"c3" * 9, depth=0) == set()


def test_of_a_secret_a_digest_may_be_kept_and_nothing_else() -> None:
    secret = Marker("key", token(20), secret=True)
    scanner = Scanner([secret])
    assert scanner.hits(hide(secret.value, "sha256 raw")) == set()
    assert ("key", "base64") in scanner.hits(hide(secret.value, "base64"))


def test_a_key_is_found_as_bytes_too() -> None:
    raw = secrets.token_bytes(32)
    scanner = Scanner([Marker("key", raw.hex(), secret=True, raw=raw)])
    for before in range(3):
        around = secrets.token_bytes(before + 30)
        assert ("key", "bytes") in scanner.hits(around + raw + around, depth=0)
        assert ("key", "bytes in base64") in scanner.hits(
            base64.urlsafe_b64encode(around + raw + around), depth=0
        )
        assert scanner.hits(around + raw.hex().upper().encode(), depth=0)


def test_too_short_a_marker_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Scanner([Marker("age", "37")])


def test_the_goal_of_fourteen_forms_is_met() -> None:
    assert len(EVERY) >= 14

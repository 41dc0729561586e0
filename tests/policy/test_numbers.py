"""Control numbers: random, readable, and no misreading passes."""

import itertools
import random
import re

import pytest

from reports import policy
from reports.policy.numbers import ALPHABET

SHAPE = re.compile(rf"([{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]")


def some(count):
    # repeatable numbers for a test, not secrets
    return [policy.new_control_number(random.Random(seed).randbytes) for seed in range(count)]  # noqa: S311


def refused(text):
    with pytest.raises(policy.FactsError) as caught:
        policy.check_control_number(text)
    return caught.value.code


def test_numbers_have_the_agreed_shape_and_pass_their_own_check():
    numbers = [policy.new_control_number() for _ in range(500)]
    assert len(set(numbers)) == 500
    for number in numbers:
        assert SHAPE.fullmatch(number)
        assert policy.check_control_number(number) == number


def test_every_single_wrong_character_is_noticed():
    for number in some(40):
        for place, held in enumerate(number):
            if held != "-":
                for other in ALPHABET:
                    if other != held:
                        assert refused(number[:place] + other + number[place + 1 :]) == "bad_check_character"


def test_every_exchange_of_two_characters_is_noticed():
    for number in some(300):
        bare = number.replace("-", "")
        for one, two in itertools.combinations(range(13), 2):
            if bare[one] != bare[two]:
                swapped = list(bare)
                swapped[one], swapped[two] = swapped[two], swapped[one]
                assert refused("".join(swapped)) == "bad_check_character"


def test_the_check_is_not_blind_for_any_pair_of_symbols():
    """All 32 x 31 ordered pairs, exchanged between neighbours at every place."""
    for one, two in itertools.permutations(range(32), 2):
        for place in range(11):
            values = [0] * 12
            values[place], values[place + 1] = one, two
            bits = sum(value << (5 * (11 - index)) for index, value in enumerate(values))
            number = policy.new_control_number(lambda _, bits=bits: (bits << 4).to_bytes(8, "big"))
            bare = number.replace("-", "")
            assert (ALPHABET.index(bare[place]), ALPHABET.index(bare[place + 1])) == (one, two)
            swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
            with pytest.raises(policy.FactsError):
                policy.check_control_number(swapped)


def test_reading_aloud_is_forgiven():
    number = "0101-0000-0000"
    full = policy.new_control_number(lambda _: bytes.fromhex("0040200000000000")[:8])
    assert policy.check_control_number(full.lower().replace("-", " ").replace("0", "o")) == full
    assert policy.check_control_number(full.replace("1", "l").replace("0", "O")) == full
    assert len(number) == len(full) - 2


@pytest.mark.parametrize(
    "text", ["", "-", "ABCD", "U" * 13, "0" * 12, "0" * 14, "0000-0000-0000-é", "\u0660" * 13]
)
def test_anything_else_is_no_number_at_all(text):
    assert refused(text) == "bad_control_number"


def test_only_text_is_read():
    assert refused(None) == refused(12) == "wrong_type"


def test_a_prefix_names_the_kind_and_must_match():
    number = policy.new_control_number(prefix="RR")
    assert number.startswith("RR-")
    assert policy.check_control_number(number.lower(), prefix="RR") == number
    with pytest.raises(policy.FactsError):
        policy.check_control_number(number)
    with pytest.raises(policy.FactsError):
        policy.check_control_number(number, prefix="UR")


def test_every_bit_of_a_number_comes_from_the_random_bytes():
    asked = []

    def zeros(count):
        asked.append(count)
        return bytes(count)

    assert policy.new_control_number(zeros) == "0000-0000-0000-0"
    assert asked == [8]
    heads = {number[0] for number in some(600)}
    assert heads == set(ALPHABET)

"""Random numbers that people can read out: `XXXX-XXXX-XXXX-X`, the last character a check.

Twelve symbols of Crockford's base 32 (no I, L, O, U) carry 60 random bits. The check works in the field of
32 elements: from the left, the running value is multiplied by a generator and the next symbol is added;
with the right check character the end is zero. Every position has its own non-zero weight, so any one wrong
character and any two exchanged characters are noticed, the check character included.
"""

import os
from collections.abc import Callable

from .errors import FactsError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 12
_GROUP = 4
_BYTES = 8
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
# times x modulo x^5 + x^2 + 1; x generates all 31 non-zero elements
_TIMES_X = tuple((value << 1) ^ (0b100101 if value & 0b10000 else 0) for value in range(32))


def _remainder(values: list[int]) -> int:
    running = 0
    for value in values:
        running = _TIMES_X[running] ^ value
    return running


def _written(symbols: str, prefix: str) -> str:
    groups = [symbols[start : start + _GROUP] for start in range(0, SYMBOLS, _GROUP)]
    return "-".join([prefix] * bool(prefix) + groups + [symbols[SYMBOLS]])


def new_control_number(randbytes: Callable[[int], bytes] = os.urandom, *, prefix: str = "") -> str:
    """A new number, nothing in it but randomness. `prefix` names its kind and is not part of the check."""
    bits = int.from_bytes(randbytes(_BYTES), "big") >> (8 * _BYTES - 5 * SYMBOLS)
    values = [(bits >> (5 * place)) & 31 for place in reversed(range(SYMBOLS))]
    check = _TIMES_X[_remainder(values)]
    return _written("".join(ALPHABET[value] for value in [*values, check]), prefix)


def check_control_number(text: str, *, prefix: str = "") -> str:
    """The number in its written form; spaces, hyphens, case and O/0, I/L/1 do not matter.

    FactsError `bad_control_number` when it is not of this shape, `bad_check_character` when it was misread.
    """
    if not isinstance(text, str):
        raise FactsError("wrong_type", "number", "The number must be given as text.")
    bare = text.upper().replace("-", "").replace(" ", "")
    wanted = prefix.upper().replace("-", "").replace(" ", "")
    symbols = bare.removeprefix(wanted)
    if (
        not bare.startswith(wanted)
        or len(symbols) != SYMBOLS + 1
        or not all(each in _VALUE for each in symbols)
    ):
        raise FactsError("bad_control_number", "number", "This is not a number of this kind.")
    values = [_VALUE[each] for each in symbols]
    if _remainder(values) != 0:
        raise FactsError(
            "bad_check_character", "number", "A character of this number was misread; check it again."
        )
    return _written("".join(ALPHABET[value] for value in values), prefix)

"""Our own texts in the language of whoever looks. English is what the code says; the catalogue says the rest.

Models, rules and services keep their English words, so that what is stored, sent or exported is the same whoever asked.
Only what a page shows passes here (docs/languages.md).
"""

import re
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext, trans_real

from sapr.desk import words

ENGLISH = "en"
# The context of sentences with values in them: the catalogue holds them as `The kit %(kit)s is here.`
WITH_VALUES = "values"
CODED = re.compile(r"([A-Z]{2,}[ -]?\d*: )(.+)")
VALUE = re.compile(r"%\((\w+)\)s")


def spoken(text: object) -> object:
    """A text of ours in the language in force; unknown ones, and what is no text, as they are.

    A list (the errors of a field) comes back as one text. A sentence into which the code had put values is known by its
    pattern, and the values are looked up as well.
    """
    if isinstance(text, list | tuple):
        return " ".join(str(spoken(str(each))) for each in text)
    if isinstance(text, Promise):
        text = str(text)
    if not isinstance(text, str) or not text or get_language() in (None, ENGLISH):
        return text
    found = gettext(text)
    if found == text and text[0].isupper():
        # A word of the vocabulary that begins a sentence.
        small = gettext(text[0].lower() + text[1:])
        found = small[0].upper() + small[1:] if small != text[0].lower() + text[1:] else text
    return found if found != text else _by_pattern(text)


def _coded(text: str) -> str:
    """What stands behind a code, `EX-2: …`."""
    found = CODED.fullmatch(text)
    return f"{found[1]}{spoken(found[2])}" if found else text


def worded(value: object, of: str = "") -> str:
    """The words for a value of the vocabulary (`sapr.desk.words.label`), in the language in force."""
    if isinstance(value, list | tuple) and value:
        return ", ".join(worded(each, of) for each in value)
    return str(spoken(words.label(value, of)))


def _by_pattern(text: str) -> str:
    for pattern, known in _patterns(get_language()):
        found = pattern.fullmatch(text)
        if found:
            values = {name: spoken(value) for name, value in found.groupdict().items()}
            return pgettext(WITH_VALUES, known) % values
    return _coded(text)


@lru_cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What sentences with values look like once the values are in, the most particular first."""
    catalogue = trans_real.translation(language)._catalog
    known = [
        key.removeprefix(f"{WITH_VALUES}\x04")
        for key, _text in catalogue.items()
        if isinstance(key, str) and key.startswith(f"{WITH_VALUES}\x04")
    ]
    known.sort(key=lambda each: (-len(VALUE.sub("", each)), each))
    return tuple((_pattern(each), each) for each in known)


def _pattern(text: str) -> re.Pattern[str]:
    parts = VALUE.split(text.replace("%%", "%"))
    said = [re.escape(each) for each in parts[::2]]
    names = parts[1::2]
    seen: set[str] = set()
    regex = said[0]
    for name, after in zip(names, said[1:], strict=True):
        regex += f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"
        seen.add(name)
        regex += after
    return re.compile(regex, re.DOTALL)

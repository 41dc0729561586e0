"""The catalogue of a language: the texts of the desk (`wanted`), what is written for them, and its compiled form.

Run by hand after texts have changed: `var/venv/bin/python -m tests.languages.catalogue`. It adds what is new, drops
what nobody says any more, and compiles. No GNU gettext is needed.
"""

import os
import re
import sys
from pathlib import Path

import polib

VALUE = re.compile(r"%\((\w+)\)s")
WIDTH = 100


def wanted() -> dict[tuple[str, str], str]:
    """(context, text) → its plural or '', of everything that a page of the desk may show."""
    from sapr.desk.spoken import WITH_VALUES
    from tests.languages import marked, sources

    found: dict[tuple[str, str], str] = {}
    for path in marked.templates():
        for text, plural in marked.texts(path):
            found["", text] = plural or found.get(("", text), "")
    for text, plural, with_values in sources.said():
        key = (WITH_VALUES if with_values else "", text)
        found[key] = plural or found.get(key, "")
    return {key: found[key] for key in sorted(found)}


def shipped() -> list[str]:
    """The languages that have a catalogue: all but English."""
    from django.conf import settings

    return [language for language, _ in settings.LANGUAGES if language != "en"]


def path_of(language: str) -> Path:
    """Where the catalogue of a language stands."""
    from django.conf import settings

    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> polib.POFile:
    """The catalogue as it is written."""
    return polib.pofile(str(path_of(language)), wrapwidth=WIDTH)


def compiled(catalogue: polib.POFile) -> bytes:
    """The bytes that Django reads; always the same for the same catalogue."""
    return catalogue.to_binary()


def renewed(old: polib.POFile) -> polib.POFile:
    """The catalogue with every wanted text and no other, in their order; what was translated stays."""
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=WIDTH)
    new.header, new.metadata = old.header, old.metadata
    for (context, text), plural in wanted().items():
        entry = known.get((context, text)) or polib.POEntry(msgid=text, msgctxt=context or None)
        if plural and entry.msgid_plural != plural:
            entry.msgid_plural, entry.msgstr_plural, entry.msgstr = plural, {0: "", 1: ""}, ""
        entry.flags = ["python-format"] if VALUE.search(text) else []
        entry.occurrences = []
        new.append(entry)
    return new


def missing(catalogue: polib.POFile) -> list[polib.POEntry]:
    """What is not translated yet, or not for certain."""
    return [entry for entry in catalogue if not entry.translated() or entry.fuzzy]


def write(language: str, catalogue: polib.POFile) -> None:
    """Save the catalogue and its compiled form beside it."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    path.with_suffix(".mo").write_bytes(compiled(catalogue))


def main() -> None:
    """Renew every catalogue; say what is left to translate, and fail while something is."""
    left = 0
    for language in shipped():
        catalogue = renewed(read(language))
        write(language, catalogue)
        for entry in missing(catalogue):
            left += 1
            print(f"{language}: {entry.msgid}")
    if left:
        sys.exit(f"{left} texts are not translated yet. Write them in the catalogue and run this again.")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapr.settings")
    django.setup()
    main()

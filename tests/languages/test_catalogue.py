"""Every text of the desk is in the catalogue, once, whole, and what Django reads is what is written."""

import re
from pathlib import Path

import pytest

from tests.languages import catalogue, marked, sources

MARKUP = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module", params=catalogue.shipped())
def held(request):
    """The catalogue of a language that is shipped."""
    return request.param, catalogue.read(request.param)


def test_the_catalogue_holds_every_text_of_the_desk_and_no_other(held):
    wanted = catalogue.wanted()
    texts = {(entry.msgctxt or "", entry.msgid): entry.msgid_plural or "" for entry in held[1]}
    said = "Run `var/venv/bin/python -m tests.languages.catalogue` and translate what it adds."
    assert sorted(set(wanted) - set(texts)) == [], said
    assert sorted(set(texts) - set(wanted)) == [], said
    assert texts == wanted


def test_nothing_is_left_untranslated_uncertain_or_obsolete(held):
    assert [entry.msgid for entry in catalogue.missing(held[1])] == []
    assert [entry.msgid for entry in held[1].obsolete_entries()] == []


def test_values_markup_and_white_space_are_those_of_the_english(held):
    faults = []
    for entry in held[1]:
        pairs = [(entry.msgid, entry.msgstr)]
        if entry.msgid_plural:
            pairs = [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
        faults += [pair for pair in pairs if _frame(pair[0]) != _frame(pair[1])]
    assert faults == []


def _frame(text: str) -> tuple:
    # A per cent sign that is no value would break the sentence at the moment it is needed.
    bare = len(re.findall(r"%(?!\(\w+\)s|%)", text.replace("%%", "")))
    return (
        sorted(catalogue.VALUE.findall(text)), sorted(MARKUP.findall(text)), bare,
        text[:1].isspace(), text[-1:].isspace(), text.count("{{"),
    )  # fmt: skip


def test_what_django_reads_is_what_is_written(held):
    language, texts = held
    assert catalogue.path_of(language).with_suffix(".mo").read_bytes() == catalogue.compiled(texts)


def test_no_template_says_anything_outside_a_mark():
    found = {path.name: marked.unmarked(path.read_text()) for path in marked.templates()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "source",
    [
        "<p>Late</p>",
        '<nav aria-label="Pages"></nav>',
        '<input placeholder="Name">',
        "{% if x %}none{% endif %}",
    ],
)
def test_words_that_somebody_forgot_to_mark_are_found(source: str):
    assert marked.unmarked(source)


def test_marked_texts_names_and_quoted_bytes_pass():
    source = '{% translate "Late" %} · SAPR <pre>line</pre> {% blocktranslate %}In {{ n }} h{% endblocktranslate %}'
    assert marked.unmarked(source) == []


def test_plain_sentences_of_the_code_are_found_with_and_without_values():
    source = '''
class Form:
    """Not this."""
    label = "When it happened"
    path = "cases/<uuid:case_id>/"

def refuse(kit, days):
    raise DomainError("late", f"Kit {kit.number} is {days} days late. " "Record why.")
'''
    assert set(sources.in_code(source)) == {
        ("When it happened", "", False),
        ("Kit %(number)s is %(days)s days late. Record why.", "", True),
    }


def test_the_glossary_stands_at_the_top():
    head = Path(catalogue.path_of("es")).read_text().split("msgid")[0]
    for term in ("agresión sexual", "restringido/no restringido", "SARC", "defensor de víctimas", "usted"):
        assert term in head

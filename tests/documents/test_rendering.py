"""The renderer of documents: what went in is what stands on the paper, in a document that everybody can read."""

from hashlib import sha256

import pytest
import typst

from sapr.documents import render_pdf
from sapr.documents.printable import _DRAWN
from tests.documents.reading import as_said, opened, words

HOSTILE = (
    '#set page(fill: red) #import "x" $1/0$ *b* _i_ `c` <label> @ref // c /* c */ \\ { } [ ] ~ -- --- ... \'q\' "q"',
    "<b>&amp;</b> {{ data }} {% now %} %s %(x)s ${HOME} \\u{41} ](x)",
    "office ffi ffl — “quoted” … café e\u0301 ß İ ñ Ж Ω € ½ ≤ →",
    "tab\there   spaces \u00a0 \u2003 wide\r\nnext line\n\nafter an empty one",
    "😀 漢字 \u202egnp.exe \u200bzero \u00ad soft \x07 bell \ufeff \ud800 ⟦U+0041⟧ \U000e0041",
    " ".join(f"word{number}" for number in range(2500))[:20000],
)


def drawn(text: str | None, **more) -> bytes:
    rows = [{"label": "Asked", "value": text}, {"label": "After", "value": "the end"}]
    sections = [{"heading": "Part", "rows": rows}]
    return render_pdf("form", {"title": "Proof sheet", "lead": [], "sections": sections, **more})


def between(document: bytes) -> str:
    return words(document).split("Asked ", 1)[1].rsplit(" After", 1)[0]


def test_what_was_typed_is_what_the_document_says():
    """Markup of the compiler, of the web and of shells, ligatures, unseen and undrawable characters, many pages."""
    for text in HOSTILE:
        assert between(drawn(text)) == as_said(text)
    assert len(opened(drawn(HOSTILE[-1])).pages) > 3


def test_a_word_longer_than_the_line_is_not_cut_off():
    """It goes on in the next line: nothing stands outside the paper."""
    document = drawn("x" * 300)
    lines = opened(document).pages[0].extract_text().splitlines()
    assert between(document).replace(" ", "") == "x" * 300
    assert max(map(len, lines)) < 110


def test_a_sha_256_stands_whole_wherever_in_the_line_it_comes():
    """Who checks a document copies it; a character nobody sees in its middle would make it another."""
    for number in range(60):
        digest = sha256(bytes([number])).hexdigest()
        assert digest in between(drawn(f"{'a ' * number}{digest}. After it {'b' * number}"))


def test_words_written_from_right_to_left_stand_whole_and_in_the_order_of_the_line():
    """Letters in logical order. Along a line, from left to right, the last word written comes first."""
    for text in ("שלום עולם", "السلام عليكم ورحمة"):
        found = between(drawn(text))
        assert found.replace(" ", "") == "".join(reversed(text.split()))


def test_a_document_is_tagged_and_has_language_and_title():
    """PDF/UA-1, so that a screen reader can read it; the compiler refuses a document that breaks it."""
    document = opened(drawn("said"))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "Proof sheet"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in document.xmp_metadata.stream.get_data()
    with pytest.raises(typst.TypstError, match="title"):
        render_pdf("form", {"lead": [], "sections": []})


def test_a_document_says_nothing_about_when_where_or_by_whom_it_was_made():
    """The same content gives the same bytes; of its making only the compiler's name stands in it."""
    assert drawn("said") == drawn("said")
    about = opened(drawn("said")).metadata
    assert {key: value for key, value in about.items() if key != "/Creator"} == {"/Title": "Proof sheet"}
    assert about["/Creator"].startswith("Typst ")


def test_every_character_that_counts_as_drawn_is_drawn():
    """The compiler refuses a document with a character for which no font has a glyph."""
    assert drawn(" ".join(chr(code) for first, last in _DRAWN for code in range(first, last + 1)))


def test_the_mark_and_the_reference_stand_on_every_page():
    """So that a single sheet tells what it is and against what it can be checked."""
    document = opened(drawn(HOSTILE[-1], mark="CUI", reference="Event 7 of the case's ledger"))
    for page in document.pages:
        text = page.extract_text()
        assert "CUI" in text
        assert "Event 7 of the case's ledger" in text

"""Charts: the drawing says what the table says, without a style, a script or a colour that alone tells anything."""

import re
from random import Random
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from sapr.desk.charts import Series, bars, line, stacked, strips

HEAD = ("Way", "How many", "Least", "Middle", "Most", "Each")
TWO = [Series("in time"), Series("late")]
NASTY = '<script>"&'


def drawn(chart) -> ElementTree.Element:
    """The SVG as the template draws it, read by a strict reader."""
    page = render_to_string("desk/chart.html", {"chart": chart})
    svg = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    return ElementTree.fromstring(svg)  # noqa: S314  our own template's


def some(seed: int) -> list:
    chance = Random(seed)  # noqa: S311  the same every time
    few = [(f"P{each}", chance.randrange(30)) for each in range(1 + seed)]
    pairs = [(name, (value, chance.randrange(9))) for name, value in few]
    return [
        bars("b", "B", "Said.", ("Name", "Number"), few),
        stacked("s", "S", "Said.", "Name", TWO, pairs),
        line("l", "L", "Said.", ("Month", "Number"), [*few, ("gap", None)]),
        strips("t", "T", "Said.", HEAD, [(name, [*range(value)]) for name, value in few]),
        bars("n", NASTY, NASTY, (NASTY, "Number"), [(NASTY, 0)]),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_numbers_of_the_drawing_are_those_of_the_table(seed) -> None:
    for chart in some(seed):
        said = [each.text or "" for each in drawn(chart).iter() if each.tag.endswith("text")]
        numbers = sorted(re.findall(r"\d+(?:\.\d)?", " ".join(said)))
        cells = [cell for row in chart.rows for cell in (row if chart.ident != "t" else (row[0], *row[2:5]))]
        if chart.ident == "t":
            # An empty row shows how many, which is none.
            cells += ["0" for row in chart.rows if row[1] == "0"]
        assert numbers == sorted(re.findall(r"\d+(?:\.\d)?", " ".join(cells))), chart.ident
        # How long a bar is, is its number.
    chart = bars("b", "B", "Said.", ("Name", "Number"), [("one", 50), ("other", 100), ("none", 0)])
    assert [dict(each.attrs)["width"] for each in chart.shapes if each.tag == "rect"] == ["200", "400", "0"]
    # And the table is what went in.
    assert chart.rows == (("one", "50"), ("other", "100"), ("none", "0"))
    assert stacked("s", "S", "Said.", "Name", TWO, [("a", (1, 2))]).rows == (("a", "1", "2"),)
    assert line("l", "L", "Said.", ("Month", "Number"), [("a", 1), ("b", None)]).rows == (
        ("a", "1"),
        ("b", "–"),
    )
    lengths = strips("t", "T", "Said.", HEAD, [("a", [9, 1, 2, 4]), ("b", [])])
    assert lengths.rows == (("a", "4", "1", "3", "9", "1, 2, 4, 9"), ("b", "0", "–", "–", "–", "–"))


def test_a_drawing_has_neither_style_nor_script_and_is_named_and_described() -> None:
    for chart in some(3):
        svg = drawn(chart)
        for each in svg.iter():
            assert "style" not in each.attrib
            assert not any(name.startswith("on") or "href" in name for name in each.attrib)
            assert each.tag.rpartition("}")[2] not in {"script", "style", "foreignObject", "image", "use"}
        names = svg.attrib["aria-labelledby"].split()
        found = {each.attrib.get("id"): each.text for each in svg.iter()}
        assert found[names[0]] == chart.title
        assert found[names[1]].startswith(chart.description)
        assert svg.attrib["role"] == "img"


def test_series_are_told_apart_without_colour_and_numbers_are_written_in_every_language() -> None:
    chart = stacked("s", "S", "Said.", "Name", [*TWO, Series("other")], [("a", (1, 2, 3))])
    fills = [dict(each.attrs).get("fill", "") for each in chart.shapes if each.tag == "rect"]
    assert [fills.count(each) for each in ("", "url(#s-hatch)", "url(#s-dots)")] == [6, 2, 2]
    page = render_to_string("desk/chart.html", {"chart": chart})
    for name in ("s-hatch", "s-dots"):
        assert f'<pattern id="{name}"' in page
    thirds = line("l", "L", "Said.", ("Month", "Number"), [(str(each), each) for each in range(4)])
    with translation.override("es"):
        spanish = render_to_string("desk/chart.html", {"chart": thirds})
    assert re.search(r'points="16\.0,120\.0 138\.7,90\.0 ', spanish)

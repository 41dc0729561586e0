"""The measurements of the mixes: what is promised is judged, and a broken bar is said and ends the run with 1."""

import json
import os
from argparse import Namespace
from random import Random
from xml.etree import ElementTree

import pytest

from bench.load import __main__ as command
from bench.mixes import charting, judging, memory
from bench.mixes.asking import Work, each_in_turn, once_each, request, timed
from bench.plain.filling import COLUMNS, body, row
from launcher.failure import Stop

NAMES = (
    "list", "list, desk", "open", "open, sealed parts alone", "sign", "statistics", "counts",
    "plain: list", "plain: detail", "plain: create",
    "floor: list", "floor: open", "floor: sign", "floor: statistics",
)  # fmt: skip


def seconds(**slower: float) -> judging.Seconds:
    """Every operation takes a hundredth of a second at both sizes, but for these at the larger one."""
    even = {name: {"one": [0.01] * 4, "eight": [0.02] * 8} for name in NAMES}
    other = {name: {"one": [0.01 * slower.get(name, 1)] * 4, "eight": [0.02] * 8} for name in NAMES}
    return {"1000": even, "1000000": other}


def test_what_is_promised_is_kept_or_said_to_be_broken():
    kept = judging.bars(seconds())
    assert all(each.kept for each in kept)
    assert len(kept) == 7
    for name, factor in (("list", 1.4), ("open", 1.6), ("sign", 2.6), ("statistics", 1.4), ("counts", 1.4)):
        broken = [each for each in judging.bars(seconds(**{name: factor})) if not each.kept]
        assert broken, name
        assert all(each.name.startswith(name) and "BROKEN" in judging.say(each) for each in broken)


def test_growth_is_the_exponent_of_time_by_reports():
    slopes = judging.growth(seconds(list=10.0))
    assert slopes["list"] == pytest.approx(1 / 3, abs=0.001)
    assert slopes["sign"] == 0


def test_memory_is_measured_and_judged():
    bars = memory.bars({"web worker": {"pieces": [10, 20], "megabytes": [100.0, 103.0]}})
    assert [each.kept for each in bars] == [True, False]
    assert 1 < memory.megabytes(os.getpid()) < 10_000
    assert memory.children(os.getpid())


def test_a_broken_bar_ends_the_run_with_1_and_parts_are_kept_between_runs(tmp_path, capsys):
    given = Namespace(json=tmp_path / "found.json", chart=tmp_path / "chart.svg")
    found = command._kept(given.json)
    assert found == {"importing": None}
    for factor, code in ((1.0, 0), (3.0, 1)):
        took = seconds(sign=factor)
        found |= {
            "sizes": judging.told(took),
            "growth": judging.growth(took),
            "bars": {"mixes": [each._asdict() for each in judging.bars(took)]},
        }
        command._keep(found, given)
        assert command._told(found, given) == code
        assert ("BROKEN" in capsys.readouterr().out) == bool(code)
    again = command._kept(given.json)
    assert again == json.loads(json.dumps(found))
    drawn = ElementTree.fromstring(given.chart.read_text())  # noqa: S314
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}polyline")) == 11
    assert charting.drawn(again["sizes"]) == given.chart.read_text()


def test_rounds_do_each_work_in_turn_and_by_eight_at_once():
    done: list[str] = []
    took = timed({name: Work(lambda name=name: done.append(name)) for name in "ab"}, warm=1, times=8)
    assert done[:4] == ["a", "b", "a", "b"]
    assert {name: [len(each[way]) for way in ("one", "eight")] for name, each in took.items()} == {
        "a": [8, 8],
        "b": [8, 8],
    }


def test_requests_are_whole_and_what_can_be_done_once_is_not_done_twice():
    sent = request(8000, "POST", "/x", {"Cookie": "a"}, {"b": 1})
    head, _, told = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"Content-Length: 8" in head
    assert told == b'{"b": 1}'
    with pytest.raises(Stop):
        once_each(8000, [], 201).do()
    assert each_in_turn(8000, [()]).do() is None


def test_the_plain_app_has_twenty_columns_and_takes_what_the_client_sends():
    values = row(1, 10, Random(1))  # noqa: S311
    assert len(values) + 1 == len(COLUMNS.split(", ")) + 1 == 20
    assert body("N-1")["number"] == "N-1"
    assert set(body("N-1")) == set(COLUMNS.split(", "))

"""The words: one size, one vocabulary, the same bytes for all whom they can mean (threats 2 and 3)."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from notifications.anonymity import Rung, UnknownWord, coarsened, printed_class, words
from notifications.anonymity.coarsening import coarser_ones
from notifications.anonymity.rungs import all_rungs, not_finer
from notifications.anonymity.trial.run import run
from notifications.anonymity.trial.statistics import Classifier, apart, auc
from tests.anonymity.units import SETTINGS

FACTS = {
    "sex": "female",
    "grade": "E3",
    "status": "member",
    "period": "week",
    "place": "on_installation",
    "offence": "contact",
}
FINEST = Rung("unit", "stated", "band", "week", "on_off", "stated", "stated")


def test_every_wording_has_one_size_and_no_figure():
    size = len(words(Rung.minimal(), {}, SETTINGS).encode())
    for level in SETTINGS.ladders["organisation"][:-1]:
        for rung in all_rungs(level, SETTINGS.ladders):
            for facts in (
                FACTS,
                dict.fromkeys(FACTS),
                FACTS | {"grade": "O3", "period": "earlier", "sex": "male"},
            ):
                text = words(rung, facts, SETTINGS)
                assert len(text.encode()) == size
                assert text.isascii()
                assert not any(sign.isdigit() for sign in text)


def test_minimal_says_the_same_of_everybody():
    texts = {
        words(Rung.minimal(), {**FACTS, "sex": sex, "grade": grade, "place": place}, SETTINGS)
        for sex, grade, place in product(("female", "male"), ("E1", "O3", "none"), ("on_installation", None))
    }
    assert len(texts) == 1
    assert texts.pop().startswith("An assault has been reported in this command area.")


def test_people_of_one_printed_class_get_the_same_bytes_and_others_do_not():
    rung = replace(FINEST, grade="class")
    by_class = {}
    for sex, grade, status in product(
        ("female", "male"), ("E1", "E7", "W2", "O3", "none"), ("member", "civilian")
    ):
        facts = {**FACTS, "sex": sex, "grade": grade, "status": status}
        by_class.setdefault(printed_class(rung, facts, SETTINGS), set()).add(words(rung, facts, SETTINGS))
    assert all(len(texts) == 1 for texts in by_class.values())
    assert len({text for texts in by_class.values() for text in texts}) == len(by_class)


@pytest.mark.parametrize(
    "facts",
    [{"sex": "unknown"}, {"grade": "E17"}, {"place": "Barracks 9"}, {"period": "last night"}, {"name": "x"}],
)
def test_a_word_outside_the_vocabulary_is_refused_even_where_nothing_is_said(facts):
    with pytest.raises(UnknownWord):
        words(Rung.minimal(), facts, SETTINGS)


def test_a_period_is_said_no_closer_than_its_level():
    periods = ("week", "month", "quarter", "earlier")
    said = {
        level: {words(replace(FINEST, period=level), FACTS | {"period": each}, SETTINGS) for each in periods}
        for level in SETTINGS.ladders["period"]
    }
    assert [len(said[level]) for level in SETTINGS.ladders["period"]] == [4, 3, 2, 2, 1]
    on = date(2026, 1, 31)
    days = (0, 7, 8, 30, 31, 90, 91)
    found = [SETTINGS.period_of(on - timedelta(days=each), on) for each in days]
    assert found == ["week", "week", "month", "month", "quarter", "quarter", "earlier"]
    assert SETTINGS.period_of(None, on) is None
    with pytest.raises(UnknownWord):
        SETTINGS.period_of(on + timedelta(days=1), on)


def test_the_key_of_a_rung_names_it_and_fits_its_column():
    for rung in (Rung.minimal(), *all_rungs("installation", SETTINGS.ladders)):
        assert Rung.of(rung.key) == rung
        assert len(rung.key) <= 70
    with pytest.raises(ValueError, match="key"):
        Rung.of("unit.stated")


def test_a_fifth_of_ordinary_notices_is_made_coarser_in_every_way_alike():
    draws = [(place + 0.5) / 7000 for place in range(7000)]
    found = [coarsened(FINEST, draw, SETTINGS) for draw in draws]
    assert sum(rung != FINEST for rung in found) == 1400
    options = coarser_ones(FINEST)
    assert {found.count(rung) for rung in options} == {200}
    assert Rung.minimal() in options
    assert all(not_finer(rung, FINEST, SETTINGS.ladders) for rung in options)
    assert coarsened(Rung.minimal(), 0.0, SETTINGS).is_minimal
    for draw in (-0.1, 1.0):
        with pytest.raises(ValueError, match="draw"):
            coarsened(FINEST, draw, SETTINGS)


def test_the_engine_loads_without_django_and_without_the_rest_of_the_project():
    script = (
        "import json, sys, notifications.anonymity\n"
        "print(json.dumps([each for each in sys.modules if each.split('.')[0] in "
        "('django', 'sapr', 'accounts', 'psycopg', 'celery') or each in ('reports.models', 'notifications.models')]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_the_classifier_of_the_trial_finds_what_there_is_to_find():
    """A trial that could not see a leak would prove nothing."""
    leak = [((place % 2,), place % 2 == 0) for place in range(400)]
    none = [((place % 5,), place % 2 == 0) for place in range(400)]
    for rows, wanted in ((leak, 1.0), (none, 0.5)):
        classifier = Classifier(rows)
        assert auc((classifier.score(features), label) for features, label in rows) == pytest.approx(wanted)
    assert apart([1.0] * 100, [2.0] * 100)
    assert not apart([float(each % 7) for each in range(700)], [float(each % 7) for each in range(350)])


def test_brute_force_in_small_keeps_every_promise():
    """Threats 1 to 4 in short; `./run anonymity --notices 100000` is the long version."""
    found = run(200, 11, sizes=[20, 90, 400])
    assert found["ok"], found["failed"]
    assert found["notices"] == 200
    assert found["exhaustive_searches"] >= 1
    assert 0.3 < found["says_more_than_minimal"]["all"] < 1

"""What may be said instead of a wording: all that says less of the same people, each text once, worth most first."""

from datetime import date

import pytest

from notifications.anonymity import Rung, Settings, words
from notifications.anonymity.covering import printable
from notifications.anonymity.rungs import all_rungs, not_finer
from notifications.strength.rung_models import UnitRung
from notifications.strength.wording import wordings

SETTINGS = Settings.of(date(2026, 1, 15))
LADDERS = SETTINGS.ladders


@pytest.mark.parametrize("finest", [
    Rung("unit", "stated", "band", "week", "on_off", "stated", "stated"),
    Rung("installation", "stated", "member", "month", "on_off", "stated", "stated"),
    Rung("region", grade="class", period="recent"),
])  # fmt: skip
@pytest.mark.parametrize("facts", [
    {"sex": "female", "grade": "E3", "status": "member", "period": "week", "place": "on_installation",
     "offence": "contact"},
    {"sex": "male", "status": "civilian", "grade": "none", "period": "earlier"},
    {"status": "member"},
    {},
])  # fmt: skip
def test_each_coarser_text_stands_once_under_the_rung_worth_most(finest, facts) -> None:
    unit = UnitRung(rung=finest.key, classes=[[*each] for each in printable(finest, SETTINGS)])
    found = wordings(unit, facts, SETTINGS, draw=0.9)
    coarser = [rung for rung in all_rungs(finest.organisation, LADDERS) if not_finer(rung, finest, LADDERS)]
    texts: dict[str, str] = {}
    for rung in sorted(coarser, key=SETTINGS.worth_of, reverse=True):
        texts.setdefault(words(rung, facts, SETTINGS), rung.key)
    assert texts.pop(found.text) == found.rung == finest.key
    assert found.minimal not in texts
    assert found.choices == [{"rung": key, "text": text} for text, key in texts.items()]

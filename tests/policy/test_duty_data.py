"""Faults in duty and retention rows, calendars, ladders and events are found on load and named."""

from collections.abc import Mapping
from copy import deepcopy

import pytest

from reports import policy
from reports.policy.book import Book
from reports.policy.loading import DATA, Policy, read_directory

DUTIES, KEEP, WORDS, CALENDAR = "duties.json", "retention.json", "vocabulary_duties.json", "calendar.json"
CASE, REST = "duties_case.json", "duties_programme.json"


def parameters(documents, file, row_id):
    return next(each["parameters"] for each in documents[file]["rows"] if each["id"] == row_id)


def in_duty(file, row_id, *path, to):
    def change(documents):
        _set(parameters(documents, file, row_id)["duties"][0], path, to)

    return change


def in_row(file, row_id, *path, to):
    def change(documents):
        _set(parameters(documents, file, row_id), path, to)

    return change


def in_file(file, *path, to):
    def change(documents):
        _set(documents[file], path, to)

    return change


def _set(held, path, to):
    for step in path[:-1]:
        held = held[step]
    if to is None and isinstance(held, Mapping):
        del held[path[-1]]
    else:
        held[path[-1]] = to


FEDERAL = ("calendars", "federal")
JUNETEENTH, LABOR_DAY = (*FEDERAL, "holidays", "juneteenth"), (*FEDERAL, "holidays", "labor_day")
EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
LADDER = ("ladders", "notice", "steps")
ROW_FAULTS = [
    ("unknown key of a row", in_row(CASE, "CK-08", "colour", to="red"), CASE, "CK-08", "colour"),
    ("unknown key of a duty", in_duty(CASE, "CK-08", "colour", to="red"), CASE, "CK-08", "colour"),
    ("missing key of a duty", in_duty(CASE, "CK-08", "sentence", to=None), CASE, "CK-08", "sentence"),
    ("empty sentence", in_duty(CASE, "CK-08", "sentence", to=""), CASE, "CK-08", "sentence"),
    ("unknown repetition", in_duty(CASE, "CK-12", "repeats", to="yearly"), CASE, "CK-12", "yearly"),
    ("unknown ladder", in_duty(CASE, "CK-08", "escalation", to="rope"), CASE, "CK-08", "rope"),
    ("no otherwise", in_duty(CASE, "CK-13", "otherwise", to=None), CASE, "CK-13", "otherwise"),
    ("unknown end", in_duty(CASE, "CK-05", "ended_by", to=["rain"]), CASE, "CK-05", "rain"),
    (
        "a fact of rulings",
        in_duty(CASE, "CK-08", "when", to=[{"delegated": {"in": [True]}}]),
        CASE,
        "CK-08",
        "delegated",
    ),
    ("delay without kind", in_duty(CASE, "CK-08", "delay", to={"days": 2}), CASE, "CK-08", "kind"),
    ("delay that is no object", in_duty(CASE, "CK-08", "delay", to="soon"), CASE, "CK-08", "delay"),
    (
        "no calendar",
        in_duty(CASE, "CK-08", "delay", "calendar", to=None),
        CASE,
        "CK-08",
        "calendar is missing",
    ),
    ("unknown calendar", in_duty(CASE, "CK-08", "delay", "calendar", to="lunar"), CASE, "CK-08", "lunar"),
    ("negative days", in_duty(CASE, "CK-08", "delay", "days", to=-1), CASE, "CK-08", "days"),
    ("half a day", in_duty(CASE, "CK-15", "delay", "days", to=0.5), CASE, "CK-15", "days"),
    ("unknown key of a delay", in_duty(CASE, "CK-15", "delay", "hours", to=1), CASE, "CK-15", "hours"),
    ("unknown item", in_duty(REST, "CK-19", "delay", "item", to="hat"), REST, "CK-19", "hat"),
    (
        "no such day of the year",
        in_duty(REST, "CK-22", "delay", "dates", to=["02-30"]),
        REST,
        "CK-22",
        "MM-DD",
    ),
    (
        "a day not in every year",
        in_duty(REST, "CK-22", "delay", "dates", to=["02-29"]),
        REST,
        "CK-22",
        "MM-DD",
    ),
    ("no day of the year", in_duty(REST, "CK-22", "delay", "dates", to=[]), REST, "CK-22", "dates"),
    (
        "extension without needs",
        in_duty(DUTIES, "CK-02", "extension", "needs", to=[]),
        DUTIES,
        "CK-02",
        "needs",
    ),
    (
        "extension by no fact",
        in_duty(DUTIES, "CK-02", "extension", "needs", to=["luck"]),
        DUTIES,
        "CK-02",
        "luck",
    ),
    (
        "extension by nobody",
        in_duty(DUTIES, "CK-02", "extension", "granted_by", to="cook"),
        DUTIES,
        "CK-02",
        "cook",
    ),
    (
        "extension half said",
        in_duty(DUTIES, "CK-02", "extension", to={"needs": []}),
        DUTIES,
        "CK-02",
        "needs",
    ),
    ("item missing", in_row(KEEP, "RT-1", "item", to=None), KEEP, "RT-1", "item"),
    ("period missing", in_row(KEEP, "RT-1", "period", to=None), KEEP, "RT-1", "period"),
    (
        "period unknown",
        in_row(KEEP, "RT-1", "period", to={"kind": "days", "days": 1}),
        KEEP,
        "RT-1",
        "period",
    ),
    ("no years", in_row(KEEP, "RT-1", "period", "years", to=0), KEEP, "RT-1", "years"),
    ("too many years", in_row(KEEP, "RT-1", "period", "years", to=1000), KEEP, "RT-1", "years"),
    ("no flag", in_row(KEEP, "RT-1", "extends_unexpired", to="yes"), KEEP, "RT-1", "extends_unexpired"),
    ("unknown parameter", in_row(KEEP, "RT-1", "colour", to="red"), KEEP, "RT-1", "colour"),
    ("dangling see also", in_row(KEEP, "RT-1", "see_also", to=["X"]), KEEP, "RT-1", "'X'"),
    ("held by no fact", in_row(KEEP, "RT-8", "also_until", to=[{"x": {"in": [True]}}]), KEEP, "RT-8", "'x'"),
    (
        "held by a fact of duties",
        in_row(KEEP, "RT-8", "also_until", to=[{"no_internet": {"in": [True]}}]),
        KEEP,
        "RT-8",
        "no_internet",
    ),
]
WORD_FAULTS = [
    (
        "event by no fact",
        in_file(WORDS, "events", "cmg_held", "needs", to=["luck"]),
        "events: cmg_held",
        "luck",
    ),
    (
        "event sets nonsense",
        in_file(WORDS, "events", "cmg_held", "sets", to={"election": "maybe"}),
        "events: cmg_held",
        "election",
    ),
    ("event half said", in_file(WORDS, "events", "cmg_held", to={"needs": []}), "events: cmg_held", "sets"),
    (
        "selected by no date",
        in_file(WORDS, "selecting_facts", "decision_date", to="deployed"),
        "selecting_facts: decision_date",
        "deployed",
    ),
    ("ladder of no role", in_file(WORDS, *LADDER, 0, "roles", to=["cook"]), "ladders: notice", "cook"),
    ("ladder going back", in_file(WORDS, *LADDER, 0, "hours_before", to=2), "ladders: notice", "nearer"),
    ("step without an hour", in_file(WORDS, *LADDER, 0, to={"roles": []}), "ladders: notice", "step"),
    ("step after the instant", in_file(WORDS, *LADDER, 0, "hours_before", to=-1), "ladders: notice", "step"),
    (
        "ladder half said",
        in_file(WORDS, "ladders", "notice", "missed_tells", to=None),
        "ladders: notice",
        "missed_tells",
    ),
    (
        "calendar of no source",
        in_file(CALENDAR, *FEDERAL, "sources", to=["P99"]),
        "calendars: federal",
        "P99",
    ),
    ("calendar half said", in_file(CALENDAR, *FEDERAL, "weekend", to=None), "calendars: federal", "weekend"),
    (
        "no such weekday",
        in_file(CALENDAR, *FEDERAL, "weekend", to=["sunday", "holiday"]),
        "calendars: federal",
        "'holiday'",
    ),
    ("no working day", in_file(CALENDAR, *FEDERAL, "weekend", to=EVERY_DAY), "calendars: federal", "working"),
    (
        "no such day",
        in_file(CALENDAR, *JUNETEENTH, "when", to={"month": 2, "day": 30}),
        "calendars: federal",
        "juneteenth",
    ),
    (
        "a day not in every year",
        in_file(CALENDAR, *JUNETEENTH, "when", to={"month": 2, "day": 29}),
        "calendars: federal",
        "juneteenth",
    ),
    (
        "the fifth of a weekday",
        in_file(CALENDAR, *LABOR_DAY, "when", "nth", to=5),
        "calendars: federal",
        "nth",
    ),
    (
        "a holiday half said",
        in_file(CALENDAR, *LABOR_DAY, "when", to={"month": 9}),
        "calendars: federal",
        "labor_day",
    ),
    (
        "a holiday without a start",
        in_file(CALENDAR, *LABOR_DAY, "valid_from", to=None),
        "calendars: federal",
        "valid_from",
    ),
]


DOCUMENTS = read_directory(DATA)
CHANGED = (DUTIES, KEEP, WORDS, CALENDAR, CASE, REST)


def faulty(change):
    documents = {**DOCUMENTS, **{file: deepcopy(DOCUMENTS[file]) for file in CHANGED}}
    change(documents)
    with pytest.raises(policy.PolicyDataError) as caught:
        Policy(Book(documents))
    return caught.value


@pytest.mark.parametrize(
    ("change", "file", "row", "word"), [f[1:] for f in ROW_FAULTS], ids=[f[0] for f in ROW_FAULTS]
)
def test_a_fault_in_a_row_names_file_and_row(change, file, row, word):
    error = faulty(change)
    assert (error.file, error.row.split(" ")[0]) == (file, row)
    assert word in error.message


@pytest.mark.parametrize(
    ("change", "row", "word"), [f[1:] for f in WORD_FAULTS], ids=[f[0] for f in WORD_FAULTS]
)
def test_a_fault_in_a_word_names_table_and_word(change, row, word):
    error = faulty(change)
    assert (error.file, error.row) == ("vocabulary", row)
    assert word in error.message


def test_what_the_shipped_unverified_rows_say_is_off():
    off = {row.id for row in policy.rules() if row.family in ("duties", "retention") and not row.enabled}
    assert off == {"RT-7", "RT-11"}
    for row in policy.rules():
        if row.id in off:
            assert row.confidence == "unverified"
            assert row.note.startswith("Off:")


def test_what_only_the_unofficial_source_says_stays_in_the_layer_of_the_marine_corps():
    for row in policy.rules():
        if row.family in ("duties", "retention") and "P07u" in row.sources:
            assert row.layer == "usmc"
            assert "Unofficial source" in row.note


def test_the_seed_layer_holds_the_two_notices_and_nothing_else():
    rows = [row.id for row in policy.rules() if row.family in ("duties", "retention") and row.layer == "seed"]
    assert rows == ["CN-1", "CN-2"]


def test_every_clock_of_the_table_and_every_period_has_its_row():
    ids = {row.id for row in policy.rules()}
    assert {f"CK-{n:02}" for n in range(1, 27)} <= ids
    assert {f"RT-{n}" for n in range(1, 13)} <= ids

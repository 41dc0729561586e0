"""Whatever a file holds, each wrong row is told by line, code and column, never by what it says; the rest goes in."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from reports.legacy.problems import CODES
from reports.legacy.services import legacy_import
from sapr.errors import DomainError
from tests.legacy.old import CUTOVER, MEMBER, T0, iso, past, row

DAY = timedelta(days=1)
CIVILIAN = MEMBER | {"statuses": ["dod_civilian"], "component_has_sapr": True, "location": "conus"}
KIT = {"number": "0000-0000-0000-1", "issued_at": iso(CUTOVER - 90 * DAY)}
SECRET = "Sentence-that-must-not-be-said"

# What is changed in a good row, and what is told of it: code and column.
WRONG = [
    ({"source_id": None}, [("missing", "source_id")]),
    ({"source_id": 17}, [("wrong_type", "source_id")]),
    ({"source_id": "x" * 81}, [("too_long", "source_id")]),
    ({"surprise": SECRET}, [("unknown_field", "")]),
    ({"installation": SECRET}, [("unknown_installation", "installation")]),
    ({"installation": "Fort Empty"}, [("no_sarc", "installation")]),
    ({"sarc": "commander"}, [("not_its_sarc", "sarc")]),
    ({"opened_at": "2019-05-05"}, [("bad_date", "opened_at")]),
    ({"opened_at": "2019-05-05T10:00:00"}, [("naive_time", "opened_at")]),
    ({"opened_at": "0001-01-01T00:00:00+14:00"}, [("bad_date", "opened_at")]),
    ({"opened_at": "2004-12-31T23:59:59Z"}, [("date_out_of_range", "opened_at")]),
    ({"opened_at": iso(CUTOVER)}, [("wrong_order", "report.signed_at")]),
    ({"opened_at": "2150-01-01T00:00Z"}, [("in_the_future", "opened_at"), ("wrong_order", "report.signed_at")]),
    ({"closed_at": iso(CUTOVER + DAY)}, [("after_cutover", "closed_at")]),
    ({"report": {"election": SECRET}}, [("unknown_value", "report.election")]),
    ({"report": {"form": "DD 2910", "edition": SECRET[:20]}}, [("wrong_form", "report.edition")]),
    (
        {"report": {"election": "unrestricted", "converted_at": iso(CUTOVER - DAY)}},
        [("not_convertible", "report.converted_at")],
    ),
    ({"facts": MEMBER | {"statuses": [SECRET]}}, [("unknown_value", "facts.statuses.1")]),
    ({"facts": MEMBER | {"age": -1}}, [("out_of_range", "facts.age")]),
    ({"facts": MEMBER | {"age": True}}, [("wrong_type", "facts.age")]),
    ({"facts": []}, [("wrong_type", "facts")]),
    # Restricted reporting by civilian employees came later than this signature.
    ({"facts": CIVILIAN}, [("option_barred", "report.election")]),
    ({"facts": MEMBER | {"victim_reported_to_law_enforcement": True}}, [("option_barred", "report.election")]),
    ({"identity": {"dod_id": "12345"}}, [("bad_dod_id", "identity.dod_id")]),
    ({"identity": {"dod_id": "١٢٣٤٥٦٧٨٩٠"}}, [("bad_dod_id", "identity.dod_id")]),
    ({"identity": {"unit": SECRET}}, [("unknown_unit", "identity.unit")]),
    ({"identity": {"sex": "=1+1"}}, [("unknown_value", "identity.sex")]),
    ({"narrative": {"text": "a\u0007b"}}, [("control_characters", "narrative.text")]),
    ({"narrative": {"incident_on": "2150-01-01"}}, [("in_the_future", "narrative.incident_on")]),
    ({"narrative": {"incident_on": "20150101"}}, [("bad_date", "narrative.incident_on")]),
    ({"kit": KIT}, [("bad_kit_number", "kit.number")]),
    ({"disposed_at": iso(CUTOVER - DAY)}, [("unrestricted_only", "disposed_at")]),
    ({"duties": [past("monthly_update", 30)]}, [("unrestricted_only", "duties.1.kind")]),
    ({"duties": [past("tell_kit_expiry", 30)]}, [("duty_does_not_fit", "duties.1.kind")]),
    ({"duties": [past("dsaid_entry", 30), past("dsaid_entry", 20)]}, [("duty_does_not_fit", "duties.2.kind")]),
    ({"duties": [past("ask_once_about_converting", -30, "missed")]}, [("duty_not_past", "duties.1.due_at")]),
    ({"duties": [{**past("dsaid_entry", 30), "ended": "perhaps"}]}, [("unknown_value", "duties.1.ended")]),
    (
        {"duties": [{**past("dsaid_entry", 30, "missed"), "done_at": iso(CUTOVER - DAY)}]},
        [("wrong_order", "duties.1.done_at")],
    ),
    ({"duties": SECRET}, [("wrong_type", "duties")]),
]  # fmt: skip


def tried(path, **more):
    return legacy_import(path=path, cutover=CUTOVER, source="elder", dry_run=True, processes=1, **more)


@pytest.fixture
def place(world):
    """A place without a SARC beside the others; the import's own session, which reads what is committed, is ours."""
    from tests.factories import InstallationFactory

    InstallationFactory(name="Fort Empty")
    return world


def test_each_wrong_row_is_told_by_line_code_and_column_and_never_by_what_it_says(place, tmp_path) -> None:
    rows = [_changed(changes) for changes, _ in WRONG]
    path = tmp_path / "wrong.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    found = tried(path)
    told: dict[int, list[tuple[str, str]]] = {}
    for line, code, column in found.errors:
        told.setdefault(line, []).append((code, column))
    for line, (changes, expected) in enumerate(WRONG, start=1):
        assert told.get(line, []) == expected, changes
    assert (found.imported, found.refused) == (0, len(WRONG))
    assert set(found.codes) <= set(CODES)
    assert SECRET not in json.dumps(found.to_dict())


def _changed(changes: dict) -> dict:
    good = row("R-1", days=2000)
    for name, value in changes.items():
        inner = (
            isinstance(value, dict)
            and isinstance(good.get(name), dict)
            and name in ("report", "identity", "narrative")
        )
        good[name] = good[name] | value if inner else value
    return good


def test_what_was_signed_in_the_last_day_is_signed_here_so_that_somebody_is_told(place, tmp_path) -> None:
    path = tmp_path / "recent.jsonl"
    path.write_text("".join(json.dumps(row(f"R-{hours}", days=hours / 24)) + "\n" for hours in (23, 25)))
    assert tried(path).errors == [(1, "too_recent", "report.signed_at")]


def test_lines_that_are_no_rows_are_told_and_the_rest_is_read(place, tmp_path) -> None:
    good = json.dumps(row("R-1")).encode()
    path = tmp_path / "lines.jsonl"
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf" + good + b"\r\n\r\n")
        file.write(b'{"source_id": "\xff"}\n')
        file.write(b"{\x00}\n")
        file.write(b'{"a": 1, "a": 2}\n[]\n' + b"[" * 100_000 + b"\n")
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b"\n")
        file.write(
            json.dumps(row("R-2", identity={"name": "=HYPERLINK(1)", "phone": "+1 555 0100"})).encode()
        )
    found = tried(path)
    assert found.imported == 2
    assert [(line, code) for line, code, _ in found.errors] == [
        (3, "not_plain_text"), (4, "nul"), (5, "bad_json"), (6, "bad_json"), (7, "bad_json"), (8, "line_too_long"),
    ]  # fmt: skip


CSV = (
    "source_id,installation,opened_at,report.election,report.signed_at,facts.statuses,facts.age,facts.told,"
    "facts.offender_relationship,facts.victim_reported_to_law_enforcement,facts.investigation,facts.prior_election,"
    "narrative.text,duties.1.kind,duties.1.due_at,duties.1.ended"
)
CELLS = (
    "{id},Camp Sample,2019-05-05T10:00Z,restricted,2019-05-05T12:00Z,service_member,24,friend;family,"
    'none,false,none,none,"{text}",dsaid_entry,2019-05-07T12:00Z,unknown'
)


def test_csv_with_quotes_line_breaks_a_mark_and_stray_cells(place, tmp_path) -> None:
    path = tmp_path / "old.csv"
    lines = [
        CSV,
        CELLS.format(id="C-1", text='She said ""no"",\r\nand left.'),
        CELLS.format(id="C-2", text="plain") + ",one,more",
        CELLS.format(id="C-3", text="=cmd|' /C calc'!A0"),
        '"' + CELLS.format(id="C-4", text="never closed"),
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    found = tried(path)
    assert found.imported == 2, found.errors
    assert found.errors == [(4, "bad_csv", ""), (6, "bad_csv", "")]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.csv", b"source_id,source_id\n", "column_twice"),
        ("a.csv", b"source_id,Sentence that must not be said\n", "unknown_column"),
        ("a.csv", b"\xff\xfe\n", "not_plain_text"),
        ("a.csv", b"", "no_header"),
        ("a.xlsx", b"PK", "unknown_format"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused_whole(place, tmp_path, name, body, code) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(DomainError) as refusal:
        tried(path)
    assert refusal.value.code == code
    assert "Sentence" not in str(refusal.value)


def test_the_cutover_is_an_instant_with_a_zone_that_is_past(place, tmp_path) -> None:
    path = tmp_path / "none.jsonl"
    path.write_text("")
    for cutover, source, code in (
        (datetime(2026, 1, 1), "elder", "naive_time"),  # noqa: DTZ001
        (T0 + DAY, "elder", "bad_cutover"),
        (datetime(2004, 1, 1, tzinfo=UTC), "elder", "bad_cutover"),
        (CUTOVER, "Elder System", "bad_source"),
    ):
        with pytest.raises(DomainError) as refusal:
            legacy_import(path=path, cutover=cutover, source=source, dry_run=True)
        assert refusal.value.code == code
    with pytest.raises(DomainError) as refusal:
        tried(tmp_path / "not-there.jsonl")
    assert refusal.value.code == "no_such_file"

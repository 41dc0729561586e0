"""Another jurisdiction's law is a folder of files: the whistleblower law of Exampland, which does not exist."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reports import policy
from reports.policy.compare import compare
from reports.policy.loading import read_directory

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "jurisdiction"
LISBON = "Europe/Lisbon"
BOTH = policy.load_policy(policy.DATA, FOLDER)
ALONE = policy.load_policy(policy.DATA)


@pytest.fixture
def in_use():
    """The package's own functions answer with Exampland's law beside the shipped rules."""
    policy.use(policy.DATA, FOLDER)
    yield
    policy.use(policy.DATA)


def due(event, at, facts=None, zone=LISBON):
    plan = policy.duties(event, facts or {}, at=datetime.fromisoformat(at), zone=zone, profile="exampland")
    return {each.kind: (each.rule, each.due_at) for each in plan.opened}


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        # seven days after the day of receipt have passed at local midnight, in winter, across both clock changes
        ("2024-01-10T09:00:00Z", utc(2024, 1, 18)),
        ("2024-03-25T10:00:00Z", utc(2024, 4, 1, 23)),
        ("2024-10-21T10:00:00Z", utc(2024, 10, 29)),
        # late in the evening in UTC is the next day here
        ("2024-06-30T23:30:00Z", utc(2024, 7, 8, 23)),
        ("2024-02-22T12:00:00Z", utc(2024, 3, 1)),
    ],
)
def test_a_disclosure_is_acknowledged_within_seven_days(in_use, at, instant):
    assert due("disclosure_received", at) == {"acknowledge_disclosure": ("XA-10", instant)}


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        ("2024-11-30T12:00:00Z", utc(2025, 2, 28, 12)),
        ("2023-11-30T12:00:00Z", utc(2024, 2, 29, 12)),
        # ten in the morning stays ten in the morning when the clocks have changed
        ("2024-01-15T10:00:00Z", utc(2024, 4, 15, 9)),
        ("2024-08-31T09:00:00Z", utc(2024, 11, 30, 10)),
    ],
)
def test_feedback_is_given_within_three_months(in_use, at, instant):
    assert due("disclosure_acknowledged", at) == {"give_feedback": ("XA-13", instant)}


def test_its_rules_change_on_their_own_dates(in_use):
    danger = {"somebody_in_danger": True}
    before = due("disclosure_acknowledged", "2024-12-31T12:00:00Z", danger)
    after = due("disclosure_acknowledged", "2025-01-01T12:00:00Z", danger)
    assert before == {"give_feedback": ("XA-13", utc(2025, 3, 31, 11))}
    assert after == {"give_feedback": ("XA-13", utc(2025, 2, 1, 12))}
    assert due("disclosure_received", "2022-02-28T12:00:00Z") == {}
    assert due("disclosure_received", "2022-03-01T12:00:00Z") != {}


def test_whoever_left_no_name_is_not_answered(in_use):
    assert due("disclosure_received", "2024-01-10T09:00:00Z", {"anonymous_disclosure": True}) == {}


def test_it_is_discharged_by_its_own_events(in_use):
    at = datetime(2024, 1, 12, tzinfo=UTC)
    plan = policy.duties("disclosure_acknowledged", {}, at=at, zone=LISBON, profile="exampland")
    assert plan.discharged == ("acknowledge_disclosure",)


def test_each_jurisdiction_names_its_own_newest_rule_set(in_use):
    told = [
        policy.ruling("identity_of_whistleblower", {}, on=day, profile="exampland").rule_set
        for day in (date(2022, 2, 28), date(2022, 3, 1), date(2025, 1, 1))
    ]
    assert told == [None, "XA-2022", "XA-2025"]
    assert policy.eligibility({}, on=date(2025, 1, 1)).rule_set == "RS-2024P"


def test_it_rules_who_may_be_told(in_use):
    def ask(**facts):
        return policy.ruling("identity_of_whistleblower", facts, on=date(2024, 1, 1), profile="exampland")

    assert (ask().allowed, ask().missing) == (False, ("consents_to_identity",))
    told = ask(consents_to_identity=True)
    assert (told.allowed, told.rules, told.says[0].who) == (True, ("XA-17",), "disclosure_officer")
    assert told.citations[0].authority == "Whistleblower Act of Exampland, section 17"
    assert ask(consents_to_identity=False).rules == ("XA-16",)


def test_it_says_who_sees_what(in_use):
    def see(role, **facts):
        return policy.visibility(role, facts, on=date(2024, 1, 1), profile="exampland")

    assert see("disclosure_officer", consents_to_identity=True).shows("whistleblower_name")
    assert not see("disclosure_officer").shows("whistleblower_name")
    assert see("named_person").fields == ()


def test_it_says_how_long_a_thing_is_kept(in_use):
    kept = policy.retention(
        "disclosure", {}, started_on=date(2024, 2, 29), on=date(2024, 6, 1), profile="exampland"
    )
    assert (kept.keep_until, kept.rules, kept.may_destroy) == (date(2029, 2, 28), ("XA-30",), False)


PEOPLE = [
    {"statuses": ["dod_civilian"], "age": 30},
    {"statuses": ["service_member"], "told": ["chain_of_command"], "service": "navy"},
    {"statuses": ["contractor", "retiree"], "location": "oconus"},
]
DAYS = [date(2013, 1, 1), date(2022, 6, 1), date(2024, 8, 1), date(2025, 6, 1)]


@pytest.mark.parametrize("profile", ["seed", "dated"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_departments_answers_are_the_same_in_its_presence(profile, day):
    def answers(held):
        for facts in PEOPLE:
            yield held.eligibility.decide(facts, day, profile, True)
        at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        for election in ("restricted", "unrestricted"):
            yield held.duties.plan("report_signed", {"election": election}, at, "Asia/Tokyo", profile, ())
        yield held.duties.plan("disclosure_received", {}, at, "UTC", profile, ()) if held is BOTH else None
        for item in ALONE.retention.items:
            yield held.retention.answer(item, {}, DAYS[0], day, profile, ())
        for topic in ALONE.book.vocabulary["topics"]:
            yield held.rulings.rule_on(topic, {}, day, profile, ())
        for role in ALONE.book.vocabulary["visibility_roles"]:
            shown = held.visibility.see(role, {"election": "restricted"}, day, profile)
            yield shown.to_dict()

    alone, both = list(answers(ALONE)), list(answers(BOTH))
    strange = next(index for index, each in enumerate(alone) if each is None)
    assert (both[strange].opened, both[strange].discharged) == ((), ())
    both[strange] = None
    assert alone == both


def test_neither_law_shows_in_what_changed_of_the_other():
    found = compare(BOTH.book, "XA-2022", "XA-2025")
    assert [(each.id, each.layer, each.change) for each in found] == [("XA-13", "exampland", "changed")]
    alone, both = (compare(each.book, "RS-SEED", "RS-2024") for each in (ALONE, BOTH))
    assert [each.to_dict() for each in alone] == [each.to_dict() for each in both]


def broken(tmp_path, file, change):
    folder = tmp_path / "exampland"
    shutil.copytree(FOLDER, folder)
    document = json.loads((folder / file).read_text(encoding="utf-8"))
    change(document)
    (folder / file).write_text(json.dumps(document), encoding="utf-8")
    return folder


def again(rows):
    rows.append(dict(rows[0]))


FAULTS = {
    "a gap": ("duties.json", lambda d: d["rows"][2].update(valid_from="2025-02-01"), "XA-13"),
    "an overlap": ("duties.json", lambda d: again(d["rows"]), "XA-10"),
    "an unknown source": ("rulings.json", lambda d: d["rows"][0].update(sources=["XB"]), "XA-16"),
    "an unknown layer": ("visibility.json", lambda d: d["rows"][0].update(layer="moon"), "XA-20"),
    "a word of the shipped data": (
        "vocabulary.json",
        lambda d: d["events"].update(report_signed={}),
        "report_signed",
    ),
    "a fact of the shipped data": ("facts.json", lambda d: d["rows"][0].update(id="age"), "age"),
}


@pytest.mark.parametrize(("file", "change", "row"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_its_files_is_named_with_file_and_row(tmp_path, file, change, row):
    folder = broken(tmp_path, file, change)
    with pytest.raises(policy.PolicyDataError) as caught:
        policy.load_policy(policy.DATA, folder)
    assert caught.value.file == f"exampland/{file}"
    assert row in caught.value.row


def test_the_policy_in_use_stays_when_the_new_one_is_at_fault(tmp_path):
    folder = broken(tmp_path, *FAULTS["a gap"][:2])
    before = policy.default_policy()
    with pytest.raises(policy.PolicyDataError):
        policy.use(policy.DATA, folder)
    assert policy.default_policy() is before


def test_no_shipped_file_names_it():
    for name, document in read_directory(policy.DATA).items():
        assert "exampland" not in json.dumps(document).lower(), name


def manage(*words, folder):
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SAPR_POLICY_DIRECTORY": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_folder_named_by_a_setting_is_in_use_in_every_process():
    event = ("--event", "disclosure_received", "--at", "2024-03-25T10:00:00+00:00", "--zone", LISBON)
    done = manage("policy", "duties", *event, "--profile", "exampland", "--json", folder=FOLDER)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert [(each["id"], each["rule"], each["role"]) for each in told] == [
        ("acknowledge_disclosure", "XA-10", "disclosure_officer")
    ]
    assert datetime.fromisoformat(told[0]["due_utc"]) == utc(2024, 4, 1, 23)
    assert datetime.fromisoformat(told[0]["due_local"]).isoformat() == "2024-04-02T00:00:00+01:00"


@pytest.mark.parametrize("words", [("policy", "check"), ("check",), ("shell", "-c", "print(1)")], ids=str)
def test_with_a_fault_in_it_nothing_starts(tmp_path, words):
    folder = broken(tmp_path, *FAULTS["an unknown source"][:2])
    done = manage(*words, folder=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "sapr.E005: SAPR_POLICY_DIRECTORY: exampland/rulings.json: XA-16: unknown source 'XB'\n"
    )


def test_a_folder_that_is_not_there_stops_the_start(tmp_path):
    done = manage("policy", "check", folder=tmp_path / "absent")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "absent" in done.stderr


@pytest.mark.parametrize("words", [("policy", "check"), ("check",)], ids=str)
def test_a_folder_without_a_rule_file_stops_the_start(tmp_path, words):
    (tmp_path / "rulings.jsn").write_text("{}", encoding="utf-8")
    done = manage(*words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"sapr.E005: SAPR_POLICY_DIRECTORY: {tmp_path}: directory: holds no *.json file\n"


def test_no_directory_is_read_that_holds_no_file(tmp_path):
    for directories in ((tmp_path,), (policy.DATA, tmp_path)):
        with pytest.raises(policy.PolicyDataError, match="holds no"):
            policy.load_policy(*directories)

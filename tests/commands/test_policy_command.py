"""`manage.py policy`: the same answers as the package, and one line instead of a traceback for anything else."""

import io
import json
import os
import subprocess
import sys
from datetime import date, datetime

import pytest
from django.conf import settings
from django.core.management import load_command_class

from reports import policy

CIVILIAN = {"statuses": ["dod_civilian"], "age": 30, "component_has_sapr": True}
MEMBER = {"statuses": ["service_member"], "age": 22}
DAY = "2024-08-01"
SIGNED = ("duties", "--event", "report_signed", "--at", "2024-08-01T22:30:00+09:00", "--zone", "Asia/Tokyo")


@pytest.fixture
def run(monkeypatch, capsys):
    """`manage.py policy WORDS` with `given` on standard input, as (exit code, standard output, standard error)."""

    def run(*words: str, given: object = None) -> tuple[int, str, str]:
        raw = given if isinstance(given, bytes) else json.dumps(given).encode()
        argv = ["manage.py", "policy", *words]
        monkeypatch.setattr("sys.argv", argv)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        capsys.readouterr()
        code = 0
        try:
            load_command_class("reports", "policy").run_from_argv(argv)
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def answered(told: tuple[int, str, str]):
    """The JSON that a question was answered with."""
    code, out, err = told
    assert (code, err) == (0, "")
    return json.loads(out)


def refused(told: tuple[int, str, str]) -> dict:
    """The problem that a question ended with: one line of JSON, and nothing on standard output."""
    code, out, err = told
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    problem = json.loads(err)
    assert sorted(problem) == ["code", "message", "path"]
    return problem


@pytest.mark.parametrize("profile", ["seed", "dated"])
def test_a_decision_is_the_packages_own(run, profile):
    told = run("decide", "--facts", "-", "--on", DAY, "--profile", profile, "--json", given=CIVILIAN)
    decision = policy.eligibility(CIVILIAN, on=date(2024, 8, 1), profile=profile)
    assert answered(told) == json.loads(json.dumps(decision.to_dict()))
    assert answered(told)["options"]["restricted"]["allowed"] is (profile == "dated")


def test_the_default_profile_is_the_seed_and_an_adopted_set_counts(run):
    ask = ("decide", "--facts", "-", "--on", DAY, "--json")
    assert answered(run(*ask, given=CIVILIAN))["profile"] == "seed"
    adopted = answered(run(*ask, "--adopted", "RS-2024", given=CIVILIAN))
    assert adopted["options"]["restricted"]["allowed"] is True


def test_facts_are_read_from_a_file(run, tmp_path):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(MEMBER), encoding="utf-8")
    told = run("decide", "--facts", str(file), "--on", DAY, "--json")
    assert answered(told)["options"]["restricted"]["allowed"] is True


def test_a_list_of_questions_gives_a_list_of_decisions_each_with_its_own_day_and_profile(run):
    questions = [
        {"facts": CIVILIAN, "on": "2024-07-18", "profile": "dated"},
        {"facts": CIVILIAN, "on": "2024-07-19", "profile": "dated"},
        {"facts": MEMBER},
        {"facts": CIVILIAN, "on": DAY, "adopted": ["RS-2024"]},
    ]
    told = answered(run("decide", "--facts", "-", "--on", DAY, "--json", given=questions))
    assert [each["on"] for each in told] == ["2024-07-18", "2024-07-19", DAY, DAY]
    assert [each["profile"] for each in told] == ["dated", "dated", "seed", "seed"]
    assert [each["options"]["restricted"]["allowed"] for each in told] == [False, True, True, True]


def test_an_empty_list_gives_an_empty_list(run):
    assert answered(run("decide", "--facts", "-", "--json", given=[])) == []


def test_what_would_change_can_be_left_out(run):
    ask = ("decide", "--facts", "-", "--on", DAY, "--json")
    full = answered(run(*ask, given=CIVILIAN))
    short = answered(run(*ask, "--no-would-change", given=CIVILIAN))
    assert full["would_change"]
    assert short == full | {"would_change": []}


def test_a_decision_is_readable_without_json(run):
    code, out, err = run("decide", "--facts", "-", "--on", DAY, given=CIVILIAN)
    assert (code, err) == (0, "")
    for word in ("profile seed", "Restricted: closed", "EL-08", "Rules", "What would change the answer"):
        assert word in out
    code, out, err = run(
        "decide", "--facts", "-", "--on", DAY, given=[{"facts": MEMBER}, {"facts": CIVILIAN}]
    )
    assert (code, err) == (0, "")
    assert out.startswith("[0]\n")
    assert "\n[1]\n" in out


def test_duties_are_a_list_with_instants_in_utc_and_local(run):
    told = answered(run(*SIGNED, "--facts", "-", "--json", given={"election": "restricted"}))
    notice = next(each for each in told if each["id"] == "commander_notice_restricted")
    assert notice["rule"] == "CN-1"
    assert notice["role"] == "sarc"
    assert notice["discharged_by"] == "commander_notice_placed"
    utc, local = (datetime.fromisoformat(notice[key]) for key in ("due_utc", "due_local"))
    assert utc == local == datetime.fromisoformat("2024-08-02T22:30:00+09:00")
    assert str(local.utcoffset()) == "9:00:00"
    assert str(utc.utcoffset()) == "0:00:00"


def test_a_list_of_events_gives_a_list_of_lists(run):
    events = [
        {
            "event": "report_signed",
            "at": "2024-08-01T22:30:00+09:00",
            "zone": "Asia/Tokyo",
            "facts": {"election": e},
        }
        for e in ("restricted", "unrestricted")
    ] + [{"event": "referral_received", "at": "2024-08-01T13:30:00Z", "zone": "Asia/Tokyo"}]
    told = answered(run("duties", "--facts", "-", "--json", given=events))
    assert [isinstance(each, list) for each in told] == [True] * 3
    plan = policy.duties(
        "report_signed",
        {"election": "unrestricted"},
        at=datetime.fromisoformat("2024-08-01T22:30:00+09:00"),
        zone="Asia/Tokyo",
    )
    assert told[1] == json.loads(json.dumps(plan.to_dict()["opened"]))
    assert [each["id"] for each in told[2]] == ["assign_va"]


def test_an_event_without_facts_needs_no_facts(run):
    words = ("duties", "--event", "referral_received", "--at", "2024-08-01T22:30:00Z", "--zone", "UTC")
    assert [each["rule"] for each in answered(run(*words, "--json"))] == ["R20"]
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert "Assign a victim advocate" in out


DAY_OF_DECISION = date(2024, 8, 1)
ASKED = {
    "ruling": (
        ("--topic", "expedited_transfer", "--on", DAY),
        {"election": "restricted"},
        lambda facts: policy.ruling("expedited_transfer", facts, on=DAY_OF_DECISION, profile="dated"),
        "not allowed",
    ),
    "retention": (
        ("--item", "restricted_kit", "--started-on", "2018-02-28", "--on", DAY),
        {},
        lambda facts: policy.retention(
            "restricted_kit", facts, started_on=date(2018, 2, 28), on=DAY_OF_DECISION, profile="dated"
        ),
        "keep until 2028-02-28",
    ),
    "see": (
        ("--role", "unit_commander", "--on", DAY),
        {"election": "restricted"},
        lambda facts: policy.visibility("unit_commander", facts, on=DAY_OF_DECISION, profile="dated"),
        "none",
    ),
}


@pytest.mark.parametrize("action", ASKED)
def test_rulings_retention_and_visibility_are_the_packages_own(run, action):
    words, facts, ask, says = ASKED[action]
    words = (action, *words, "--profile", "dated", "--facts", "-")
    assert answered(run(*words, "--json", given=facts)) == json.loads(json.dumps(ask(facts).to_dict()))
    assert (
        answered(run(*words, "--json", given=[{"facts": facts}] * 2))
        == [json.loads(json.dumps(ask(facts).to_dict()))] * 2
    )
    code, out, err = run(*words, given=facts)
    assert (code, err) == (0, "")
    assert says in out


LIST = "[3].facts.age"
GOOD = {"facts": MEMBER, "on": DAY}
DECIDE = ("decide", "--facts", "-", "--on", DAY)
NO_DAY = ("decide", "--facts", "-")
REFUSALS = {
    "not JSON": (DECIDE, b"{", "malformed", "facts"),
    "nothing": (DECIDE, b"", "malformed", "facts"),
    "not UTF-8": (DECIDE, b'{"statuses": "\xff"}', "malformed", "facts"),
    "NaN": (DECIDE, b'{"age": NaN}', "malformed", "facts"),
    "infinity": (DECIDE, b'{"age": 1e999}', "wrong_type", "facts.age"),
    "huge number": (DECIDE, b'{"age": 1' + b"0" * 5000 + b"}", "malformed", "facts"),
    "large number": (DECIDE, b'{"age": 1' + b"0" * 500 + b"}", "wrong_type", "facts.age"),
    "a key twice": (DECIDE, b'{"age": 1, "age": 2}', "malformed", "facts"),
    "nested deeply": (DECIDE, b"[" * 100_000, "malformed", "facts"),
    "nested deeply and closed": (DECIDE, b"[" * 500 + b"]" * 500, "wrong_type", "[0]"),
    "a number": (DECIDE, b"1", "wrong_type", "facts"),
    "null": (DECIDE, b"null", "wrong_type", "facts"),
    "no such file": (("decide", "--facts", "/no/such", "--on", DAY), b"", "unreadable", "facts"),
    "a folder": (("decide", "--facts", "/", "--on", DAY), b"", "unreadable", "facts"),
    "unknown fact": (DECIDE, {"colour": "red"}, "unknown_fact", "facts.colour"),
    "a fact named like an option": (DECIDE, {"on": DAY}, "unknown_fact", "facts.on"),
    "unknown value": (DECIDE, {"statuses": ["king"]}, "unknown_value", "facts.statuses[0]"),
    "impossible": (
        DECIDE,
        {"statuses": ["service_member", "contractor"], "age": 15},
        "impossible_facts",
        "facts.age",
    ),
    "no date": (NO_DAY, MEMBER, "missing", "on"),
    "before 2005": ((*NO_DAY, "--on", "2004-12-31"), MEMBER, "date_out_of_range", "on"),
    "no such day": ((*NO_DAY, "--on", "2023-02-29"), MEMBER, "wrong_type", "on"),
    "a date in words": ((*NO_DAY, "--on", "tomorrow"), MEMBER, "wrong_type", "on"),
    "unknown profile": ((*DECIDE, "--profile", "moon"), MEMBER, "unknown_value", "profile"),
    "unknown rule set": ((*DECIDE, "--adopted", "RS-1999"), MEMBER, "unknown_value", "adopted"),
    "one bad element": (DECIDE, [GOOD, GOOD, GOOD, {"facts": {"age": "x"}}], "wrong_type", LIST),
    "element without a date": (NO_DAY, [GOOD, {"facts": MEMBER}], "missing", "[1].on"),
    "element without facts": (DECIDE, [{"on": DAY}], "missing", "[0].facts"),
    "element with a wrong date": (DECIDE, [{"facts": {}, "on": 20240801}], "wrong_type", "[0].on"),
    "element with an unknown key": (DECIDE, [{**GOOD, "colour": 1}], "unknown_field", "[0].colour"),
    "element with a profile that is none": (
        DECIDE,
        [{**GOOD, "profile": []}],
        "unknown_value",
        "[0].profile",
    ),
    "element that is no object": (DECIDE, [GOOD, "x"], "wrong_type", "[1]"),
    "unknown event": (
        ("duties", "--event", "party", "--at", "2024-08-01T00:00:00Z", "--zone", "UTC"),
        {},
        "unknown_value",
        "event",
    ),
    "naive instant": (
        ("duties", "--event", "report_signed", "--at", "2024-08-01T22:30:00", "--zone", "UTC"),
        {},
        "naive_time",
        "at",
    ),
    "no instant": (
        ("duties", "--event", "report_signed", "--at", "2024-08-01", "--zone", "UTC"),
        {},
        "wrong_type",
        "at",
    ),
    "unknown zone": (
        ("duties", "--event", "report_signed", "--at", "2024-08-01T22:30:00Z", "--zone", "Mars/Base"),
        {},
        "unknown_zone",
        "zone",
    ),
    "a fact the event needs": (SIGNED, {}, "missing_fact", "facts.election"),
    "no event": (("duties", "--at", "2024-08-01T22:30:00Z", "--zone", "UTC"), {}, "missing", "event"),
    "unknown topic": (("ruling", "--topic", "tea", "--on", DAY), {}, "unknown_value", "topic"),
    "unknown item": (
        ("retention", "--item", "tea", "--started-on", DAY, "--on", DAY),
        {},
        "unknown_value",
        "item",
    ),
    "unknown role": (("see", "--role", "cook", "--on", DAY), {}, "unknown_value", "role"),
    "unknown option": (("decide", "--colour", "red"), {}, "usage", ""),
    "unknown action": (("dance",), {}, "usage", ""),
}


@pytest.mark.parametrize(("words", "given", "code", "path"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_one_line_and_exit_code_2(run, words, given, code, path):
    problem = refused(run(*words, "--json", given=given))
    assert (problem["code"], problem["path"]) == (code, path)
    assert problem["message"]
    exit_code, out, err = run(*words, given=given)
    assert (exit_code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_nothing_a_caller_wrote_reaches_the_terminal_as_an_order(run):
    code, _, err = run(*DECIDE, given={"\x1b[31m\nred": 1})
    assert code == 2
    assert err.count("\n") == 1
    assert "\x1b" not in err
    refused(run(*DECIDE, "--json", given=b'{"\\ud800": 1}'))


def test_no_fact_bears_the_name_of_an_option():
    """Or a refusal could name the one for the other."""
    from reports.policy.asking import QUESTIONS

    keys = {key for question in QUESTIONS.values() for key in question.keys}
    assert not keys & set(policy.default_policy().book.facts.specs)


def test_the_difference_between_two_sets(run):
    told = answered(run("diff", "RS-SEED", "RS-2024", "--json"))
    found = {each["id"]: each for each in told["differences"]}
    assert found["EL-08"]["change"] == "changed"
    assert found["EL-08"]["before"]["rule_set"] == "RS-SEED"
    assert found["EL-08"]["after"]["rule_set"] == "RS-2024"
    code, out, err = run("diff", "RS-2024", "RS-2024")
    assert (code, out, err) == (0, "No differences.\n", "")
    assert refused(run("diff", "RS-SEED", "RS-1", "--json"))["path"] == "after"
    assert "RS-2021C" in run("diff", "RS-1", "RS-2024")[2]


def test_the_check_counts_and_names_what_is_off(run):
    told = answered(run("check", "--json"))
    assert told["rules"] == len(policy.rules()) == sum(told["families"].values())
    assert [each["id"] for each in told["off"]] == [each.id for each in policy.rules() if not each.enabled]
    assert all(each["why"] for each in told["off"])
    code, out, _ = run("check")
    assert code == 0
    assert f"{len(policy.rules())} rows" in out


def test_the_check_names_file_and_row_of_a_fault(run, tmp_path):
    row = {"id": "X-1", "layer": "dod"}
    (tmp_path / "extra.json").write_text(json.dumps({"family": "blocks", "rows": [row]}), encoding="utf-8")
    code, out, err = run("check", "--directory", str(tmp_path), "--json")
    assert (code, out) == (1, "")
    assert json.loads(err)["path"].endswith("extra.json: X-1")
    code, out, err = run("check", "--directory", str(tmp_path / "absent"))
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "absent" in err


def test_the_check_of_a_folder_that_has_none_of_its_files_is_refused(run, tmp_path):
    code, out, err = run("check", "--directory", str(tmp_path))
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "holds no *.json file" in err
    assert refused(run("check", "--directory", "", "--json"))["message"] == "Name a folder."


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b'{"age": 1, "age": 2}', "key stands twice"),
        (b'{"age": NaN}', "no numbers in JSON"),
        (b'{"age": -Infinity}', "no numbers in JSON"),
        (b'{"age": 1' + b"0" * 5000 + b"}", "too many digits"),
    ],
    ids=["a key twice", "NaN", "infinity", "many digits"],
)
def test_what_json_alone_would_let_through_is_named(run, given, says):
    problem = refused(run(*DECIDE, "--json", given=given))
    assert problem["code"] == "malformed"
    assert says in problem["message"]


def test_facts_without_a_name_are_refused_as_such(run):
    problem = refused(run("decide", "--facts", "", "--on", DAY, "--json"))
    assert (problem["code"], problem["path"]) == ("unreadable", "facts")
    assert problem["message"] == "Name a file, or - for standard input."


def test_the_page_of_rules_can_be_printed(run):
    code, out, err = run("docs")
    assert (code, err) == (0, "")
    assert out.startswith("# Rules\n")
    assert answered(run("docs", "--json"))["page"] == out


def bare(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command with nothing in its environment: no database, no key, no secret."""
    return subprocess.run(
        [sys.executable, "manage.py", "policy", *words],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_it_needs_neither_a_database_nor_a_secret():
    done = bare("decide", "--facts", "-", "--on", DAY, "--json", given=json.dumps(MEMBER).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["options"]["restricted"]["allowed"] is True


@pytest.mark.slow
def test_many_questions_stream_through_and_a_reader_may_leave():
    many = json.dumps([GOOD] * 5_000).encode()
    done = bare("decide", "--facts", "-", "--no-would-change", "--json", given=many)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(json.loads(done.stdout)) == 5_000
    reader = subprocess.Popen(
        [sys.executable, "manage.py", "policy", "decide", "--facts", "-", "--no-would-change", "--json"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with reader:
        reader.stdin.write(many)
        reader.stdin.close()
        assert reader.stdout.read(10)
        reader.stdout.close()
        assert reader.stderr.read() == b""
    assert reader.returncode == 1


@pytest.mark.parametrize(
    ("words", "redirected", "code", "says"),
    [
        ("check", ">/dev/full", 1, "This cannot be written: No space left on device."),
        ("check --json", ">/dev/full", 1, "This cannot be written: No space left on device."),
        ("decide --facts - --on 2024-08-01 --json", ">/dev/full", 1, "This cannot be written"),
        ("check", ">&-", 1, "Standard output is closed."),
        ("decide --facts - --on 2024-08-01", "<&-", 2, "facts: Standard input is closed."),
        ("decide --facts - --on 2024-08-01 --json", "<&-", 2, "Standard input is closed."),
    ],
)
def test_a_full_disc_or_a_closed_end_is_one_line(words, redirected, code, says):
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" manage.py policy {words} {redirected}', sys.executable],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        input=json.dumps(MEMBER).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, b"")
    assert done.stderr.count(b"\n") == 1
    assert says in done.stderr.decode()

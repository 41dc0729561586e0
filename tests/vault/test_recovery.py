"""The master key is gone: enough of its shares bring it back, anything less is refused and writes nothing."""

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from shamir_mnemonic import Share, generate_mnemonics

from reports.vault import keys, state, store
from reports.vault.errors import VaultLockedError
from reports.vault.master import masters
from sapr import clock
from sapr.signin import as_owner
from tests.command_line import manage
from tests.times import T0


@dataclass
class Said:
    """What the command wrote, and its refusal's sentence."""

    out: str
    told: str
    refusal: str


@pytest.fixture
def say(vault, monkeypatch):
    """`say("status")`: the command in this process, since starting one for each question takes its time."""

    def call(*words: str, stdin: str = "") -> Said:
        out, told, refusal = StringIO(), StringIO(), ""
        monkeypatch.setattr("sys.stdin", StringIO(stdin))
        try:
            call_command("keys", *words, stdout=out, stderr=told)
        except CommandError as error:
            refusal = str(error)
        return Said(out.getvalue(), told.getvalue(), refusal)

    return call


@pytest.fixture
def run(say):
    """The result of a command that must succeed."""

    def call(*words: str) -> dict:
        done = say(*words, "--json")
        assert not done.refusal
        return json.loads(done.out)

    return call


@pytest.fixture
def refused(say):
    """The sentence with which the command refuses."""

    def call(*words: str, stdin: str = "") -> str:
        done = say(*words, stdin=stdin)
        assert done.refusal
        assert done.out == ""
        return done.refusal

    return call


def ceremony(run, folder: Path, shares: int = 5, threshold: int = 3) -> list[str]:
    told = run("ceremony", "--shares", str(shares), "--threshold", str(threshold), "--out", str(folder))
    assert set(told) == {"set", "shares", "threshold", "expires_at"}
    files = sorted(folder.iterdir())
    assert len(files) == shares
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    return [str(path) for path in files]


def kinds() -> list[str]:
    with as_owner() as owner:
        found = owner.execute(
            "SELECT kind, data::text FROM reports_event WHERE kind LIKE 'keys%' ORDER BY seq"
        )
        rows = found.fetchall()
    assert not [data for _, data in rows if masters()[0].hex() in data]
    return [kind for kind, _ in rows]


@pytest.mark.slow
def test_three_of_five_bring_it_back_and_what_was_sealed_opens_again(vault, run, refused, tmp_path) -> None:
    files = ceremony(run, tmp_path / "shares")
    key = vault.master.read_text()
    vault.master.unlink()
    with pytest.raises(VaultLockedError):
        vault.opened(vault.cases[0])
    out = tmp_path / "recovered.key"
    assert "3 different shares are needed; these are 2" in refused(
        "recover", "--shares", files[0], files[3], files[0], "--out", str(out)
    )
    assert not out.exists()
    done = manage(
        "keys", "recover", "--shares", files[4], files[1], files[2], "--out", str(out), env=vault.stage.env
    )
    assert done.returncode == 0, done.stderr
    assert key.strip() not in done.stdout + done.stderr
    assert (out.read_text(), out.stat().st_mode & 0o777) == (key, 0o600)
    settings.MASTER_KEY_FILE = str(out)
    assert vault.opened(vault.cases[0]) == "Invented 0"
    assert kinds() == ["keys_ceremony_held", "keys_recovered"]


def test_whatever_does_not_fit_is_refused_and_writes_nothing(vault, run, refused, tmp_path) -> None:
    out, first = tmp_path / "out.key", ceremony(run, tmp_path / "first", 3, 2)
    words = [Path(path).read_text().strip() for path in first]

    def given(*shares: str) -> str:
        told = refused("recover", "--out", str(out), stdin="\n".join(shares))
        assert not out.exists()
        pairs = [" ".join(pair) for share in shares for pair in pairwise(share.split())]
        assert not [pair for pair in pairs if pair in told]
        return told

    wrong = words[0].split()
    wrong[7] = "academic" if wrong[7] != "academic" else "acid"
    assert "Share 2 is mistyped" in given(words[1], " ".join(wrong))
    assert "Share 1 is mistyped" in given("not a share at all", words[0])
    assert "Share 1 is mistyped" in given(words[0].rpartition(" ")[0], words[1])
    (foreign,) = generate_mnemonics(1, [(2, 3)], bytes(32))
    assert "one and the same set" in given(words[0], foreign[0])
    assert "knows of no such set" in given(foreign[0], foreign[1])
    assert given("") == "No share was given."
    # A set of this store whose key is another: as after its record was forged.
    with as_owner("keys") as owner:
        owner.execute(
            "INSERT INTO reports_shareset VALUES (gen_random_uuid(), %s, 'x', 3, 2, %s, '2100-01-01')",
            [Share.from_mnemonic(foreign[0]).identifier, T0],
        )
    assert "opens nothing in this key store" in given(foreign[0], foreign[1])
    taken = tmp_path / "taken"
    taken.write_text("kept")
    assert "exists already" in refused("recover", "--out", str(taken), "--shares", *first)
    assert taken.read_text() == "kept"
    # A later ceremony ends the earlier set; so does a new master key, and time.
    second = ceremony(run, tmp_path / "second", 3, 2)
    assert "has ended" in given(*words)
    store.rotate(at=clock.now(), master=True)
    assert "has ended" in given(*(Path(path).read_text() for path in second))
    third = ceremony(run, tmp_path / "third", 3, 2)
    clock.move(T0 + timedelta(days=366), hold=True)
    assert "has ended" in given(*(Path(path).read_text() for path in third))


def test_a_store_that_is_lost_is_filled_from_a_place(vault, run, refused) -> None:
    store.destroy(vault.cases[2].pk, at=T0)
    assert run("copy") == {"places": [vault.place.name]}
    assert "not empty" not in refused("load", "--from", str(vault.place.parent))
    assert "holds keys already" in refused("load", "--from", str(vault.place))
    with as_owner("keys") as owner:
        owner.execute("DELETE FROM reports_wrappedkey")
        owner.execute("DELETE FROM reports_personindex")
        owner.execute("DELETE FROM reports_currentwrapping")
    vault.epoch.unlink()
    told = run("load", "--from", str(vault.place))
    assert told["keys"] == len(vault.cases[:2]) * 2 + 1  # and the index key
    assert [vault.opened(case) for case in vault.cases[:2]] == ["Invented 0", "Invented 1"]
    with pytest.raises(VaultLockedError, match="destroyed"):
        vault.opened(vault.cases[2])


def test_an_epoch_that_is_lost_comes_back_from_a_place(vault, run, refused) -> None:
    run("copy")
    kept = vault.epoch.read_text()
    # What a new start makes when the file is gone: another epoch, under which nothing opens.
    vault.epoch.write_text(f"{'ee' * 32}\n")
    with pytest.raises(VaultLockedError):
        vault.opened(vault.cases[0])
    assert "open under no master key" in refused("rotate")
    assert run("load", "--from", str(vault.place), "--epoch-only") == {"epoch": True}
    assert vault.epoch.read_text() == kept
    assert vault.opened(vault.cases[0]) == "Invented 0"
    # A copy that another store's keys hang on is refused, and the file stays.
    copied = vault.place / "keystore.jsonl"
    *lines, end = copied.read_text().replace(kept.strip(), "dd" * 32).splitlines(keepends=True)
    digest = sha256("".join(lines).encode()).hexdigest()
    copied.write_text("".join(lines) + json.dumps(json.loads(end) | {"sha256": digest}) + "\n")
    assert "open under no master key" in refused("load", "--from", str(vault.place), "--epoch-only")
    assert vault.epoch.read_text() == kept


def test_status_says_what_to_do_next(run, say) -> None:
    def said() -> str:
        return say("status").out

    assert "Type: keys copy" in said()
    run("copy")
    first = said()
    assert "Type: keys copy" not in first
    assert "No living recovery shares" in first
    told = run("rotate", "--master")
    assert (told["master"], told["resumed"]) == (True, False)
    after = run("status")
    assert after["keys"] == after["places"][0]["keys"]
    assert (after["under_others"], after["unknown"], after["pending"]) == (0, 0, False)
    assert masters()[0].hex() not in json.dumps(after)
    assert kinds() == ["keys_rotated"]
    keys.forget()


def test_shares_are_shown_one_after_the_other_and_only_to_somebody(say) -> None:
    shown = ("ceremony", "--shares", "2", "--threshold", "2", "--show")
    done = say(*shown, stdin="\n\n")
    assert not done.refusal
    assert done.told.count("Write it down") == 2
    assert "Write it down" not in done.out
    nobody = say(*shown)
    assert "Nobody was there" in nobody.refusal
    assert nobody.told.count("Write it down") == 1
    # On record before the first share is shown: somebody saw one of those, too.
    assert kinds() == ["keys_ceremony_held"] * 2
    assert len(state.status(T0)["shares"]) == 1
    for shares, threshold in (("1", "1"), ("17", "3"), ("3", "4")):
        done = say("ceremony", "--shares", shares, "--threshold", threshold, "--show")
        assert "Give 2 to 16 shares" in done.refusal
    for days in ("0", "-1", "3654", "999999999999"):
        done = say("ceremony", "--shares", "3", "--threshold", "2", "--valid-days", days, "--show")
        assert "valid for 1 to 3653 days" in done.refusal
    assert len(kinds()) == 2

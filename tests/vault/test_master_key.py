"""The master key comes from one of three places; whatever is wrong with it is said without showing it."""

import sys
import threading
from pathlib import Path

import pytest
from celery.signals import task_postrun
from django.test import Client

from reports import access
from reports.election.models import Identity
from reports.vault import checks, keys, master, store
from reports.vault.errors import VaultLockedError
from reports.vault.master import masters
from sapr.models import Kind
from tests.times import T0

ONE, TWO = "ab" * 32, "cd" * 32


@pytest.fixture(autouse=True)
def fresh(settings):
    """No source but the test's own."""
    for name in master.SOURCES:
        setattr(settings, name, type(getattr(settings, name))())
    yield
    keys.forget()


def service(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_file_environment_and_service_give_the_same(settings, tmp_path: Path) -> None:
    lines, expected = f"{ONE}\n{TWO}\n", (bytes.fromhex(ONE), bytes.fromhex(TWO))
    path = tmp_path / "master.key"
    path.write_text(lines)
    for name, value in (
        ("MASTER_KEY", lines),
        ("MASTER_KEY_FILE", str(path)),
        ("MASTER_KEY_COMMAND", service(f"print({lines!r})")),
    ):
        setattr(settings, name, value)
        assert masters() == expected, name
        setattr(settings, name, type(value)())


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (service(f"import sys; print({ONE!r}); print({ONE!r}, file=sys.stderr); sys.exit(3)"), "exit code 3"),
        (service("print('not a key ' * 9)"), "64 hex"),
        (service("pass"), "64 hex"),
        (["/nowhere/at/all"], "could not be started"),
        (["tail", "-f", "/dev/null"], "in time"),
    ],
)
def test_a_service_that_fails_is_a_sentence_without_its_words(settings, monkeypatch, command, says) -> None:
    monkeypatch.setattr(master, "SERVICE_SECONDS", 0.3 if command[0] == "tail" else 10)
    settings.MASTER_KEY_COMMAND = command
    with pytest.raises(VaultLockedError, match=says) as refusal:
        masters()
    assert ONE not in str(refusal.value)
    assert "not a key" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.django_db(databases=["default", "keys"])
def test_a_start_with_two_sources_or_none_is_refused(settings, tmp_path: Path) -> None:
    def said() -> str:
        return " ".join(error.msg for error in checks.one_master_key(None))

    settings.MASTER_KEY, settings.MASTER_KEY_COMMAND = ONE, ["false"]
    assert "SAPR_MASTER_KEY, SAPR_MASTER_KEY_COMMAND" in said()
    settings.MASTER_KEY_COMMAND = []
    assert said() == ""
    settings.KIND = Kind.REAL
    assert said() == ""
    settings.MASTER_KEY = ""
    assert "no master key" in said()
    settings.MASTER_KEY_FILE = str(tmp_path / "gone.key")
    assert "gone.key cannot be read" in said()
    settings.MASTER_KEY_FILE, settings.MASTER_KEY, settings.KEY_EPOCH_FILE = "", ONE, ""
    assert "SAPR_KEY_EPOCH_FILE" in said()
    settings.ROLE = "worker"
    assert said() == ""


def test_unwrapped_keys_end_with_the_request_and_are_each_threads_own(settings, world) -> None:
    settings.MASTER_KEY = ONE
    case = world.contact()
    first = keys.case_key(case.pk, "identity")
    assert keys.case_key(case.pk, "identity") is first
    elsewhere = []
    thread = threading.Thread(target=lambda: elsewhere.append(dict(keys._remembered.keys)))
    thread.start()
    thread.join()
    assert elsewhere == [{}]
    assert Client().get("/healthz").status_code == 200
    assert keys.case_key(case.pk, "identity") is not first
    again = keys.case_key(case.pk, "identity")
    task_postrun.send(sender="sapr.ping")
    assert keys.case_key(case.pk, "identity") is not again


def test_only_so_many_keys_are_remembered(settings, world, monkeypatch) -> None:
    settings.MASTER_KEY = ONE
    monkeypatch.setattr(keys, "CACHE_LIMIT", 3)
    case = world.contact()
    for sensitivity in ("identity", "narrative", "evidence", "identity"):
        keys.case_key(case.pk, sensitivity, create=True)
    other = world.contact()
    assert list(keys._remembered.keys)[-1][0] == other.pk
    assert len(keys._remembered.keys) == 3


class TestAfterARotation:
    """With the stage's own key files."""

    @pytest.fixture(autouse=True)
    def fresh(self) -> None:
        """Instead of the module's: the stage's files stand."""

    def test_a_process_that_knew_the_old_key_reads_the_files_again(self, vault) -> None:
        world = vault.stage.world
        assert vault.opened(vault.cases[0]) == "Invented 0"
        known = dict(keys._wrappings)
        store.rotate(at=T0, master=True)
        assert keys._wrappings == known
        keys.forget_data_keys()
        with access.viewing(world.sarc):
            record = Identity.objects.get(case=vault.cases[0])
            field = Identity._meta.get_field("name")
            assert field.open(record, record.name) == "Invented 0"
        # What it remembered of the old key is gone with that.
        assert not known.keys() & keys._wrappings.keys() - set(keys.available())

    def test_keys_made_while_it_runs_are_none_under_the_old_one(self, vault) -> None:
        """Two threads open contacts without a pause while the keys are rotated."""
        world, done, made, failed = vault.stage.world, threading.Event(), [], []

        def work() -> None:
            from django.db import connections

            try:
                while not done.is_set():
                    made.append(world.contact(name="Meanwhile"))
            except Exception as error:
                failed.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for number in range(4):
            store.rotate(at=T0, master=number % 2 == 0)
        done.set()
        for thread in threads:
            thread.join()
        assert failed == []
        assert made
        store.rotate(at=T0)
        assert {vault.opened(case) for case in made} == {"Meanwhile"}

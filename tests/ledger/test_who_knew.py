"""`manage.py who_knew`: the account is read from the very lines that are verified, and says when they do not hold."""

import json
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reports import access
from reports.models import Event
from tests.ledger.inspecting import export, signed_in_as_owner, verified


def who_knew(case, *words: str) -> str:
    out = StringIO()
    with signed_in_as_owner():
        call_command("who_knew", case, *words, stdout=out)
    return out.getvalue()


def test_the_account_stands_on_the_verified_export_and_its_acts_are_found_there(scene, tmp_path) -> None:
    exported = export(tmp_path / "export", scene.case.pk)
    told = json.loads(who_knew(scene.case.number, "--json"))
    assert verified(exported)["ok"]
    assert told["ok"]
    assert told["digest"] == sha256(exported.read_bytes()).hexdigest()
    said = exported.read_text()
    for line in told["lines"]:
        assert f'{{"hash": "{line["hash"]}", "event": ' in said
        assert line["rules"], line
    with access.viewing(scene.world.sarc):
        opened = Event.objects.filter(case_id=scene.case.pk, kind="sealed_opened").count()
        last = Event.objects.filter(case_id=scene.case.pk).order_by("-seq").first()
    assert opened
    assert len([line for line in told["lines"] if line["kind"] == "sealed_opened"]) == opened
    # The run itself was written down, behind the end that it told of.
    assert (last.kind, last.seq, last.actor_id) == ("knowledge_shown", told["head"]["event"] + 1, None)


def test_in_words_it_names_person_instant_act_and_rule_and_how_to_check_without_us(scene, tmp_path) -> None:
    told = who_knew(str(scene.case.pk))
    for words in (
        f"{scene.world.sarc.display_name} (SARC)",
        "AC-05: A SARC or a SAPR VA opens a contact.",
        "looked (composing a notice): Name and numbers of the victim",
        f"manage.py ledger export --case {scene.case.pk} --out FILE",
        "python3 verifier.py FILE --key PUBLIC_KEY --checkpoint HELD",
    ):
        assert words in told
    assert "2026-03-02T15:00:00Z" in told
    who_knew(scene.case.number, "--out", str(tmp_path / "account"))
    written = (tmp_path / "account").read_text()
    assert "An operator of the system, by a command" in written
    assert (tmp_path / "account").stat().st_mode & 0o777 == 0o600


def test_of_a_chain_that_was_changed_it_says_so_and_writes_nothing_into_it(scene) -> None:
    scene.attacker.change(
        "UPDATE reports_event SET actor_id = NULL WHERE case_id = %s AND kind = 'sealed_opened'",
        scene.case.pk,
    )
    out = StringIO()
    with signed_in_as_owner(), pytest.raises(CommandError, match="changed outside this system"):
        call_command("who_knew", scene.case.number, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert not told["ok"]
    assert told["why"]
    assert scene.attacker.length(scene.case.pk) == scene.length

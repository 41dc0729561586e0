"""Versions (ETag): who changes what has changed since is told so, and of two with the same version one wins."""

from threading import Thread

import psycopg
from django.db import connections

from reports import access
from reports.casework.services import step_record
from reports.ledger.models import Event
from tests.api.door import Door, refused
from tests.stage import admin_connection, admin_url
from tests.times import T0
from tests.world import MEMBER

# Whether somebody waits there for a lock.
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"

STEP = {"kind": "vwap_explained"}


def tag_of(door: Door, path: str) -> str:
    answer = door.get(path)
    assert answer.status_code == 200
    tag = answer["ETag"]
    assert tag.startswith('"')
    assert tag.endswith('"')
    return tag


def change(door: Door, case_id, tag: str):
    return door.post(f"cases/{case_id}/steps", STEP, headers={"If-Match": tag})


def test_a_version_holds_until_something_is_recorded(world, door):
    case = world.contact()
    path = f"cases/{case.pk}"
    first = tag_of(door, path)
    assert first == tag_of(door, path)
    # Looking makes nothing old.
    door.done(f"{path}/sealed", {"purpose": "case_work"})
    assert tag_of(door, path) == first
    assert change(door, case.pk, first).status_code == 201
    second = tag_of(door, path)
    assert second != first
    refused(change(door, case.pk, first), 412, "stale")
    assert change(door, case.pk, f'"another", W/{second}').status_code == 201
    assert change(door, case.pk, "*").status_code == 201
    # Two people, one state: each has a version of their own reading, and either may be compared.
    assert change(Door(world.va), case.pk, tag_of(door, path)).status_code in (201, 404)


def test_what_the_caller_has_already_is_not_sent_again(world, door):
    report = world.signed("restricted")
    path = f"cases/{report.case_id}"
    tag = tag_of(door, path)
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = door.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
        assert answer["Cache-Control"] == "no-store"
    assert door.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    refused(door.get(path, headers={"If-None-Match": "no tag"}), 422, "bad_version")
    # A version of fewer fields is another answer.
    assert tag_of(door, f"{path}?fields=id") != tag
    # Of no case: the answer alone.
    settings = tag_of(door, "form-editions?form=DD%202910&on=2026-03-02")
    assert settings == tag_of(door, "form-editions?form=DD%202910&on=2026-03-02")
    # Lists have none, and the inbox stays as long as it was.
    for listed in ("cases", "duties", "inbox"):
        assert not door.get(listed).has_header("ETag")


def test_a_notice_has_the_version_of_its_case(world, door):
    world.signed("restricted")
    [row] = door.read("notices")["items"]
    notice = door.read(f"notices/{row['id']}")
    tag = tag_of(door, f"notices/{row['id']}")
    body = {"minimal": False, "sha256": notice["wording_sha256"]}
    assert change(door, notice["case"], "*").status_code == 201
    release = f"notices/{row['id']}/release"
    refused(door.post(release, body, headers={"If-Match": tag}), 412, "stale")
    tag = tag_of(door, f"notices/{row['id']}")
    assert door.post(release, body, headers={"If-Match": tag}).status_code == 200


def test_a_version_tells_nothing_to_whoever_may_not_see(world, door):
    """Not yours and not there stay the same bytes, whatever version is sent along; a version says nothing itself."""
    case = world.contact()
    tag = tag_of(door, f"cases/{case.pk}")
    gone = "7f2a81a4-4d5e-4f5a-9c5b-000000000000"
    seen = {
        (answer.status_code, answer.content, answer.get("ETag"))
        for person in (world.other_va, world.stranger)
        for case_id in (case.pk, gone)
        for known in (tag, '"x"', "*", None)
        for headers in [{"If-Match": known, "If-None-Match": known} if known else {}]
        for answer in (
            Door(person).post(f"cases/{case_id}/steps", STEP, headers=headers),
            Door(person).get(f"cases/{case_id}", headers=headers),
        )
    }
    assert len(seen) == 1
    assert {each[::2] for each in seen} == {(404, None)}
    # What has no version is not compared in silence.
    question = {"facts": MEMBER, "on": "2026-03-02"}
    refused(door.post("eligibility", question, headers={"If-Match": tag}), 422, "no_version")
    refused(change(door, case.pk, "without marks"), 422, "bad_version")
    with access.viewing(world.sarc):
        event = Event.objects.filter(case_id=case.pk).order_by("-seq").first()
    assert event.pk.hex[:8] not in tag
    assert event.hash.hex()[:8] not in tag


def test_the_version_is_compared_after_the_key(world, door):
    """A write that was done is answered again, though its own doing made its version old."""
    case = world.contact()
    headers = {"If-Match": tag_of(door, f"cases/{case.pk}"), "Idempotency-Key": "a-key-of-mine"}
    first, again = (door.post(f"cases/{case.pk}/steps", STEP, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)


def test_of_two_with_the_same_version_one_wins(stage):
    """Real threads, one of them without a version: whoever is second sees what the first recorded."""
    world = stage.world
    case, door, answers = world.contact(), Door(world.sarc), []
    tag = tag_of(door, f"cases/{case.pk}")

    def run(headers) -> None:
        try:
            answers.append(door.post(f"cases/{case.pk}/steps", STEP, headers=headers))
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=({"If-Match": tag},)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.status_code for each in answers) == [201, 412, 412, 412]
    # Against a writer that compares nothing and is not done yet: the version is read once that one is.
    now = tag_of(door, f"cases/{case.pk}")
    waits = Thread(target=run, args=({"If-Match": now},))
    with access.viewing(world.sarc):
        step_record(actor=world.sarc, case_id=case.pk, kind="options_explained", at=T0)
        waits.start()
        with admin_connection() as admin:
            while waits.is_alive() and not admin.execute(BLOCKED, [stage.names["default"]]).fetchone()[0]:
                pass
    waits.join()
    refused(answers[-1], 412, "stale")
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=case.pk, kind="vwap_explained").count() == 1


def test_who_was_undone_for_another_is_run_once_more(stage):
    """A document is drawn while another session has its chain and then wants the hour's number of the same person."""
    world = stage.world
    report, door, answers = world.signed("restricted"), Door(world.sarc), []
    [form] = door.read(f"cases/{report.case_id}/forms")["items"]

    def draw() -> None:
        try:
            answers.append(door.post(f"cases/{report.case_id}/forms/{form['id']}/document"))
        finally:
            connections.close_all()

    with psycopg.connect(admin_url(stage.names["default"])) as other:
        # Who waits for the shorter time is the one that is undone.
        other.execute("SET LOCAL deadlock_timeout = '1min'")
        other.execute("SELECT FROM reports_chainhead WHERE case_id = %s FOR UPDATE", [report.case_id])
        thread = Thread(target=draw)
        thread.start()
        with admin_connection() as watching:
            while not watching.execute(BLOCKED, [stage.names["default"]]).fetchone()[0]:
                pass
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 17))", [str(world.sarc.pk)])
        # The document was undone whole: this session goes on, and so does it.
        kinds = "SELECT count(*) FROM reports_event WHERE case_id = %s AND kind = 'form_printed'"
        assert other.execute(kinds, [report.case_id]).fetchone()[0] == 0
    thread.join()
    assert [answer.status_code for answer in answers] == [200]
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=report.case_id, kind="form_printed").count() == 1

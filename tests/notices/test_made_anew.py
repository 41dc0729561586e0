"""CN-1: what a Restricted notice says that waits while its case is corrected."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from notifications.anonymity import Rung
from notifications.anonymity.rungs import BLANK
from notifications.correcting.models import Recomposing
from notifications.decisions import digest_of
from notifications.models import InboxItem, Notice, NoticeDecision, NoticeKind
from notifications.services import notice_release
from notifications.sweeping import sweep
from reports import access
from reports.election.services import report_sign
from sapr import clock
from sapr.errors import DomainError
from tests.desk.conftest import text as page_text
from tests.notices.corrected import code, completed
from tests.notices.release import release
from tests.notices.test_words import LAST_SLOT, imported, notice_of
from tests.signed_in import signed_in
from tests.times import T0


def test_cn_1_words_that_wait_are_made_anew_by_the_same_rung_within_the_same_slot(world, monkeypatch) -> None:
    """No correction brings another draw (DN-25), and what was read before can be released no more."""
    imported(world, 400)
    monkeypatch.setattr("notifications.compose.draw", lambda: 0.0)
    report = world.signed("restricted", grade="E-3")
    before = notice_of(world, report)
    monkeypatch.setattr("notifications.correcting.waiting.draw", lambda: 0.99)
    completed(world, report.case_id, identity={"phone": "+1 555 0100 111"}, text="More of it.")
    assert notice_of(world, report).wording == before.wording
    completed(
        world,
        report.case_id,
        identity={"sex": "male", "grade": "E-7"},
        incident_on="2025-12-30",
        place="off_installation",
    )
    after = notice_of(world, report)
    assert after.wording != before.wording
    assert len(after.wording) == len(before.wording)
    assert (after.rung, after.last_slot, after.look_at, after.state, after.minimal, after.unit_rung_id) == (
        before.rung, before.last_slot, before.look_at, before.state, before.minimal, before.unit_rung_id,
    )  # fmt: skip
    # As if it had been told so at first.
    monkeypatch.setattr("notifications.compose.draw", lambda: 0.0)
    other = world.decided(sex="male", grade="E-7")
    completed(world, other.pk, incident_on="2025-12-30", place="off_installation")
    same = notice_of(world, report_sign(actor=world.sarc, **world.paper(other, "restricted")))
    assert (same.rung, same.wording, same.choices) == (after.rung, after.wording, after.choices)
    assert code(release, world.sarc, before) == "bytes_changed"
    released = release(world.sarc, after)
    assert released.released_sha256 == digest_of(after.wording)
    with access.viewing(world.sarc):
        (row,) = Recomposing.objects.filter(notice=after)
        assert (row.takes_back, row.coarsened, row.wording) == (False, True, after.wording)


def test_cn_1_a_correction_to_somebody_whom_the_table_lacks_changes_no_byte(world) -> None:
    """Whether the table counts somebody like the victim never decides what is said."""
    imported(world, 400)
    report = world.signed("restricted", grade="E-3")
    before = notice_of(world, report)
    completed(world, report.case_id, identity={"grade": "O-3"})
    after = notice_of(world, report)
    assert (after.rung, after.wording) == (before.rung, before.wording)


def test_cn_1_released_words_that_are_no_longer_true_do_not_go(stage) -> None:
    """MINIMAL goes at the slot that was drawn, on record; words that say nothing of what was corrected do go."""
    world = stage.world
    imported(world, 400)
    reports = [world.signed("restricted", grade="E-3") for _ in range(3)]
    untrue, silent, other = (notice_of(world, each) for each in reports)
    less = next(each for each in silent.choices if Rung.of(each["rung"]).sex == BLANK)
    untrue, other = release(world.sarc, untrue), release(world.sarc, other)
    silent = notice_release(
        actor=world.sarc, notice_id=silent.pk, minimal=False, bytes_seen=digest_of(less["text"]), at=T0
    )
    completed(world, untrue.case_id, identity={"sex": "male"})
    completed(world, silent.case_id, identity={"sex": "male"})
    completed(world, other.case_id, identity={"phone": "+1 555 0100 111"})
    shown = page_text(signed_in(world.sarc).get(f"/admin/notices/{untrue.pk}/"))
    assert "no longer true" in shown
    today = page_text(signed_in(world.sarc).get("/admin/"))
    assert today.count('data-test="taken-back-row"') == 1
    assert str(untrue.pk) in today
    with access.viewing(world.sarc):
        kept = Notice.objects.get(pk=untrue.pk)
    assert (kept.wording, kept.released_sha256, kept.slot) == (
        untrue.wording,
        untrue.released_sha256,
        untrue.slot,
    )
    clock.move(LAST_SLOT, hold=True)
    with stage.as_worker():
        assert sweep()["placed"] == 3
    with access.viewing(world.commander):
        bodies = dict(InboxItem.objects.values_list("pk", "body"))
        slots = dict(InboxItem.objects.values_list("pk", "slot"))
    assert bodies == {untrue.pk: untrue.minimal, silent.pk: silent.wording, other.pk: other.wording}
    assert slots[untrue.pk] == untrue.slot
    with access.viewing(world.sarc):
        placed = NoticeDecision.objects.get(notice=untrue, stage="placed")
    assert (placed.rung, placed.sha256) == ("minimal", digest_of(untrue.minimal))
    assert "The minimal words went instead." in page_text(signed_in(world.sarc).get("/admin/"))


def test_a_correction_and_a_release_at_once_let_no_untrue_word_out(stage) -> None:
    """Whichever is first; and neither waits for ever: both hold the notice before they write to its case."""
    world = stage.world
    imported(world, 400)
    pairs = [notice_of(world, world.signed("restricted", grade="E-3")) for _ in range(4)]
    faults: list[str] = []

    def together(*calls) -> None:
        start = Barrier(len(calls))

        def run(call) -> None:
            try:
                start.wait()
                call()
            except DomainError as refusal:
                faults.append(refusal.code)
            except Exception as error:
                faults.append(repr(error))
            finally:
                connections.close_all()

        threads = [Thread(target=run, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    for notice in pairs:
        together(
            lambda notice=notice: completed(world, notice.case_id, identity={"sex": "male"}),
            lambda notice=notice: release(world.sarc, notice),
        )
    assert set(faults) <= {"bytes_changed", "not_waiting"}
    clock.move(LAST_SLOT, hold=True)
    with stage.as_worker():
        assert sweep()["placed"] == len(pairs)
    with access.viewing(world.commander):
        assert set(InboxItem.objects.values_list("body", flat=True)) == {pairs[0].minimal}


def test_the_database_keeps_words_made_anew(stage) -> None:
    """Nobody takes them back, makes them of another size or after the placing, or places untrue ones."""
    world = stage.world
    imported(world, 400)
    report, other = (world.signed("restricted", grade="E-3") for _ in range(2))
    notice, untrue = notice_of(world, report), release(world.sarc, notice_of(world, other))
    completed(world, report.case_id, identity={"sex": "male"})
    completed(world, other.case_id, identity={"sex": "male"})
    now = notice_of(world, report)

    def raw(match: str, sql: str, *args: Any) -> None:
        with (
            pytest.raises(DatabaseError, match=match),
            access.viewing(world.sarc),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, args)

    anew = (
        "INSERT INTO notifications_recomposing"
        " (id, notice_id, case_id, rung, wording, choices, coarsened, takes_back, at)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s, '[]', false, false, now())"
    )
    raw(
        "a notice stands",
        "UPDATE notifications_notice SET wording = %s WHERE id = %s",
        notice.wording,
        notice.pk,
    )
    raw("permission denied|made anew stand", "UPDATE notifications_recomposing SET wording = ''")
    raw("permission denied|made anew stand", "DELETE FROM notifications_recomposing")
    raw("are a Restricted notice", anew, now.pk, now.case_id, now.rung, "Ann Invented")
    raw("are a Restricted notice", anew, untrue.pk, untrue.case_id, untrue.rung, untrue.wording)
    clock.move(untrue.slot + timedelta(minutes=1), hold=True)
    raw(
        "placed no more|decision on record",
        "INSERT INTO notifications_inboxitem (id, post_id, kind, slot, body) VALUES (%s, %s, %s, %s, %s)",
        untrue.pk, untrue.post_id, NoticeKind.RESTRICTED.value, untrue.slot, untrue.wording,
    )  # fmt: skip
    clock.move(LAST_SLOT, hold=True)
    with stage.as_worker():
        sweep()
    raw("that waits", anew, now.pk, now.case_id, "minimal", now.minimal)

"""Killing the worker with -9 between signing and release loses nothing and repeats nothing."""

from notifications.models import InboxItem, MailRound, Notice, NoticeState
from reports import access
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from sapr import clock
from tests.notices.release import release
from tests.processes import celery_worker, kill, wait_until


def worker_env(stage, folder) -> dict[str, str]:
    """What `./run` gives the worker: its own URL, no key and nobody else's URL."""
    kept = ("PATH", "HOME", "LANG", "WORKER_DATABASE_URL", "SAPR_KIND")
    env = {name: stage.env[name] for name in kept if name in stage.env}
    return env | {"SAPR_ROLE": "worker", "SAPR_MAIL_DIR": str(folder / "mail")}


def test_the_notice_is_placed_exactly_once_and_on_time(stage, tmp_path) -> None:
    world, log = stage.world, tmp_path / "worker.log"
    env = worker_env(stage, tmp_path)

    with celery_worker(env, tmp_path, log) as first:
        wait_until(MailRound.objects.exists, "the worker to sweep", log=log)
        report = world.signed("restricted")
        kill(first)
    with access.viewing(world.sarc):
        notice = Notice.objects.get(case_id=report.case_id)
    notice = release(world.sarc, notice)

    def placed() -> bool:
        with access.viewing(world.sarc):
            return Notice.objects.filter(pk=notice.pk, state=NoticeState.PLACED).exists()

    with celery_worker(env, tmp_path, log):
        clock.move(notice.slot, hold=True)
        wait_until(placed, "the second worker to place the notice", log=log)
    with access.viewing(world.commander):
        assert InboxItem.objects.filter(pk=notice.pk).count() == 1
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=report.case_id, kind="commander_notice_placed").count() == 1
        duty = Duty.objects.get(case_id=report.case_id, kind="commander_notice_restricted")
        assert Notice.objects.get(pk=notice.pk).placed_at == notice.slot
    assert duty.state == DutyState.DISCHARGED
    assert duty.closed_at <= duty.due_at

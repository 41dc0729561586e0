"""Celery's door: names without content."""

import logging

from celery import shared_task
from django.conf import settings


@shared_task(name="reports.checkpoint")
def checkpoint() -> None:
    """Sign a checkpoint and write it elsewhere; what could not be written now, the next hour writes."""
    from reports.ledger import checkpoints
    from sapr import clock
    from sapr.errors import DomainError

    log = logging.getLogger("sapr")
    if not settings.CHECKPOINT_KEY:
        log.warning("checkpoint_without_key")
        return
    try:
        signed = checkpoints.checkpoint_make(at=clock.now())
    except DomainError as refusal:
        log.error("checkpoint_refused", extra={"fields": {"code": refusal.code}})  # noqa: TRY400  a refusal, no fault
        return
    for elsewhere in (checkpoints.publish, lambda: checkpoints.mail(signed)):
        try:
            elsewhere()
        except OSError:
            log.exception("checkpoint_not_written_elsewhere")

"""Celery as a wake-up only: every task is a name without content, and a sweep finds the work anyway."""

import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES
from psycopg.conninfo import conninfo_to_dict, make_conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapr.settings")
# A task holds no more than its name, so one may run for as long as a full catch-up after downtime.
TASK_TIME_LIMIT = 300


class ArgumentsUntold(AMQP):
    """Every message without the readable copy of its arguments that Celery puts into the headers, beat's too."""

    def as_task_v2(self, *args: Any, **options: Any):
        return super().as_task_v2(*args, **{**options, "argsrepr": "", "kwargsrepr": ""})


class Wake(Celery):
    amqp_cls = ArgumentsUntold


app = Wake("sapr")
TRANSPORT_ALIASES["sapr-pg"] = "sapr.broker:Transport"


def conninfo(url: str) -> str:
    """The URL as key=value pairs: the transport's own URL parser does not know socket folders."""
    return make_conninfo(**conninfo_to_dict(url)) if url else ""


def broker_config() -> dict[str, object]:
    """The named broker, or the case database's own server through the PostgreSQL transport."""
    if settings.CELERY_BROKER_URL:
        options = {"visibility_timeout": TASK_TIME_LIMIT * 2, "unacked_restore_interval": 2}
        options |= {"unacked_restore_throttle": 1} if settings.CELERY_BROKER_URL.startswith("redis") else {}
        return {"broker_url": settings.CELERY_BROKER_URL, "broker_transport_options": options}
    return {
        "broker_url": "sapr-pg://localhost",  # the address itself is in conn_string
        "broker_transport_options": {
            "conn_string": conninfo(settings.ROLE_URLS[settings.ROLE]),
            "init_extension": False,
            "pool_size": 2,
            "wait_time_seconds": 0,
            "polling_interval": 0.25,
            "visibility_timeout": TASK_TIME_LIMIT * 2,
        },
    }


app.conf.update(
    **broker_config(),
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=5,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    result_backend=None,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    result_extended=False,
    worker_send_task_events=False,
    task_send_sent_event=False,
    task_serializer="json",
    accept_content=["json"],
    task_time_limit=TASK_TIME_LIMIT,
    timezone="UTC",
    beat_schedule={
        # Without an expiry: that would be read off the worker's own clock, which may be days off.
        "sweep": {"task": "notifications.sweep", "schedule": 5.0},
        "checkpoint": {"task": "reports.checkpoint", "schedule": 3600.0, "options": {"expires": 3600}},
    },
)
app.autodiscover_tasks(["notifications", "reports.ledger", "sapr"])


def wake(task: str) -> None:
    """Ask the worker to look now. Losing this call costs a few seconds, never a duty."""
    from kombu.exceptions import OperationalError

    try:
        app.send_task(task, argsrepr="", kwargsrepr="", retry=False)
    except (OperationalError, OSError):
        import logging

        logging.getLogger("sapr").warning("wake_failed")

"""Kombu's PostgreSQL transport with the queues made by a migration: web and worker roles own no DDL right."""

from kombu.transport import pgmq

QUEUES = ("celery",)


class Channel(pgmq.Channel):
    def _new_queue(self, queue, **kwargs):
        if not self._has_queue(queue):
            raise ValueError(f"queue {queue} is not in sapr.broker.QUEUES: add it there and in a migration")


class Transport(pgmq.Transport):
    Channel = Channel

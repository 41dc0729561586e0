"""Kombu's PostgreSQL transport with the queues made by a migration: web and worker roles own no DDL right."""

import psycopg
from kombu.transport import pgmq

QUEUES = ("celery",)


class Channel(pgmq.Channel):
    def _new_queue(self, queue, **kwargs):
        if not self._has_queue(queue):
            raise ValueError(f"queue {queue} is not in sapr.broker.QUEUES: add it there and in a migration")


class Transport(pgmq.Transport):
    """Whatever the database refuses of a queue, a missing right too, is a broker that is away: it is tried again.

    Without this a worker whose rights on the queue are taken away ends and has to be started by somebody.
    """

    Channel = Channel
    connection_errors = (*pgmq.Transport.connection_errors, psycopg.Error)

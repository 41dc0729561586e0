"""Several people at the same moment: real threads on committed data."""

from threading import Barrier, Thread

from django.db import connections

from sapr.errors import DomainError


def together(*calls) -> list[str]:
    """Each call's outcome: done, or a refusal's code; they start at the same moment."""
    start, outcomes = Barrier(len(calls)), []

    def run(call) -> None:
        try:
            start.wait()
            call()
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)

"""What gunicorn is told besides its command line (`--config python:sapr.operating.serving`)."""

import os


def child_exit(server, worker) -> None:
    """A web process that ended is no longer counted among those that serve; what it counted stays counted."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)

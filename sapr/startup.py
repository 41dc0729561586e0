"""What must hold before a process serves anything."""

import gc
import resource

from django.core.checks import run_checks

# So many more things made than given back before Python looks for circles among the young ones, and how often it
# looks among the older. Its own 700 is a small program's: one request makes several thousand, and keeps none.
YOUNG, MIDDLE, OLD = 20_000, 10, 4


def verify() -> None:
    """Refuse to start when a system check finds an error, those about database roles included.

    Raises SystemExit with one line per finding. From here on the process leaves no image of its memory behind when
    it dies: keys and opened values are in it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    errors = [m for m in run_checks(databases=["default"]) if m.is_serious()]
    if errors:
        raise SystemExit("\n".join(f"{error.id}: {error.msg} {error.hint or ''}" for error in errors))


def settle() -> None:
    """What is loaded now stays: it is not gone through again each time Python looks for circles of garbage.

    For a process that serves and is started; a test goes on loading.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

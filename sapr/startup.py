"""What must hold before a process serves anything."""

import resource

from django.core.checks import run_checks


def verify() -> None:
    """Refuse to start when a system check finds an error, those about database roles included.

    Raises SystemExit with one line per finding. From here on the process leaves no image of its memory behind when
    it dies: keys and opened values are in it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    errors = [m for m in run_checks(databases=["default"]) if m.is_serious()]
    if errors:
        raise SystemExit("\n".join(f"{error.id}: {error.msg} {error.hint or ''}" for error in errors))

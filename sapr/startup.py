"""What must hold before a process serves anything."""

from django.core.checks import run_checks


def verify() -> None:
    """Refuse to start when a system check finds an error, those about database roles included.

    Raises SystemExit with one line per finding.
    """
    errors = [m for m in run_checks(databases=["default"]) if m.is_serious()]
    if errors:
        raise SystemExit("\n".join(f"{error.id}: {error.msg} {error.hint or ''}" for error in errors))

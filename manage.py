#!/usr/bin/env python3
"""Django's command door. Picks the database role that a command needs; see docs/house.md."""

import os
import sys

# Which role a command signs in with. Everything not named here is a person's door: the web role.
ROLE_OF_COMMAND = {
    "roles": "owner",
    "prepare": "owner",
    "migrate": "owner",
    "makemigrations": "owner",
    "sqlmigrate": "owner",
    "showmigrations": "owner",
    "ledger": "owner",
    "who_knew": "owner",
    "erase": "owner",
    "backup": "owner",
    "restore": "owner",
    "open_export": "owner",
    "open_import": "owner",
    "release": "owner",
    "instant": "owner",
    "drill": "owner",
    "wal": "owner",
    "keys": "owner",
    "duties": "worker",
    "watchdog": "worker",
    "metrics": "worker",
}


def main(argv: list[str]) -> None:
    """Run the command; an error that nobody foresaw is said by its type and place.

    A traceback quotes values, and ends up in the mails of cron and the journals of services: only `--traceback`
    asks for one.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapr.settings")
    command = argv[1] if len(argv) > 1 else ""
    os.environ.setdefault("SAPR_ROLE", ROLE_OF_COMMAND.get(command, "web"))
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(argv)
    except Exception as error:
        if "--traceback" in argv:
            raise
        from sapr.logs import failure

        raise SystemExit(f"{command} failed: {failure(error)}") from None


if __name__ == "__main__":
    main(sys.argv)

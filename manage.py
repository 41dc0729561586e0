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
    "duties": "worker",
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapr.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("SAPR_ROLE", ROLE_OF_COMMAND.get(command, "web"))
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        # Tracebacks quote what was told in confidence, and end up in mails of cron and journals of services.
        if "--traceback" in sys.argv:
            raise
        from sapr.logs import failure

        raise SystemExit(f"{command} failed: {failure(error)}") from None

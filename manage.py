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
    "erase": "owner",
    "backup": "owner",
    "restore": "owner",
    "keys": "owner",
    "duties": "worker",
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapr.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("SAPR_ROLE", ROLE_OF_COMMAND.get(command, "web"))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)

#!/usr/bin/env python
"""Django's own commands, for developers; ``penstock`` is the command for everybody else."""

import os
import sys

from django.core.management import execute_from_command_line

from penstock.config import postgres

#: Commands that change tables run as the owner.
OWNER_COMMANDS = frozenset({"migrate", "sqlflush"})
WITHOUT_DATABASE = frozenset(
    {"help", "makemessages", "compilemessages", "collectstatic", "check", "findstatic"}
)


def main() -> None:
    """Run one command, with the embedded database where it needs one."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "penstock.config.settings")
    if command in OWNER_COMMANDS:
        os.environ["PENSTOCK_AS_OWNER"] = "1"
    if command not in WITHOUT_DATABASE:
        postgres.ensure_running()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

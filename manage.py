#!/usr/bin/env python
"""Run a management command; commands own the database, web processes do not (see portal.wsgi)."""

import os
import sys

import django
from django.core.management import execute_from_command_line

from portal import memory


def main(argv: list[str]) -> int:
    """Run the command that ``argv`` names; two of them need no settings and come before Django."""
    if argv[1:2] == ["demo"]:
        # It starts the servers whose addresses the settings ask for.
        from portal.embedded import demo  # noqa: PLC0415

        return demo.main(argv[2:])
    if argv[1:2] == ["emulator"]:
        # It stands in for Microsoft, on machines without our database too.
        from portal.management.commands import emulator  # noqa: PLC0415

        emulator.Command().run_from_argv(argv)
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    with memory.loading():
        # Makes the portal's queue the one that tasks of every app are sent to.
        import portal.celery  # noqa: F401, PLC0415

        django.setup()
    execute_from_command_line(argv)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))

"""``manage.py emulator``: Partner Center, emulated, for demos, tests and benchmarks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.emulator import cli


class Command(BaseCommand):
    help = "Runs an emulated Partner Center on 127.0.0.1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        cli.add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        cli.run(options, self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

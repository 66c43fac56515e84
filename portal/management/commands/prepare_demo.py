"""``manage.py prepare_demo URL``: the step of ``make demo`` that needs Django; it calls it itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.embedded import prepare
from portal.embedded.errors import EmbeddedError


class Command(BaseCommand):
    help = "Prepares the demo's database against a running emulator; make demo calls it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("emulator_url")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            prepare.prepare(options["emulator_url"])
        except EmbeddedError as error:
            raise CommandError(str(error)) from error

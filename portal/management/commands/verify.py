"""``manage.py verify NAME [--json]``: whether the mirror says what Partner Center says."""

import json
import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.connections.models import Connection
from portal.mirror.verifying import Difference, Verdict, verify
from portal.partnercenter.errors import PartnerError

SHOWN = 50


class Command(BaseCommand):
    help = "Compare the mirror of a connection with Partner Center, row by row."
    # The checks would import every page; `make check` and the servers' start run them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the connection")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, name: str, **options: Any) -> None:
        """Exit 1 on any difference; a source that cannot be read is an error of its own."""
        try:
            connection = Connection.objects.get(name=name)
        except Connection.DoesNotExist:
            raise CommandError(f"There is no connection named {name}.") from None
        logging.getLogger("portal.partnercenter").setLevel(logging.WARNING)
        try:
            verdicts = list(verify(connection))
        except PartnerError as error:
            raise CommandError(f"Partner Center could not be read: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(verdicts), default=str, indent=1))
        else:
            self._print(verdicts)
        if any(verdict.differences for verdict in verdicts):
            sys.exit(1)

    def _print(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            found = verdict.differences or []
            self.stdout.write(
                f"{verdict.family}: {verdict.compared} rows and {verdict.details} details compared,"
                f" {len(found)} differences"
            )
            for difference in found[:SHOWN]:
                self.stdout.write(f"  {_line(difference)}")
            if len(found) > SHOWN:
                self.stdout.write(f"  and {len(found) - SHOWN} more")


def _line(one: Difference) -> str:
    if one.kind == "column":
        return f"{one.key} {one.column}: mirror {one.mirror!r}, source {one.source!r}"
    told = "not in the mirror" if one.kind == "missing" else "only in the mirror"
    return f"{one.key}: {told}"


def _as_json(verdicts: list[Verdict]) -> dict[str, Any]:
    return {
        verdict.family: {
            "compared": verdict.compared,
            "details": verdict.details,
            "differences": [vars(one) for one in verdict.differences or []],
        }
        for verdict in verdicts
    }

"""One row per scenario of Microsoft's list: what calls it, whether it is emulated, where staff find it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from portal.operations.reach import REACH
from portal.partnercenter.operations import LISTED, REGISTRY

# The emulator tells of itself in a file, because nothing but its own command may import it.
COVERAGE = Path(settings.BASE_DIR) / "portal" / "emulator" / "coverage.json"
COLUMNS = ("slug", "operation", "method", "path", "emulated", "reach")


class Command(BaseCommand):
    help = "List the scenarios of the Partner Center REST API and how far each is built."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = list(scenarios())
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        table = Table()
        for name in COLUMNS:
            table.add_column(name, overflow="fold")
        for row in rows:
            emulated = "yes" if row["emulated"] else "no"
            values = row | {"emulated": emulated, "reach": row["reach"] or "-"}
            table.add_row(*(str(values[name]) for name in COLUMNS))
        console = Console(width=180)
        with console.capture() as printed:
            console.print(table)
        self.stdout.write(printed.get())


def scenarios() -> Iterator[dict[str, Any]]:
    """The rows, in the order of the registry."""
    emulated: dict[str, bool] = json.loads(COVERAGE.read_text(encoding="utf-8"))
    for name, operation in REGISTRY.items():
        if name not in LISTED:
            continue
        reach = REACH.get(name)
        yield {
            "slug": operation.scenario,
            "operation": name,
            "method": str(operation.method),
            "path": operation.path,
            "emulated": emulated.get(name, False),
            "reach": reach.where if reach else None,
        }

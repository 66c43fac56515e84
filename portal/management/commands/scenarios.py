"""One row per scenario of Microsoft's list: what calls it, whether it is emulated, where staff and scripts find it.

``tested`` says that a test of the portal names the operation, beside the tests that all operations share (the
documented examples). It is held in a file, because an installation need not have the tests.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import get_resolver
from rich.console import Console
from rich.table import Table

from portal.operations.reach import API, REACH
from portal.partnercenter.operations import LISTED, REGISTRY

# The emulator tells of itself in a file, because nothing but its own command may import it.
COVERAGE = Path(settings.BASE_DIR) / "portal" / "emulator" / "coverage.json"
TESTED = Path(settings.BASE_DIR) / "portal" / "operations" / "tested.json"
COLUMNS = ("slug", "operation", "method", "path", "emulated", "reach", "api", "tested")
FLAGS = ("emulated", "tested")


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
            told = {name: "yes" if row[name] else "no" for name in FLAGS}
            values = {name: value or "-" for name, value in row.items()} | told
            table.add_row(*(str(values[name]) for name in COLUMNS))
        console = Console(width=220)
        with console.capture() as printed:
            console.print(table)
        self.stdout.write(printed.get())


def scenarios() -> Iterator[dict[str, Any]]:
    """The rows, in the order of the registry."""
    emulated: dict[str, bool] = json.loads(COVERAGE.read_text(encoding="utf-8"))
    tested: set[str] = set(json.loads(TESTED.read_text(encoding="utf-8")))
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
            "api": _address(API[name]) if name in API else None,
            "tested": name in tested,
        }


def _address(url_name: str) -> str:
    """The address of a route, with its placeholders as people read them. KeyError for no such route."""
    (possible, *_rest) = get_resolver().reverse_dict.getlist(url_name)
    shape, names = possible[0][0]
    return f"/{shape % {name: f'<{name}>' for name in names}}"

"""``manage.py sync NAME``: a run in this process, with progress, and a summary for scripts."""

import json
import logging
import sys
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from portal.connections.models import Connection
from portal.mirror import runs
from portal.mirror.models import Kind, RunState, SyncPass, SyncRun

SLICE = 50.0
POLL = 0.5
COUNTERS = ("fetched", "inserted", "updated", "unchanged", "gone", "requests")


class Command(BaseCommand):
    help = "Read a connection's data into the mirror, here and now."
    # The checks would import every page; `make check` and the servers' start run them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the connection")
        parser.add_argument("--family", action="append", metavar="F", help="only this family")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--full", action="store_true", help="read everything (the default)")
        kind.add_argument("--changes", action="store_true", help="read what changed since")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *_args: Any, name: str, **options: Any) -> None:
        """Exit 1 unless every family was read; nothing that was stored is lost by that."""
        # One line for each of thousands of calls would bury the bars; failures still show.
        logging.getLogger("portal.partnercenter").setLevel(logging.WARNING)
        run = _begin(name, Kind.CHANGES if options["changes"] else Kind.FULL, options["family"])
        with _Bars(quiet=options["json"]) as bars:
            _carry_on(run, bars)
        run.refresh_from_db()
        summary = _summary(run)
        if options["json"]:
            self.stdout.write(json.dumps(summary, indent=1))
        else:
            self._print(summary)
        if run.state != RunState.SUCCEEDED:
            self._explain(run)
            sys.exit(1)

    def _print(self, summary: dict[str, dict[str, Any]]) -> None:
        for name, row in summary.items():
            numbers = ", ".join(f"{row[key]} {key}" for key in COUNTERS)
            self.stdout.write(f"{name}: {numbers}, {row['seconds']} s")

    def _explain(self, run: SyncRun) -> None:
        if run.state == RunState.PAUSED:
            self.stderr.write(f"Paused: {_told(run.error)}")
        for one in run.passes.exclude(error=None):
            self.stderr.write(f"{one.family}: {_told(one.error)}")
        for one in run.passes.filter(state="blocked"):
            self.stderr.write(
                f"{one.family}: the listing lacks {one.would_remove} rows. Nothing was removed;"
                " confirm or refuse it on the sync page."
            )


def _begin(name: str, kind: str, wanted: list[str] | None) -> SyncRun:
    try:
        connection = Connection.objects.get(name=name)
        if connection.is_retired:
            raise CommandError(f"{connection} is retired: nothing is read any more.")
        return runs.start(connection, kind, wanted)
    except Connection.DoesNotExist:
        raise CommandError(f"There is no connection named {name}.") from None
    except KeyError as error:
        raise CommandError(f"There is no family {error.args[0]}.") from None
    except runs.NothingMirrored:
        raise CommandError("Nothing is mirrored yet: run a full sync first.") from None


def _carry_on(run: SyncRun, bars: "_Bars") -> None:
    """Work until the run has ended; wait where somebody else works on it or it was postponed."""
    pause = threading.Event()
    while True:
        ended = runs.work(run, time.monotonic() + SLICE, bars.show)
        run.refresh_from_db()
        if run.state != RunState.RUNNING:
            return
        if ended is not runs.Slice.MORE:
            pause.wait(POLL)


def _summary(run: SyncRun) -> dict[str, dict[str, Any]]:
    return {
        one.family: {key: getattr(one, key) for key in COUNTERS}
        | {"seconds": round(one.seconds, 3), "state": one.state}
        for one in run.passes.all()
    }


def _told(error: dict[str, Any] | None) -> str:
    error = error or {}
    parts = [error.get("kind") or "", error.get("code") or "", error.get("message") or ""]
    text = " ".join(str(part) for part in parts if part)
    if error.get("failed"):
        text += f" ({error['failed']} lists could not be read)"
    correlation = error.get("correlation_id")
    return f"{text} (correlation {correlation})" if correlation else text


class _Bars:
    """One bar for each family, on the error stream; none where the output is for a script."""

    def __init__(self, *, quiet: bool) -> None:
        self.progress = Progress(
            TextColumn("{task.description:<16}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rows]} rows"),
            console=Console(stderr=True),
            disable=quiet,
        )
        self.bars: dict[str, TaskID] = {}

    def __enter__(self) -> "_Bars":
        self.progress.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.progress.stop()

    def show(self, one: SyncPass) -> None:
        """Move the bar of this family."""
        if one.family not in self.bars:
            self.bars[one.family] = self.progress.add_task(one.family, total=None, rows=0)
        total = max(one.total or 0, one.done) or None
        self.progress.update(
            self.bars[one.family], completed=one.done, total=total, rows=one.fetched
        )

"""Invoices in a run for changes: what a record, a webhook or a person marked is read, nothing else."""

import time
from collections.abc import Callable

import pytest

from billing.models import Invoice, InvoiceLine
from portal.connections.models import Connection
from portal.mirror import dirty, freshness, refresh, runs, schedule, tasks
from portal.mirror.models import DirtyMark, Kind, PassState, RunState, SyncPass, SyncRun
from portal.partnercenter.errors import Forbidden
from tests.billing.conftest import Sync
from tests.billing.world import Books, wire_line

Changes = Callable[[], SyncRun]


@pytest.fixture
def changes(connection: Connection, books: Books, sync: Sync) -> Changes:
    """Read an estate with two invoices whole; then, when called, the changes."""
    books.invoice("G1", 25)
    books.invoice("G2", 15)
    sync("customers", "audit_records", "invoices", "invoice_lines")
    books.calls.clear()

    def go() -> SyncRun:
        run = runs.start(connection, Kind.CHANGES)
        while runs.work(run, time.monotonic() + 30) is runs.Slice.MORE:
            pass
        run.refresh_from_db()
        return run

    return go


def test_without_a_mark_nothing_of_invoices_is_asked(books: Books, changes: Changes) -> None:
    assert not DirtyMark.objects.filter(family="invoice_lines").exists()
    assert changes().state == RunState.SUCCEEDED
    assert [name for name, _ in books.calls] == ["LIST_AUDIT_RECORDS"]


def test_a_ready_invoice_brings_itself_and_its_lines(books: Books, changes: Changes) -> None:
    books.invoice("G3", 12)
    books.record(operationType="ready_invoice", resourceType="invoice")
    before = freshness.complete_at("invoice_lines")
    assert changes().state == RunState.SUCCEEDED
    assert Invoice.objects.count() == 3
    assert InvoiceLine.objects.filter(invoice__pc_id="G3").count() == 12
    assert books.asked("LIST_INVOICES") == 1
    asked = [path["invoice_id"] for name, path in books.calls if name == "LIST_INVOICE_LINES"]
    assert asked == ["G3", "G3"], "two pages of the new one, no other"
    assert freshness.complete_at("invoice_lines") == before, "the family was not read whole"
    assert not DirtyMark.objects.exists()


def test_refresh_now_of_an_invoice_reads_its_lines(
    books: Books, changes: Changes, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr(runs, "queue", queued.append)
    books.lines["G2"][3] = wire_line(3, customerName="Renamed")
    mark = refresh.request(connection, "invoice_lines", "", parent="G2")
    tasks.refresh_one(mark.pk)
    run = SyncRun.objects.get(kind=Kind.CHANGES)
    assert run.state == RunState.RUNNING
    assert queued == [run.pk]
    before = freshness.complete_at("invoice_lines", parent="G2")
    changes()
    assert SyncRun.objects.filter(kind=Kind.CHANGES).count() == 1, "the run that was begun"
    assert InvoiceLine.objects.get(invoice__pc_id="G2", position=3).customer_name == "Renamed"
    assert books.asked("LIST_INVOICE_LINES") == 2
    assert freshness.complete_at("invoice_lines", parent="G2") > before
    assert not DirtyMark.objects.exists()


def test_a_mark_of_lines_is_no_single_read(changes: Changes, connection: Connection) -> None:
    dirty.mark(connection, "invoice_lines", [("G1", "")], reason="invoice")
    assert schedule.drip(connection) == 0
    assert DirtyMark.objects.count() == 1


def test_a_list_without_an_invoice_removes_nothing_in_a_small_run(
    books: Books, changes: Changes, connection: Connection
) -> None:
    books.invoices.pop()
    dirty.mark(connection, "invoices", [("", "")], reason="viewed")
    changes()
    assert Invoice.objects.filter(gone_at=None).count() == 2
    assert DirtyMark.objects.get().attempts == 1, "a full run puts the question"


def test_shorter_lines_ask_a_person_and_leave_other_questions_alone(
    books: Books, changes: Changes, connection: Connection
) -> None:
    del books.lines["G1"][5:]
    dirty.mark(connection, "invoice_lines", [("G1", "")], reason="viewed")
    assert changes().state == RunState.BLOCKED
    first = SyncPass.objects.get(run__kind=Kind.CHANGES, family="invoice_lines")
    assert (first.state, first.would_remove) == (PassState.BLOCKED, 20)
    dirty.mark(connection, "invoice_lines", [("G2", "")], reason="viewed")
    assert changes().state == RunState.SUCCEEDED
    first.refresh_from_db()
    assert first.state == PassState.BLOCKED
    assert InvoiceLine.objects.filter(gone_at=None).count() == 40


def test_lines_that_are_refused_are_asked_for_later(
    books: Books, changes: Changes, connection: Connection
) -> None:
    def refuse(_ask: object) -> None:
        raise Forbidden("not yours", status=403)

    books.faults["LIST_INVOICE_LINES"] = refuse
    dirty.mark(connection, "invoice_lines", [("G1", "")], reason="viewed")
    assert changes().state == RunState.FAILED
    mark = DirtyMark.objects.get()
    assert (mark.attempts, mark.error["status"]) == (1, 403)
    books.calls.clear()
    assert changes().state == RunState.SUCCEEDED
    assert books.asked("LIST_INVOICE_LINES") == 0, "not before its time"

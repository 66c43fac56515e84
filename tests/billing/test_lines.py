"""Lines: read once each, exact to the last digit, written only if they differ, never lost unasked."""

import time
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import zstandard
from django.db import connection as database
from django.db.models import Sum

from billing import mapping
from billing.models import Invoice, InvoiceLine, InvoiceLinePage, InvoiceTotal
from portal.connections.models import Connection
from portal.mirror import families, runs
from portal.mirror.bulk import preparing, reading
from portal.mirror.bulk.preparing import line as copy_line
from portal.mirror.bulk.tables import as_raw
from portal.mirror.models import RawPage, RunState, SyncPass, SyncRun
from portal.mirror.verifying import verify
from portal.mirror.work import Work
from portal.partnercenter.errors import InvalidInput, NoAnswer
from portal.partnercenter.wire import Ask
from tests.billing.conftest import Sync
from tests.billing.world import Books, wire_line
from tests.factories import guid, make_customer, make_reseller, make_subscription


def numbers(run: SyncRun) -> tuple[int, int, int, int]:
    one = SyncPass.objects.get(run=run, family="invoice_lines")
    return one.inserted, one.updated, one.unchanged, one.gone


def checked_totals() -> InvoiceTotal:
    """The totals that the sync keeps, after comparing them with a sum over the rows."""
    kept = InvoiceTotal.objects.get()
    live = InvoiceLine.objects.filter(gone_at=None)
    summed = live.aggregate(n=Sum("subtotal"), t=Sum("tax"), g=Sum("total"), q=Sum("quantity"))
    assert (kept.subtotal, kept.tax, kept.total) == (summed["n"], summed["t"], summed["g"])
    assert kept.lines == live.count()
    assert (kept.seats, kept.recurring) == (summed["q"], summed["n"])
    return kept


def row(**fields: Any) -> dict[str, Any]:
    raw = as_raw(wire_line(7) | fields)
    return dict(zip(mapping.LINE_COLUMNS, mapping.line(raw), strict=True))


def test_every_line_is_read_once_and_summed(sync: Sync, books: Books) -> None:
    books.invoice("G1", 35)
    run = sync()
    assert run.state == RunState.SUCCEEDED
    assert numbers(run) == (35, 0, 0, 0)
    found = InvoiceLine.objects.order_by("position")
    assert [line.position for line in found] == list(range(35))
    assert [line.order_pc_id for line in found] == [f"order{n}" for n in range(35)]
    assert checked_totals().total == sum(n * Decimal("0.37") + Decimal("0.01") for n in range(35))
    assert RawPage.objects.filter(family="invoice_lines").count() == 4


def test_a_run_that_stops_between_the_last_page_and_the_end_doubles_nothing(
    sync: Sync, books: Books, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice("G1", 30)
    sync("invoices")
    run = runs.start(connection, "full", ["invoice_lines"])
    monkeypatch.setattr(reading, "BATCH", 1)
    with monkeypatch.context() as patched:
        patched.setattr(
            Work, "more", lambda _: not InvoiceLinePage.objects.filter(start=20).exists()
        )
        assert runs.work(run, time.monotonic() + 30) is runs.Slice.MORE
    place = SyncPass.objects.get(run=run).cursor["places"]["G1"]
    assert place == {"position": 30, "page": None}
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.FINISHED
    assert numbers(run) == (30, 0, 0, 0)
    assert checked_totals().lines == 30
    assert books.asked("LIST_INVOICE_LINES") == 3


@pytest.mark.parametrize("count", [0, 1, preparing.AT_ONCE, 2 * preparing.AT_ONCE + 1])
def test_a_kept_page_is_the_array_of_its_rows_whole(count: int) -> None:
    rows = [msgspec.Raw(f'{{"n":{number}}}'.encode()) for number in range(count)]
    packed = preparing._packed(rows)
    assert msgspec.json.decode(zstandard.decompress(packed)) == [{"n": n} for n in range(count)]


def test_invoices_of_other_providers_are_not_asked_for_lines(sync: Sync, books: Books) -> None:
    details = [{"invoiceLineItemType": "billing_line_items", "billingProvider": "office"}]
    books.invoice("D1", 0, invoiceDetails=details)
    run = sync()
    assert run.state == RunState.SUCCEEDED
    assert books.asked("LIST_INVOICE_LINES") == 0
    assert Invoice.objects.get().has_lines is False


@pytest.mark.parametrize(
    "text",
    ["0.1", "1447", "0.0159369774", "-12.30", "123456789012345678.123456789012345678", "1E+2"],
)
def test_amounts_keep_every_digit(sync: Sync, books: Books, text: str) -> None:
    books.invoice("G1", 1)
    books.lines["G1"] = [wire_line(1, unitPrice=Decimal(text), subtotal=Decimal(text))]
    sync()
    stored = InvoiceLine.objects.get()
    assert stored.unit_price == stored.subtotal == Decimal(text)
    assert checked_totals().subtotal == Decimal(text)


def test_a_line_of_another_shape_is_read_as_far_as_it_can_be(sync: Sync, books: Books) -> None:
    assert row(quantity="12")["quantity"] == 12
    assert row(quantity="twelve")["quantity"] is None
    assert row(customerName=None)["customer_name"] == ""
    assert row(resellerMpnId="4410045")["reseller_mpn_id"] == "4410045"
    assert row(resellerMpnId=-1)["reseller_mpn_id"] == ""
    assert row(customerId=f"org:{guid('C1').upper()}")["customer_pc_id"] == guid("C1")
    assert row(subscriptionStartDate="no date")["charge_start"] is None
    assert row(productName={"en": "x"})["product_name"] == ""
    books.invoice("G1", 0)
    shouted = {name[0].upper() + name[1:]: value for name, value in wire_line(3).items()}
    books.lines["G1"] = [shouted, {"customerId": 5, "subtotal": [1]}, {}]
    assert sync().state == RunState.SUCCEEDED
    first, second, third = InvoiceLine.objects.order_by("position")
    assert (first.order_pc_id, first.subtotal) == ("order3", Decimal("1.11"))
    assert (second.customer_pc_id, second.subtotal) == ("5", None)
    assert third.customer_pc_id == ""


def test_text_that_copy_would_take_for_its_own_signs() -> None:
    odd = 'tab\there, back\\slash, \\N, line\nbreak, "quotes", \r and nothing'
    assert copy_line([odd, None, ""]) == (
        'tab\\there, back\\\\slash, \\\\N, line\\nbreak, "quotes", \\r and nothing\t\\N\t\n'
    )
    assert copy_line(["\\N", 5, "plain"]) == "\\\\N\t5\tplain\n"
    assert copy_line(["None", None, "plain"]) == "None\t\\N\tplain\n", "a name, and a gap"


def test_odd_text_arrives_as_it_was(sync: Sync, books: Books) -> None:
    books.invoice("G1", 1)
    books.lines["G1"] = [wire_line(1, customerName="a\tb\\c\nd\x00e", productName="\\N")]
    sync()
    stored = InvoiceLine.objects.get()
    assert (stored.customer_name, stored.product_name) == ("a\tb\\c\nd\ufffde", "\\N")


def writes() -> list[tuple[str, int, int, int]]:
    tables = [
        "billing_invoice",
        "billing_invoiceline",
        "billing_invoicelinepage",
        "billing_invoicetotal",
        "mirror_rawpage",
    ]
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_all_tables"
            " WHERE relname = ANY(%s) ORDER BY 1",
            [tables],
        )
        return list(cursor.fetchall())


def test_an_unchanged_second_run_writes_no_row(sync: Sync, books: Books) -> None:
    books.invoice("G1", 35)
    books.invoice("G2", 5)
    sync()
    before = writes()
    assert {name: made for name, made, *_ in before}["billing_invoiceline"] >= 40
    run = sync()
    assert numbers(run) == (0, 0, 40, 0)
    assert writes() == before


def test_only_lines_that_changed_are_written(sync: Sync, books: Books) -> None:
    books.invoice("G1", 35)
    sync()
    before = dict(InvoiceLine.objects.values_list("position", "pk"))
    books.lines["G1"][12] = wire_line(12, quantity=99, subtotal=Decimal("500.01"))
    books.lines["G1"].append(wire_line(35))
    run = sync()
    assert numbers(run) == (1, 1, 34, 0)
    changed = InvoiceLine.objects.get(position=12)
    assert (changed.pk, changed.subtotal) == (before[12], Decimal("500.01"))
    checked_totals()
    # Pages with something new are kept beside the four of the first run.
    assert RawPage.objects.filter(family="invoice_lines").count() == 6
    assert InvoiceLinePage.objects.count() == 4


def test_pages_of_another_size_are_compared_row_by_row(sync: Sync, books: Books) -> None:
    books.invoice("G1", 35)
    sync()
    books.page_size = 8
    assert numbers(sync()) == (0, 0, 35, 0)
    assert [(p.start, p.rows) for p in InvoiceLinePage.objects.order_by("start")] == [
        (0, 8),
        (8, 8),
        (16, 8),
        (24, 8),
        (32, 3),
    ]
    assert numbers(sync()) == (0, 0, 35, 0)
    checked_totals()


@pytest.mark.parametrize("left", [0, 12, 34])
def test_a_shorter_list_removes_nothing_without_a_person(
    sync: Sync, books: Books, left: int
) -> None:
    books.invoice("G1", 35)
    sync()
    whole = books.lines["G1"]
    books.lines["G1"] = whole[:left]
    run = sync()
    one = SyncPass.objects.get(run=run, family="invoice_lines")
    assert (run.state, one.would_remove) == (RunState.BLOCKED, 35 - left)
    assert InvoiceLine.objects.filter(gone_at=None).count() == 35
    assert checked_totals().lines == 35
    # The person agrees: the rows stay, marked as gone, and the totals follow.
    assert runs.confirm_sweep(one, actor_id=1)
    while runs.work(run, 1e12) is runs.Slice.MORE:
        pass
    assert InvoiceLine.objects.count() == 35
    assert InvoiceLine.objects.filter(gone_at=None).count() == left
    one.refresh_from_db()
    assert one.gone == 35 - left
    if left:
        checked_totals()
    # And when the list is whole again, so is the mirror.
    books.lines["G1"] = whole
    assert sync().state == RunState.SUCCEEDED
    assert InvoiceLine.objects.filter(gone_at=None).count() == 35
    checked_totals()


def test_not_even_one_invoice_goes_without_a_person(sync: Sync, books: Books) -> None:
    for number in range(20):
        books.invoice(f"G{number}", 1)
    sync()
    books.invoices.pop()
    run = sync("invoices")
    one = SyncPass.objects.get(run=run)
    assert (run.state, one.would_remove) == (RunState.BLOCKED, 1)
    assert Invoice.objects.filter(gone_at=None).count() == 20


def test_a_refused_removal_keeps_the_lines(sync: Sync, books: Books) -> None:
    books.invoice("G1", 35)
    sync()
    books.lines["G1"] = books.lines["G1"][:3]
    one = SyncPass.objects.get(run=sync(), family="invoice_lines")
    assert runs.reject(one, actor_id=1)
    assert InvoiceLine.objects.filter(gone_at=None).count() == 35


def test_an_expired_continuation_starts_that_list_again(sync: Sync, books: Books) -> None:
    books.invoice("G1", 35)
    refused: list[str] = []

    def once(ask: Ask) -> None:
        if ask.token == "20" and not refused:
            refused.append(ask.token)
            raise InvalidInput("the continuation token has expired", status=400)

    books.faults["LIST_INVOICE_LINES"] = once
    run = sync()
    assert run.state == RunState.SUCCEEDED
    assert refused == ["20"]
    assert InvoiceLine.objects.count() == 35
    checked_totals()


def test_a_lost_answer_goes_on_at_the_saved_page(
    connection: Connection, sync: Sync, books: Books
) -> None:
    books.invoice("G1", 35)
    broken = [True]

    def lost(ask: Ask) -> None:
        if ask.token == "20" and broken:
            raise NoAnswer("connection reset")

    books.faults["LIST_INVOICE_LINES"] = lost
    run = sync()
    assert (run.state, run.not_before is not None) == (RunState.RUNNING, True)
    assert InvoiceLine.objects.count() == 20
    broken.clear()
    books.calls.clear()
    SyncRun.objects.update(not_before=None)
    assert sync().state == RunState.SUCCEEDED
    assert books.asked("LIST_INVOICE_LINES") == 2, "the first two pages are not asked for again"
    assert InvoiceLine.objects.count() == 35
    checked_totals()


def test_an_invoice_that_cannot_be_read_spoils_no_other(sync: Sync, books: Books) -> None:
    books.invoice("G1", 5)
    books.invoice("G2", 5)

    def gone(ask: Ask) -> None:
        if ask.path["invoice_id"] == "G1":
            raise InvalidInput("frozen since 2025", status=400, code="5000")

    books.faults["LIST_INVOICE_LINES"] = gone
    run = sync()
    assert run.state == RunState.FAILED
    assert SyncPass.objects.get(run=run, family="invoice_lines").error["parent"] == "G1"
    assert InvoiceLine.objects.count() == 5


def test_lines_lead_to_customer_subscription_and_reseller(
    connection: Connection, sync: Sync, books: Books
) -> None:
    reseller = make_reseller(connection, "Fabrikam", "4410045")
    customer = make_customer(connection, "C1", reseller)
    subscription = make_subscription(customer, "S1.0")
    books.invoice("G1", 3)
    books.lines["G1"][1]["resellerMpnId"] = 4410045
    sync()
    first, second, _third = InvoiceLine.objects.order_by("position")
    assert (second.customer_id, second.subscription_id) == (customer.pk, subscription.pk)
    assert second.reseller_id == reseller.pk
    assert (first.customer_id, first.subscription_id, first.reseller_id) == (None, None, None)
    # A customer that comes later is found at the end of the next reading.
    late = make_customer(connection, "C0")
    sync()
    first.refresh_from_db()
    assert first.customer_id == late.pk


def test_verify_compares_line_by_line(connection: Connection, sync: Sync, books: Books) -> None:
    books.invoice("G1", 25)
    sync()

    def found() -> list[tuple[str, str, str]]:
        verdicts = {one.family: one for one in verify(connection)}
        assert verdicts["invoice_lines"].compared == len(books.lines["G1"])
        return [(d.key, d.kind, d.column) for d in verdicts["invoice_lines"].differences or []]

    assert found() == []
    InvoiceLine.objects.filter(position=3).update(subtotal=Decimal("0.01"))
    InvoiceLine.objects.filter(position=4).delete()
    InvoiceLine.objects.filter(position=5).update(customer_name="Somebody")
    books.lines["G1"].pop()
    assert found() == [
        ("G1|3", "column", "subtotal"),
        ("G1|4", "missing", ""),
        ("G1|5", "column", "customer_name"),
        ("G1|24", "surplus", ""),
    ]


def test_the_families_stand_in_the_order_of_a_full_run() -> None:
    named = [
        name for name in families.names() if name in {"customers", "invoices", "invoice_lines"}
    ]
    assert named == ["customers", "invoices", "invoice_lines"]

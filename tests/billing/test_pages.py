"""Invoices on pages and over the API: cost for the partner's own people, nothing for resellers."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing import delivery, queries, statements, tasks
from billing.models import Invoice, InvoiceLine, InvoiceStatement, StatementState
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.models import Entry
from portal.mirror import dirty
from portal.mirror.models import DirtyMark
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import NotFound
from portal.partnercenter.wire import Answer
from tests.billing.world import wire_invoice
from tests.factories import store
from tests.people import Estate, make_person

ClientOf = Callable[..., Client]
PDF = b"%PDF-1.4\nstatement\n%%EOF\n"


@pytest.fixture
def bill(estate: Estate) -> Invoice:
    """An invoice of the first connection with 120 lines, a third of them Fabrikam's."""
    store("invoices", estate.connection, wire_invoice("G000024135", "120.40"))
    row = Invoice.objects.get()
    InvoiceLine.objects.bulk_create(line(estate, row, number) for number in range(120))
    return row


def line(estate: Estate, row: Invoice, number: int) -> InvoiceLine:
    ours = number % 3 == 0
    customer = estate.of_fabrikam if ours else estate.direct
    return InvoiceLine(
        connection=row.connection,
        invoice=row,
        position=number,
        digest=number,
        customer=customer,
        customer_pc_id=customer.pc_id,
        customer_name="=HYPERLINK(1)" if number == 1 else customer.name,
        reseller=estate.fabrikam if ours else None,
        subscription=estate.fabrikam_seats if ours else None,
        subscription_pc_id=estate.fabrikam_seats.pc_id if ours else "",
        product_id=f"P{number % 2}",
        product_name=f"Product {number % 2}",
        charge_type="cycleCharge" if number % 4 else "removeQuantity",
        quantity=Decimal(1),
        subtotal=Decimal("0.33"),
        tax=Decimal("0.01"),
        total=Decimal("0.34") if number % 4 else Decimal("-0.34"),
        currency="USD",
    )


@pytest.fixture
def cashier(estate: Estate) -> User:
    """Billing at the distributor."""
    return make_person("cashier", "billing", estate.connection)


def csv_of(client: Client, url: str) -> list[list[str]]:
    answer: Any = client.get(url)
    assert answer.status_code == 200
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_list_and_the_lines_page_by_page(
    bill: Invoice, cashier: User, client_of: ClientOf
) -> None:
    client = client_of(cashier)
    text = client.get(reverse("invoices")).content.decode()
    assert "G000024135" in text
    assert "US$120.40" in text
    answer = client.get(bill.get_absolute_url(), {"size": "50"})
    text = answer.content.decode()
    assert "1–50 of 120" in text
    part = answer.context["listing"]
    seen = [row.position for row in part.page.rows]
    while part.next_url:
        part = client.get(part.next_url).context["listing"]
        seen += [row.position for row in part.page.rows]
    assert seen == list(range(120))


def test_lines_lead_to_customer_and_subscription(
    bill: Invoice, estate: Estate, cashier: User, client_of: ClientOf
) -> None:
    text = client_of(cashier).get(bill.get_absolute_url()).content.decode()
    assert f'href="{estate.of_fabrikam.get_absolute_url()}"' in text
    assert f'href="{estate.fabrikam_seats.get_absolute_url()}"' in text


def test_filters(bill: Invoice, estate: Estate, cashier: User, client_of: ClientOf) -> None:
    client = client_of(cashier)

    def total(**asked: str) -> int:
        return int(client.get(bill.get_absolute_url(), asked).context["listing"].total)

    assert total(customer=estate.of_fabrikam.pc_id) == 40
    assert total(product="P1") == 60
    assert total(subscription=estate.fabrikam_seats.pc_id) == 40
    assert total(charge="removeQuantity") == 30
    assert total(q="adatum") == 40
    assert total(q="nobody") == 0


@pytest.mark.parametrize("by", ["customer", "product", "subscription"])
def test_sums_of_groups_are_the_sum_of_the_lines_to_the_cent(
    bill: Invoice, cashier: User, client_of: ClientOf, by: str
) -> None:
    live = InvoiceLine.objects.filter(invoice=bill)
    found = queries.groups(Scope.for_user(cashier), bill, by)
    assert sum(one.total for one in found) == sum(row.total for row in live)
    assert sum(one.subtotal for one in found) == Decimal("0.33") * 120
    assert sum(one.lines for one in found) == 120
    client = client_of(cashier)
    url = reverse("invoice_groups", args=[bill.pk, by])
    assert client.get(url).status_code == 200
    head, *rows = csv_of(client, f"{url}?export=csv")
    assert head[-1] == "Total (cost)"
    assert sum(Decimal(row[-1]) for row in rows) == sum(row.total for row in live)


def test_an_unknown_group_is_not_found(bill: Invoice, cashier: User, client_of: ClientOf) -> None:
    url = reverse("invoice_groups", args=[bill.pk, "colour"])
    assert client_of(cashier).get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_csv_streams_every_line_and_no_formula(
    bill: Invoice, cashier: User, client_of: ClientOf
) -> None:
    head, *rows = csv_of(client_of(cashier), f"{bill.get_absolute_url()}?export=csv")
    assert len(rows) == 120
    assert [row[0] for row in rows] == [str(number + 1) for number in range(120)]
    assert rows[1][head.index("Customer")] == "'=HYPERLINK(1)"
    assert rows[0][head.index("Net (cost)")] == "0.33"


@pytest.mark.parametrize("role", ["reseller-admin", "sales", "billing", "auditor"])
def test_a_reseller_sees_no_cost(
    bill: Invoice, estate: Estate, client_of: ClientOf, api_of: ClientOf, role: str
) -> None:
    person = make_person("inside", role, estate.connection, estate.fabrikam)
    scope = Scope.for_user(person)
    assert not scope.can(queries.RIGHT)
    assert not queries.invoices(scope).exists()
    assert not queries.lines(scope, bill).exists()
    assert queries.months(scope) == []
    client = client_of(person)
    for url in (
        reverse("invoices"),
        bill.get_absolute_url(),
        reverse("invoice_groups", args=[bill.pk, "customer"]),
        reverse("invoice_statement", args=[bill.pk]),
    ):
        assert client.get(url).status_code == 403
    assert client.post(reverse("invoice_statement_request", args=[bill.pk])).status_code == 403
    assert reverse("invoices") not in client.get(reverse("home")).content.decode()
    for name in ("api-invoice-list", "api-invoice-line-list"):
        assert api_of(person).get(reverse(name)).status_code == 403


def test_rows_of_another_connection_are_not_there(
    bill: Invoice, estate: Estate, client_of: ClientOf
) -> None:
    stranger = make_person("stranger", "billing", estate.other)
    client = client_of(stranger)
    assert client.get(bill.get_absolute_url()).status_code == 404
    assert "G000024135" not in client.get(reverse("invoices")).content.decode()


def test_a_role_that_sees_no_cost_at_the_distributor(
    bill: Invoice, estate: Estate, client_of: ClientOf
) -> None:
    seller = make_person("seller", "sales", estate.connection)
    assert client_of(seller).get(bill.get_absolute_url()).status_code == 403


def test_the_api_tells_amounts_as_text_with_their_side(
    bill: Invoice, cashier: User, api_of: ClientOf
) -> None:
    InvoiceLine.objects.filter(position=0).update(unit_price=Decimal("0.0159369774"))
    client = api_of(cashier)
    found = client.get(reverse("api-invoice-list")).json()["results"]
    assert [(one["pc_id"], one["total_charges"], one["side"]) for one in found] == [
        ("G000024135", "120.40", "cost")
    ]
    url = reverse("api-invoice-line-list")
    rows = client.get(url, {"invoice": "G000024135", "size": "200"}).json()["results"]
    assert len(rows) == 120
    assert rows[0]["unit_price"] == "0.0159369774"
    assert {row["side"] for row in rows} == {"cost"}
    assert client.get(url, {"invoice": "G1"}).json()["results"] == []


# --- the statement ------------------------------------------------------------------------------


class Answers:
    """A sender that gives one answer, or an error."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def send(self, operation: Any, ask: Any) -> Answer:
        assert operation.name == "GET_INVOICE_STATEMENT"
        if isinstance(self.body, Exception):
            raise self.body
        return Answer(
            operation=operation.name,
            status=200,
            body=self.body,
            request_id="r",
            correlation_id="c",
            sent_at=timezone.now(),
        )


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    def give(body: Any) -> None:
        client = PartnerClient(Answers(body))
        monkeypatch.setattr(delivery, "get_client", lambda _connection, _purpose: client)

    return give


def ask(client: Client, bill: Invoice) -> InvoiceStatement:
    url = reverse("invoice_statement_request", args=[bill.pk])
    assert client.post(url).status_code == 302
    return InvoiceStatement.objects.get()


def test_a_statement_is_fetched_by_a_worker_and_served_safely(
    bill: Invoice, cashier: User, client_of: ClientOf, answer: Callable[[Any], None]
) -> None:
    client = client_of(cashier)
    url = reverse("invoice_statement", args=[bill.pk])
    assert client.get(url).status_code == 404
    row = ask(client, bill)
    assert row.state == StatementState.WAITING
    assert Entry.objects.filter(kind="invoice.statement_requested").count() == 1
    status = client.get(reverse("invoice_statement_status", args=[bill.pk])).content.decode()
    assert 'hx-trigger="every 2s"' in status
    answer(PDF)
    delivery.fetch(row)
    served: Any = client.get(url)
    assert b"".join(served.streaming_content) == PDF
    assert served["Content-Type"] == "application/pdf"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Disposition"] == 'attachment; filename="G000024135.pdf"'
    assert "sandbox" in served["Content-Security-Policy"]
    row.refresh_from_db()
    assert "G000024135" not in str(row.file.path), "kept under our id, not under a name"
    # Asking again fetches nothing again.
    assert ask(client, bill).state == StatementState.READY
    status = client.get(reverse("invoice_statement_status", args=[bill.pk])).content.decode()
    assert url in status
    assert "hx-trigger" not in status


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>an error</html>", "not_a_pdf"),
        (NotFound("no such invoice", status=404, code="1000"), "1000"),
    ],
)
def test_what_is_no_pdf_is_not_kept(
    bill: Invoice,
    cashier: User,
    client_of: ClientOf,
    answer: Callable[[Any], None],
    body: Any,
    code: str,
) -> None:
    client = client_of(cashier)
    row = ask(client, bill)
    answer(body)
    delivery.fetch(row)
    row.refresh_from_db()
    assert (row.state, row.file_id, row.error["code"]) == (StatementState.FAILED, None, code)
    assert client.get(reverse("invoice_statement", args=[bill.pk])).status_code == 404
    text = client.get(bill.get_absolute_url()).content.decode()
    assert "Could not be fetched" in text
    assert code in text


def test_a_fetch_lost_with_the_queue_is_found_again(
    bill: Invoice, cashier: User, client_of: ClientOf, answer: Callable[[Any], None]
) -> None:
    row = ask(client_of(cashier), bill)
    assert statements.waiting() == [], "its task may still come"
    InvoiceStatement.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=1))
    assert statements.waiting() == [row.pk]
    answer(PDF)
    tasks.fetch_statement(row.pk)
    row.refresh_from_db()
    assert row.state == StatementState.READY
    assert statements.waiting() == []


def test_two_deliveries_at_once_fetch_once_and_a_refused_one_may_be_asked_again(
    bill: Invoice, cashier: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(client_of(cashier), bill)
    fetched = []

    def fetch(one: InvoiceStatement) -> None:
        fetched.append(one.pk)
        tasks.fetch_statement(one.pk)

    monkeypatch.setattr(delivery, "fetch", fetch)
    tasks.fetch_statement(row.pk)
    assert fetched == [row.pk]
    tasks.fetch_statement(row.pk)
    assert fetched == [row.pk, row.pk]


def test_an_auditor_reads_but_asks_for_nothing(
    bill: Invoice, auditor: User, client_of: ClientOf
) -> None:
    client = client_of(auditor)
    text = client.get(bill.get_absolute_url()).content.decode()
    assert "Fetch PDF" not in text
    assert "Refresh now" not in text
    assert "Refresh now" not in client.get(reverse("invoices")).content.decode()
    for url in (
        reverse("invoice_statement_request", args=[bill.pk]),
        reverse("invoice_refresh", args=[bill.pk]),
        reverse("invoices_refresh"),
    ):
        assert client.post(url).status_code == 403
    assert not DirtyMark.objects.filter(priority=dirty.VIEWED).exists()


def marked() -> set[tuple[str, str, str]]:
    seen = DirtyMark.objects.filter(priority=dirty.VIEWED)
    return set(seen.values_list("connection__name", "family", "parent"))


def test_refresh_now_marks_the_lists_that_the_person_may_see(
    bill: Invoice, cashier: User, estate: Estate, client_of: ClientOf
) -> None:
    client = client_of(cashier)
    ours = bill.connection.name
    assert "Refresh now" in client.get(reverse("invoices")).content.decode()
    assert "Refresh now" in client.get(bill.get_absolute_url()).content.decode()
    assert client.post(reverse("invoices_refresh")).status_code == 302
    assert marked() == {(ours, "invoices", "")}, "no other connection's"
    assert client.get(reverse("invoice_refresh", args=[bill.pk])).status_code == 405
    assert client.post(reverse("invoice_refresh", args=[bill.pk])).status_code == 302
    assert marked() == {(ours, "invoices", ""), (ours, "invoice_lines", bill.pc_id)}
    stranger = client_of(make_person("stranger", "billing", estate.other))
    assert stranger.post(reverse("invoice_refresh", args=[bill.pk])).status_code == 404
    assert len(marked()) == 2


def test_an_invoice_number_opens_the_invoice(
    bill: Invoice, cashier: User, estate: Estate, client_of: ClientOf
) -> None:
    asked = {"q": "g000024135"}
    answer: Any = client_of(cashier).get(reverse("search"), asked)
    assert (answer.status_code, answer.url) == (302, bill.get_absolute_url())
    inside = make_person("inside", "billing", estate.connection, estate.fabrikam)
    seller = make_person("seller", "sales", estate.connection)
    for person in (inside, seller):
        found = client_of(person).get(reverse("search"), asked)
        assert found.status_code == 200
        assert bill.get_absolute_url() not in found.content.decode()


def test_a_page_costs_the_same_whatever_its_size(
    bill: Invoice, cashier: User, client_of: ClientOf, queries_of: Callable[[], Any]
) -> None:
    client = client_of(cashier)
    counts = []
    for size in ("25", "25", "100"):
        with queries_of() as seen:
            client.get(bill.get_absolute_url(), {"size": size})
        counts.append(len(seen))
    assert counts[1] == counts[2]
    assert counts[2] <= 16

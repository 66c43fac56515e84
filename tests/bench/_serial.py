"""The plain script that the mirror is measured against: one request after another, ``bulk_create``."""

# ruff: noqa: PLC0415 - Django is set up first

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

TABLES = "customers_customer, orders_subscription, customers_resellerlink, billing_invoice"


def run(base: str) -> tuple[float, dict[str, int], float]:
    """Empty the tables, read everything, save it.

    Returns the seconds, the rows there are then, and the seconds before the invoices.
    """
    setup()
    from django.db import connection as database

    from customers.models import Customer
    from orders.models import Subscription
    from portal.connections.models import Connection

    with database.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES} CASCADE")
    connection = Connection.objects.get(name="bench")
    began = time.monotonic()
    with httpx.Client(base_url=base, headers=headers(base), timeout=60) as client:
        rows = _pages(client, "/v1/customers", {"size": 500})
        customers = Customer.objects.bulk_create(_customer(connection, row) for row in rows)
        for customer in customers:
            lines = _pages(client, f"/v1/customers/{customer.pc_id}/subscriptions", {})
            Subscription.objects.bulk_create(_subscription(connection, customer, r) for r in lines)
        estate = time.monotonic() - began
        _invoices(client, connection)
    return time.monotonic() - began, rows_now(), estate


def warm(base: str) -> None:
    """Ask for every customer's subscriptions and the invoices once, many at a time."""
    with (
        httpx.Client(base_url=base, headers=headers(base), timeout=60) as client,
        ThreadPoolExecutor(16) as executor,
    ):
        customers = _pages(client, "/v1/customers", {"size": 500})
        paths = [f"/v1/customers/{row['id']}/subscriptions" for row in customers]
        for answer in executor.map(client.get, [*paths, "/v1/invoices"]):
            answer.raise_for_status()


def setup() -> None:
    """Set Django up in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()


def rows_now() -> dict[str, int]:
    """Count what the project's own tables hold."""
    setup()
    from billing.models import Invoice, InvoiceLine
    from customers.models import Customer
    from orders.models import Subscription

    return {
        "customers": Customer.objects.filter(gone_at=None).count(),
        "subscriptions": Subscription.objects.filter(gone_at=None).count(),
        "invoices": Invoice.objects.filter(gone_at=None).count(),
        "invoice_lines": InvoiceLine.objects.filter(gone_at=None).count(),
    }


def headers(base: str) -> dict[str, str]:
    """Sign in as the application."""
    about = httpx.get(f"{base}/_emulator/").json()
    answer = httpx.post(
        f"{base}/{about['tenant_id']}/oauth2/v2.0/token",
        headers={"Host": "login.microsoftonline.com"},
        data={
            "grant_type": "client_credentials",
            "client_id": about["client_id"],
            "client_secret": about["client_secret"],
            "scope": "https://api.partnercenter.microsoft.com/.default",
        },
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _invoices(client: httpx.Client, connection: Any) -> None:
    """Read the invoices and their new-commerce lines, each list in full before it is saved."""
    from billing import mapping
    from billing.models import Invoice, InvoiceLine
    from portal.mirror.bulk.tables import as_raw

    query = {"provider": "onetime", "invoicelineitemtype": "billinglineitems", "size": 2000}
    for row in _pages(client, "/v1/invoices", {"size": 200}):
        columns = mapping.invoice(row, _reading(connection, ""))
        invoice = Invoice.objects.create(connection=connection, list_payload=row, **columns)
        if not invoice.has_lines:
            continue
        lines = _pages(client, f"/v1/invoices/{invoice.pc_id}/lineitems", query)
        InvoiceLine.objects.bulk_create(
            (
                InvoiceLine(
                    connection=connection,
                    invoice=invoice,
                    position=place,
                    digest=0,
                    **dict(zip(mapping.LINE_COLUMNS, mapping.line(as_raw(line)), strict=True)),
                )
                for place, line in enumerate(lines)
            ),
            batch_size=2000,
        )


def _pages(client: httpx.Client, path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    headers: dict[str, str] = {}
    while True:
        body = client.get(path, params=query, headers=headers).raise_for_status().json()
        rows += body["items"]
        link = (body.get("links") or {}).get("next")
        if not link:
            return rows
        headers = {pair["key"]: pair["value"] for pair in link["headers"]}
        query = {**query, "seekOperation": "Next"}


def _customer(connection: Any, row: dict[str, Any]) -> Any:
    from customers import mapping
    from customers.models import Customer

    return Customer(
        connection=connection, list_payload=row, **mapping.listed(row, _reading(connection, ""))
    )


def _subscription(connection: Any, customer: Any, row: dict[str, Any]) -> Any:
    from orders import mapping
    from orders.models import Subscription

    columns = mapping.listed(row, _reading(connection, customer.pc_id))
    return Subscription(connection=connection, customer=customer, list_payload=row, **columns)


def _reading(connection: Any, parent: str) -> Any:
    from django.utils import timezone

    from portal.mirror.families import Reading

    return Reading(connection=connection, observed_at=timezone.now(), parent=parent)

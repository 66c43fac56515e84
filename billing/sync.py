"""Invoices and their new-commerce lines into the mirror (facts.json billing_api).

The list of invoices is short; an invoice may have a million lines, which go the bulk way.
"""

from collections.abc import Sequence

from django.db import connection as database

from billing import mapping
from billing.models import Invoice, InvoiceLine
from portal.access import search
from portal.connections.models import Connection
from portal.mirror import dirty, hooks
from portal.mirror.bulk.tables import Bulk, Reference, as_raw
from portal.mirror.families import (
    Columns,
    Family,
    Listing,
    Payload,
    Reading,
    Representation,
    register,
)
from portal.partnercenter.operations.invoices import LIST_INVOICE_LINES, LIST_INVOICES

INVOICES, LINES = "invoices", "invoice_lines"
PAGE = 200
LINES_PAGE = 2000
"""Microsoft's largest page (facts.json billing_api)."""
CYCLE_CHARGES = ("new", "renew", "cyclecharge")
"""Charge types that pay a subscription's whole cycle; the others correct one."""
WHOLE_CYCLE = f"({', '.join(map(repr, CYCLE_CHARGES))})"

INVOICE_FAMILY = Family(
    name=INVOICES,
    model=Invoice,
    position=60,
    listing=Listing(
        operation=LIST_INVOICES,
        representation=Representation(
            name="list", columns=mapping.INVOICE_COLUMNS, map=mapping.invoice
        ),
        query=lambda _connection, _parent: {"size": PAGE},
    ),
    asks_before_removal=True,
)

_RETOTAL = f"""
INSERT INTO billing_invoicetotal AS stored
    (connection_id, invoice_id, side, currency, month, lines, seats, recurring, subtotal, tax, total)
SELECT invoice.connection_id, invoice.id, 'cost', part.currency,
    date_trunc('month', invoice.invoice_date AT TIME ZONE 'UTC')::date,
    %(sign)s * sum(part.lines),
    %(sign)s * coalesce(sum(part.seats) FILTER (WHERE lower(part.charge_type) IN {WHOLE_CYCLE}), 0),
    %(sign)s * coalesce(sum(part.subtotal) FILTER (WHERE lower(part.charge_type) IN {WHOLE_CYCLE}), 0),
    %(sign)s * coalesce(sum(part.subtotal), 0),
    %(sign)s * coalesce(sum(part.tax), 0),
    %(sign)s * coalesce(sum(part.total), 0)
FROM (
    SELECT currency, charge_type, count(*) AS lines, sum(quantity) AS seats, sum(subtotal) AS subtotal,
        sum(tax) AS tax, sum(total) AS total
    FROM billing_invoiceline
    WHERE invoice_id = %(parent)s AND position >= %(start)s AND position < %(stop)s AND gone_at IS NULL
    GROUP BY currency, charge_type
) AS part JOIN billing_invoice AS invoice ON invoice.id = %(parent)s
GROUP BY invoice.id, part.currency
ON CONFLICT (invoice_id, side, currency) DO UPDATE SET
    lines = stored.lines + EXCLUDED.lines, seats = stored.seats + EXCLUDED.seats,
    recurring = stored.recurring + EXCLUDED.recurring,
    subtotal = stored.subtotal + EXCLUDED.subtotal, tax = stored.tax + EXCLUDED.tax,
    total = stored.total + EXCLUDED.total, month = EXCLUDED.month
"""  # noqa: S608 - own names


def _line(payload: Payload, _reading: Reading) -> Columns:
    """One line by itself; pages of them are read without this detour."""
    return dict(zip(mapping.LINE_COLUMNS, mapping.line(as_raw(payload)), strict=True))


LINE_FAMILY = Family(
    name=LINES,
    model=InvoiceLine,
    position=70,
    listing=Listing(
        operation=LIST_INVOICE_LINES,
        representation=Representation(
            name="list", columns=mapping.LINE_COLUMNS, map=_line, keeps_payload=False
        ),
    ),
    bulk=Bulk(
        table="billing_invoiceline",
        pages="billing_invoicelinepage",
        parent_table="billing_invoice",
        parent_column="invoice_id",
        parent_where="parent.has_lines",
        operation=LIST_INVOICE_LINES,
        path=lambda parent: {"invoice_id": parent},
        query={"size": LINES_PAGE},
        columns=mapping.LINE_COLUMNS,
        read=mapping.line,
        references=(
            Reference(
                "customer_id",
                "customer_pc_id",
                "SELECT pc_id, id FROM customers_customer"
                " WHERE connection_id = %s AND pc_id = ANY(%s)",
            ),
            Reference(
                "subscription_id",
                "subscription_pc_id",
                "SELECT pc_id, id FROM orders_subscription"
                " WHERE connection_id = %s AND pc_id = ANY(%s)",
            ),
            # Tenancy of a line: the reseller's MPN id on it, as known when it is written.
            Reference(
                "reseller_id",
                "reseller_mpn_id",
                "SELECT mpn_id, reseller_id FROM access_resellermpn"
                " WHERE connection_id = %s AND mpn_id = ANY(%s)",
            ),
        ),
        retotal=_RETOTAL,
    ),
)

_LATE = (
    ("customer_id", "customers_customer", "customer_pc_id", "pc_id", "id"),
    ("subscription_id", "orders_subscription", "subscription_pc_id", "pc_id", "id"),
    ("reseller_id", "access_resellermpn", "reseller_mpn_id", "mpn_id", "reseller_id"),
)


def fill_references(completed: hooks.Completed) -> None:
    """Fill references to what became known after its lines were written."""
    with database.cursor() as cursor:
        for column, table, source, key, value in _LATE:
            cursor.execute(
                f"UPDATE billing_invoiceline AS line SET {column} = other.{value}"  # noqa: S608 - ours
                f" FROM {table} AS other WHERE line.connection_id = %s AND line.{column} IS NULL"
                f" AND line.{source} <> '' AND other.connection_id = line.connection_id"
                f" AND other.{key} = line.{source}",
                [completed.connection.pk],
            )


SEARCH = """
    SELECT t.id AS object_id, t.connection_id, '{}'::bigint[] AS reseller_ids,
        t.pc_id AS title, t.currency AS subtitle, ARRAY[lower(t.pc_id)] AS keys, t.pc_id AS text
    FROM billing_invoice AS t WHERE t.gone_at IS NULL AND {where}
"""


def _reindex(_connection: Connection, ids: Sequence[int]) -> None:
    search.reindex("invoice", ids)


def mark_lines(connection: Connection, ids: Sequence[int]) -> None:
    """Have the lines of invoices that are new or differ read in the next run, a full or a small one."""
    live = Invoice.objects.filter(pk__in=ids, has_lines=True, gone_at=None)
    targets = [(pc_id, "") for pc_id in live.values_list("pc_id", flat=True)]
    dirty.mark(connection, LINES, targets, reason="invoice")


def setup() -> None:
    """Register families, hooks and the search source (from ``AppConfig.ready``)."""
    register(INVOICE_FAMILY)
    register(LINE_FAMILY)
    search.register("invoice", SEARCH)
    hooks.on_change(INVOICES, "search", _reindex)
    hooks.on_change(INVOICES, "lines", mark_lines)
    hooks.after_pass(LINES, "references", fill_references)

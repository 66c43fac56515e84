"""Reads of invoices, their lines and what they come to. All amounts are cost: see ``billing.models``."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import Http404

from billing.models import Invoice, InvoiceLine, InvoiceStatement, InvoiceTotal
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.mirror.reading import for_people

RIGHT = "invoices.view"
REFRESH = "mirror.refresh"
GROUPS: dict[str, tuple[str, str, str | None]] = {
    # group: column of the id, column of the name, foreign key of the record
    "customer": ("customer_pc_id", "customer_name", "customer_id"),
    "product": ("product_id", "product_name", None),
    "subscription": ("subscription_pc_id", "product_name", "subscription_id"),
}
MONTHS = 12


def invoices(scope: Scope) -> QuerySet[Invoice]:
    """The live invoices of connections that this scope sees whole, where it may see cost."""
    seen = scope.narrowed(RIGHT)
    return for_people(seen.filter(Invoice.objects.filter(gone_at=None)), "connection")


def invoice(scope: Scope, pk: int) -> Invoice:
    """One invoice, live or gone, or 404 outside the scope."""
    rows = scope.narrowed(RIGHT).filter(Invoice.objects.filter(pk=pk))
    found = for_people(rows, "connection").first()
    if found is None:
        raise Http404
    return found


def refreshable(scope: Scope) -> QuerySet[Connection]:
    """The connections whose invoices this scope sees and may have read again."""
    both = _refreshing(scope)
    if both is None:
        return Connection.objects.none()
    rows = Connection.objects.filter(retired_at=None).order_by("pk")
    return rows if both.all_connections else rows.filter(pk__in=both.connection_ids)


def may_refresh(scope: Scope) -> bool:
    """Tell whether there is such a connection, a retired one included."""
    both = _refreshing(scope)
    return both is not None and (both.all_connections or bool(both.connection_ids))


def _refreshing(scope: Scope) -> Scope | None:
    return None if scope.read_only else scope.narrowed(RIGHT).narrowed(REFRESH)


def lines(scope: Scope, row: Invoice) -> QuerySet[InvoiceLine]:
    """The live lines of an invoice, with customer and subscription to drill to."""
    live = InvoiceLine.objects.filter(invoice=row, gone_at=None)
    return for_people(scope.narrowed(RIGHT).filter(live), "customer", "subscription")


def all_lines(scope: Scope) -> QuerySet[InvoiceLine]:
    """The live lines of all invoices, for the API, which filters by invoice."""
    live = InvoiceLine.objects.filter(gone_at=None)
    return for_people(scope.narrowed(RIGHT).filter(live), "invoice", "connection")


def matching(queryset: QuerySet[InvoiceLine], text: str) -> QuerySet[InvoiceLine]:
    """Keep lines whose customer or product holds the text, or one of whose ids is the text."""
    whole = text.lower()
    return queryset.filter(
        Q(customer_name__icontains=text)
        | Q(product_name__icontains=text)
        | Q(customer_pc_id=whole)
        | Q(subscription_pc_id=whole)
        | Q(order_pc_id=text)
    )


def totals(scope: Scope, row: Invoice) -> list[InvoiceTotal]:
    """What the lines of an invoice come to, one row for each currency."""
    rows = InvoiceTotal.objects.filter(invoice=row, lines__gt=0)
    return list(scope.narrowed(RIGHT).filter(rows).order_by("currency"))


def statement(scope: Scope, row: Invoice) -> InvoiceStatement | None:
    """The statement that was asked for, if one was."""
    rows = InvoiceStatement.objects.filter(invoice=row)
    return scope.narrowed(RIGHT).filter(rows).select_related("file").first()


@dataclass(frozen=True)
class Group:
    """What the lines of one customer, product or subscription come to in one currency."""

    key: str
    name: str
    record_id: int | None
    currency: str
    lines: int
    subtotal: Decimal
    tax: Decimal
    total: Decimal


def groups(scope: Scope, row: Invoice, by: str) -> list[Group]:
    """Sum an invoice's lines by customer, product or subscription, the largest first.

    Raises KeyError for another word.
    """
    key, name, record = GROUPS[by]
    numbers = {
        "count": Count("pk"),
        "net": Sum("subtotal"),
        "taxes": Sum("tax"),
        "gross": Sum("total"),
        "label": Max(name),
    }
    if record:
        numbers["record"] = Max(record)
    live = InvoiceLine.objects.filter(invoice=row, gone_at=None)
    found = scope.narrowed(RIGHT).filter(live).values(key, "currency").annotate(**numbers)
    return [_group(values, key) for values in found.order_by("-gross", key, "currency")]


def _group(values: dict[str, Any], key: str) -> Group:
    zero = Decimal(0)
    return Group(
        key=values[key],
        name=values["label"],
        record_id=values.get("record"),
        currency=values["currency"],
        lines=values["count"],
        subtotal=values["net"] or zero,
        tax=values["taxes"] or zero,
        total=values["gross"] or zero,
    )


@dataclass(frozen=True)
class Month:
    """A month's invoices in one currency."""

    month: dt.date
    currency: str
    seats: Decimal
    recurring: Decimal
    total: Decimal


def months(scope: Scope) -> list[Month]:
    """Seats, recurring charge (net) and spend of the last twelve months that have invoices, in order.

    From the totals that the sync keeps, but for retired connections, whose accounts may have been
    connected anew; nothing for those who may not see cost.
    """
    if not scope.can(RIGHT):
        return []
    rows = InvoiceTotal.objects.filter(
        month__isnull=False,
        invoice__gone_at=None,
        invoice__connection__retired_at=None,
        lines__gt=0,
    )
    found = (
        scope.narrowed(RIGHT)
        .filter(rows)
        .values("month", "currency")
        .annotate(s=Sum("seats"), r=Sum("recurring"), t=Sum("total"))
        .order_by("-month", "currency")
    )
    made = [Month(v["month"], v["currency"], v["s"], v["r"], v["t"]) for v in found if v["month"]]
    latest = sorted({one.month for one in made})[-MONTHS:]
    return sorted(
        (one for one in made if one.month in latest), key=lambda one: (one.currency, one.month)
    )

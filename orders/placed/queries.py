"""Reads of orders. The scope comes first; what they cost is read for those alone who may see cost."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import JSONObject
from django.http import Http404

from customers import queries as customers
from customers.models import Customer
from orders.mapping import catalogue
from orders.models import Order, Subscription
from orders.placed.part import ORDERS
from portal.access.roles import COST_RIGHTS
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.mirror.models import Freshness
from portal.mirror.reading import for_people


def orders(scope: Scope) -> QuerySet[Order]:
    """The live orders that this scope sees, each with ``sold``: the subscriptions of its customer that came of it.

    A reseller sees the orders that it sold; of one with lines of several resellers none sees anything.
    """
    rows = scope.filter(Order.objects.filter(gone_at=None, customer__isnull=False))
    return _with_sold(scope, rows)


def of_customer(scope: Scope, customer_id: int | None) -> QuerySet[Order]:
    """Those of one customer."""
    return orders(scope).filter(customer=customer_id)


def order(scope: Scope, pk: int) -> Order:
    """One order, live or gone; 404 outside the scope."""
    rows = scope.filter(Order.objects.filter(pk=pk, customer__isnull=False))
    found = priced(_with_sold(scope, rows)).first()
    if found is None:
        raise Http404
    return found


def of_subscription(scope: Scope, row: Subscription) -> Order | None:
    """The order that a subscription came from, where it has been read and may be seen."""
    if not row.order_pc_id:
        return None
    rows = scope.filter(Order.objects.filter(connection=row.connection_id, gone_at=None))
    return rows.filter(pc_id__in={row.order_pc_id, row.order_pc_id.lower()}).only("pk").first()


def product_names(scope: Scope, customer: Customer) -> dict[tuple[str, str], str]:
    """What the products that were ordered for a customer are called, by product and SKU id."""
    rows = scope.filter(Order.objects.filter(customer=customer)).order_by("pk")
    bought = [line for kept in rows.values_list("lines", flat=True) for line in kept or []]
    return {
        (product, sku): line["name"]
        for line in bought
        for product, sku in [catalogue(line["offer_id"])]
        if product and line["name"] != line["offer_id"]
    }


def sees_cost(scope: Scope, connection: Connection) -> bool:
    """Whether what orders of this connection cost the partner may be shown: to no reseller's staff."""
    return any(scope.can(right, connection) for right in COST_RIGHTS)


def costed(scope: Scope, customer_id: int | None) -> QuerySet[Order]:
    """Orders of a customer with what they cost, of those connections whose cost the scope sees."""
    (right,) = COST_RIGHTS
    return priced(of_customer(scope.narrowed(right), customer_id))


def priced(rows: QuerySet[Order]) -> QuerySet[Order]:
    """The same with the lines as Partner Center priced them (``priced``)."""
    return rows.annotate(priced=KeyTransform("lineItems", "list_payload"))


def read_of(scope: Scope) -> tuple[int, int]:
    """Of how many live customers the orders have been read, and how many there are. One query."""
    of_one = Freshness.objects.filter(connection=OuterRef("connection"), family=ORDERS)
    read = Exists(of_one.filter(parent=OuterRef("pc_id"), complete_at__isnull=False))
    rows = customers.customers(scope).order_by()
    found = rows.aggregate(read=Count("pk", filter=read), number=Count("pk"))
    return found["read"], found["number"]


def _with_sold(scope: Scope, rows: QuerySet[Order]) -> QuerySet[Order]:
    seen = scope.filter(Subscription.objects.filter(customer=OuterRef("customer")))
    sold = seen.filter(order_pc_id__iexact=OuterRef("pc_id")).order_by("pk")
    pairs = ArraySubquery(sold.values(pair=JSONObject(pk="pk", pc_id="pc_id")))
    return for_people(rows, "customer", "reseller", "connection").annotate(sold=pairs)

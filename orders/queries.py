"""Reads of subscriptions. The scope comes first; what is related is decided here, not in templates."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from customers.models import Customer
from orders.models import Subscription
from orders.placed import queries as placed
from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.connections import clocks
from portal.mirror.reading import for_people

More = Callable[[Scope, QuerySet[Subscription]], QuerySet[Subscription]]
# States in which a subscription still costs or serves somebody.
CURRENT = ("active", "suspended", "pending", "expired", "disabled")


def subscriptions(scope: Scope) -> QuerySet[Subscription]:
    """The live subscriptions that this scope sees, with their customer and reseller."""
    live = scope.filter(Subscription.objects.filter(gone_at=None))
    return for_people(live, "customer", "reseller", "connection")


def subscription(scope: Scope, pk: int, more: More | None = None) -> Subscription:
    """One subscription, live or gone, or 404 outside the scope; ``more`` adds columns to it."""
    rows = scope.filter(Subscription.objects.filter(pk=pk))
    rows = for_people(rows, "customer", "reseller", "connection")
    found = (rows if more is None else more(scope, rows)).first()
    if found is None:
        raise Http404
    return found


def of_customer(scope: Scope, customer: Customer) -> QuerySet[Subscription]:
    """The subscriptions of one customer; a reseller sees those it sold."""
    return subscriptions(scope).filter(customer=customer)


def product_names(scope: Scope, customer: Customer) -> dict[tuple[str, str], str]:
    """What this customer's products are called, by product and SKU id; what is gone counts too.

    Orders know those of which there is no subscription.
    """
    rows = scope.filter(Subscription.objects.filter(customer=customer)).exclude(product_id="")
    named = rows.order_by("pk").values_list("product_id", "sku_id", "offer_name")
    ordered = placed.product_names(scope, customer)
    return ordered | {(product, sku): name for product, sku, name in named if name}


def of_reseller(scope: Scope, reseller: Reseller) -> QuerySet[Subscription]:
    """The subscriptions that one indirect reseller sold."""
    return subscriptions(scope).filter(reseller=reseller)


def ending(rows: QuerySet[Subscription], limit: int) -> list[Subscription]:
    """Of these the active ones whose term ends next; month-to-month terms are noise and left out."""
    still = clocks.each(lambda now: Q(commitment_end_date__gt=now))
    current = rows.filter(still, status="active")
    return list(current.exclude(term_duration="P1M").order_by("commitment_end_date", "pk")[:limit])


def listed(scope: Scope, customer_id: int | None) -> QuerySet[Subscription]:
    """The rows of the list: of one customer on its page, of all on the list's own."""
    rows = subscriptions(scope)
    return rows if customer_id is None else rows.filter(customer=customer_id)


def customer_figures() -> dict[str, Any]:
    """Columns of the customers list that only this app knows, one expression each.

    Row policies keep them inside the reader's scope: a reseller counts what it sold.
    """
    live = Subscription.objects.filter(
        customer=OuterRef("pk"), gone_at=None, status__in=CURRENT
    ).order_by()
    by_customer = live.values("customer")
    return {
        "subscription_count": Coalesce(
            Subquery(by_customer.annotate(n=Count("pk")).values("n")), 0
        ),
        "seat_count": Coalesce(Subquery(by_customer.annotate(n=Sum("quantity")).values("n")), 0),
        "next_renewal": Subquery(
            by_customer.filter(status="active").annotate(n=Min("commitment_end_date")).values("n")
        ),
    }


def reseller_figures() -> dict[str, Any]:
    """Columns of the list of indirect resellers: what each sold that is active, as ``totals_of`` counts."""
    sold = Subscription.objects.filter(
        reseller=OuterRef("pk"), gone_at=None, status="active"
    ).order_by()
    by_reseller = sold.values("reseller")
    seats = Sum("quantity", filter=Q(unit_type="Licenses"))
    return {
        "subscription_count": Coalesce(
            Subquery(by_reseller.annotate(n=Count("pk")).values("n")), 0
        ),
        "seat_count": Coalesce(Subquery(by_reseller.annotate(n=seats).values("n")), 0),
    }


def totals(scope: Scope) -> dict[str, int]:
    """Counts for the home page: all, active, suspended, seats of the active ones."""
    return totals_of(_kept_up(scope))


def _kept_up(scope: Scope) -> QuerySet[Subscription]:
    """Without those of retired connections: nobody can decide on them, another may read them anew."""
    return subscriptions(scope).filter(connection__retired_at=None)


def totals_of(rows: QuerySet[Subscription]) -> dict[str, int]:
    """The same of some subscriptions."""
    return rows.aggregate(
        all=Count("pk"),
        active=Count("pk", filter=Q(status="active")),
        suspended=Count("pk", filter=Q(status="suspended")),
        seats=Coalesce(Sum("quantity", filter=Q(status="active", unit_type="Licenses")), 0),
    )

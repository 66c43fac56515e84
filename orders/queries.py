"""Reads of subscriptions. The scope comes first; what is related is decided here, not in templates."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.http import Http404
from django.utils import timezone

from customers.models import Customer
from orders.models import Subscription
from portal.access import search
from portal.access.scope import Scope

# States in which a subscription still costs or serves somebody.
CURRENT = ("active", "suspended", "pending", "expired", "disabled")

FOUND = 1_000  # rows that a text filter looks up by their ids


def subscriptions(scope: Scope) -> QuerySet[Subscription]:
    """The live subscriptions that this scope sees, with their customer and reseller."""
    return scope.filter(Subscription.objects.filter(gone_at=None)).select_related(
        "customer", "reseller", "connection"
    )


def subscription(scope: Scope, pk: int) -> Subscription:
    """One subscription, live or gone, or 404 outside the scope."""
    found = (
        scope.filter(Subscription.objects.filter(pk=pk))
        .select_related("customer", "reseller", "connection")
        .first()
    )
    if found is None:
        raise Http404
    return found


def of_customer(scope: Scope, customer: Customer) -> QuerySet[Subscription]:
    """The subscriptions of one customer; a reseller sees those it sold."""
    return subscriptions(scope).filter(customer=customer)


def listed(scope: Scope, customer_id: int | None) -> QuerySet[Subscription]:
    """The rows of the list: of one customer on its page, of all on the list's own."""
    rows = subscriptions(scope)
    return rows if customer_id is None else rows.filter(customer=customer_id)


def found(scope: Scope, text: str) -> list[int] | None:
    """The subscriptions whose name, product or customer holds the text, or whose id is the text.

    None where the text is too short or stands in more than ``FOUND`` rows: ``matching`` then reads along
    the order of the list, which soon meets enough of them.
    """
    return search.matching_ids(scope, "subscription", text, FOUND)


def matching(
    queryset: QuerySet[Subscription], text: str, ids: list[int] | None
) -> QuerySet[Subscription]:
    """Keep the subscriptions that ``found`` found for a text."""
    if ids is not None:
        return queryset.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))
    # Asked row by row, so that Postgres walks along the order and stops at a page: a join would be
    # made whole first, and so would a table of all customers of that name, but for the last condition.
    of_that_name = Customer.objects.filter(
        GreaterThan(OuterRef("pk"), 0), pk=OuterRef("customer_id"), name__icontains=text
    )
    return queryset.filter(
        Q(friendly_name__icontains=text)
        | Q(offer_name__icontains=text)
        | Q(Exists(of_that_name))
        | Q(pc_id=text.lower())
    )


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


def totals(scope: Scope) -> dict[str, int]:
    """Counts for the home page: active, suspended, seats of the active ones."""
    return subscriptions(scope).aggregate(
        active=Count("pk", filter=Q(status="active")),
        suspended=Count("pk", filter=Q(status="suspended")),
        seats=Coalesce(Sum("quantity", filter=Q(status="active", unit_type="Licenses")), 0),
    )


def open_windows(scope: Scope, until: dt.timedelta, limit: int) -> list[Subscription]:
    """Subscriptions with seats that can still be taken back, the soonest deadline first.

    The deadline is what Partner Center returned for the lots (``refundableQuantity``), never a rule.
    """
    now = timezone.now()
    return list(
        subscriptions(scope)
        .filter(refund_until__gt=now, refund_until__lte=now + until, status="active")
        .order_by("refund_until", "pk")[:limit]
    )


def renewals(scope: Scope, until: dt.timedelta, limit: int) -> list[Subscription]:
    """Subscriptions that renew soon by themselves; month-to-month terms are noise and left out."""
    now = timezone.now()
    return list(
        subscriptions(scope)
        .filter(
            status="active",
            auto_renew=True,
            commitment_end_date__gt=now,
            commitment_end_date__lte=now + until,
        )
        .exclude(term_duration="P1M")
        .order_by("commitment_end_date", "pk")[:limit]
    )

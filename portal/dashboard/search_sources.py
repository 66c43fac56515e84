"""Global search over the narrow table: one source per kind of record."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from customers.models import Customer, CustomerUser
from orders.models import Order, Subscription
from portal.access import search as index
from portal.access.http import scope_of
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.ui.search import Find, Hit, Source


@dataclass(frozen=True)
class _Place:
    """The connection that a record lies in."""

    connection: str
    retired: bool


def _finder(kind: str, url_name: str, right: str, records: QuerySet[Any]) -> Find:
    def find(request: HttpRequest, text: str, limit: int) -> list[Hit]:
        scope = scope_of(request).narrowed(right)
        found = index.search(scope, text, limit=limit, kinds=(kind,))
        places = _places(scope, records, [hit.object_id for hit in found])
        hits = [
            _hit(hit, reverse(url_name, args=[hit.object_id]), places.get(hit.object_id))
            for hit in found
        ]
        return sorted(hits, key=lambda hit: hit.pk is None)  # what can be worked with first

    return find


def _hit(hit: index.Hit, url: str, place: _Place | None) -> Hit:
    """What can be done with a record is not offered where its connection is retired."""
    parts: list[Any] = [hit.subtitle]
    if place:
        parts += [place.connection, _("connection retired") if place.retired else ""]
    return Hit(
        label=hit.title,
        url=url,
        detail=" · ".join(str(part) for part in parts if part),
        exact=hit.exact,
        pk=None if place and place.retired else hit.object_id,
    )


def _places(scope: Scope, records: QuerySet[Any], ids: list[int]) -> dict[int, _Place]:
    """The connection of each record, for a person who sees several; one query."""
    visible = scope.visible_connection_ids()
    if not ids or (visible is not None and len(visible) < 2):
        return {}
    others = Connection.objects.exclude(pk=OuterRef("connection_id"))
    rows = scope.filter(records.filter(pk__in=ids))
    columns = ("pk", "connection__name", "connection__retired_at")
    told = rows.filter(Exists(others)).values_list(*columns)
    return {pk: _Place(name, retired is not None) for pk, name, retired in told}


SOURCES = (
    Source(
        "customers",
        _("Customers"),
        _finder("customer", "customer", "customers.view", Customer.objects.all()),
        icon="building",
        order=10,
        right="customers.view",
    ),
    Source(
        "subscriptions",
        _("Subscriptions"),
        _finder("subscription", "subscription", "subscriptions.view", Subscription.objects.all()),
        icon="license",
        order=20,
        right="subscriptions.view",
    ),
    Source(
        "orders",
        _("Orders"),
        _finder("order", "order", "subscriptions.view", Order.objects.all()),
        icon="shopping-cart",
        order=22,
        right="subscriptions.view",
        own_ids=True,
    ),
    Source(
        "customer-users",
        _("Customers' users"),
        _finder(
            "customer_user", "customer_user", "customer_users.view", CustomerUser.objects.all()
        ),
        icon="users",
        order=25,
        right="customer_users.view",
    ),
    Source(
        "invoices",
        _("Invoices"),
        _finder("invoice", "invoice", "invoices.view", Invoice.objects.all()),
        icon="file-invoice",
        order=30,
        right="invoices.view",
    ),
)

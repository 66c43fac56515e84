"""Global search over the narrow table: one source per kind of record."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from customers.models import Customer, CustomerUser
from orders.models import Subscription
from portal.access import search as index
from portal.access.http import scope_of
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.ui.search import Find, Hit, Source


def _finder(kind: str, url_name: str, right: str, records: QuerySet[Any]) -> Find:
    def find(request: HttpRequest, text: str, limit: int) -> list[Hit]:
        scope = scope_of(request).narrowed(right)
        found = index.search(scope, text, limit=limit, kinds=(kind,))
        connections = _connections(scope, records, [hit.object_id for hit in found])
        return [
            Hit(
                label=hit.title,
                url=reverse(url_name, args=[hit.object_id]),
                detail=" · ".join(filter(None, (hit.subtitle, connections.get(hit.object_id)))),
                exact=hit.exact,
                pk=hit.object_id,
            )
            for hit in found
        ]

    return find


def _connections(scope: Scope, records: QuerySet[Any], ids: list[int]) -> dict[int, str]:
    """The connection of each record, by its name, for a person who sees several; one query."""
    visible = scope.visible_connection_ids()
    if not ids or (visible is not None and len(visible) < 2):
        return {}
    others = Connection.objects.exclude(pk=OuterRef("connection_id"))
    rows = scope.filter(records.filter(pk__in=ids))
    return dict(rows.filter(Exists(others)).values_list("pk", "connection__name"))


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

"""Global search over the narrow table: one source per kind of record."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access import search as index
from portal.access.http import scope_of
from portal.ui.search import Find, Hit, Source


def _finder(kind: str, url_name: str, right: str) -> Find:
    def find(request: HttpRequest, text: str, limit: int) -> list[Hit]:
        scope = scope_of(request).narrowed(right)
        return [
            Hit(
                label=hit.title,
                url=reverse(url_name, args=[hit.object_id]),
                detail=hit.subtitle,
                exact=hit.exact,
                pk=hit.object_id,
            )
            for hit in index.search(scope, text, limit=limit, kinds=(kind,))
        ]

    return find


SOURCES = (
    Source(
        "customers",
        _("Customers"),
        _finder("customer", "customer", "customers.view"),
        icon="building",
        order=10,
        right="customers.view",
    ),
    Source(
        "subscriptions",
        _("Subscriptions"),
        _finder("subscription", "subscription", "subscriptions.view"),
        icon="license",
        order=20,
        right="subscriptions.view",
    ),
    Source(
        "customer-users",
        _("Customers' users"),
        _finder("customer_user", "customer_user", "customer_users.view"),
        icon="users",
        order=25,
        right="customer_users.view",
    ),
    Source(
        "invoices",
        _("Invoices"),
        _finder("invoice", "invoice", "invoices.view"),
        icon="file-invoice",
        order=30,
        right="invoices.view",
    ),
)

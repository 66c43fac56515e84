"""What stands on the overviews of a customer and of an indirect reseller, from all the rooms below.

Each card is one query, for those who may see what it shows; row policies and the scope bound it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from customers.models import Customer
from orders import lots
from orders import queries as orders
from orders.models import Subscription
from portal.access import people
from portal.access.http import scope_of
from portal.access.models import Reseller
from portal.dashboard.activity_log import queries as log
from portal.outbox import queries as changes
from portal.ui import cards, formats

EACH = 5
ORDER = {"reseller_figures": 10, "ending": 20, "staff": 30, "changes": 40, "recent": 50}
Found = Mapping[str, Any]


@dataclass(frozen=True)
class Ending:
    """A subscription whose term ends, and how many of its seats can still be taken back."""

    row: Subscription
    removable: int

    @property
    def left(self) -> str:
        """How long they can be taken back."""
        return formats.left(self.row.refund_until, self.row.connection.now())


def register() -> None:
    """Add the cards; called from DashboardConfig.ready."""
    _add("customer", "ending", _ending_of_customer, "subscriptions.view")
    _add("customer", "changes", _changes_of_customer, "changes.view")
    _add("customer", "recent", _recent_of_customer, log.RIGHT)
    _add("reseller-top", "reseller_figures", _figures, "subscriptions.view")
    _add("reseller", "ending", _ending_of_reseller, "subscriptions.view")
    _add("reseller", "staff", _staff, people.RIGHT)
    _add("reseller", "changes", _changes_of_reseller, "changes.view")
    _add("reseller", "recent", _recent_of_reseller, log.RIGHT)


def _add(place: str, slug: str, find: Callable[[HttpRequest, Any], Found], right: str) -> None:
    card = cards.Card(slug, f"dashboard/_{slug}.html", find, ORDER[slug], right)
    cards.register(place, card)


def _ending_of_customer(request: HttpRequest, row: Customer) -> Found:
    rows = orders.ending(orders.of_customer(scope_of(request), row), EACH)
    all_url = reverse("customer_subscriptions", args=[row.pk])
    return _ending(rows, all_url) | {"what_if": reverse("customer_what_if", args=[row.pk])}


def _ending_of_reseller(request: HttpRequest, row: Reseller) -> Found:
    rows = orders.ending(orders.of_reseller(scope_of(request), row), EACH)
    return _ending(rows, "") | {"with_customer": True}


def _ending(rows: list[Subscription], url: str) -> dict[str, Any]:
    return {"ending": [Ending(row, lots.refundable(row) or 0) for row in rows], "all_url": url}


def _changes_of_customer(request: HttpRequest, row: Customer) -> Found:
    about = changes.of_customer(scope_of(request), row.connection_id, row.pc_id)
    return {"commands": changes.under_way(about, EACH)}


def _changes_of_reseller(request: HttpRequest, row: Reseller) -> Found:
    about = changes.commands(scope_of(request)).filter(reseller=row)
    return {"commands": changes.under_way(about, EACH), "with_customer": True}


def _recent_of_customer(request: HttpRequest, row: Customer) -> Found:
    about = log.entries(scope_of(request)).filter(
        connection=row.connection_id, customer_pc_id=row.pc_id
    )
    return {"recent": list(about.order_by("-pk")[:EACH]), "one_customer": True}


def _recent_of_reseller(request: HttpRequest, row: Reseller) -> Found:
    about = log.entries(scope_of(request)).filter(reseller_id=row.pk)
    return {"recent": list(about.order_by("-pk")[:EACH])}


def _figures(request: HttpRequest, row: Reseller) -> Found:
    return {"totals": orders.totals_of(orders.of_reseller(scope_of(request), row))}


def _staff(request: HttpRequest, row: Reseller) -> Found:
    held = people.held(scope_of(request)).filter(reseller=row).select_related("user")
    return {"staff": list(held.order_by("user__name", "user__email", "pk")[:50])}

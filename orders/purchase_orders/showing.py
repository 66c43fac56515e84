"""What the page of an order shows of its purchase order."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.models import Order
from orders.purchase_orders import queries, rules
from orders.purchase_orders.part import RIGHT
from portal.access.refusing import RefusedError
from portal.access.scope import Scope


def of_page(scope: Scope, row: Order) -> dict[str, Any]:
    """Documents, the number that its cart carries, whether it waits. Two queries."""
    found = queries.papers(scope, row)
    waits = row.status in rules.WAITING
    return {
        "papers": found,
        "purchase_order": queries.number(scope, row),
        "order_waits": waits,
        "shows_papers": waits or bool(found) or row.status == rules.COMPLETE,
    }


def offered(scope: Scope, row: Order) -> list[tuple[str, str]]:
    """Handing in, where the order waits for it and the person may: (address, label)."""
    try:
        rules.may_hand_in(row)
    except RefusedError:
        return []
    if scope.read_only or not scope.can(RIGHT, row):
        return []
    return [(reverse("order_hand_in", args=[row.pk]), _("Hand in the purchase order"))]

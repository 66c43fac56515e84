"""Reads of what was handed in, and of the number that the cart of an order carries."""

from collections.abc import Sequence

from orders.carts.models import CartLine
from orders.models import Order
from orders.purchase_orders.models import OrderPaper
from portal.access.scope import Scope
from portal.lists.models import StoredFile
from portal.mirror.reading import for_people


def papers(scope: Scope, row: Order) -> Sequence[OrderPaper]:
    """The documents of an order, the newest first."""
    rows = scope.filter(OrderPaper.objects.filter(order=row))
    return list(for_people(rows, "added_by").order_by("-pk"))


def number(scope: Scope, row: Order) -> str:
    """The purchase-order number of the cart that an order came from, "" for none."""
    lines = CartLine.objects.filter(order_pc_id=row.pc_id, cart__connection=row.connection_id)
    found = scope.filter(lines).values_list("cart__purchase_order", flat=True)
    return found.order_by("pk").first() or ""


def may_read(scope: Scope, stored: StoredFile) -> bool:
    """Whoever sees the order's papers may read them."""
    return scope.filter(OrderPaper.objects.filter(file=stored)).exists()

"""After a checkout: the orders are read until each line has its active subscription (facts, rule cart).

It takes up to 15 minutes. A worker looks, soon at first and then each minute; what is later than that is
said to be late and looked for less often, for a day. Nothing here waits in front of anybody.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from orders.carts import wire
from orders.carts.models import Cart, CartLine, LineState
from orders.carts.part import FAMILY_OF_ORDERS, FAMILY_OF_SUBSCRIPTIONS
from orders.models import Subscription
from portal.connections.clients import get_client
from portal.mirror import families, upsert
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import NotFound, PartnerError
from portal.partnercenter.operations.orders import GET_ORDER
from portal.partnercenter.operations.subscriptions import LIST_SUBSCRIPTIONS_OF_ORDER
from portal.partnercenter.transport import utc_now

FOLLOW = "orders.carts.tasks.follow"
FIRST = dt.timedelta(seconds=2)
LATE = dt.timedelta(minutes=15)
GIVEN_UP = dt.timedelta(days=1)
AWAITED = (LineState.ORDERED, LineState.LATE)
OVERDUE = dt.timedelta(seconds=20)
MOST = 50


def begin(cart_id: int) -> None:
    """Look for the first time in a moment."""
    _put_off(cart_id, FIRST)


def due() -> list[int]:
    """Carts whose look should have been: its task was lost."""
    late = timezone.now() - OVERDUE
    rows = Cart.objects.filter(next_look_at__lt=late).order_by("next_look_at")
    return list(rows.values_list("pk", flat=True)[:MOST])


def look(cart_id: int) -> None:
    """Read what is still awaited of a cart, keep it, and look again later if something is left."""
    cart = Cart.objects.select_related("connection", "customer").filter(pk=cart_id).first()
    if cart is None or cart.next_look_at is None:
        return
    lines = list(cart.lines.filter(state__in=AWAITED))
    try:
        if lines and not cart.connection.is_retired:
            _read(get_client(cart.connection, "write"), cart, lines)
    except PartnerError:
        pass  # the next look reads it
    _go_on(cart)


def _read(client: PartnerClient, cart: Cart, lines: Sequence[CartLine]) -> None:
    by_order: dict[str, list[CartLine]] = defaultdict(list)
    for line in lines:
        by_order[line.order_pc_id].append(line)
    for order_id, mine in by_order.items():
        at = utc_now()
        ids: dict[str, Any] = {"customer_id": cart.customer.pc_id}
        try:
            order = client.call(GET_ORDER, order_id=order_id, **ids)
        except NotFound:
            continue  # the order shows late, too
        query = {"order_id": order_id}
        sold = client.call(LIST_SUBSCRIPTIONS_OF_ORDER, query=query, **ids)
        rows = [dict(one) for one in sold.get("items") or ()]
        with transaction.atomic():
            keep(cart, order, rows, at)
            _tell(cart, order, mine)


def keep(
    cart: Cart, order: dict[str, Any], sold: Sequence[dict[str, Any]], at: dt.datetime
) -> None:
    """Bring an order and its subscriptions into the mirror as the customer's lists would."""
    for name, rows in ((FAMILY_OF_ORDERS, [order]), (FAMILY_OF_SUBSCRIPTIONS, sold)):
        family = families.get(name)
        representation = family.listing.representation
        parent = cart.customer.pc_id
        upsert.upsert(family, representation, cart.connection, rows, observed_at=at, parent=parent)


def _tell(cart: Cart, order: Mapping[str, Any], lines: Sequence[CartLine]) -> None:
    """Write down which subscription came of which line, and how it stands."""
    found = wire.subscriptions_of(order, lines)
    for line in lines:
        line.subscription_pc_id = found.get(line.pk) or line.subscription_pc_id
    ids = [line.subscription_pc_id for line in lines if line.subscription_pc_id]
    rows = Subscription.objects.filter(connection=cart.connection_id, pc_id__in=ids)
    status = dict(rows.values_list("pc_id", "status"))
    for line in lines:
        told = status.get(line.subscription_pc_id, "") if line.subscription_pc_id else ""
        line.state = wire.state_of(order, told) or line.state
    CartLine.objects.bulk_update(lines, ["subscription_pc_id", "state"])


def _go_on(cart: Cart) -> None:
    awaited = cart.lines.filter(state__in=AWAITED)
    since = timezone.now() - (cart.ordered_at or timezone.now())
    if since > LATE:
        awaited.filter(state=LineState.ORDERED).update(state=LineState.LATE)
    if since > GIVEN_UP or not awaited.exists():
        Cart.objects.filter(pk=cart.pk).update(next_look_at=None)
        return
    _put_off(cart.pk, pause(since))


def pause(since: dt.timedelta) -> dt.timedelta:
    """How long to wait for the next look: about a third of what it has taken, up to a minute; late, ten."""
    if since > LATE:
        return dt.timedelta(minutes=10)
    return min(max(since / 3, dt.timedelta(seconds=3)), dt.timedelta(minutes=1))


def _put_off(cart_id: int, wait: dt.timedelta) -> None:
    at = timezone.now() + wait
    Cart.objects.filter(pk=cart_id).update(next_look_at=at)
    seconds = wait.total_seconds()
    transaction.on_commit(
        lambda: current_app.send_task(FOLLOW, args=[cart_id], countdown=seconds, queue="push")
    )

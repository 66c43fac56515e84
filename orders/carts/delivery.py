"""The worker's side of a cart: is everything still sold, put it to Partner Center, check it out, keep the orders.

The checkout is idempotent (facts, rule cart): asked again it gives the first result and orders nothing.
After a lost answer the cart is read: only one that Partner Center calls ordered is asked again.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.carts import contents, following, ordering, problems, wire
from orders.carts.models import Cart, CartLine, CartState, LineState
from orders.carts.part import CHECK, CHECKOUT, FAMILY_OF_ORDERS, PLACE, RIGHT, TARGET
from orders.catalogue import rereading
from portal.mirror import families, upsert
from portal.outbox import verbs
from portal.outbox.attempt import Attempt, Reply
from portal.outbox.models import Command
from portal.partnercenter.errors import NoAnswer, NotFound
from portal.partnercenter.operations.carts import (
    CHECKOUT_CART,
    CREATE_CART,
    CREATE_CART_WITH_ADDONS,
    UPDATE_CART,
)
from portal.partnercenter.operations.orders import (
    CREATE_ORDER,
    CREATE_ORDER_FOR_RESELLER,
    LIST_ORDERS,
)
from portal.partnercenter.operations.purchasing import GET_CART
from portal.partnercenter.transport import utc_now

FIELDS = {
    "lines": gettext_lazy("Lines"),
    "quantity": gettext_lazy("Units"),
    "reseller": gettext_lazy("Reseller on record"),
    "content": gettext_lazy("Cart"),
    "sold": gettext_lazy("No longer sold"),
    "refused": gettext_lazy("Refused lines"),
    "upstream": gettext_lazy("Cart at Partner Center"),
}
_MEND = gettext_lazy(
    "The page of the cart says what is wrong with which line. Mend it, then check out again."
)
BARS = {
    "content": gettext_lazy("The cart has changed. Look at it and check out again."),
    "sold": _MEND,
    "refused": _MEND,
    "upstream": gettext_lazy("Partner Center's cart has expired. Check out again."),
}
ORDERED = "ordered"
ERROR = ("error_code", "error_text", "error_correlation_id")
# Clocks differ a little between the portal and Partner Center.
SKEW = dt.timedelta(minutes=1)
Errors = Mapping[int, tuple[str, str]]


def put(attempt: Attempt) -> verbs.Delivered:
    """Read again what is sold, then create Partner Center's cart, or put the lines into the one that it holds."""
    cart = _cart(attempt.command)
    lines = contents.lines(cart)
    if stops := _stops(attempt, cart, lines):
        return stops
    reply = _sent(attempt, cart, lines)
    errors = wire.errors_of(reply.body)
    save = _put_saver(cart, lines, reply)
    if errors and attempt.command.verb == CHECKOUT:
        return verbs.Changed(difference={"refused": (0, len(errors))}, save=save)
    return verbs.Applied(save=save, correlation_id=reply.correlation_id)


def _stops(attempt: Attempt, cart: Cart, lines: Sequence[CartLine]) -> verbs.Changed | None:
    """Why nothing is sent: the cart is not the one that was seen, or something of it is sold no more."""
    if ordering.content(cart, lines) != attempt.command.parameters["content"]:
        return verbs.Changed(difference={"content": (_("as seen"), _("changed"))})
    if gone := _gone(attempt, cart, lines):
        names = ", ".join(lines[place].title for place in gone)
        errors = dict.fromkeys(gone, (problems.GONE, ""))
        return verbs.Changed(difference={"sold": ("", names)}, save=_marker(lines, errors))
    return None


def _gone(attempt: Attempt, cart: Cart, lines: Sequence[CartLine]) -> list[int]:
    """The places of lines whose availability is sold no more (rule catalog_freshness)."""
    market, known = cart.customer.country, {}
    for name in dict.fromkeys(line.catalog_item_id for line in lines):
        known[name] = rereading.reread(attempt.client, cart.connection, market, name)
    return [place for place, line in enumerate(lines) if known[line.catalog_item_id] is None]


def _sent(attempt: Attempt, cart: Cart, lines: Sequence[CartLine]) -> Reply[dict[str, Any]]:
    """Carts that nobody orders vanish by themselves, so a second one after a lost answer does no harm.

    Until somebody has confirmed the reseller's sale none is named: a check looks at the rest.
    """
    body = wire.body(cart, lines, ordering.partner_id(cart) if cart.attested else "")
    ids = {"customer_id": cart.customer.pc_id}
    if cart.upstream_id and _lives(cart):
        try:
            return attempt.write(UPDATE_CART, body=body, cart_id=cart.upstream_id, **ids)
        except NotFound:
            body.pop("id", None)
    body.pop("id", None)
    with_add_ons = any(line.sku is not None and line.sku.is_add_on for line in lines)
    operation = CREATE_CART_WITH_ADDONS if with_add_ons else CREATE_CART
    return attempt.write(operation, body=body, **ids)


def _lives(cart: Cart) -> bool:
    return cart.upstream_expires_at is not None and cart.upstream_expires_at > timezone.now()


def _put_saver(cart: Cart, lines: Sequence[CartLine], reply: Reply[dict[str, Any]]) -> verbs.Save:
    answer = reply.body
    errors, groups = wire.errors_of(answer), wire.groups_of(answer)
    expires = parse_datetime(str(answer.get("expirationTimestamp") or ""))

    def save() -> dict[str, Any]:
        Cart.objects.filter(pk=cart.pk).update(
            upstream_id=str(answer["id"]), upstream_expires_at=expires, checked_at=timezone.now()
        )
        for place, line in enumerate(lines):
            line.group = groups.get(place, "")
        _mark(lines, errors, reply.correlation_id)
        return {"lines": len(lines) - len(errors)} | ({"refused": len(errors)} if errors else {})

    return save


def _marker(lines: Sequence[CartLine], errors: Errors) -> verbs.Save:
    def save() -> None:
        _mark(lines, errors)

    return save


def _mark(lines: Sequence[CartLine], errors: Errors, correlation_id: str = "") -> None:
    """Write down what is wrong with which line, and that nothing is with the others."""
    for place, line in enumerate(lines):
        line.error_code, line.error_text = errors.get(place, ("", ""))
        line.error_correlation_id = correlation_id if place in errors else ""
    CartLine.objects.bulk_update(lines, [*ERROR, "group"])


def settle_put(_attempt: Attempt) -> verbs.Found:
    """A cart orders nothing: after a lost answer it is sent again."""
    return verbs.NotApplied()


def checkout(attempt: Attempt) -> verbs.Delivered:
    """Check out the cart that the step before has put."""
    cart = _cart(attempt.command)
    try:
        return _bought(attempt, cart)
    except NotFound:
        return verbs.Changed(difference={"upstream": ("", _("expired"))}, save=_forget(cart))


def _bought(attempt: Attempt, cart: Cart) -> verbs.Applied:
    ids = {"customer_id": cart.customer.pc_id, "cart_id": cart.upstream_id}
    reply = attempt.write(CHECKOUT_CART, **ids)
    return _applied(cart, dict(reply.body), reply.correlation_id)


def _applied(cart: Cart, answer: dict[str, Any], correlation_id: str) -> verbs.Applied:
    orders = [str(one.get("id")) for one in answer.get("orders") or ()]
    return verbs.Applied(
        save=_saver(cart, answer, correlation_id),
        answer={"orders": orders},
        correlation_id=correlation_id,
    )


def _forget(cart: Cart) -> verbs.Save:
    def save() -> None:
        Cart.objects.filter(pk=cart.pk).update(upstream_id="", upstream_expires_at=None)

    return save


def settle(attempt: Attempt) -> verbs.Found:
    """Read the cart. Ordered: ask for the result again. Gone: look for the order. Else nothing was ordered."""
    cart = _cart(attempt.command)
    ids = {"customer_id": cart.customer.pc_id, "cart_id": cart.upstream_id}
    try:
        found = attempt.read(GET_CART, **ids)
    except NotFound:
        return _late(attempt, cart)
    if str(found.body.get("status") or "").lower() != ORDERED:
        return verbs.NotApplied()
    return _bought(attempt, cart)


def place(attempt: Attempt) -> verbs.Delivered:
    """All lines as one order, without a cart: a wrong line refuses all of it."""
    cart = _cart(attempt.command)
    lines = contents.lines(cart)
    if stops := _stops(attempt, cart, lines):
        return stops
    partner_id = ordering.partner_id(cart)
    operation = CREATE_ORDER_FOR_RESELLER if partner_id else CREATE_ORDER
    body = wire.order_body(cart, lines, partner_id)
    reply = attempt.write(operation, body=body, customer_id=cart.customer.pc_id)
    return _applied(cart, {"orders": [dict(reply.body)]}, reply.correlation_id)


def settle_place(attempt: Attempt) -> verbs.Found:
    """Look for the order."""
    return _late(attempt, _cart(attempt.command))


def _late(attempt: Attempt, cart: Cart) -> verbs.Found:
    """The list of orders shows a new one up to 15 minutes late: until then nobody knows (NoAnswer)."""
    found = _among_orders(attempt, cart)
    sent = attempt.step.sent_at
    young = sent is not None and sent + following.LATE + SKEW > timezone.now()
    if young and isinstance(found, verbs.NotApplied):
        raise NoAnswer(correlation_id=attempt.step.correlation_id)
    return found


def _among_orders(attempt: Attempt, cart: Cart) -> verbs.Found:
    """Orders since this one left that hold nothing but lines of this cart."""
    since = (attempt.step.sent_at or timezone.now()) - SKEW
    reply = attempt.read(LIST_ORDERS, customer_id=cart.customer.pc_id)
    items = {line.catalog_item_id.lower() for line in contents.lines(cart)}
    orders = [dict(one) for one in reply.body.get("items", []) if _is_ours(one, items, since)]
    if not orders:
        return verbs.NotApplied()
    return _applied(cart, {"orders": orders}, attempt.step.correlation_id)


def _is_ours(order: Mapping[str, Any], items: set[str], since: dt.datetime) -> bool:
    at = parse_datetime(str(order.get("creationDate") or ""))
    sold = {str(one.get("offerId") or "").lower() for one in order.get("lineItems") or ()}
    return at is not None and at >= since and bool(sold) and sold <= items


def _saver(cart: Cart, answer: dict[str, Any], correlation_id: str) -> verbs.Save:
    """Enter the orders, say of each line what became of it, and begin to follow the subscriptions."""

    def save() -> dict[str, Any]:
        lines = contents.lines(cart)
        found = wire.outcome(answer, lines)
        keep_orders(cart, found.orders)
        for place, line in enumerate(lines):
            _close(line, found.ordered.get(place), found.refused.get(place))
            line.error_correlation_id = correlation_id if line.error_code else ""
        CartLine.objects.bulk_update(lines, ["state", "order_pc_id", "subscription_pc_id", *ERROR])
        state = CartState.PARTLY if found.refused else CartState.ORDERED
        Cart.objects.filter(pk=cart.pk).update(state=state, ordered_at=timezone.now())
        following.begin(cart.pk)
        units = sum(lines[place].quantity for place in found.ordered)
        told: dict[str, Any] = {"lines": len(found.ordered), "quantity": units}
        told["reseller"] = cart.reseller.name if cart.reseller else ""
        return told | ({"refused": len(found.refused)} if found.refused else {})

    return save


def _close(
    line: CartLine, ordered: tuple[str, str] | None, refused: tuple[str, str] | None
) -> None:
    if ordered is not None:
        line.state, (line.order_pc_id, line.subscription_pc_id) = LineState.ORDERED, ordered
        line.error_code = line.error_text = ""
    else:
        line.state = LineState.REFUSED
        line.error_code, line.error_text = refused or ("unknown", "")


def keep_orders(cart: Cart, orders: Sequence[dict[str, Any]]) -> None:
    """Bring orders into the mirror as their customer's list would."""
    family = families.get(FAMILY_OF_ORDERS)
    upsert.upsert(
        family,
        family.listing.representation,
        cart.connection,
        orders,
        observed_at=utc_now(),
        parent=cart.customer.pc_id,
    )


# --- the verbs ------------------------------------------------------------------------------------


def _cart(command: Command) -> Cart:
    rows = Cart.objects.select_related("connection", "customer", "reseller")
    return rows.get(pk=command.target_id)


def target(command: Command) -> Cart | None:
    """The cart, None once somebody has thrown it away."""
    return Cart.objects.filter(pk=command.target_id).first()


def hint(command: Command) -> verbs.Hint | None:
    """Where refused lines are put into a new cart."""
    if not (command.result or {}).get("refused"):
        return None
    return verbs.Hint(
        title=_("Some lines were not ordered"),
        text=_("The page of the cart says why, and puts them into a new one."),
        url=reverse("cart", args=[command.target_id]),
        button=_("Open the cart"),
    )


def _summary(command: Command) -> str:
    products = [str(one) for one in command.parameters.get("products") or ()]
    count = len(products)
    told = ngettext("%(n)s line: %(what)s", "%(n)s lines: %(what)s", count)
    what = ", ".join(products[:3]) + (", …" if count > 3 else "")
    named = {"verb": verbs.get(command.verb).label, "event": told % {"n": count, "what": what}}
    parts = [_("{verb}: {event}").format(**named)]
    if refused := (command.result or {}).get("refused"):
        told = ngettext("%(n)s line refused", "%(n)s lines refused", refused)
        parts.append(told % {"n": refused})
    return " · ".join(parts)


def show(field: str, value: Any) -> str:
    """One value in words."""
    if field == "content":
        return str(value) if " " in str(value) else _("as seen")
    return str(value) or "–"


def register() -> None:
    """Enter the verbs; called from the room's setup."""
    putting = verbs.Step(name=CREATE_CART.name, deliver=put, settle=settle_put)
    buying = verbs.Step(name=CHECKOUT_CART.name, deliver=checkout, settle=settle)
    placing = verbs.Step(name=CREATE_ORDER.name, deliver=place, settle=settle_place)
    for name, label, steps in (
        (PLACE, gettext_lazy("Order cart whole"), (placing,)),
        (CHECK, gettext_lazy("Check cart"), (putting,)),
        (CHECKOUT, gettext_lazy("Check out cart"), (putting, buying)),
    ):
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=RIGHT,
                target_type=TARGET,
                target=target,
                steps=steps,
                fields=FIELDS,
                bars=BARS,
                target_url="cart",
                show=show,
                summary=_summary,
                hint=hint if name == CHECKOUT else None,
            )
        )

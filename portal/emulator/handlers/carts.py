"""Carts, their checkout, and orders that are sent without one."""

from portal.emulator import carts, founding, placing
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates, tells_apart
from portal.emulator.model import JSON

CREATIONS = ("CREATE_CART", "CREATE_CART_WITH_ADDONS")
ORDERS = ("CREATE_ORDER", "CREATE_ORDER_FOR_RESELLER")


@tells_apart(*CREATIONS)
def which_cart(call: Call) -> str:
    """Name the scenario by whether a line is an add-on."""
    try:
        with call.store.lock:
            who = carts.buyer(call.store, call.params["customer_id"])
            lines, _attested = carts.read(call.body, who)
    except Refusal:
        return CREATIONS[0]
    return CREATIONS[any(line.is_add_on for line in lines)]


@emulates(*CREATIONS)
def create_cart(call: Call) -> Answer:
    with call.store.lock:
        user = str(call.claims.get("oid") or call.claims.get("appid", ""))
        cart = carts.create(call.store, call.params["customer_id"], call.body, user)
        return ok(carts.wire(cart), 201)


@emulates("GET_CART")
def get_cart(call: Call) -> Answer:
    with call.store.lock:
        return ok(carts.wire(carts.find(call.store, **_ids(call))))


@emulates("UPDATE_CART")
def update_cart(call: Call) -> Answer:
    """201, as a creation (update-a-cart)."""
    with call.store.lock:
        cart = carts.find(call.store, **_ids(call))
        carts.replace(call.store, cart, call.body)
        return ok(carts.wire(cart), 201)


@emulates("CHECKOUT_CART")
def checkout_cart(call: Call) -> Answer:
    with call.store.lock:
        cart = carts.find(call.store, **_ids(call))
        return ok(placing.checkout(call.store, cart, call.actor), 201)


def _ids(call: Call) -> JSON:
    return {"customer_id": call.params["customer_id"], "cart_id": call.params["cart_id"]}


@tells_apart(*ORDERS)
def which_order(call: Call) -> str:
    """Name the scenario by whether a line credits a reseller."""
    try:
        lines = founding.lower(call.body).get("lineitems") or ()
        credited = any(founding.lower(one).get("partneridonrecord") for one in lines)
    except Refusal:
        credited = False
    return ORDERS[credited]


@emulates(*ORDERS)
def create_order(call: Call) -> Answer:
    body = founding.lower(call.body)
    with call.store.lock:
        made = placing.create_order(call.store, call.params["customer_id"], body, call.actor)
    return ok(made, 201)

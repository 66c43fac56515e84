"""Orders of a customer: lists, one, how far its lines are, their activation links, and its one PATCH."""

from portal.emulator import orders, render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates, tells_apart
from portal.emulator.model import JSON
from portal.emulator.order_changes import ADD, CANCEL, CYCLE


@emulates("LIST_ORDERS")
def list_orders(call: Call) -> Answer:
    return _answer(call, _orders(call))


@emulates("LIST_ORDERS_BY_BILLING_CYCLE")
def list_by_cycle(call: Call) -> Answer:
    wanted = orders.cycle(call.query["billingtype"])
    if wanted not in orders.CYCLES:
        raise Refusal(3000, "The billingType is not valid.")
    return _answer(
        call, [one for one in _orders(call) if orders.cycle(one["billingCycle"]) == wanted]
    )


@emulates("GET_ORDER")
def get_order(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.order_changes.order(*_place(call), with_price=_priced(call)))


@emulates("GET_ORDER_PROVISIONING_STATUS")
def provisioning_status(call: Call) -> Answer:
    with call.store.lock:
        return ok(render.collection(call.store.order_changes.provisioning(*_place(call))))


@emulates("LIST_ACTIVATION_LINKS")
def activation_links(call: Call) -> Answer:
    """A sandbox gives a link that leads nowhere (get-activation-link-by-order-line-item)."""
    number = call.params["line_item_number"]
    with call.store.lock:
        order = call.store.order_changes.order(*_place(call))
    if number not in {str(line["lineItemNumber"]) for line in order["lineItems"]}:
        raise Refusal(1000, "The line of the order was not found.")
    place = f"/customers/{call.params['customer_id'].lower()}/orders/{order['id']}"
    link = render.link(f"https://activate.example/{order['id']}/{number}")
    links = {"self": render.link(f"{place}/lineitems/{number}/activationlinks")}
    return ok(render.collection([{"lineItemNumber": int(number), "link": link}], links=links))


@tells_apart(ADD, CYCLE, CANCEL)
def which_patch(call: Call) -> str:
    """Name the action by its body; a call that will be refused counts as the first."""
    try:
        with call.store.lock:
            return call.store.order_changes.operation(*_place(call), call.body)
    except Refusal:
        return ADD


@emulates(ADD, CYCLE, CANCEL)
def patch_order(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.order_changes.patch(*_place(call), call.body, call.actor))


def _place(call: Call) -> tuple[str, str]:
    return call.params["customer_id"], call.params["order_id"]


def _priced(call: Call) -> bool:
    return call.query.get("include_price", "").lower() == "true"


def _orders(call: Call) -> list[JSON]:
    with call.store.lock:
        return call.store.order_changes.of_customer(
            call.params["customer_id"], with_price=_priced(call)
        )


def _answer(call: Call, found: list[JSON]) -> Answer:
    place = f"/customers/{call.params['customer_id'].lower()}/orders"
    return ok(render.collection(found, links={"self": render.link(place)}))

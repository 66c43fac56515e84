"""Orders of a customer: all of them, or those of one billing cycle."""

from portal.emulator import orders, render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON


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


def _orders(call: Call) -> list[JSON]:
    with_price = call.query.get("include_price", "").lower() == "true"
    with call.store.lock:
        return orders.of_customer(call.store, call.params["customer_id"], with_price=with_price)


def _answer(call: Call, found: list[JSON]) -> Answer:
    place = f"/customers/{call.params['customer_id'].lower()}/orders"
    return ok(render.collection(found, links={"self": render.link(place)}))

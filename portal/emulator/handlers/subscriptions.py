"""Subscriptions: lists by customer, partner and order, one subscription, and its one PATCH."""

from collections.abc import Callable

from portal.emulator import changes, render
from portal.emulator.context import Answer, Call, encoded, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates, tells_apart
from portal.emulator.model import Subscription

PATCHES = (
    "CHANGE_QUANTITY",
    "SUSPEND_SUBSCRIPTION",
    "REACTIVATE_SUBSCRIPTION",
    "RENAME_SUBSCRIPTION",
    "SET_AUTO_RENEW",
    "CANCEL_SUBSCRIPTION",
    "SCHEDULE_CHANGE",
    "CHANGE_SUBSCRIPTION_TERM",
    "CHANGE_SUBSCRIPTION_CYCLE",
)


@emulates("LIST_SUBSCRIPTIONS")
def list_subscriptions(call: Call) -> Answer:
    with call.store.lock:
        return encoded(call.store.list_subscriptions(call.params["customer_id"]))


@emulates("LIST_SUBSCRIPTIONS_OF_PARTNER")
def list_of_partner(call: Call) -> Answer:
    mpn_id = call.query["mpn_id"]
    return _chosen(call, lambda item: item.partner_id == mpn_id)


@emulates("LIST_SUBSCRIPTIONS_OF_ORDER")
def list_of_order(call: Call) -> Answer:
    order_id = call.query["order_id"].lower()
    return _chosen(call, lambda item: item.order_id.lower() == order_id)


def _chosen(call: Call, wanted: Callable[[Subscription], bool]) -> Answer:
    with call.store.lock:
        account = call.store.account(call.params["customer_id"])
        items = [
            render.subscription(item) for item in account.subscriptions.values() if wanted(item)
        ]
    return ok(render.collection(items))


@emulates("GET_SUBSCRIPTION")
def get_subscription(call: Call) -> Answer:
    with call.store.lock:
        return encoded(
            call.store.read_subscription(call.params["customer_id"], call.params["subscription_id"])
        )


@tells_apart(*PATCHES)
def which_patch(call: Call) -> str:
    """Name the action by what the body changes; a call that will be refused counts as the first."""
    try:
        with call.store.lock:
            _, item = call.store.subscription(
                call.params["customer_id"], call.params["subscription_id"]
            )
            return changes.read(call.body, item).operation(item)
    except Refusal:
        return PATCHES[0]


@emulates(*PATCHES)
def patch_subscription(call: Call) -> Answer:
    customer_id, subscription_id = call.params["customer_id"], call.params["subscription_id"]
    body = call.body
    with call.store.lock:
        changed = call.store.patch(
            customer_id,
            subscription_id,
            body,
            if_match=call.request.headers.get("If-Match"),
            actor=call.actor,
        )
    if changed is not None:
        return ok(changed)
    # Accepted: the Location lacks /v1, as documented (README trap 7).
    location = f"/customers/{customer_id}/subscriptions/{subscription_id}"
    return Answer(202, headers={"Location": location})

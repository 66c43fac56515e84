"""Azure subscriptions of an Azure plan: the list, one, cancel and reactivate."""

from portal.emulator import render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.handlers.registry import emulates


@emulates("LIST_AZURE_ENTITLEMENTS")
def list_entitlements(call: Call) -> Answer:
    with call.store.lock:
        rows = call.store.azure_plans.of(*_plan(call))
    return ok(render.collection(rows))


@emulates("GET_AZURE_ENTITLEMENT")
def get_entitlement(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.azure_plans.one(*_place(call)))


@emulates("CANCEL_AZURE_ENTITLEMENT")
def cancel(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.azure_plans.cancel(_place(call), call.body, call.actor))


@emulates("REACTIVATE_AZURE_ENTITLEMENT")
def reactivate(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.azure_plans.reactivate(_place(call), call.actor))


def _plan(call: Call) -> tuple[str, str]:
    return call.params["customer_id"], call.params["subscription_id"]


def _place(call: Call) -> tuple[str, str, str]:
    return (*_plan(call), call.params["entitlement_id"])

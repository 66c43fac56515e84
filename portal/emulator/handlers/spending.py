"""A customer's usage budget, and what its software and reservations entitle it to."""

from portal.emulator import orders, render
from portal.emulator.audit import Event
from portal.emulator.clock import iso
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON, NEVER, Customer, Subscription

SOFTWARE = frozenset({"", "software"})
# The kinds of a reservation, and what an artifact of each calls itself.
RESERVED = {
    "reservedinstance": "reservedinstance",
    "virtualmachinereservedinstance": "virtual_machine_reserved_instance",
}


@emulates("GET_SPENDING_BUDGET")
def get_budget(call: Call) -> Answer:
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        return ok(_budget(call, customer))


@emulates("UPDATE_SPENDING_BUDGET")
def set_budget(call: Call) -> Answer:
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        old = _budget(call, customer)
        try:
            amount = _amount(call.body)
        except Refusal:
            _record(call, customer, "failed", old)
            raise
        dossier = call.store.dossiers.of(customer.id)
        dossier.budget = amount
        call.store.dossiers.keep(dossier)
        new = _budget(call, customer)
        _record(call, customer, "succeeded", old, new)
    return ok(new)


def _amount(body: object) -> float:
    if not isinstance(body, dict):
        raise Refusal(800002)
    amount = {str(name).lower(): value for name, value in body.items()}.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | float) or amount < 0:
        raise Refusal(3000, "The amount must be a number that is not negative.")
    return float(amount)


def _budget(call: Call, customer: Customer) -> JSON:
    amount = call.store.dossiers.of(customer.id).budget
    told: JSON = {} if amount is None else {"amount": amount, "usageSpendingBudget": amount}
    return {
        **told,
        "attributes": {"objectType": "SpendingBudget"},
        "links": {"self": render.link(f"/customers/{customer.id}/usagebudget")},
    }


def _record(
    call: Call, customer: Customer, status: str, old: JSON, new: JSON | None = None
) -> None:
    kind = "update_customer_spending_budget"
    event = Event(customer, "customer", kind, status, old, new)
    call.store.audit.write(event, call.actor, call.store.clock.now())


@emulates("LIST_ENTITLEMENTS")
def list_entitlements(call: Call) -> Answer:
    """All kinds without a type; the older name of reservations gives their artifacts its older shape."""
    wanted = call.query.get("entitlementtype", "").lower()
    shows = call.query.get("showexpiry", "").lower() == "true"
    with call.store.lock:
        account = call.store.account(call.params["customer_id"])
        bought = [item for item in account.subscriptions.values() if item.item.is_software]
        reserved = orders.reservation(call.store, account.customer)
    found = [_software(item, shows=shows) for item in bought] if wanted in SOFTWARE else []
    if reserved is not None and wanted in {"", *RESERVED}:
        kind = wanted or "reservedinstance"
        found.append(_reservation(account.customer, reserved, kind))
    return ok(render.collection(found))


@emulates("GET_ENTITLEMENT_ARTIFACT")
def get_artifact(call: Call) -> Answer:
    """What stands behind a reservation; both shapes name it ``virtualMachineReservations``."""
    kind = call.params["artifact_type"].lower()
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        one = orders.reservation(call.store, customer)
    place = tuple(call.params[name].lower() for name in ("group_id", "line_item_id", "resource_id"))
    if one is None or kind not in RESERVED or place != (one.group, one.line, one.resource):
        raise Refusal(1000)
    held = {
        "reservationId": one.id,
        "scopeType": "Shared",
        "quantity": one.quantity,
        "expiryDateTime": f"{one.ends:%Y-%m-%dT%H:%M:%S}",
        "effectiveDateTime": iso(one.at),
        "provisioningState": "Created",
    }
    return ok({"type": RESERVED[kind], "virtualMachineReservations": [held]})


def _reservation(customer: Customer, one: orders.Reservation, kind: str) -> JSON:
    place = f"groups/{one.group}/lineitems/{one.line}/resource/{one.resource}"
    artifact = {
        "link": render.link(f"/customers/{customer.id}/artifacts/{kind}/{place}"),
        "resourceId": one.resource,
        "artifactType": kind,
    }
    return {
        "includedEntitlements": [],
        "referenceOrder": {"id": one.order_id, "lineItemId": "0"},
        "productId": one.product_id,
        "quantity": one.quantity,
        "entitledArtifacts": [artifact],
        "skuId": one.sku_id,
        "entitlementType": kind,
        "dynamicAttributes": {"reservationType": "virtualmachines"},
    }


def _software(item: Subscription, *, shows: bool) -> JSON:
    product, sku, *_ = item.item.offer_id.split(":")
    made: JSON = {
        "includedEntitlements": [],
        "referenceOrder": {"id": item.order_id, "lineItemId": "0"},
        "productId": product,
        "quantity": item.quantity,
        "entitledArtifacts": [],
        "skuId": sku,
        "entitlementType": "software",
    }
    if shows and item.term_end != NEVER:
        made["expiryDate"] = iso(item.term_end)
    return made

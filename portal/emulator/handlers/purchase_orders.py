"""The review of a new customer, and the purchase order of an order."""

from portal.emulator import purchase_orders, render, vetting
from portal.emulator.clock import iso
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates


@emulates("GET_VALIDATION_STATUS")
def validation_status(call: Call) -> Answer:
    """How Microsoft's look at a customer stands (retrieve-validation-status)."""
    kind = call.query.get("type", "")
    if kind.lower() != "account":
        raise Refusal(3000, "The type is not valid.")
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        status = vetting.status(call.store.dossiers.of(customer.id))
    seen = iso(call.store.anchor)
    return ok({"type": "account", "status": status, "lastUpdateDateTime": seen})


@emulates("ATTACH_PURCHASE_ORDER")
def attach(call: Call) -> Answer:
    """A form: "metadata" as JSON, "pofiles" and "tenderfiles" as files."""
    form, files = call.request.form, call.request.files
    uploads = [
        (field.lower(), one.filename or field, len(one.read()))
        for field in files
        for one in files.getlist(field)
        if field.lower() in {"pofiles", "tenderfiles"}
    ]
    call.request.close()
    sent = (form.get("metadata", ""), uploads)
    with call.store.lock:
        made = purchase_orders.attach(call.store, _place(call), sent, call.actor)
        return ok(render.collection(made), 201)


@emulates("LIST_ORDER_ATTACHMENTS")
def attachments(call: Call) -> Answer:
    with call.store.lock:
        return ok(render.collection(purchase_orders.of(call.store, *_place(call))))


def _place(call: Call) -> tuple[str, str]:
    return call.params["customer_id"], call.params["order_id"]

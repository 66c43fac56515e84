"""A customer's billing profile: read, and put as a whole with its etag."""

from portal.emulator import dossiers, render
from portal.emulator.audit import Event
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON, Customer


@emulates("GET_CUSTOMER_BILLING_PROFILE")
def get_billing_profile(call: Call) -> Answer:
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        return ok(render.billing_profile(customer, call.store.profile(customer)))


@emulates("UPDATE_CUSTOMER_BILLING_PROFILE")
def put_billing_profile(call: Call) -> Answer:
    with call.store.lock:
        customer = call.store.customer(call.params["customer_id"])
        old = render.billing_profile(customer, call.store.profile(customer))
        try:
            wanted, etag = dossiers.billing_wanted(call.body, customer.country)
            dossier = call.store.dossiers.of(customer.id)
            if_match = call.request.headers.get("If-Match")
            dossiers.check_etag(old["id"], dossier.billing_version, if_match, etag)
        except Refusal:
            _record(call, customer, "failed", old)
            raise
        dossier.billing = wanted
        dossier.billing_version += 1
        call.store.dossiers.keep(dossier)
        new = render.billing_profile(customer, call.store.profile(customer))
        _record(call, customer, "succeeded", old, new)
    return ok(new)


def _record(
    call: Call, customer: Customer, status: str, old: JSON, new: JSON | None = None
) -> None:
    event = Event(customer, "customer", "update_customer_billing_profile", status, old, new)
    call.store.audit.write(event, call.actor, call.store.clock.now())

"""What else a subscription tells: its add-ons, whether it is provisioned, who supports it, reservations."""

from portal.emulator import render
from portal.emulator.clock import iso
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import NEVER, Account, Subscription


def _found(call: Call) -> tuple[Account, Subscription]:
    return call.store.subscription(call.params["customer_id"], call.params["subscription_id"])


def _path(call: Call) -> str:
    return f"/customers/{call.params['customer_id']}/subscriptions/{call.params['subscription_id']}"


@emulates("LIST_ADDONS_OF_SUBSCRIPTION")
def list_addons(call: Call) -> Answer:
    """Legacy add-ons only: those of new commerce are subscriptions by themselves (rule addons)."""
    with call.store.lock:
        account, item = _found(call)
        items = [
            render.subscription(one)
            for one in account.subscriptions.values()
            if one.parent_id == item.id
        ]
    return ok(render.collection(items))


@emulates("GET_PROVISIONING_STATUS")
def provisioning_status(call: Call) -> Answer:
    with call.store.lock:
        _account, item = _found(call)
        if item.item.is_azure_plan:
            raise Refusal(3000, "There is no provisioning status for an Azure plan.")
        return ok(
            {
                "skuId": item.item.licence_id or item.item.product_id,
                "status": "pending" if item.pending is not None else "success",
                "quantity": item.quantity,
                "endDate": iso(item.term_end) if item.term_end < NEVER else None,
                "attributes": {"objectType": "SubscriptionProvisioningStatus"},
            }
        )


@emulates("GET_SUPPORT_CONTACT")
def support_contact(call: Call) -> Answer:
    """The partner itself, or the reseller that sold it."""
    with call.store.lock:
        account, item = _found(call)
        sellers = (one for one in account.customer.resellers if one.mpn_id == item.partner_id)
        seller = next(sellers, None)
        settings = call.store.settings
    return ok(
        {
            "supportTenantId": seller.id if seller else settings.tenant_id,
            "supportMpnId": seller.mpn_id if seller else "",
            "name": seller.name if seller else settings.tenant_domain,
            "links": {"self": render.link(f"{_path(call)}/supportcontact")},
            "attributes": {"objectType": "SupportContact"},
        }
    )


@emulates("REGISTER_SUBSCRIPTION")
def register(call: Call) -> Answer:
    """Register an Azure subscription for reservations: 202, with the place of its status."""
    with call.store.lock:
        account, item = _found(call)
        if not item.item.is_azure_plan:
            raise Refusal(3000, "Only an Azure subscription can be registered.")
        call.store.touch(account)
        item.registered = call.store.clock.now()
        old = render.subscription(item)
        call.store.record(account, item, call.actor, "succeeded", old=old, new=old)
    return Answer(202, headers={"Location": f"{_path(call)}/registrationstatus"})


@emulates("GET_REGISTRATION_STATUS")
def registration_status(call: Call) -> Answer:
    with call.store.lock:
        _account, item = _found(call)
        done = item.registered is not None
    return ok(
        {
            "subscriptionId": item.id,
            "status": "registered" if done else "notregistered",
            "attributes": {"objectType": "SubscriptionRegistrationStatus"},
        }
    )

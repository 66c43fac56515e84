"""What happens in Partner Center without the portal: changes by hand, and a look inside."""

from collections.abc import Callable
from random import Random

from portal.emulator import render
from portal.emulator.audit import Event
from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.ids import seeded
from portal.emulator.model import JSON, Actor, Customer, Subscription
from portal.emulator.seeds.history import colleague
from portal.emulator.settings import PARTNER_NAME
from portal.emulator.store import Store

DEFAULT_KINDS = ("quantity", "suspend", "reactivate", "rename")
KINDS = (*DEFAULT_KINDS, "auto_renew", "rename_customer", "add_customer", "remove_customer")


def change(store: Store, count: int, *, kinds: list[str] | None, user: str | None) -> list[JSON]:
    """Make ``count`` changes to different customers, with audit records, and return them.

    Raise ValueError for an unknown kind or if too few customers can be changed so.
    """
    chosen = kinds or list(DEFAULT_KINDS)
    unknown = set(chosen) - set(KINDS)
    if unknown:
        raise ValueError(f"unknown kinds: {sorted(unknown)}; known are {', '.join(KINDS)}")
    with store.lock:
        random = seeded(store.settings.seed, "upstream", len(store.audit))
        actor = Actor(user or colleague(0), PARTNER_NAME, store.ids.guid())
        order = list(store.customers)
        random.shuffle(order)
        made: list[JSON] = []
        for customer_id in order:
            if len(made) == count:
                break
            done = _change_customer(store, customer_id, chosen, actor, random)
            if done is not None:
                made.append(done)
    if len(made) < count:
        raise ValueError(f"only {len(made)} of {count} changes were possible")
    return made


def _change_customer(
    store: Store, customer_id: str, kinds: list[str], actor: Actor, random: Random
) -> JSON | None:
    """Make one change of a random kind; None if this customer allows none of them."""
    for kind in random.sample(kinds, len(kinds)):
        of_customer = _OF_CUSTOMER.get(kind)
        if of_customer is not None:
            return of_customer(store, store.customer(customer_id), actor)
        done = _change_subscription(store, customer_id, kind, actor, random)
        if done is not None:
            return done
    return None


def _change_subscription(
    store: Store, customer_id: str, kind: str, actor: Actor, random: Random
) -> JSON | None:
    items = list(store.account(customer_id).subscriptions.values())
    for item in random.sample(items, len(items)):
        if item.is_trial or item.pending is not None or item.item.is_azure_plan:
            continue
        wanted = _SUBSCRIPTION_CHANGES[kind](item)
        if wanted is None:
            continue
        body = {**render.subscription(item), **wanted}
        try:
            store.patch(customer_id, item.id, body, if_match=None, actor=actor)
        except Refusal:
            continue
        changed = {"customer": customer_id, "subscription": item.id, "kind": kind}
        return {**changed, "now": wanted}
    return None


def _quantity(item: Subscription) -> JSON | None:
    more = min(item.quantity + 3, item.item.largest)
    return {"quantity": more} if item.status == "active" and more != item.quantity else None


def _suspend(item: Subscription) -> JSON | None:
    return {"status": "suspended"} if item.status == "active" else None


def _reactivate(item: Subscription) -> JSON | None:
    return {"status": "active"} if item.status == "suspended" else None


def _rename(item: Subscription) -> JSON | None:
    is_open = item.status in {"active", "suspended"}
    return {"friendlyName": f"{item.item.title} ({item.version + 1})"} if is_open else None


def _auto_renew(item: Subscription) -> JSON | None:
    return {"autoRenewEnabled": not item.auto_renew} if item.status == "active" else None


_SUBSCRIPTION_CHANGES: dict[str, Callable[[Subscription], JSON | None]] = {
    "quantity": _quantity,
    "suspend": _suspend,
    "reactivate": _reactivate,
    "rename": _rename,
    "auto_renew": _auto_renew,
}


def _record(store: Store, customer: Customer, operation: str, actor: Actor) -> None:
    event = Event(customer, "customer", operation, "succeeded", new=render.customer(customer))
    store.audit.write(event, actor, store.clock.now())


def _rename_customer(store: Store, customer: Customer, actor: Actor) -> JSON:
    customer.version += 1
    customer.name = f"{customer.name} Group"
    store.renamed()
    _record(store, customer, "update_customer_partner_contract_company_name", actor)
    return {"customer": customer.id, "kind": "rename_customer", "now": {"name": customer.name}}


def _add_customer(store: Store, _customer: Customer, actor: Actor) -> JSON:
    added = store.add_customer()
    _record(store, added, "add_customer", actor)
    store.permissions.begun(added)
    return {"customer": added.id, "kind": "add_customer", "now": {"name": added.name}}


def _remove_customer(store: Store, customer: Customer, actor: Actor) -> JSON:
    store.remove_customer(customer.id)
    _record(store, customer, "remove_partner_customer_relationship", actor)
    return {"customer": customer.id, "kind": "remove_customer", "now": {}}


_OF_CUSTOMER: dict[str, Callable[[Store, Customer, Actor], JSON]] = {
    "rename_customer": _rename_customer,
    "add_customer": _add_customer,
    "remove_customer": _remove_customer,
}


def dump(store: Store, customer_id: str, subscription_id: str) -> JSON:
    """Return a customer with its subscriptions, or one subscription with what the API hides."""
    with store.lock:
        if subscription_id:
            _, item = store.subscription(customer_id, subscription_id)
            return _inside(store, item)
        account = store.account(customer_id)
        customer = account.customer
        return {
            "customer": render.customer_detail(customer, store.profile(customer)),
            "resellers": [render.reseller(item) for item in customer.resellers],
            "subscriptions": [_inside(store, item) for item in account.subscriptions.values()],
        }


def _inside(store: Store, item: Subscription) -> JSON:
    lots = [{"quantity": lot.quantity, "until": iso(lot.until)} for lot in item.lots]
    return {
        "subscription": render.subscription_detail(item, store.clock.now()),
        "lots": lots,
        "pending": item.pending is not None,
        "version": item.version,
    }

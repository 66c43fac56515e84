"""Licences: what a tenant owns, what a user holds, and the one call that changes it."""

from portal.emulator import licences, permissions, render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates, tells_apart

SKUS = ("LIST_AVAILABLE_LICENSES", "LIST_AVAILABLE_LICENSES_BY_GROUP")
OF_USER = ("LIST_LICENSES_OF_USER", "LIST_LICENSES_OF_USER_BY_GROUP")
GROUPS = {licences.GROUP1, licences.GROUP2}


@tells_apart(*SKUS)
def which_skus(call: Call) -> str:
    return SKUS["licensegroupids" in call.query]


@tells_apart(*OF_USER)
def which_of_user(call: Call) -> str:
    return OF_USER["licensegroupids" in call.query]


@emulates(*SKUS)
def list_skus(call: Call) -> Answer:
    wanted = _groups(call)
    with call.store.lock:
        directory = call.store.directories.of(call.params["customer_id"])
        units = call.store.licences.units(call.store.customer(directory.customer_id))
        used = licences.consumed(call.store.licences.holders(directory))
    known = licences.skus()
    items = [
        licences.subscribed(known[sku_id], owned, used[sku_id])
        for sku_id, owned in units.items()
        if known[sku_id].group in wanted
    ]
    return ok(render.collection(items))


@emulates(*OF_USER)
def list_of_user(call: Call) -> Answer:
    wanted = _groups(call)
    with call.store.lock:
        directory, user = call.store.directories.user(
            call.params["customer_id"], call.params["user_id"]
        )
        held = call.store.licences.holders(directory).get(user.id, {})
    known = licences.skus()
    items = [
        licences.license_of_user(known[sku_id], out)
        for sku_id, out in held.items()
        if known[sku_id].group in wanted
    ]
    return ok(render.collection(items))


def _groups(call: Call) -> set[str]:
    """Return the groups asked for, the first one unless told. Raise ``Refusal`` for an unknown one."""
    args = call.request.args
    named = [
        value.lower()
        for name in args
        if name.lower() == "licensegroupids"
        for value in args.getlist(name)
    ]
    if unknown := set(named) - GROUPS:
        raise Refusal(3000, f"The license group {min(unknown)} is not known.")
    return set(named) or {licences.GROUP1}


@emulates("UPDATE_LICENSES_OF_USER")
def update_licenses(call: Call) -> Answer:
    body = call.body
    with call.store.lock:
        directory, user = call.store.directories.user(
            call.params["customer_id"], call.params["user_id"], permissions.ASSIGN_LICENCES
        )
        told = call.store.licences.update(directory, user, body, call.actor)
    return ok(told, status=201)

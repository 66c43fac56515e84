"""Transfers of a customer between partners: the list, one, asking for it, answering it."""

from portal.emulator import render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.handlers.registry import emulates


@emulates("LIST_TRANSFERS")
def list_transfers(call: Call) -> Answer:
    with call.store.lock:
        return ok(render.collection(call.store.transfers.of(call.params["customer_id"])))


@emulates("GET_TRANSFER")
def get_transfer(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.transfers.one(*_place(call)))


@emulates("CREATE_TRANSFER")
def create_transfer(call: Call) -> Answer:
    with call.store.lock:
        made = call.store.transfers.create(call.params["customer_id"], call.body, call.actor)
    return ok(made, 201)


@emulates("UPDATE_TRANSFER")
def update_transfer(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.transfers.update(*_place(call), call.body, call.actor))


def _place(call: Call) -> tuple[str, str]:
    return call.params["customer_id"], call.params["transfer_id"]

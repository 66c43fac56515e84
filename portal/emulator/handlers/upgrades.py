"""Transitions, upgrades of legacy offers, and trials that are bought."""

from portal.emulator import render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.handlers.registry import emulates


def _ids(call: Call) -> tuple[str, str]:
    return call.params["customer_id"], call.params["subscription_id"]


@emulates("LIST_TRANSITION_ELIGIBILITIES")
def list_eligibilities(call: Call) -> Answer:
    kind = call.query.get("eligibilitytype", "immediate").lower()
    with call.store.lock:
        return ok(render.collection(call.store.upgrades.eligibilities(*_ids(call), kind)))


@emulates("START_TRANSITION")
def start_transition(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.upgrades.start(*_ids(call), call.body, call.actor))


@emulates("LIST_TRANSITIONS")
def list_transitions(call: Call) -> Answer:
    with call.store.lock:
        found = call.store.upgrades.transitions(*_ids(call), call.query.get("operationid", ""))
    return ok({"transition": found, "attributes": {"objectType": "Collection"}})


@emulates("LIST_UPGRADES")
def list_upgrades(call: Call) -> Answer:
    with call.store.lock:
        return ok(render.collection(call.store.conversions.upgrades(*_ids(call))))


@emulates("UPGRADE_SUBSCRIPTION")
def upgrade(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.conversions.upgrade(*_ids(call), call.body, call.actor))


@emulates("LIST_CONVERSIONS")
def list_conversions(call: Call) -> Answer:
    with call.store.lock:
        return ok(render.collection(call.store.conversions.conversions(*_ids(call))))


@emulates("CONVERT_TRIAL")
def convert(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.conversions.convert(*_ids(call), call.body, call.actor))

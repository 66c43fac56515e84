"""Webhooks: the one registration of a partner, and test events."""

from portal.emulator.context import Answer, Call, ok
from portal.emulator.handlers.registry import emulates
from portal.emulator.webhooks.hooks import SUPPORTED


@emulates("LIST_WEBHOOK_EVENTS")
def list_events(_call: Call) -> Answer:
    return ok(list(SUPPORTED))


@emulates("GET_WEBHOOK_REGISTRATION")
def get_registration(call: Call) -> Answer:
    found = call.store.hooks.registered().wire()
    del found["SubscriberId"]  # the documented answer to the GET lacks it
    return ok(found)


@emulates("CREATE_WEBHOOK_REGISTRATION")
def create_registration(call: Call) -> Answer:
    return ok(_register(call, call.store.ids.guid()))


@emulates("UPDATE_WEBHOOK_REGISTRATION")
def update_registration(call: Call) -> Answer:
    return ok(_register(call, call.store.hooks.registered().subscriber_id))


def _register(call: Call, subscriber_id: str) -> dict[str, object]:
    base = call.request.host_url.rstrip("/")
    return call.store.hooks.register(call.body, subscriber_id, base)


@emulates("SEND_WEBHOOK_TEST")
def send_test(call: Call) -> Answer:
    return ok(call.store.hooks.test(call.store.ids.guid(), call.emulator.clock.now()))


@emulates("GET_WEBHOOK_TEST")
def get_test(call: Call) -> Answer:
    tenant = call.emulator.settings.tenant_id
    return ok(call.store.hooks.result(call.params["correlation_id"], tenant))

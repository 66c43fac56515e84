"""Migrations to new commerce: validate, start, follow; schedule, change and cancel a schedule."""

from portal.emulator.context import Answer, Call, ok
from portal.emulator.handlers.registry import emulates


@emulates("VALIDATE_MIGRATION")
def validate(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.migrating.validate(call.params["customer_id"], call.body))


@emulates("CREATE_MIGRATION")
def start(call: Call) -> Answer:
    with call.store.lock:
        made = call.store.migrating.start(call.params["customer_id"], call.body, call.actor)
    return ok(made, 201)


@emulates("GET_MIGRATION")
def get_migration(call: Call) -> Answer:
    params = call.params
    with call.store.lock:
        return ok(call.store.migrating.one(params["customer_id"], params["migration_id"]))


@emulates("LIST_MIGRATIONS")
def list_migrations(call: Call) -> Answer:
    """Of one customer, or of all: a bare array, as the page prints it."""
    with call.store.lock:
        _settled(call)
        return ok(call.store.migrating.listed(call.query))


@emulates("LIST_MIGRATION_EVENTS")
def list_events(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.migrating.events(call.params["customer_id"], call.query))


@emulates("SCHEDULE_MIGRATION")
def schedule(call: Call) -> Answer:
    with call.store.lock:
        made = call.store.migrating.plan(call.params["customer_id"], call.body, call.actor)
    return ok(made, 201)


@emulates("GET_MIGRATION_SCHEDULE")
def get_schedule(call: Call) -> Answer:
    """A list with the one schedule in it, as the page prints it."""
    with call.store.lock:
        return ok([call.store.migrating.schedule(*_place(call))])


@emulates("UPDATE_MIGRATION_SCHEDULE")
def update_schedule(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.migrating.replan(*_place(call), call.body, call.actor))


@emulates("CANCEL_MIGRATION_SCHEDULE")
def cancel_schedule(call: Call) -> Answer:
    with call.store.lock:
        return ok(call.store.migrating.unplan(*_place(call), call.actor))


@emulates("LIST_MIGRATION_SCHEDULES")
def list_schedules(call: Call) -> Answer:
    with call.store.lock:
        _settled(call)
        return ok(call.store.migrating.listed_schedules(call.query))


def _settled(call: Call) -> None:
    """Bring a named customer up to now; one that nobody knows has none."""
    customer_id = call.query.get("customertenantid", "").lower()
    if customer_id in call.store.customers:
        call.store.account(customer_id)


def _place(call: Call) -> tuple[str, str]:
    return call.params["customer_id"], call.params["schedule_id"]

"""Migrations to new commerce and their schedules as records and as wire JSON."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON

PROCESSING, DONE = "Processing", "Completed"
CREATED, CANCELLED, FAILED = "Created", "Cancelled", "Failed"


@dataclass(slots=True, kw_only=True)
class Plan:
    """What the new subscription shall be."""

    quantity: int
    term: str
    cycle: str
    full_term: bool = False
    custom_end: str = ""
    addons: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Migration:
    id: str
    customer_id: str
    subscription_id: str
    plan: Plan
    item: str
    started: datetime
    status: str = PROCESSING
    completed: datetime | None = None
    new_subscription: str = ""
    new_order: str = ""


@dataclass(slots=True, kw_only=True)
class Schedule:
    id: str
    customer_id: str
    subscription_id: str
    plan: Plan
    target: datetime | None
    on_renewal: bool
    created: datetime
    modified: datetime
    status: str = CREATED


R = TypeVar("R", Migration, Schedule)


def narrowed(rows: dict[str, list[R]], query: dict[str, str]) -> list[R]:
    """Return the rows of a customer, or of a subscription, or all, the newest first."""
    customer = query.get("customertenantid", "").lower()
    current = query.get("currentsubscriptionid", "").lower()
    found = [
        one
        for key, kept in rows.items()
        if customer in {"", key}
        for one in kept
        if current in {"", one.subscription_id}
    ]
    return found[::-1]


def find(rows: list[R], wanted: str) -> R:
    """Return one by its id. Raise ``Refusal`` (404, 1000)."""
    for one in rows:
        if one.id == wanted.lower():
            return one
    raise Refusal(1000, "The migration was not found.")


def _plan_json(plan: Plan) -> JSON:
    return {
        "quantity": plan.quantity,
        "termDuration": plan.term,
        "billingCycle": plan.cycle.capitalize(),
        "purchaseFullTerm": plan.full_term,
        "customTermEndDate": plan.custom_end or None,
        "addOnMigrations": [{"currentSubscriptionId": one} for one in plan.addons],
    }


def migration_json(one: Migration) -> JSON:
    """Return a migration as get-new-commerce-migration shows it."""
    answer: JSON = {
        "id": one.id,
        "startedTime": iso(one.started),
        "currentSubscriptionId": one.subscription_id,
        "status": one.status,
        "customerTenantId": one.customer_id,
        "catalogItemId": one.item,
        **_plan_json(one.plan),
    }
    if one.completed is not None:
        answer |= {
            "completedTime": iso(one.completed),
            "newCommerceSubscriptionId": one.new_subscription,
            "newCommerceOrderId": one.new_order,
        }
    return answer


def schedule_json(one: Schedule, end: str) -> JSON:
    """Return a schedule as get-a-new-commerce-migration-schedule shows it."""
    return {
        "id": one.id,
        "currentSubscriptionId": one.subscription_id,
        "subscriptionEndDate": end,
        "status": one.status,
        "customerTenantId": one.customer_id,
        **_plan_json(one.plan),
        "targetDate": iso(one.target) if one.target else None,
        "migrateOnRenewal": one.on_renewal,
        "createdTime": iso(one.created),
        "lastModifiedTime": iso(one.modified),
    }

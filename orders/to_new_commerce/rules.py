"""What bars a migration, as far as the mirror knows (facts migration_eligibility); checking asks Partner Center."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Subscription
from orders.to_new_commerce.models import NceSchedule
from orders.to_new_commerce.part import CYCLES, NOW, ON_DAY, ON_RENEWAL, PLANNED, TERMS
from portal.access.refusing import RefusedError

LATE = dt.timedelta(hours=24)
# The billing cycles that no term is too short for.
_MONTHS = {"P1M": 1, "P1Y": 12, "P3Y": 36, "monthly": 1, "annual": 12, "triennial": 36}


@dataclass(frozen=True)
class Plan:
    """What a legacy subscription shall become, and when. ``day`` is None unless ``when`` is a day."""

    quantity: int
    term: str
    cycle: str
    full_term: bool
    when: str = NOW
    day: dt.date | None = None
    addons: tuple[Subscription, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As kept on a Command."""
        return {
            "quantity": self.quantity,
            "term": self.term,
            "cycle": self.cycle,
            "full_term": self.full_term,
            "when": self.when,
            "day": self.day.isoformat() if self.day else "",
            "addons": [{"id": one.pc_id, "quantity": one.quantity} for one in self.addons],
        }


def wire(pc_id: str, plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan as Partner Center takes it; without a day where it begins at once."""
    body: dict[str, Any] = {
        "currentSubscriptionId": pc_id,
        "quantity": plan["quantity"],
        "termDuration": plan["term"],
        "billingCycle": plan["cycle"].capitalize(),
        "purchaseFullTerm": plan["full_term"],
    }
    if plan.get("addons"):
        shared = {name: body[name] for name in ("termDuration", "billingCycle", "purchaseFullTerm")}
        body["addOnMigrations"] = [
            shared | {"currentSubscriptionId": one["id"], "quantity": one["quantity"]}
            for one in plan["addons"]
        ]
    if plan["when"] == ON_DAY:
        body["targetDate"] = f"{plan['day']}T00:00:00Z"
    if plan["when"] == ON_RENEWAL:
        body["migrateOnRenewal"] = True
    return body


def is_legacy(row: Subscription) -> bool:
    """Whether it was sold before new commerce: no product type, by an offer of its own."""
    return not row.product_type and row.unit_type.lower() == "licenses" and not row.parent_pc_id


def may_migrate(row: Subscription) -> None:
    """Raise RefusedError for what certainly cannot go."""
    if row.gone_at is not None or row.connection.is_retired:
        raise RefusedError("gone", _("Partner Center no longer has this subscription."))
    if not is_legacy(row):
        message = _("Only legacy subscriptions are migrated; add-ons go with their base.")
        raise RefusedError("not_legacy", message)
    if row.status != "active":
        raise RefusedError("not_active", _("Only an active subscription can be migrated."))
    ends = row.commitment_end_date
    if ends is not None and ends - row.connection.now() < LATE:
        message = _("Its term ends within 24 hours: it can no longer be migrated.")
        raise RefusedError("ends_soon", message)
    if row.promotion_id:
        message = _("A promotion applies to it, so it cannot be migrated.")
        raise RefusedError("promotion", message)


def addons_of(row: Subscription) -> list[Subscription]:
    """The add-ons that go along: those of the base that live."""
    rows = Subscription.objects.filter(connection=row.connection, parent_pc_id=row.pc_id)
    return list(rows.filter(gone_at=None, status="active").order_by("friendly_name", "pk"))


def plan_of(values: Mapping[str, Any], row: Subscription | None) -> Plan:
    """What was typed as a plan for a subscription, with its add-ons. Raises RefusedError."""
    ends = row.commitment_end_date if row else None
    term, cycle, when, day = values["term"], values["cycle"], values["when"], values.get("day")
    if term not in TERMS or cycle not in CYCLES or _MONTHS[cycle] > _MONTHS[term]:
        message = _("The billing cycle cannot be longer than the term.")
        raise RefusedError("pair", message, "cycle")
    if values["quantity"] < 1:
        raise RefusedError("quantity_too_small", _("At least one seat goes."), "quantity")
    if when == ON_DAY:
        today = (row.connection.now() if row else timezone.now()).date()
        if day is None or day <= today or (ends is not None and day > ends.date()):
            message = _("Choose a day from tomorrow on, before the term ends.")
            raise RefusedError("day", message, "day")
    return Plan(
        quantity=values["quantity"],
        term=term,
        cycle=cycle,
        full_term=bool(values.get("full_term")),
        when=when,
        day=day if when == ON_DAY else None,
        addons=tuple(addons_of(row)) if row else (),
    )


def may_change(row: NceSchedule) -> None:
    """Raise RefusedError for a schedule that is over."""
    if row.gone_at is not None or row.connection.is_retired:
        raise RefusedError("gone", _("Partner Center no longer has this planned migration."))
    if row.status != PLANNED:
        raise RefusedError("over", _("This planned migration is over."))

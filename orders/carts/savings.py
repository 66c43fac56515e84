"""Azure savings plans (azure-purchase-savings-plan): an amount by the hour for a term, used by one Azure subscription or all.

What is shared names the customer's Azure plan, which the mirror knows; what is single, one of its Azure subscriptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from orders.catalogue.models import Sku
from orders.entitled.models import AzureSubscription
from orders.models import Subscription
from portal.access.refusing import RefusedError
from portal.mirror.values import child, children, text
from portal.ui import formats

KIND = "SavingsPlan"
SCOPE, SINGLE, SHARED = "scope", "single", "shared"
ONE, PLAN = "entitlementId", "subscriptionId"
HOURS = {"P1Y": 8_760, "P3Y": 26_280}
"""How many hours a term commits to (an amount of 0.05 is sold as 438 a year)."""


def is_one(sku: Sku) -> bool:
    """Whether a SKU is a savings plan."""
    return sku.product is not None and sku.product.product_subtype == KIND


def least(sku: Sku) -> str:
    """What it takes by the hour at least, in words; "" where the catalogue does not say."""
    told = sku.least_commitment or {}
    if not told.get("amount"):
        return ""
    amount = formats.number(Decimal(told["amount"]))
    return _("At least %(amount)s %(currency)s.") % {"amount": amount, "currency": told["currency"]}


def commitment(sku: Sku, currency: str, amount: Decimal | None) -> dict[str, Any] | None:
    """What a line keeps of the amount; None for what is no savings plan. Raises RefusedError."""
    if not is_one(sku):
        return None
    told = sku.least_commitment or {}
    if amount is None or amount <= 0 or amount < Decimal(told.get("amount") or "0.001"):
        words = " ".join(part for part in (_("Say how much by the hour."), least(sku)) if part)
        raise RefusedError("commitment", words, "commitment")
    currency = str(told.get("currency") or currency)
    return {"amount": str(amount), "currency": currency, "grain": "hourly"}


def context(customer: Customer, told: Mapping[str, str]) -> dict[str, str]:
    """The provisioning context of one: who uses it, and what that is called. Raises RefusedError."""
    if told.get(SCOPE) == SINGLE:
        if not told.get(ONE):
            words = _("Say which Azure subscription uses it.")
            raise RefusedError("provisioning", words, "with_entitlementid")
        return {SCOPE: SINGLE, ONE: told[ONE]}
    plan = told.get(PLAN) or plan_of(customer)
    if not plan:
        words = _("The customer needs an Azure plan with an active Azure subscription first.")
        raise RefusedError("azure_plan", words)
    return {SCOPE: SHARED, PLAN: plan}


def plan_of(customer: Customer) -> str:
    """The Azure plan with an active Azure subscription, else any active one: those under it may be unread."""
    found = _active(customer).values_list("plan_pc_id", flat=True).first()
    plans = Subscription.objects.filter(customer=customer, gone_at=None, status="active")
    of_azure = plans.filter(product_type__iexact="Azure").exclude(unit_type__iexact="Benefit")
    return found or of_azure.order_by("pk").values_list("pc_id", flat=True).first() or ""


def choices(customer: Customer) -> list[tuple[str, str]]:
    """The customer's active Azure subscriptions, as a form offers them."""
    return [(one.pc_id, str(one)) for one in _active(customer)]


@dataclass(frozen=True)
class Committed:
    """A savings plan that was bought: how much by the hour, and who uses it, in words."""

    amount: str
    used_by: str


def of_subscription(row: Subscription) -> list[Committed]:
    """What a savings plan commits to, from what Partner Center lists (SubscriptionLineItem). One query."""
    rows = Subscription.objects.filter(pk=row.pk).values_list("list_payload__lineItems", flat=True)
    return [_committed(one) for one in children({"lines": rows.first()}, "lines")]


def _committed(line: Mapping[str, Any]) -> Committed:
    told, scope = child(line, "purchaseCommitment"), child(line, "scope")
    amount = formats.number(Decimal(str(told.get("amount") or 0)))
    currency = text(told.get("currency")).upper()
    words = _("%(amount)s %(currency)s by the hour") % {"amount": amount, "currency": currency}
    single = text(scope.get("type")).lower() == SINGLE
    used = text(scope.get(ONE)) if single else _("All Azure subscriptions share it")
    return Committed(words, used)


def _active(customer: Customer) -> Any:
    rows = AzureSubscription.objects.filter(customer=customer, gone_at=None, status="active")
    return rows.order_by("name", "pk")

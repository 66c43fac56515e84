"""Azure savings plans (azure-purchase-savings-plan): an amount by the hour for a term, used by one Azure subscription or all.

What is shared names the customer's Azure plan, which the mirror knows; what is single, one of its Azure subscriptions.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from orders.catalogue.models import Sku
from orders.entitled.models import AzureSubscription
from portal.access.refusing import RefusedError
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
    """The Azure plan that has an active Azure subscription, "" for none that is known."""
    return _active(customer).values_list("plan_pc_id", flat=True).first() or ""


def choices(customer: Customer) -> list[tuple[str, str]]:
    """The customer's active Azure subscriptions, as a form offers them."""
    return [(one.pc_id, str(one)) for one in _active(customer)]


def _active(customer: Customer) -> Any:
    rows = AzureSubscription.objects.filter(customer=customer, gone_at=None, status="active")
    return rows.order_by("name", "pk")

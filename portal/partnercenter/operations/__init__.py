"""Every REST scenario of Partner Center by name, and the calls that stand beyond their list.

Import a constant from its family (``operations.customers``); walk ``REGISTRY`` for all of them.
"""

from types import ModuleType
from typing import Any

from portal.partnercenter.operations import (
    after_sale,
    agreements,
    analytics,
    audit,
    carts,
    catalogue,
    customers,
    devices,
    invoices,
    orders,
    permissions,
    profiles,
    purchasing,
    referrals,
    relationships,
    sheets,
    subscriptions,
    support,
    unlisted,
    upgrades,
    usage,
    users,
    utilities,
    webhooks,
)
from portal.partnercenter.spec import Operation

FAMILIES: tuple[ModuleType, ...] = (
    customers,
    agreements,
    users,
    relationships,
    subscriptions,
    orders,
    carts,
    catalogue,
    invoices,
    usage,
    devices,
    profiles,
    support,
    referrals,
    analytics,
    audit,
    utilities,
)

# Documented on pages of their own, outside the list of 146 scenarios.
BEYOND: tuple[ModuleType, ...] = (
    after_sale,
    webhooks,
    unlisted,
    upgrades,
    permissions,
    purchasing,
    sheets,
)

REGISTRY: dict[str, Operation[Any]] = {
    operation.name: operation
    for family in (*FAMILIES, *BEYOND)
    for operation in vars(family).values()
    if isinstance(operation, Operation)
}

LISTED: frozenset[str] = frozenset(
    name for family in FAMILIES for name in vars(family) if name in REGISTRY
)
"""Names of the operations that belong to the list of scenarios."""


def by_scenario(slug: str) -> tuple[Operation[Any], ...]:
    """Return the operations of one scenario page, today's form first; empty for an unknown slug.

    Most pages have one call. A few hold several (reading and posting upgrades), or a call whose
    path has changed since the page was written.
    """
    return tuple(operation for operation in REGISTRY.values() if operation.scenario == slug)

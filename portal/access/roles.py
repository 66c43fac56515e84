"""Roles and the rights they grant.

A right is a dotted string, ``<what>.<verb>``. A role is held through a membership, which also says
where: everywhere, in one connection, or in one indirect reseller's part of it. Rights of different
memberships never add up; see ``portal.access.scope``.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    DISTRIBUTOR_ADMIN = "distributor-admin", _("Distributor admin")
    RESELLER_ADMIN = "reseller-admin", _("Reseller admin")
    SALES = "sales", _("Sales")
    BILLING = "billing", _("Billing")
    HELPDESK = "helpdesk", _("Helpdesk")
    AUDITOR = "auditor", _("Auditor")


_SEE = frozenset(
    {
        "customers.view",
        "subscriptions.view",
        "catalogue.view",
        "carts.view",
        "changes.view",
        "sync.view",
        "tokens.own",
    }
)
_SELL = frozenset(
    {
        "prices.view",
        "subscriptions.change_quantity",
        "subscriptions.suspend",
        "subscriptions.reactivate",
        "subscriptions.rename",
        "subscriptions.set_term_end",
        "subscriptions.schedule",
        "subscriptions.change_terms",
        "subscriptions.cancel",
        "subscriptions.upgrade",
        "subscriptions.register",
        "changes.settle",
        "external_ids.edit",
        "mirror.refresh",
        "profiles.edit",
        "agreements.confirm",
        "qualifications.edit",
        "tags.edit",
        "customers.create",
        "carts.edit",
        "orders.change",
        "orders.cancel",
        "subscriptions.migrate",
    }
)
_USERS = frozenset({"customer_users.view", "licences.assign"})
_RESELLER_ADMIN = (
    _SEE
    | _SELL
    | _USERS
    | {
        "budgets.set",
        "activity.view",
        "changes.approve",
        "users.manage",
        "customers.remove",
        "prices.change",
        "customer_users.manage",
        "azure_subscriptions.change",
    }
)
# What opens cost: held over a connection, never within one reseller (``rights_within_reseller``).
COST_RIGHTS = frozenset({"invoices.view"})
_DISTRIBUTOR_ADMIN = (
    _RESELLER_ADMIN
    | COST_RIGHTS
    | {
        "resellers.view",
        "transfers.view",
        "transfers.manage",
        "sync.run",
        "connections.view",
        "changes.approve",
        "approvals.manage",
        "mail_templates.edit",
    }
)

RIGHTS: dict[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: _DISTRIBUTOR_ADMIN | {"connections.manage"},
    Role.DISTRIBUTOR_ADMIN: _DISTRIBUTOR_ADMIN,
    Role.RESELLER_ADMIN: _RESELLER_ADMIN,
    Role.SALES: _SEE | _SELL | _USERS,
    Role.BILLING: _SEE
    | COST_RIGHTS
    | {
        "external_ids.edit",
        "mirror.refresh",
        "budgets.set",
        "tags.edit",
        "prices.view",
        "prices.change",
    },
    Role.HELPDESK: _SEE
    | _USERS
    | {
        "subscriptions.suspend",
        "subscriptions.reactivate",
        "tags.edit",
        "mirror.refresh",
        "customer_users.manage",
    },
    Role.AUDITOR: frozenset(
        {
            "customers.view",
            "customer_users.view",
            "subscriptions.view",
            "catalogue.view",
            "carts.view",
            "changes.view",
            "sync.view",
            "activity.view",
            "prices.view",
            "resellers.view",
            "transfers.view",
            "connections.view",
            "tokens.own",
        }
    )
    | COST_RIGHTS,
}
ALL_RIGHTS: frozenset[str] = frozenset().union(*RIGHTS.values())

# Whose every effect is read, own or evidence, whatever else is asked.
READ_ONLY_ROLES = frozenset({Role.AUDITOR})
# Held over a connection or everything, never within one reseller.
PARTNER_ROLES = frozenset({Role.ADMINISTRATOR, Role.DISTRIBUTOR_ADMIN})
# Held within one reseller, never wider.
RESELLER_ROLES = frozenset({Role.RESELLER_ADMIN})


def rights_of(role: str) -> frozenset[str]:
    """The rights of a role's slug; a slug that no longer exists grants nothing."""
    try:
        return RIGHTS[Role(role)]
    except ValueError:
        return frozenset()


def rights_within_reseller(role: str) -> frozenset[str]:
    """The rights of a role held within one reseller: resellers see charges, never cost."""
    return rights_of(role) - COST_RIGHTS


def only_reads(right: str) -> bool:
    """Whether a right changes nothing but a person's own things."""
    return right.endswith((".view", ".own"))

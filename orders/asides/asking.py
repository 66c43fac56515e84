"""The questions that the page of a subscription offers, and their answers fit for the reader.

An answer may name subscriptions that another reseller sold. They are shown as the mirror knows them, in the
reader's scope; what it does not know yet is for those who see the whole connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders import queries, rules
from orders.catalogue.asking import Told
from orders.models import Subscription
from orders.upgrades.asking import ask as ask_about
from portal.access.scope import Scope
from portal.outbox import clouds
from portal.partnercenter.operations.subscriptions import (
    GET_PROVISIONING_STATUS,
    GET_REGISTRATION_STATUS,
    GET_SUPPORT_CONTACT,
    LIST_ADDONS_OF_SUBSCRIPTION,
    LIST_SUBSCRIPTIONS_OF_ORDER,
    LIST_SUBSCRIPTIONS_OF_PARTNER,
)
from portal.partnercenter.spec import Operation


@dataclass(frozen=True)
class Aside:
    """One question: what is asked, of which subscriptions; ``lists`` where the answer is subscriptions."""

    slug: str
    label: Promise
    operation: Operation[Any]
    fits: Callable[[Subscription], bool]
    query: Callable[[Subscription], dict[str, str]] = lambda _row: {}
    lists: bool = False


@dataclass(frozen=True)
class Row:
    """A subscription of an answer; ``url`` is empty for one that the mirror does not know."""

    name: str
    quantity: int | None
    status: str
    url: str = ""


def is_azure(row: Subscription) -> bool:
    """Whether it is an Azure subscription or plan, which can be registered for reservations."""
    return row.product_type.lower() == "azure" or row.unit_type.lower() == "usage-based"


ASIDES = (
    Aside(
        "add-ons",
        _("Add-ons"),
        LIST_ADDONS_OF_SUBSCRIPTION,
        lambda row: not rules.is_new_commerce(row) and not is_azure(row),
        lists=True,
    ),
    Aside(
        "provisioning",
        _("Provisioning"),
        GET_PROVISIONING_STATUS,
        lambda row: not is_azure(row),
    ),
    Aside("support", _("Support contact"), GET_SUPPORT_CONTACT, lambda _row: True),
    Aside(
        "order",
        _("Bought together"),
        LIST_SUBSCRIPTIONS_OF_ORDER,
        lambda row: bool(row.order_pc_id),
        lambda row: {"order_id": row.order_pc_id},
        lists=True,
    ),
    Aside(
        "partner",
        _("Same reseller"),
        LIST_SUBSCRIPTIONS_OF_PARTNER,
        lambda row: bool(row.partner_mpn_id),
        lambda row: {"mpn_id": row.partner_mpn_id},
        lists=True,
    ),
    Aside("registration", _("Reservations"), GET_REGISTRATION_STATUS, is_azure),
)
BY_SLUG = {aside.slug: aside for aside in ASIDES}


def offered(row: Subscription) -> list[Aside]:
    """What can be asked of this one in its cloud."""
    return [
        one for one in ASIDES if one.fits(row) and clouds.has(row.connection, one.operation.name)
    ]


def ask(row: Subscription, aside: Aside, asker_id: int | None) -> Told:
    """Ask; an equal question of a moment ago is not asked again."""
    operation = aside.operation
    path = {"subscription_id": row.pc_id} if "{subscription_id}" in operation.path else {}
    return ask_about(row, operation, asker_id, aside.query(row), path)


def rows(scope: Scope, row: Subscription, answer: Any) -> list[Row]:
    """The subscriptions of an answer, as far as the reader may know them. One query."""
    told = [one for one in (answer or {}).get("items") or [] if isinstance(one, dict)]
    ids = {str(one.get("id")).lower(): one for one in told}
    ids.pop(row.pc_id.lower(), None)
    known = {
        one.pc_id.lower(): one
        for one in queries.subscriptions(scope).filter(
            connection=row.connection_id, pc_id__in=list(ids)
        )
    }
    found = [
        Row(str(one), one.quantity, one.status, one.get_absolute_url()) for one in known.values()
    ]
    if scope.narrowed("subscriptions.view").sees_whole(row.connection_id):
        found += [_unknown(one) for key, one in ids.items() if key not in known]
    return sorted(found, key=lambda one: one.name.casefold())


def _unknown(told: dict[str, Any]) -> Row:
    name = str(told.get("friendlyName") or told.get("offerName") or told.get("id"))
    quantity = told.get("quantity")
    return Row(name, quantity if isinstance(quantity, int) else None, str(told.get("status") or ""))

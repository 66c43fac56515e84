"""What staff do to an Azure subscription: cancel it because it is compromised, and bring it back.

Partner Center takes no other reason (facts azureEntitlements, error 900307); the plan itself stays.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from customers.asking.submitting import Wish, submit_for
from orders.entitled.models import AzureSubscription
from orders.entitled.part import ACTIVE, INACTIVE
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

CANCEL = "azure_subscription.cancel"
REACTIVATE = "azure_subscription.reactivate"
RIGHT = "azure_subscriptions.change"
REASON = "compromise"


def may_cancel(row: AzureSubscription) -> None:
    """Refuse what is not active."""
    _must_be_there(row)
    if row.status != ACTIVE:
        raise RefusedError("not_active", _("Only an active Azure subscription can be cancelled."))


def may_reactivate(row: AzureSubscription) -> None:
    """Refuse what is active."""
    _must_be_there(row)
    if row.status == ACTIVE:
        raise RefusedError("active", _("This Azure subscription is active already."))


def must_be_compromised(told: Mapping[str, Any]) -> None:
    """Refuse without the statement that it is."""
    if not told.get("compromised"):
        message = _("Partner Center cancels it only if it is compromised.")
        raise RefusedError("not_compromised", message, "compromised")


def cancel(
    actor: Actor, scope: Scope, row: AzureSubscription, _values: dict[str, Any], asked: Asked
) -> Command:
    """Ask to cancel it. Raises RefusedError, Http404, PermissionDenied, KeyReusedError."""
    require(scope, RIGHT, row)
    if found := commands.earlier(actor, CANCEL, row, asked.submission):
        return found
    may_cancel(row)
    return submit_for(actor, scope, row, _wish(row, CANCEL, INACTIVE), asked)


def reactivate(
    actor: Actor, scope: Scope, row: AzureSubscription, _values: dict[str, Any], asked: Asked
) -> Command:
    """Ask to bring it back. Raises as ``cancel``."""
    require(scope, RIGHT, row)
    if found := commands.earlier(actor, REACTIVATE, row, asked.submission):
        return found
    may_reactivate(row)
    return submit_for(actor, scope, row, _wish(row, REACTIVATE, ACTIVE), asked)


def _must_be_there(row: AzureSubscription) -> None:
    if row.gone_at is not None or row.connection.is_retired:
        message = _("Partner Center no longer has this Azure subscription.")
        raise RefusedError("gone", message)


def _wish(row: AzureSubscription, verb: str, status: str) -> Wish:
    parameters = {"plan_pc_id": row.plan_pc_id}
    return Wish(verb, {"status": row.status}, {"status": status}, parameters)

"""Cancelling many Azure subscriptions because they are compromised, and bringing many back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.bulk.forms import CompromisedForm
from orders.bulk.shape import Check, Many
from orders.entitled import actions, queries
from orders.entitled.models import AzureSubscription
from orders.entitled.part import ACTIVE, INACTIVE
from portal.access.scope import Scope
from portal.outbox.batches.registry import Parameters, Plan, Told
from portal.ui import formats

LIST = "azure-subscriptions"


def label(row: AzureSubscription) -> str:
    """An Azure subscription as a row of a batch names it."""
    return f"{row} · {row.customer.name}" if row.customer else str(row)


def _targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    return {row.pk: row for row in queries.azure_subscriptions(scope).filter(pk__in=ids)}


def _checked(
    may: Callable[[AzureSubscription], None], after: str, *, only_compromised: bool = False
) -> Check[AzureSubscription]:
    def check(row: AzureSubscription, parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
        if only_compromised:
            actions.must_be_compromised(parameters)
        row.status = str(coming.get("status", row.status))
        may(row)
        return Plan({"status": row.status}, {"status": after})

    return check


def _of_cancel(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext(
            "Cancel %(n)s Azure subscription?", "Cancel %(n)s Azure subscriptions?", rows
        )
        % numbers,
        button=ngettext("Cancel %(n)s Azure subscription", "Cancel %(n)s Azure subscriptions", rows)
        % numbers,
        undo=_("Can be undone: with Reactivate, while Microsoft keeps their data."),
        points=[
            _("All that runs in them stops, and people lose access."),
            _("Usage until then is billed. The Azure plans and their other subscriptions stay."),
            _("Partner Center notes as the reason that they were compromised."),
        ],
        danger=True,
    )


def _of_reactivate(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext(
            "Reactivate %(n)s Azure subscription?", "Reactivate %(n)s Azure subscriptions?", rows
        )
        % numbers,
        button=ngettext(
            "Reactivate %(n)s Azure subscription", "Reactivate %(n)s Azure subscriptions", rows
        )
        % numbers,
        undo=_("Can be undone: with Cancel, if one is compromised again."),
        points=[
            _("What is in them runs again, and is billed."),
            _("Secure their accounts first: who had access may have it still."),
        ],
    )


CANCEL: Many[AzureSubscription] = Many(
    verb=actions.CANCEL,
    right=actions.RIGHT,
    targets=_targets,
    check=_checked(actions.may_cancel, INACTIVE, only_compromised=True),
    ask=lambda actor, scope, row, told, asked: actions.cancel(actor, scope, row, dict(told), asked),
    tell=_of_cancel,
    title=gettext_lazy("Cancel"),
    url_name="azure_subscriptions_cancel",
    icon="ban",
    form=CompromisedForm,
)
REACTIVATE: Many[AzureSubscription] = Many(
    verb=actions.REACTIVATE,
    right=actions.RIGHT,
    targets=_targets,
    check=_checked(actions.may_reactivate, ACTIVE),
    ask=lambda actor, scope, row, told, asked: actions.reactivate(
        actor, scope, row, dict(told), asked
    ),
    tell=_of_reactivate,
    title=gettext_lazy("Reactivate"),
    url_name="azure_subscriptions_reactivate",
    icon="player-play",
)

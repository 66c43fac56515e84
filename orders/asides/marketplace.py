"""Automatic renewal of an Azure Marketplace subscription, which is a plain switch and no choice of three.

Source: update-autorenew-for-an-azure-marketplace-subscription. It is cancelled as any other, while its window is open.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.asking.pages import Consequence
from orders import actions, rules
from orders.acting import RowForm
from orders.actions import AUTO_RENEW, RIGHTS
from orders.consequences import notes
from orders.models import Subscription
from orders.refusals import say
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui import formats


class RenewForm(RowForm):
    """On or off."""

    renews = forms.TypedChoiceField(
        label=gettext_lazy("Automatic renewal"),
        choices=[("1", gettext_lazy("Renews by itself")), ("0", gettext_lazy("Ends"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )


def is_marketplace(row: Subscription) -> bool:
    """Whether it is software of Azure Marketplace."""
    return row.product_type.lower() == "saas"


def may_switch(state: rules.Known) -> None:
    """Raise RefusedError for what is no running marketplace subscription."""
    rules.is_there(state)
    if not is_marketplace(state.subscription):
        raise RefusedError("no_marketplace", say("no_marketplace"))
    if state.status == "suspended":
        raise RefusedError("suspended", say("does_not_renew"))


def plan(state: rules.Known, *, renews: bool) -> dict[str, Any]:
    """What it leaves. Raises RefusedError."""
    may_switch(state)
    if bool(state.auto_renew) == renews:
        raise RefusedError("choice_unchanged", say("choice_unchanged"), "renews")
    return {"auto_renew": renews}


def switch(
    actor: Actor, scope: Scope, subscription: Subscription, asked: Asked, *, renews: bool
) -> Command:
    """Ask for it. Raises as ``orders.actions.rename``."""
    require(scope, RIGHTS[AUTO_RENEW], subscription)
    if found := commands.earlier(actor, AUTO_RENEW, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    wish = (AUTO_RENEW, state, plan(state, renews=renews), dict[str, Any]())
    return actions.submit(actor, scope, subscription, asked, wish)


def body(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """The resource with the switch."""
    return payload | {"autoRenewEnabled": command.after["auto_renew"]}


def words(*, renews: bool | None) -> str:
    """The switch in words."""
    return _("Renews by itself") if renews else _("Ends")


def consequence(row: Subscription, values: dict[str, Any]) -> Consequence:
    """What happens at the end of the term."""
    state = rules.state_of(row)
    plan(state, renews=values["renews"])
    names = {"name": str(row), "day": formats.date_short(row.commitment_end_date)}
    title = _("Let %(name)s renew after %(day)s?")
    points = [_("A new term begins with the same seats, at the price of that day.")]
    if not values["renews"]:
        title = _("Let %(name)s end on %(day)s?")
        points = [_("Billing goes on until then.")]
    return Consequence(
        title=title % names,
        undo=_("Can be undone: with Automatic renewal, until %(day)s.") % names,
        button=_("Renew") if values["renews"] else _("Let it end"),
        points=points + notes(state),
        rows=[
            (_("Automatic renewal"), words(renews=row.auto_renew), words(renews=values["renews"]))
        ],
    )

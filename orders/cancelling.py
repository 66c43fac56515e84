"""Cancelling at once, while the window is open (rules cancel_window, cancel_how).

Until when it may be done is Partner Center's word, never a number of days written here.
"""

import datetime as dt
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.asking.pages import Consequence
from orders import actions, consequences, payloads, rules
from orders.acting import RowForm
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

# Bought on an order and cancelled there.
ON_ORDER = ("software", "perpetual")


class CancelForm(RowForm):
    """Its name, typed: nothing brings it back."""

    typed_name = forms.CharField(label=gettext_lazy("Name of the subscription"), max_length=500)

    def prepare(self) -> None:
        """Say what is to be typed."""
        told = _("Type %(name)s to go on. It cannot be undone.")
        self.fields["typed_name"].help_text = told % {"name": self.row}

    def clean_typed_name(self) -> str:
        """The name as the page shows it."""
        typed = " ".join(str(self.cleaned_data["typed_name"]).split())
        if typed.casefold() != " ".join(str(self.row).split()).casefold():
            raise forms.ValidationError(_("This is not its name."), code="typed_name")
        return typed


def may_cancel(state: rules.Known) -> None:
    """Raise RefusedError if it cannot be cancelled at once."""
    rules.is_there(state)
    row = state.subscription
    if row.product_type.lower().startswith(ON_ORDER):
        raise RefusedError("on_order", say("on_order"))
    until = row.cancellation_allowed_until
    if until is None or until <= row.connection.now():
        told = say("window_closed", until=until.isoformat() if until else None)
        raise RefusedError("window_closed", told)


def plan(state: rules.Known) -> dict[str, Any]:
    """What it leaves. Raises RefusedError."""
    may_cancel(state)
    return {"status": "deleted"}


def cancel(actor: Actor, scope: Scope, subscription: Subscription, asked: Asked) -> Command:
    """Ask to cancel. Raises as ``orders.actions.change_quantity``."""
    require(scope, actions.RIGHTS[actions.CANCEL], subscription)
    if found := commands.earlier(actor, actions.CANCEL, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    wanted = (actions.CANCEL, state, plan(state), dict[str, Any]())
    return actions.submit(actor, scope, subscription, asked, wanted)


def consequence(state: rules.Known) -> Consequence:
    """What ends, what is refunded, until when it could be asked."""
    row = state.subscription
    names = {"name": str(row), "customer": consequences.customer_name(row)}
    points = [
        _("People lose access. The customer's admins have a few days to save data."),
        refund(row),
        _("It can be cancelled until %(when)s.")
        % {"when": formats.when(row.cancellation_allowed_until)},
    ]
    if state.schedule is not None and not row.is_trial:
        points.append(_("What is scheduled for its next term goes with it."))
    return Consequence(
        title=_("Cancel %(name)s for %(customer)s now?") % names,
        undo=_("Cannot be undone: it would have to be bought anew."),
        button=_("Cancel subscription"),
        points=points + consequences.notes(state),
        danger=True,
    )


def refund(row: Subscription) -> str:
    """What Microsoft refunds now, by ``refundOptions``."""
    now = row.connection.now()
    ends = [
        until
        for option in payloads.latest(row).get("refundOptions") or []
        if str(option.get("type")).lower() == "full" and (until := _until(option)) and until > now
    ]
    if ends:
        told = _("Microsoft refunds it in full until %(when)s.")
        return told % {"when": formats.when(min(ends))}
    return _("Microsoft refunds what is left of the term. The days since its begin are billed.")


def _until(option: dict[str, Any]) -> dt.datetime | None:
    text = str(option.get("expiresAt") or option.get("expiresAfter") or "")
    found = parse_datetime(text) if "T" in text else None
    return found.replace(tzinfo=dt.UTC) if found and found.tzinfo is None else found

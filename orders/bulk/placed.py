"""Cancelling many orders (those of a sandbox, and of software within its window), and billing legacy ones otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.bulk.forms import ManyForm
from orders.bulk.shape import Many
from orders.models import Order
from orders.placed import actions, queries, rules
from portal.access.scope import Scope
from portal.outbox.batches.registry import Parameters, Plan, Told
from portal.ui import formats

LIST = "all-orders"


def label(row: Order) -> str:
    """An order as a row of a batch names it."""
    return f"{row.pc_id} · {row.customer.name}" if row.customer else row.pc_id


def _targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    return {row.pk: row for row in queries.orders(scope).filter(pk__in=ids)}


def _check(row: Order, _parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
    row.status = str(coming.get("status", row.status))
    rules.may_cancel(row)
    return Plan({"status": row.status}, {"status": rules.CANCELLED})


def _of_cancel(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Cancel %(n)s order?", "Cancel %(n)s orders?", rows) % numbers,
        button=ngettext("Cancel %(n)s order", "Cancel %(n)s orders", rows) % numbers,
        undo=_("Cannot be undone: what was bought would have to be ordered anew."),
        points=[
            _("Everything that was bought on these orders ends. People lose access."),
            _("Orders that Partner Center would not cancel are listed with the reason."),
        ],
        danger=True,
    )


def _check_billing(row: Order, parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
    row.billing_cycle = str(coming.get("billing_cycle", row.billing_cycle))
    cycle = rules.new_cycle(row, str(parameters.get("cycle") or ""))
    return Plan({"billing_cycle": row.billing_cycle}, {"billing_cycle": cycle})


def _of_billing(rows: int, parameters: Parameters) -> Told:
    cycle = formats.billing(str(parameters.get("cycle") or ""))
    numbers = {"n": formats.count(rows), "billing": cycle}
    return Told(
        title=ngettext(
            "Change how %(n)s order is billed: %(billing)s?",
            "Change how %(n)s orders are billed: %(billing)s?",
            rows,
        )
        % numbers,
        button=ngettext("Change %(n)s order", "Change %(n)s orders", rows) % numbers,
        undo=_("Can be undone: with Change billing, at any time."),
        points=[
            _("It holds for all subscriptions of each order. Seats and terms stay as they are."),
            _("This can be asked of legacy orders alone. New commerce has it on the subscription."),
        ],
    )


class BillingForm(ManyForm):
    """How legacy orders are billed."""

    cycle = forms.ChoiceField(
        label=gettext_lazy("Billing"),
        choices=lambda: [(one, formats.billing(one)) for one in rules.LEGACY_CYCLES],
    )


CANCEL: Many[Order] = Many(
    verb=actions.CANCEL,
    right=actions.RIGHTS[actions.CANCEL],
    targets=_targets,
    check=_check,
    ask=lambda actor, scope, row, told, asked: actions.cancel(actor, scope, row, dict(told), asked),
    tell=_of_cancel,
    title=gettext_lazy("Cancel orders"),
    url_name="orders_cancel",
    icon="ban",
)
BILLING: Many[Order] = Many(
    verb=actions.CHANGE_CYCLE,
    right=actions.RIGHTS[actions.CHANGE_CYCLE],
    targets=_targets,
    check=_check_billing,
    ask=lambda actor, scope, row, told, asked: actions.change_cycle(
        actor, scope, row, {"cycle": str(told.get("cycle") or "")}, asked
    ),
    tell=_of_billing,
    title=gettext_lazy("Change billing"),
    url_name="orders_billing",
    icon="file-invoice",
    form=BillingForm,
)

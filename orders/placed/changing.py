"""Pages of the verbs of an order: cancel it, bill it otherwise, buy an add-on."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from customers.asking.pages import Consequence
from orders import acting
from orders.acting import Acting, Crumb, RowForm
from orders.catalogue.legacy import queries as offers
from orders.catalogue.models import Offer
from orders.models import Order
from orders.placed import actions, queries, rules, told
from portal.access.guard import route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.ui import formats

ACTS = (
    ("order_cancel", actions.CANCEL, gettext_lazy("Cancel order"), False),
    ("order_billing", actions.CHANGE_CYCLE, gettext_lazy("Change billing"), True),
    ("order_addon", actions.BUY_ADDON, gettext_lazy("Buy an add-on"), True),
)


def offered(scope: Scope, row: Order) -> list[tuple[str, str | Promise]]:
    """The verbs that make sense on its page, as (address, label); finer rules are told when one is opened."""
    if row.gone_at or row.connection.is_retired or scope.read_only or row.status == rules.CANCELLED:
        return []
    legacy = rules.is_legacy(row)
    return [
        (reverse(name, args=[row.pk]), label)
        for name, verb, label, of_legacy in ACTS
        if of_legacy is legacy
        and scope.can(actions.RIGHTS[verb], row)
        and (legacy or rules.is_cancellable(row))
    ]


class CycleForm(RowForm):
    """Monthly or annual."""

    cycle = forms.ChoiceField(
        label=gettext_lazy("Billing"),
        choices=lambda: [(one, formats.billing(one)) for one in rules.LEGACY_CYCLES],
        widget=forms.RadioSelect,
    )


class AddonForm(RowForm):
    """To which subscription of the order, what, and how many."""

    base = forms.TypedChoiceField(label=gettext_lazy("Added to"), coerce=int)
    offer = forms.ModelChoiceField(label=gettext_lazy("Add-on"), queryset=Offer.objects.none())
    quantity = forms.IntegerField(label=gettext_lazy("Quantity"), min_value=1, max_value=10_000_000)

    def prepare(self) -> None:
        """Offer the subscriptions of the order, and what the catalogue of their market adds to them."""
        sold = rules.sold_by(self.row)
        bases = [one.offer_id.lower() for one in sold]
        country = told.customer_of(self.row).country
        assert self.scope is not None
        known = offers.offers(self.scope).filter(
            connection=self.row.connection, market=country, is_available=True
        )
        found = known.filter(prerequisite_offers__has_any_keys=bases) if bases else known.none()
        self.fields["base"].choices = [(one.pk, str(one)) for one in sold]  # type: ignore[attr-defined] # a ChoiceField
        self.fields["offer"].queryset = found.order_by("name", "pk")  # type: ignore[attr-defined] # a ModelChoiceField


def _tell_cancel(row: Order, _values: dict[str, Any]) -> Consequence:
    rules.may_cancel(row)
    points = [
        ngettext(
            "%(n)s line is cancelled: %(names)s",
            "%(n)s lines are cancelled: %(names)s",
            len(row.lines or []),
        )
        % {"n": formats.count(len(row.lines or [])), "names": row.name},
        _("What was paid is refunded as Partner Center's rules say."),
    ]
    if until := rules.undone_until(row):
        points.append(_("It can be cancelled until %(when)s.") % {"when": until})
    if rules.is_sandbox(row):
        points.append(_("Outside a sandbox only software is cancelled in this way."))
    return Consequence(
        title=_("Cancel order %(id)s?") % {"id": row.pc_id},
        undo=_("Cannot be undone: it would have to be bought anew."),
        button=_("Cancel order"),
        points=points,
        danger=True,
    )


def _tell_cycle(row: Order, values: dict[str, Any]) -> Consequence:
    cycle = rules.new_cycle(row, values["cycle"])
    return Consequence(
        title=_("Bill order %(id)s otherwise?") % {"id": row.pc_id},
        undo=_("Can be changed again at any time."),
        button=_("Change billing"),
        points=[_("It holds for all subscriptions of the order. Seats and term stay as they are.")],
        rows=[(_("Billing"), formats.billing(row.billing_cycle), formats.billing(cycle))],
    )


def _tell_addon(row: Order, values: dict[str, Any]) -> Consequence:
    wanted = rules.addon(row, values)
    names = {
        "n": formats.count(wanted["quantity"]),
        "offer": wanted["offer"].name,
        "base": str(wanted["base"]),
    }
    return Consequence(
        title=_("Add %(n)s × %(offer)s to %(base)s?") % names,
        undo=_("Legacy seats can be lowered, and the add-on suspended, at any time."),
        button=_("Buy an add-on"),
        points=[
            _("It ends with the subscription that it is added to."),
            _("It is billed %(billing)s, as the order.")
            % {"billing": formats.billing(row.billing_cycle)},
        ],
    )


def _crumbs(row: Order) -> list[Crumb]:
    customer = told.customer_of(row)
    return [
        (_("Customers"), reverse("customers")),
        (customer.name, customer.get_absolute_url()),
        (_("Orders"), reverse("customer_orders", args=[customer.pk])),
    ]


CANCEL: Acting[Order] = Acting(
    title=gettext_lazy("Cancel order"),
    right=actions.RIGHTS[actions.CANCEL],
    tell=_tell_cancel,
    act=actions.cancel,
    may=rules.may_cancel,
    verb=lambda _row, _values: actions.CANCEL,
    crumbs=_crumbs,
    back=Order.get_absolute_url,
)
BILLING: Acting[Order] = Acting(
    title=gettext_lazy("Change billing"),
    right=actions.RIGHTS[actions.CHANGE_CYCLE],
    form=CycleForm,
    tell=_tell_cycle,
    act=actions.change_cycle,
    may=rules.may_change_legacy,
    initial=lambda row: {"cycle": row.billing_cycle},
    verb=lambda _row, _values: actions.CHANGE_CYCLE,
    crumbs=_crumbs,
    back=Order.get_absolute_url,
)
ADDON: Acting[Order] = Acting(
    title=gettext_lazy("Buy an add-on"),
    right=actions.RIGHTS[actions.BUY_ADDON],
    form=AddonForm,
    tell=_tell_addon,
    act=actions.buy_addon,
    may=rules.may_change_legacy,
    verb=lambda _row, _values: actions.BUY_ADDON,
    seats=lambda values: values["quantity"],
    crumbs=_crumbs,
    back=Order.get_absolute_url,
    template="orders/placed/addon.html",
)


@route(effect="write", right=actions.RIGHTS[actions.CANCEL])
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_order(request: Request, pk: int) -> HttpResponse:
    """Cancel an order of a sandbox, or software within its window."""
    return acting.respond(request, queries.order(request.scope, pk), CANCEL)


@route(effect="write", right=actions.RIGHTS[actions.CHANGE_CYCLE])
@require_http_methods(["GET", "HEAD", "POST"])
def order_billing(request: Request, pk: int) -> HttpResponse:
    """Bill a legacy order in another cycle."""
    return acting.respond(request, queries.order(request.scope, pk), BILLING)


@route(effect="write", right=actions.RIGHTS[actions.BUY_ADDON])
@require_http_methods(["GET", "HEAD", "POST"])
def order_addon(request: Request, pk: int) -> HttpResponse:
    """Buy an add-on on a legacy order."""
    return acting.respond(request, queries.order(request.scope, pk), ADDON)

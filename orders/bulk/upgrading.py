"""Upgrading all seats of many subscriptions to one product: each is asked about before it is checked.

What they may become is asked of Partner Center for one of them; whether it suits the others, row by row.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import Count, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import actions, rules
from orders.bulk.forms import ManyForm
from orders.bulk.shape import must_be_answered
from orders.bulk.subscriptions import many
from orders.models import Subscription
from orders.refusals import say
from orders.upgrades import actions as own
from orders.upgrades import asking, kinds, targets
from orders.upgrades.actions import Wish
from orders.upgrades.targets import Target
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import questions
from portal.outbox.batches.registry import Parameters, Told
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui import formats

HOLDS = dt.timedelta(hours=12)
"""How long an answer about a row counts, so that what was confirmed is what is asked."""


class UpgradeForm(ManyForm):
    """One of the products that most of them can become, and how the seats move."""

    product = forms.ChoiceField(label=gettext_lazy("Product"), widget=forms.RadioSelect)
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=list(targets.WAYS.items()))

    def prepare(self) -> None:
        """Ask about one of the product that most of them are; ``waits`` until Partner Center has answered."""
        row = self._usual()
        told = asking.targets(row, self.scope.user_id) if row and self.scope else None
        self.waits = bool(told and told.waits)
        found = targets.read(kinds.TRANSITION, told.answer or []) if told else []
        open_ = [(one.product, one.title) for one in found if one.open]
        self.fields["product"].choices = open_  # type: ignore[attr-defined] # a ChoiceField
        self.fields["product"].help_text = _("What %(name)s can become.") % {"name": row or ""}
        if told and told.failed:
            self.stopped = _("Partner Center did not say what they can become. Try again.")
        elif not open_ and not self.waits:
            self.stopped = _("Partner Center offers nothing that %(name)s could become.")
            self.stopped %= {"name": row or "–"}

    def _usual(self) -> Subscription | None:
        if self.rows is None:
            return None
        rows = self.rows.filter(status="active", product_type="OnlineServicesNCE")
        rows = rows.exclude(is_trial=True).order_by()
        counted = rows.values("product_id", "sku_id").annotate(number=Count("pk"))
        most = counted.order_by("-number", "product_id", "sku_id").first()
        if most is None:
            return None
        same = rows.filter(product_id=most["product_id"], sku_id=most["sku_id"])
        return same.order_by("customer__name", "pk").first()

    @property
    def parameters(self) -> dict[str, Any]:
        """With the product's name, so that the batch can say it."""
        named = dict(self.fields["product"].choices)  # type: ignore[attr-defined] # a ChoiceField
        return super().parameters | {"title": named.get(self.cleaned_data["product"], "")}


def _live(row: Model, _parameters: Parameters) -> bool:
    """Ask what it can become, unless it is certain here that it can become nothing."""
    subscription = cast("Subscription", row)
    try:
        own.may_upgrade(rules.state_of(subscription))
    except RefusedError:
        return True
    if kinds.of(subscription) != kinds.TRANSITION:
        return True
    return questions.ask_now(subscription.connection, *asking.question(subscription))


def _plan(state: rules.Known, parameters: Parameters) -> dict[str, Any]:
    return {"upgrade": own.plan(state, _wish(state.subscription, parameters))}


def _now(state: rules.Known) -> dict[str, Any]:
    return {"upgrade": {"quantity": state.quantity, "product": state.subscription.offer_id}}


def _wish(row: Subscription, parameters: Parameters) -> Wish:
    """All of its seats, to what Partner Center calls the product for this one. Raises RefusedError."""
    if kinds.of(row) != kinds.TRANSITION:
        raise RefusedError("on_its_own", say("on_its_own"))
    product, way = str(parameters.get("product") or ""), str(parameters.get("way") or "")
    target = _target(row, product, way) if product else None
    return Wish(
        product=target.product if target else product,
        title=str(parameters.get("title") or (target.title if target else "")),
        way=way if way in targets.WAYS else targets.ONLY,
    )


def _target(row: Subscription, product: str, way: str) -> Target | None:
    """The product as it is offered for this row; None where Partner Center has not answered. Raises RefusedError."""
    told = questions.told(row.connection, *asking.question(row), within=HOLDS)
    if told is None:
        return None
    must_be_answered(told)
    for one in targets.read(kinds.TRANSITION, asking.items(told.answer)):
        if _same(one.product, product):
            if errors := _errors(one, way):
                raise RefusedError("not_eligible", " ".join(errors))
            return one
    raise RefusedError("other_target", say("other_target"))


def _same(one: str, other: str) -> bool:
    return one.upper().split(":")[:2] == other.upper().split(":")[:2]


def _errors(target: Target, way: str) -> list[str]:
    """Why all seats cannot move in this way; empty if they can."""
    if target.errors:
        return target.errors
    chosen = [one for one in target.ways if one.slug == way]
    return chosen[0].errors if chosen else ([str(say("other_way"))] if target.ways else [])


def _ask(
    actor: Actor, scope: Scope, row: Subscription, parameters: Parameters, asked: Asked
) -> Command:
    return own.upgrade(actor, scope, row, _wish(row, parameters), asked)


def _of_upgrade(rows: int, parameters: Mapping[str, Any]) -> Told:
    product = str(parameters.get("title") or parameters.get("product", ""))
    numbers = {"n": formats.count(rows), "product": product}
    licences = _("Licences do not move: assign the new ones before people lose the old.")
    if parameters.get("way") == targets.WITH_LICENCES:
        licences = _("People keep working: their licences move with the seats.")
    return Told(
        title=ngettext(
            "Upgrade %(n)s subscription to %(product)s?",
            "Upgrade %(n)s subscriptions to %(product)s?",
            rows,
        )
        % numbers,
        button=ngettext("Upgrade %(n)s subscription", "Upgrade %(n)s subscriptions", rows)
        % numbers,
        undo=_("Cannot be undone: nothing leads back to the smaller product in mid-term."),
        points=[
            _("All seats move. The term and billing stay as they are, where they are sold."),
            licences,
            _("Partner Center was asked about each row; those that it does not let are left out."),
        ],
        danger=True,
    )


UPGRADE = many(
    actions.UPGRADE,
    _plan,
    _ask,
    _of_upgrade,
    seen=_now,
    title=gettext_lazy("Upgrade"),
    url_name="subscriptions_upgrade",
    icon="package-export",
    form=UpgradeForm,
    live=_live,
)

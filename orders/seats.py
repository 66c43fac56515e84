"""The seats behind a licence: which of our subscriptions give it, and adding some so that it can follow.

Answers the hooks of ``customers.licences``. A subscription gives the licence that the catalogue names for its SKU;
what sells no named licence gives none.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.licences.hooks import Offer
from customers.models import Customer
from orders import actions, consequences, lots, queries, rules
from orders import giving as of_licence
from orders.models import Subscription
from orders.prices import running
from orders.prices.quoting import Amount, Side
from orders.quantities import Quantity
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.reference import products
from portal.ui import formats

# Expired ones keep their licences for a while; what is suspended gives none that could be assigned.
GIVING = ("active", "expired")


def ours(scope: Scope) -> Any:
    """Over a SubscribedSku row: the seats of the subscriptions in this scope that give it."""
    rows = scope.filter(
        Subscription.objects.filter(
            customer=OuterRef("customer_id"), gone_at=None, status__in=GIVING
        )
    )
    given = rows.annotate(gives=of_licence.licence()).filter(gives=OuterRef("pc_id"))
    total = given.order_by().values("customer").annotate(n=Sum("quantity")).values("n")
    return Coalesce(Subquery(total), Value(0), output_field=BigIntegerField())


def giving(scope: Scope, customer: Customer, sku_pc_id: str) -> QuerySet[Subscription]:
    """The customer's subscriptions of this scope that give the licence and are not over."""
    rows = queries.of_customer(scope, customer).filter(
        of_licence.of(products.of_licence(sku_pc_id))
    )
    return rows.filter(status="active").exclude(is_trial=True).order_by("friendly_name", "pk")


class Seller:
    """Seats of subscriptions, as licences ask for them."""

    def offers(self, scope: Scope, customer: Customer, sku_pc_id: str, seats: int) -> list[Offer]:
        """Each subscription that could grow, with its consequence; why not, where it cannot now."""
        may = actions.RIGHTS[actions.CHANGE_QUANTITY]
        rows = [row for row in giving(scope, customer, sku_pc_id) if scope.can(may, row)]
        prices = running.of_subscriptions(scope, rows)
        return [self._offer(scope, row, seats, prices[row.pk]) for row in rows]

    def _offer(
        self, scope: Scope, row: Subscription, seats: int, prices: Mapping[Side, Amount]
    ) -> Offer:
        state = rules.state_of(row)
        present = state.quantity or 0
        label = f"{row} · {row.pc_id[:8]}"
        try:
            total = rules.new_quantity(state, Quantity(seats, relative=True))
        except RefusedError as error:
            return Offer(row.pk, label, present, present, refused=str(error))
        told = consequences.of_quantity(state, total)
        money = tuple(consequences.money(scope, row, told.verb, told.seats, prices))
        return Offer(row.pk, label, present, total, tuple(told.points), told.undo, money)

    def add(
        self, actor: Actor, scope: Scope, subscription_id: int, seats: int, asked: Asked
    ) -> Command:
        """Ask for the seats, with the guard of the verb itself."""
        row = queries.subscription(scope, subscription_id)
        more = Quantity(seats, relative=True)
        return actions.change_quantity(actor, scope, row, more, replace(asked, batch_id=None))


def stands(command: Command) -> str:
    """Seats that were added for something that did not come about: billed, and until when they can be taken back."""
    added = int(command.after.get("quantity") or 0) - int(command.before.get("quantity") or 0)
    if added < 1:
        return ""
    told = ngettext(
        "%(n)s seat was added to %(name)s and is billed.",
        "%(n)s seats were added to %(name)s and are billed.",
        added,
    )
    row = Subscription.objects.filter(pk=command.target_id).first()
    named = {"n": formats.count(added), "name": str(row or command.target_label)}
    return f"{told % named} {_until(row)}"


def _until(row: Subscription | None) -> str:
    known = lots.lots(row) if row is not None else None
    if known is None:
        return _("Its page says until when seats can be taken back.")
    # What was added last can be taken back longest.
    until = max((lot.until for lot in known if lot.open and lot.until), default=None)
    if until is None:
        return _("No seat can be taken back now.")
    return _("Seats can be taken back until %(when)s.") % {"when": formats.when(until)}

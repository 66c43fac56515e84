"""Putting a cart together: the portal's own rows, nothing is sent. What is ordered or on its way stays as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.asking.submitting import reseller_of
from customers.models import Customer
from orders.carts import partners, problems, promotion, provisioning, queries, savings
from orders.carts.choices import Choice
from orders.carts.models import Cart, CartLine, CartState, LineState
from orders.carts.part import RIGHT, TARGET
from orders.catalogue import words
from orders.catalogue.models import Sku
from portal.access.guard import require
from portal.access.models import Reseller
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity import log
from portal.activity.actors import Actor
from portal.outbox.models import Command
from portal.outbox.states import OPEN

MOST_LINES = 100
KINDS = ("created", "copied", "deleted", "line_added", "line_changed", "line_removed")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a line is to be."""

    choice: Choice
    quantity: int
    name: str = ""
    end_date: date | None = None
    promotion_id: str = ""
    attested: bool = False
    provisioning: Mapping[str, str] = field(default_factory=dict)
    commitment: Decimal | None = None
    more_partner_ids: list[str] = field(default_factory=list)


def create(actor: Actor, scope: Scope, customer: Customer, name: str = "") -> Cart:
    """An empty cart; the reseller on record is the person's own, or the customer's only one.

    Raises RefusedError, Http404, PermissionDenied.
    """
    require(scope, RIGHT, customer)
    _must_be_alive(customer)
    reseller_id = reseller_of(scope, customer)
    if reseller_id is None and not scope.sees_whole(customer.connection_id):
        told = _("You act for several resellers of this customer. Ask its distributor for a cart.")
        raise RefusedError("reseller", told)
    return _create(actor, customer, reseller_id, name)


def _create(actor: Actor, customer: Customer, reseller_id: int | None, name: str) -> Cart:
    if actor.user_id is None:
        raise PermissionDenied
    told = name.strip() or _("Cart of %(customer)s") % {"customer": customer.name}
    made = Cart.objects.create(
        connection=customer.connection,
        customer=customer,
        reseller_id=reseller_id,
        name=told[:120],
        author_id=actor.user_id,
    )
    _record("created", actor, made)
    return made


def describe(
    scope: Scope, cart: Cart, *, name: str, purchase_order: str, reseller: Reseller | None
) -> None:
    """Rename it, give it a purchase order, another reseller on record. Raises as ``create``."""
    _may_change(scope, cart)
    new_id = reseller.pk if reseller else None
    if new_id != cart.reseller_id:
        _may_credit(scope, cart, reseller)
        cart.reseller, cart.attested = reseller, False
        cart.lines.update(more_partner_ids=[])
    cart.name = name.strip()[:120] or cart.name
    cart.purchase_order = purchase_order.strip()[:60]
    cart.save()


def _may_credit(scope: Scope, cart: Cart, reseller: Reseller | None) -> None:
    """Only who sees the whole connection chooses, among the customer's resellers or none."""
    if not scope.sees_whole(cart.connection_id):
        raise PermissionDenied
    if reseller is not None and reseller not in queries.resellers_of(scope, cart.customer):
        raise RefusedError("reseller", _("The customer does not buy through them."), "reseller")


def add(actor: Actor, scope: Scope, cart: Cart, sku: Sku, wish: Wish) -> CartLine:
    """Put a line into it. Raises RefusedError, Http404, PermissionDenied."""
    _may_change(scope, cart)
    check(sku, wish)
    if cart.lines.count() >= MOST_LINES:
        told = _("A cart has at most %(most)s lines.") % {"most": MOST_LINES}
        raise RefusedError("too_many", told)
    last = cart.lines.aggregate(last=Max("position"))["last"]
    line = CartLine(cart=cart, position=0 if last is None else last + 1)
    _write(scope, line, sku, wish)
    _record("line_added", actor, cart, line)
    return line


def change(actor: Actor, scope: Scope, line: CartLine, sku: Sku, wish: Wish) -> None:
    """Make a line something else; what was wrong with it is forgotten. Raises as ``add``."""
    _may_change(scope, line.cart)
    check(sku, wish)
    _write(scope, line, sku, wish)
    _record("line_changed", actor, line.cart, line)


def _write(scope: Scope, line: CartLine, sku: Sku, wish: Wish) -> None:
    fill(scope, line, sku, wish)
    line.save()
    _touch(line.cart)


def fill(scope: Scope, line: CartLine, sku: Sku, wish: Wish) -> None:
    """Make a line what is wished; nothing is saved."""
    cart, told = line.cart, dict(wish.provisioning)
    line.commitment = savings.commitment(sku, wish.choice.currency, wish.commitment)
    line.provisioning = savings.context(cart.customer, told) if line.commitment else told
    wanted, kept = wish.more_partner_ids, line.more_partner_ids
    line.more_partner_ids = partners.checked(scope, cart, wanted, kept)
    line.sku = sku
    line.title = sku.title or wish.choice.item_id
    line.catalog_item_id, line.segment = wish.choice.item_id, wish.choice.segment
    line.term, line.cycle = wish.choice.term, wish.choice.cycle
    line.quantity, line.name = wish.quantity, wish.name.strip()[:120]
    line.promotion = _promotion(line, wish)
    line.end_date, line.promotion_id = wish.end_date, wish.promotion_id
    line.attested, line.state = wish.attested, LineState.NEW
    line.error_code = line.error_text = line.error_correlation_id = line.group = ""


def _promotion(line: CartLine, wish: Wish) -> dict[str, Any] | None:
    """What is told of the one that is wished; what was kept stays where nobody has asked since."""
    if not wish.promotion_id:
        return None
    before = line.promotion if line.promotion_id == wish.promotion_id else None
    return promotion.kept(line.cart, wish.choice, wish.promotion_id) or before


def check(sku: Sku, wish: Wish) -> None:
    """What the catalogue says before Partner Center does. Raises RefusedError."""
    if wish.quantity < (sku.minimum or 1) or (sku.maximum and wish.quantity > sku.maximum):
        told = _("It is sold in this number: %(number)s.") % {"number": words.quantity(sku)}
        raise RefusedError("quantity", told, "quantity")
    if lacking := provisioning.missing(sku, wish.provisioning):
        told = _("To be told with the order: %(what)s.") % {"what": lacking}
        raise RefusedError("provisioning", told)
    if wish.end_date is not None and not wish.choice.term:
        raise RefusedError("end_date", _("What has no term has no end date."), "end_date")


def remove(actor: Actor, scope: Scope, line: CartLine) -> None:
    """Take a line out. Raises as ``add``."""
    _may_change(scope, line.cart)
    _record("line_removed", actor, line.cart, line)
    line.delete()
    _touch(line.cart)


def delete(actor: Actor, scope: Scope, cart: Cart) -> None:
    """Throw an open cart away. Raises as ``add``."""
    _may_change(scope, cart)
    _record("deleted", actor, cart)
    cart.delete()


def copy(
    actor: Actor, scope: Scope, cart: Cart, customer: Customer, *, only_refused: bool = False
) -> Cart:
    """The same lines in a new cart of a customer of the same market. Raises as ``create``.

    Promotions and end dates are the other customer's own affair and stay behind.
    """
    require(scope, RIGHT, cart)
    same = customer.pk == cart.customer_id
    if (customer.connection_id, customer.country) != (cart.connection_id, cart.customer.country):
        told = _("Its market is another one: what is in this cart is not sold there as it is.")
        raise RefusedError("market", told, "customers")
    with transaction.atomic():
        if same:
            require(scope, RIGHT, customer)
            _must_be_alive(customer)
            made = _create(actor, customer, cart.reseller_id, cart.name)
        else:
            # A cart that is called after its customer is called after the other one.
            name = cart.name.replace(cart.customer.name, customer.name)
            made = create(actor, scope, customer, name)
        rows = cart.lines.order_by("position", "pk")
        wanted = rows.filter(state=LineState.REFUSED) if only_refused else rows
        CartLine.objects.bulk_create(_copied(made, wanted, same=same))
        _record("copied", actor, made)
    return made


def copy_all(
    actor: Actor,
    scope: Scope,
    cart: Cart,
    customers: Iterable[Customer],
    *,
    only_refused: bool = False,
) -> list[Cart]:
    """A copy for each of them, or none. Raises as ``copy``, naming the customer."""
    made = []
    with transaction.atomic():
        for customer in customers:
            try:
                made.append(copy(actor, scope, cart, customer, only_refused=only_refused))
            except RefusedError as error:
                told = f"{customer.name}: {error}"
                raise RefusedError(error.code, told, error.field) from error
    return made


def _copied(made: Cart, lines: Iterable[CartLine], *, same: bool) -> list[CartLine]:
    return [
        CartLine(
            cart=made,
            position=place,
            sku_id=line.sku_id,
            catalog_item_id=line.catalog_item_id,
            title=line.title,
            segment=line.segment,
            name=line.name,
            quantity=line.quantity,
            term=line.term,
            cycle=line.cycle,
            attested=line.attested,
            end_date=line.end_date if same else None,
            promotion_id=line.promotion_id if same else "",
            promotion=line.promotion if same else None,
            provisioning=line.provisioning if same else {},
            commitment=line.commitment,
            more_partner_ids=line.more_partner_ids if same else [],
        )
        for place, line in enumerate(lines)
    ]


def _may_change(scope: Scope, cart: Cart) -> None:
    require(scope, RIGHT, cart)
    if cart.state != CartState.OPEN:
        raise RefusedError("ordered", _("This cart was ordered. Copy it to order it again."))
    if is_under_way(cart):
        told = _("A check or a checkout of this cart is under way. Wait for it, or cancel it.")
        raise RefusedError("under_way", told)


def is_under_way(cart: Cart) -> bool:
    """Whether a change of the cart may leave, or has left, for Partner Center."""
    rows = Command.objects.filter(target_type=TARGET, target_id=cart.pk, state__in=OPEN)
    return rows.exists()


def _must_be_alive(customer: Customer) -> None:
    if customer.gone_at is not None or customer.connection.is_retired:
        raise RefusedError("gone", _("This customer is no longer in Partner Center."))


def _touch(cart: Cart) -> None:
    """Note that it changed; that a base is missing may no longer hold now that other lines stand in it."""
    missing = cart.lines.filter(state=LineState.NEW, error_code=problems.BASE)
    missing.update(error_code="", error_text="")
    Cart.objects.filter(pk=cart.pk).update(changed_at=timezone.now(), checked_at=None)


def _record(kind: str, actor: Actor, cart: Cart, line: CartLine | None = None) -> None:
    told = {"cart": cart.name}
    if line is not None:
        told |= {"product": line.title, "quantity": str(line.quantity)}
    log.record(
        f"cart.{kind}",
        actor=actor,
        connection=cart.connection,
        reseller_id=cart.reseller_id,
        target=(TARGET, cart.pk, cart.name),
        customer_pc_id=cart.customer.pc_id,
        parameters=told,
    )

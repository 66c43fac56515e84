"""Asking for a new user with its licences: one chain of changes, each behind the one it needs.

Missing seats come first, then the user, then each licence. What can be known of the user and of the
licences is checked before any of it is kept, so that a seat is rarely bought in vain. Until the user is
there the target of a licence is the change that creates it; ``chains.arrived`` then puts it in place.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.licences import actions, hooks, queries, rules, standing
from customers.licences.actions import Seats
from customers.licences.hooks import Offer
from customers.models import Customer, CustomerUser, SubscribedSku, UserLicences, UserState
from customers.permissions.standing import must_stand
from customers.permissions.words import Need
from customers.users import actions as users
from customers.users.part import NEWCOMER
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import clouds, commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

FIELD = "licences"


@dataclass(frozen=True)
class Product:
    """A product that a new user can be given, with the seats that are left of it."""

    sku: SubscribedSku
    free: int

    @property
    def bought(self) -> int:
        return rules.usable(self.sku)

    @property
    def taken(self) -> int:
        """Assigned or under way."""
        return self.bought - self.left

    @property
    def left(self) -> int:
        return max(0, self.free)


@dataclass(frozen=True)
class Given:
    """A licence that can be asked for: the plans left out, and the seat that comes first."""

    state: rules.Known
    off: list[str]
    seats: Seats | None


Orders = dict[str, Command]
"""The changes that add a seat, by product."""


def may_give(customer: Customer, rights: Container[str]) -> bool:
    """Whether a person with these rights there gives licences, and its cloud knows them."""
    return actions.RIGHT in rights and clouds.has(customer.connection, rules.CHANGE)


def products(scope: Scope, customer: Customer) -> list[Product]:
    """What can be given in the tenant, by name; whether by this person, ``may_give`` tells."""
    rows = list(queries.of_customer(scope, customer).order_by("name", "pk"))
    waiting = standing.under_way(rows)
    return [
        Product(row, row.units_available - waiting.get((row.customer_pc_id, row.pc_id), 0))
        for row in rows
        if rules.usable(row)
    ]


def offers(scope: Scope, customer: Customer, sku: SubscribedSku) -> list[Offer]:
    """Where a seat of it can be added by this person."""
    seller = hooks.seller()
    return seller.offers(scope, customer, sku.pc_id, 1) if seller else []


def create(
    actor: Actor, scope: Scope, customer: Customer, values: Mapping[str, Any], asked: Asked
) -> Command:
    """Ask for a user as ``users.actions.create``, with its ``licences``: sku, off, seats each.

    Returns the change that creates the user. Raises as that one, and PermissionDenied without the right
    to give licences or to buy the seats.
    """
    require(scope, users.RIGHT, customer)
    if found := commands.earlier(actor, users.CREATE, customer, asked.submission):
        return found
    given = checked(scope, customer, values)
    if given:
        must_stand(scope, customer, Need.LICENCES)
    by = (actor, scope)
    with transaction.atomic():
        bought = _buy(by, given, asked)
        behind = max((one.pk for one in bought.values()), default=asked.follows_id)
        created = users.create(*by, customer, values, replace(asked, follows_id=behind))
        if not Command.objects.filter(follows=created).exists():  # not the second of two clicks
            for one in given:
                _give(by, created, one, bought)
    return created


def checked(scope: Scope, customer: Customer, values: Mapping[str, Any]) -> list[Given]:
    """The licences as they would be asked for. Raises RefusedError for what Partner Center would refuse."""
    wanted = values.get(FIELD) or []
    if not wanted:
        return []
    require(scope, actions.RIGHT, customer)
    clouds.must_have(customer.connection, rules.CHANGE)
    user = _newcomer(customer, users.checked(customer, values))
    known = {one.sku.pc_id: one for one in products(scope, customer)}
    found: dict[str, Given] = {}
    for one in wanted:
        product = known.get(str(one["sku"]))
        if product is None:
            told = _("The customer of this user does not have this product.")
            raise RefusedError("unknown_product", told, FIELD)
        found[product.sku.pc_id] = _given(user, product, one)
    return list(found.values())


def _given(user: CustomerUser, product: Product, wanted: Mapping[str, Any]) -> Given:
    off = sorted(str(plan) for plan in wanted.get("off") or ())
    bought = wanted.get("seats")
    seats = Seats(bought["subscription"], bought["number"]) if bought else None
    state = replace(rules.known(user, product.sku), free=product.free)
    try:
        rules.may_assign(state, off, rules.Coming(seats=seats is not None))
    except RefusedError as error:
        field = "usage_location" if error.code == rules.NO_LOCATION else FIELD
        raise RefusedError(error.code, str(error), field) from error
    return Given(state, off, seats if product.free < 1 else None)


def _newcomer(customer: Customer, fields: Mapping[str, str]) -> CustomerUser:
    """The user as it will be: active, holding nothing."""
    user = CustomerUser(
        connection=customer.connection,
        customer=customer,
        customer_pc_id=customer.pc_id,
        state=UserState.ACTIVE,
        **fields,
    )
    user.held = UserLicences(licences={})
    return user


def _buy(by: tuple[Actor, Scope], given: list[Given], asked: Asked) -> Orders:
    """Ask for the seats that are missing, each behind the one before; the same key makes them once."""
    made: Orders = {}
    for one in given:
        if one.seats is not None:
            key = f"{asked.submission}:{one.state.sku.pc_id}" if asked.submission else ""
            behind = max((order.pk for order in made.values()), default=asked.follows_id)
            each = replace(asked, submission=key, follows_id=behind)
            made[one.state.sku.pc_id] = actions.add_seats(*by, one.seats, each)
    return made


def _give(by: tuple[Actor, Scope], created: Command, one: Given, bought: Orders) -> None:
    order = bought.get(one.state.sku.pc_id)
    asked = Asked(created.reason, follows_id=created.pk)
    after = {"licence": rules.named(one.state.sku, one.off)}
    seats_id = order.pk if order else None
    draft = actions.draft(by[1], one.state, (actions.ASSIGN, after), asked, seats_id)
    commands.submit(*by, replace(draft, target_type=NEWCOMER), created)

"""Reads of licences. The scope comes first; what is related is decided here, not in templates."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from customers.licences import hooks, rules, standing
from customers.models import Customer, CustomerUser, SubscribedSku
from customers.users import queries as users
from portal.access.scope import Scope
from portal.mirror.reading import for_people

SHOWN = 200
"""Holders that a page names; who looks for more asks the list of users."""


@dataclass(frozen=True)
class Line:
    """A licence that a user holds. ``sku`` is None for a product that the tenant's list lacks.

    ``off`` are the names of plans that are left out, ``on`` how many are assigned.
    """

    sku_pc_id: str
    sku: SubscribedSku | None
    on: int
    off: list[str]

    @property
    def name(self) -> str:
        return str(self.sku) if self.sku else self.sku_pc_id

    @property
    def group(self) -> str:
        return self.sku.licence_group if self.sku else ""


def skus(scope: Scope) -> QuerySet[SubscribedSku]:
    """The live products of tenants that this scope sees, with ``ours``: seats of its subscriptions."""
    rows = scope.filter(SubscribedSku.objects.filter(gone_at=None, customer__isnull=False))
    return for_people(rows, "customer", "connection").annotate(ours=hooks.ours(scope))


def listed(scope: Scope, customer_id: int | None) -> QuerySet[SubscribedSku]:
    """The rows of the list: of one customer on its page, of all on the list's own."""
    rows = skus(scope)
    return rows if customer_id is None else rows.filter(customer=customer_id)


def of_customer(scope: Scope, customer: Customer) -> QuerySet[SubscribedSku]:
    """Those of one customer."""
    return skus(scope).filter(customer=customer)


def sku(scope: Scope, customer: Customer, sku_pc_id: str) -> SubscribedSku:
    """One product of a customer by its GUID; 404 outside the scope."""
    found = of_customer(scope, customer).filter(pc_id=sku_pc_id.lower()).first()
    if found is None:
        raise Http404
    return found


def product(scope: Scope, pk: int) -> SubscribedSku:
    """One product of a tenant by its local id; 404 outside the scope."""
    found = skus(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def users_with_licences(scope: Scope) -> QuerySet[CustomerUser]:
    """Users with ``held``, and with ``reseller_id``: the only one of this scope that sells to them."""
    return users.with_reseller(scope, users.users(scope).select_related("held"))


def holders(scope: Scope, row: SubscribedSku) -> list[CustomerUser]:
    """The users of the tenant who are known to hold a product, the first of them by name."""
    known = scope.filter(CustomerUser.objects.filter(gone_at=None, customer=row.customer_id))
    held = known.filter(held__gone_at=None, held__licences__has_key=row.pc_id)
    return list(held.order_by("display_name", "pk")[:SHOWN])


def matching(queryset: QuerySet[SubscribedSku], text: str) -> QuerySet[SubscribedSku]:
    """Keep products whose name, part number or customer holds the text."""
    return queryset.filter(
        Q(name__icontains=text)
        | Q(part_number__icontains=text)
        | Q(customer__name__icontains=text)
        | Q(pc_id=text.lower())
    )


def lines(scope: Scope, user: CustomerUser) -> list[Line]:
    """The licences of a user with their products by name, by group and name."""
    return of_user(scope, user)[0]


def of_user(scope: Scope, user: CustomerUser) -> tuple[list[Line], list[SubscribedSku]]:
    """What a user holds, and the products of the tenant that can be assigned beside it. Two queries."""
    if user.customer is None:
        return [], []
    found = standing.holdings(user)
    held: Mapping[str, Mapping[str, object]] = found.licences if found else {}
    rows = list(of_customer(scope, user.customer).order_by("name", "pk"))
    products = {row.pc_id: row for row in rows}
    made = [_line(key, value, products.get(key)) for key, value in held.items()]
    others = [row for row in rows if row.pc_id not in held and rules.usable(row)]
    return sorted(made, key=lambda line: (line.group, line.name)), others


def _line(key: str, held: Mapping[str, object], product: SubscribedSku | None) -> Line:
    off, on = held.get("off"), held.get("on")
    left_out = [str(plan) for plan in off] if isinstance(off, list) else []
    names = {str(p["id"]): str(p["name"]) for p in product.service_plans} if product else {}
    number = on if isinstance(on, int) else 0
    return Line(key, product, number, sorted(names.get(plan, plan) for plan in left_out))

"""Reads of carts. The scope comes first: a reseller's people see the carts that name it as reseller on record."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from customers.agreements.standing import CONFIRMED, MISSING, UNREAD, standing
from customers.models import Customer, ResellerLink
from orders.carts.models import Cart, CartLine, CartState, LineState
from orders.carts.part import RIGHT
from orders.catalogue.models import Availability, Sku
from orders.models import Subscription
from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.mirror.reading import for_people

FEW = 30


def carts(scope: Scope, customer_id: int | None = None) -> QuerySet[Cart]:
    """The carts of this scope, or of one customer in it, with ``line_count`` and ``refused``."""
    rows = scope.filter(Cart.objects.filter(customer__gone_at=None))
    if customer_id is not None:
        rows = rows.filter(customer=customer_id)
    counted = rows.annotate(
        line_count=Count("lines"),
        refused=Count("lines", filter=Q(lines__state=LineState.REFUSED)),
    )
    return for_people(counted, "connection", "customer", "reseller").select_related("author")


def cart(scope: Scope, pk: int) -> Cart:
    """One cart; 404 outside the scope."""
    found = carts(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def lines(cart: Cart) -> list[CartLine]:
    """Its lines in their order, each with its SKU where the mirror still has it."""
    return list(for_people(cart.lines.all(), "sku").order_by("position", "pk"))


def line(cart: Cart, pk: int) -> CartLine:
    """One line; 404 for one of another cart."""
    found = for_people(cart.lines.filter(pk=pk), "sku").first()
    if found is None:
        raise Http404
    return found


def open_ones(scope: Scope, connection_id: int, market: str) -> list[Cart]:
    """The newest open carts of a market into which this person may put something."""
    rows = carts(scope.narrowed(RIGHT)).filter(
        connection=connection_id, customer__country=market, state=CartState.OPEN
    )
    return list(rows.order_by("-changed_at", "-pk")[:FEW])


def sku(scope: Scope, pk: int) -> Sku:
    """What is to be put into a cart, with its product; 404 outside the scope."""
    rows = Sku.objects.filter(pk=pk, gone_at=None, product__isnull=False)
    seen = scope.visible_connection_ids()
    if seen is not None:
        rows = rows.filter(connection__in=seen)
    found = for_people(rows, "product", "connection").first()
    if found is None:
        raise Http404
    return found


def sku_named(cart: Cart, name: str) -> Sku | None:
    """A SKU of the cart's market by "product:sku", whatever follows."""
    product, _, rest = name.strip().upper().partition(":")
    rows = Sku.objects.filter(
        connection=cart.connection_id,
        place__startswith=f"{cart.customer.country}/",
        product_pc_id=product,
        pc_id=rest.partition(":")[0],
        gone_at=None,
        product__isnull=False,
    )
    return for_people(rows).first()


def availabilities_of(cart: Cart, lines: Sequence[CartLine]) -> dict[str, Availability]:
    """What the lines name, by catalogue item, for those that are still sold."""
    rows = Availability.objects.filter(
        connection=cart.connection_id,
        catalog_item_id__in={line.catalog_item_id for line in lines},
        product_place__startswith=f"{cart.customer.country}/",
        gone_at=None,
    )
    return {row.catalog_item_id: row for row in for_people(rows)}


def sold(sku: Sku) -> list[Availability]:
    """Where and on which terms a SKU is sold."""
    rows = Availability.objects.filter(sku=sku, gone_at=None)
    return list(for_people(rows).order_by("segment", "pk"))


def customer_named(scope: Scope, told: str, connection_id: int | None = None) -> list[Customer]:
    """The customers that a tenant id, a domain or a whole name means; two at most."""
    meant = Q(pc_id=told.lower()) | Q(domain__iexact=told) | Q(name__iexact=told)
    rows = Customer.objects.filter(meant, gone_at=None)
    if connection_id is not None:
        rows = rows.filter(connection=connection_id)
    return list(for_people(scope.filter(rows), "connection")[:2])


def resellers_of(scope: Scope, customer: Customer) -> list[Reseller]:
    """The indirect resellers of a customer that this scope sees."""
    links = ResellerLink.objects.filter(customer=customer, gone_at=None, reseller__isnull=False)
    ids = scope.filter(links).values("reseller")
    return list(for_people(Reseller.objects.filter(pk__in=ids)).order_by("name", "pk"))


def agreement(customer: Customer) -> str:
    """How the customer's agreement stands as far as the mirror knows: confirmed, missing or unread."""
    rows = Customer.objects.filter(pk=customer.pk)
    found = rows.values_list("pk").filter(standing(CONFIRMED))
    if found.exists():
        return CONFIRMED
    return MISSING if rows.filter(standing(MISSING)).exists() else UNREAD


def owned(customer: Customer) -> set[str]:
    """Product and SKU ("product:sku") of the active subscriptions of a customer, whoever sold them."""
    rows = Subscription.objects.filter(customer=customer, gone_at=None, status="active")
    pairs = rows.values_list("product_id", "sku_id").distinct()
    return {f"{product}:{sku}" for product, sku in pairs if product}


def add_ons(cart: Cart, found: Sequence[CartLine]) -> list[Sku]:
    """Add-ons for what stands in a cart, that are not in it themselves."""
    wanted = Q(pk__in=[])
    for name in {one.sku_name for one in found}:
        wanted |= Q(prerequisite_skus__contains=[name])
    here = Sku.objects.filter(
        wanted,
        connection=cart.connection_id,
        place__startswith=f"{cart.customer.country}/",
        is_add_on=True,
        gone_at=None,
        product__isnull=False,
    )
    inside = {one.sku_id for one in found if one.sku_id is not None}
    rows = for_people(here.exclude(pk__in=inside), "product").order_by("title", "pk")
    return list(rows[:FEW])

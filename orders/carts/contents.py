"""What stands below a cart, or beside it, once the cart was found for somebody (``queries``)."""

from collections.abc import Sequence

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.http import Http404

from customers.agreements.standing import CONFIRMED, MISSING, UNREAD, standing
from customers.models import Customer
from orders.carts.models import Cart, CartLine
from orders.catalogue.models import Availability, Product, Sku
from orders.models import Subscription
from portal.mirror.reading import for_people

FEW = 30


def lines(cart: Cart) -> list[CartLine]:
    """Its lines in their order, each with its SKU where the mirror still has it."""
    return list(_with_sku(cart.lines.all()).order_by("position", "pk"))


def line(cart: Cart, pk: int) -> CartLine:
    """One line; 404 for one of another cart."""
    found = _with_sku(cart.lines.filter(pk=pk)).first()
    if found is None:
        raise Http404
    return found


def _with_sku(rows: QuerySet[CartLine]) -> QuerySet[CartLine]:
    """With SKU and product, which says what kind of purchase it is."""
    joined = for_people(rows, "sku").select_related("sku__product")
    return joined.defer("sku__product__list_payload")


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


def product_named(cart: Cart, name: str) -> Product | None:
    """The product of the cart's market that "product:sku" begins with, whose SKUs may not have been read."""
    rows = Product.objects.filter(
        connection=cart.connection_id,
        market=cart.customer.country,
        pc_id=name.strip().upper().partition(":")[0],
        gone_at=None,
    )
    return for_people(rows).order_by("pk").first()


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


def sold_of(lines: Sequence[CartLine]) -> dict[int, list[Availability]]:
    """The same for all lines at once, by SKU. One query."""
    ids = {line.sku_id for line in lines if line.sku_id is not None}
    rows = Availability.objects.filter(sku__in=ids, gone_at=None)
    found: dict[int, list[Availability]] = {}
    for row in for_people(rows).order_by("segment", "pk"):
        found.setdefault(row.sku_id or 0, []).append(row)
    return found


def agreement(customer: Customer) -> str:
    """How the customer's agreement stands as far as the mirror knows: confirmed, missing or unread. One query."""
    cases = [When(standing(word), then=Value(word)) for word in (CONFIRMED, MISSING)]
    rows = Customer.objects.filter(pk=customer.pk)
    told = rows.values_list(Case(*cases, default=Value(UNREAD), output_field=CharField()))
    return str(told[0][0])


def owned(customer: Customer) -> set[str]:
    """Product and SKU ("product:sku") of the active subscriptions of a customer, whoever sold them."""
    rows = Subscription.objects.filter(customer=customer, gone_at=None, status="active")
    pairs = rows.values_list("product_id", "sku_id").distinct()
    return {f"{product}:{sku}" for product, sku in pairs if product}


def names(cart: Cart) -> set[str]:
    """The same of what stands in a cart."""
    items = cart.lines.values_list("catalog_item_id", flat=True)
    return {item.rpartition(":")[0] for item in items}


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

"""Reads of the catalogue. The scope comes first; whoever sees anything of a connection sees its catalogue."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from customers.models import Customer
from orders.catalogue.models import Availability, Product, Shelf, Sku
from orders.catalogue.part import AVAILABILITIES, PRODUCTS
from portal.access.scope import Scope
from portal.mirror.models import Freshness, MirrorModel
from portal.mirror.reading import for_people

RIGHT = "catalogue.view"
READ = "mirror.refresh"
M = TypeVar("M", bound="MirrorModel | Shelf")


def may(scope: Scope, right: str, row: MirrorModel | Shelf) -> bool:
    """Whether a right holds anywhere in the row's connection: the catalogue is no reseller's own."""
    if not scope.can(right):
        return False
    seen = scope.narrowed(right).visible_connection_ids()
    return seen is None or row.connection_id in seen


def products(scope: Scope) -> QuerySet[Product]:
    """The live products of the markets of this scope, with connection, ``sku_count``, ``terms``, ``cycles``.

    ``terms`` and ``cycles`` are lists of lists: those of each availability that was read; ``sku_count`` is
    None where no SKU was.
    """
    sold = Availability.objects.filter(product_id=OuterRef("pk"), gone_at=None).order_by()
    skus = Sku.objects.filter(product=OuterRef("pk"), gone_at=None).order_by()
    counted = skus.values("product").annotate(n=Count("pk")).values("n")
    return plain(scope).annotate(
        sku_count=Subquery(counted, output_field=IntegerField(null=True)),
        terms=ArraySubquery(sold.values("durations").distinct()),
        cycles=ArraySubquery(sold.values("cycles").distinct()),
    )


def plain(scope: Scope) -> QuerySet[Product]:
    """The same without what stands below."""
    return for_people(_seen(scope, Product.objects.filter(gone_at=None)), "connection")


def product(scope: Scope, pk: int) -> Product:
    """One product, live or gone; 404 outside the scope."""
    rows = _seen(scope, Product.objects.filter(pk=pk))
    found = for_people(rows, "connection").first()
    if found is None:
        raise Http404
    return found


def skus(scope: Scope, product: Product) -> QuerySet[Sku]:
    """The live SKUs of a product, each with ``durations`` and ``segments`` (a list for each availability)."""
    sold = Availability.objects.filter(sku=OuterRef("pk"), gone_at=None).order_by()
    rows = for_people(_seen(scope, Sku.objects.filter(product=product, gone_at=None)))
    return rows.annotate(
        durations=ArraySubquery(sold.values("durations").distinct()),
        segments=ArraySubquery(sold.values("segment").distinct()),
    )


def sku(scope: Scope, product: Product, pk: int) -> Sku:
    """One SKU of the product, live or gone; 404 for another."""
    found = for_people(_seen(scope, Sku.objects.filter(pk=pk, product=product))).first()
    if found is None:
        raise Http404
    return found


def availabilities(scope: Scope, sku: Sku) -> list[Availability]:
    """Where and on which terms a SKU is sold, by segment."""
    rows = _seen(scope, Availability.objects.filter(sku=sku, gone_at=None))
    return list(for_people(rows).order_by("segment", "pk"))


def availability_of_item(
    scope: Scope, connection_id: int, market: str, catalog_item_id: str
) -> Availability | None:
    """The live availability that a cart line names in a market, with SKU and product; None if unknown."""
    rows = Availability.objects.filter(
        connection_id=connection_id, catalog_item_id=catalog_item_id, gone_at=None
    )
    here = rows.filter(product_place__startswith=f"{market}/")
    return _seen(scope, here).select_related("sku__product", "connection").first()


def elsewhere(scope: Scope, product: Product) -> QuerySet[Product]:
    """The same product in other markets of its connection."""
    rows = Product.objects.filter(
        connection=product.connection_id, pc_id=product.pc_id, gone_at=None
    )
    others = rows.exclude(pk=product.pk).order_by("market", "pk")
    return for_people(_seen(scope, others))


def named(scope: Scope, product: Product, skus: Collection[str]) -> dict[str, Sku]:
    """SKUs of the product's market by "product:sku", for those that the mirror knows."""
    pairs = [one.partition(":") for one in skus]
    if not pairs:
        return {}
    rows = Sku.objects.filter(
        connection=product.connection_id,
        shelf=product.shelf,
        product_pc_id__in={pair[0] for pair in pairs},
        pc_id__in={pair[2] for pair in pairs},
        gone_at=None,
        product__isnull=False,
    )
    found = for_people(_seen(scope, rows)).order_by("title")
    return {f"{one.product_pc_id}:{one.pc_id}": one for one in found}


def matching(queryset: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Keep products whose title holds the text, or whose id it is, with or without a SKU ("product:sku:…")."""
    product_id, _colon, rest = text.strip(' "').upper().partition(":")
    by_id = Q(pc_id=product_id)
    return queryset.filter(by_id if rest else by_id | Q(title__icontains=text))


def of_segment(queryset: QuerySet[Product], segment: str) -> QuerySet[Product]:
    """Keep what a segment may buy: told by the list of products, else by an availability."""
    sold = Availability.objects.filter(segment=segment, gone_at=None, product_id__isnull=False)
    told = Q(segments__contains=[segment])
    return queryset.filter(told | Q(pk__in=sold.values("product_id")))


def with_term(queryset: QuerySet[Product], term: str) -> QuerySet[Product]:
    """Keep what is sold for a term."""
    sold = Availability.objects.filter(durations__contains=[term], gone_at=None)
    return queryset.filter(pk__in=sold.exclude(product_id=None).values("product_id"))


def with_cycle(queryset: QuerySet[Product], cycle: str) -> QuerySet[Product]:
    """Keep what can be billed this way."""
    return queryset.filter(pk__in=_by_sku(Q(billing_cycles__contains=[cycle])))


def with_sort(queryset: QuerySet[Product], sort: str) -> QuerySet[Product]:
    """Keep add-ons, trials, or products that are bought by themselves."""
    asked = {
        "addon": Q(is_add_on=True),
        "trial": Q(is_trial=True),
        "base": Q(is_add_on=False) & ~Q(is_trial=True),
    }
    return queryset.filter(pk__in=_by_sku(asked[sort]))


def markets(scope: Scope) -> list[str]:
    """The markets of this scope, those with the most customers first."""
    rows = _seen(scope, Shelf.objects.filter(gone_at=None))
    known = set(rows.order_by().values_list("market", flat=True).distinct())
    counted = scope.filter(Customer.objects.filter(gone_at=None, country__in=known))
    by_size = dict(counted.order_by().values_list("country").annotate(n=Count("pk")))
    return sorted(known, key=lambda market: (-by_size.get(market, 0), market))


def shelves(scope: Scope, market: str = "") -> list[Shelf]:
    """The shelves of a market, or of all, with their connections."""
    rows = Shelf.objects.filter(gone_at=None, **({"market": market} if market else {}))
    return list(for_people(_seen(scope, rows), "connection").order_by("pc_id", "pk"))


def complete_at(scope: Scope, market: str = "") -> dt.datetime | None:
    """The oldest moment for which a list of products of a market, or of all, stands; None while one was never read."""
    rows = Freshness.objects.filter(family=PRODUCTS).exclude(parent="")
    if market:
        rows = rows.filter(parent__startswith=f"{market}/")
    ids = scope.visible_connection_ids()
    if ids is not None:
        rows = rows.filter(connection__in=ids)
    found: dt.datetime | None = rows.aggregate(at=Min("complete_at"))["at"]
    return found


def read_at(scope: Scope, row: Product | Sku, family: str) -> dt.datetime | None:
    """When the list below a product or SKU was read."""
    del scope  # the row came out of it
    place = row.place if isinstance(row, Product) else row.below
    rows = Freshness.objects.filter(connection=row.connection_id, family=family, parent=place)
    found: dt.datetime | None = rows.values_list("complete_at", flat=True).first()
    return found


def read_at_each(scope: Scope, skus: Sequence[Sku]) -> dict[str, dt.datetime | None]:
    """When it was read on which terms each of these is sold, by its place. One query."""
    del scope  # the SKUs came out of it
    rows = Freshness.objects.filter(
        connection__in={one.connection_id for one in skus},
        family=AVAILABILITIES,
        parent__in=[one.below for one in skus],
    )
    return dict(rows.values_list("parent", "complete_at"))


def _by_sku(condition: Q) -> QuerySet[Sku, int]:
    rows = Sku.objects.filter(condition, gone_at=None, product__isnull=False)
    return rows.values_list("product_id", flat=True)


def _seen(scope: Scope, rows: QuerySet[M]) -> QuerySet[M]:
    if not scope.can(RIGHT):
        return rows.none()
    ids = scope.narrowed(RIGHT).visible_connection_ids()
    return rows if ids is None else rows.filter(connection__in=ids)

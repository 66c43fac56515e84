"""Which licence the seats of a subscription give, as expressions over its row."""

from collections.abc import Iterable

from django.db.models import Case, Q, Value, When

from portal.reference import products


def licence() -> Case:
    """The licence's GUID by the catalogue, "" where none is named for the SKU."""
    return Case(
        *(
            When(of(items), then=Value(licence_id))
            for licence_id, items in sorted(products.licences().items())
        ),
        default=Value(""),
    )


def of(items: Iterable[products.Product]) -> Q:
    """Subscriptions to one of these SKUs."""
    found = Q(pk__in=[])
    for item in items:
        found |= Q(product_id=item.product_id, sku_id=item.sku_id)
    return found

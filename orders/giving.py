"""Which licence the seats of a subscription give, as expressions over its row."""

import json
from collections.abc import Iterable
from functools import cache

from django.db.models import F, Func, Q, TextField, Value

from portal.reference import products


def licence() -> Func:
    """The licence's GUID by the catalogue, "" where none is named for the SKU.

    One look-up in a constant: a branch for each of the hundreds of SKUs would take long to build.
    """
    named = Func(Value(_by_item()), template="(%(expressions)s)::jsonb")
    item = Func(
        F("product_id"), F("sku_id"), template="(%(expressions)s)", arg_joiner=" || ':' || "
    )
    return Func(
        named,
        item,
        template="coalesce(%(expressions)s, '')",
        arg_joiner=" ->> ",
        output_field=TextField(),
    )


@cache
def _by_item() -> str:
    """Licences by product and SKU, as JSON."""
    found = {
        f"{one.product_id}:{one.sku_id}": licence_id
        for licence_id, items in products.licences().items()
        for one in items
    }
    return json.dumps(found)


def of(items: Iterable[products.Product]) -> Q:
    """Subscriptions to one of these SKUs."""
    found = Q(pk__in=[])
    for item in items:
        found |= Q(product_id=item.product_id, sku_id=item.sku_id)
    return found

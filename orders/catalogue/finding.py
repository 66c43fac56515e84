"""The catalogue in the search: a product by its name, or by its id pasted with or without a SKU."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.catalogue import queries
from orders.catalogue.filters import known_markets
from portal.access.http import scope_of
from portal.access.search import SHORTEST
from portal.ui import formats
from portal.ui.search import Hit, Source


def find(request: HttpRequest, text: str, limit: int) -> list[Hit]:
    """Products of the largest market that has any: every market has much the same."""
    if len(text) < SHORTEST:
        return []
    scope = scope_of(request)
    for market in known_markets(scope):
        rows = queries.matching(queries.plain(scope).filter(market=market), text)
        if found := list(rows.order_by("title", "pk")[:limit]):
            return [
                Hit(
                    label=row.title,
                    url=row.get_absolute_url(),
                    detail=f"{row.pc_id} · {formats.country(row.market)}",
                    exact=row.pc_id == text.strip().upper().partition(":")[0],
                    pk=row.pk,
                )
                for row in found
            ]
    return []


SOURCE = Source(
    "products", _("Catalogue"), find, icon="shopping-cart", order=28, right=queries.RIGHT
)

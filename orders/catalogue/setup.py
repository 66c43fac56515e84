"""What the catalogue enters in the registries."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from orders import lists
from orders.catalogue import finding, queries, sync, views
from orders.catalogue.legacy import queries as legacy
from orders.catalogue.legacy.views import OFFER_LIST
from portal.access.scope import Scope
from portal.ui import menu, search

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from orders.catalogue.models import Sku


def setup() -> None:
    """Enter it; called once from AppConfig.ready."""
    sync.setup()
    entry = {"right": queries.RIGHT, "icon": "shopping-cart"}
    lists.enter(
        views.PRODUCT_LIST, queries.products, "catalogue", order=30, selectable=False, **entry
    )
    lists.enter_below(views.SKU_LIST, _skus, "product", order=31, **entry)
    lists.enter(OFFER_LIST, legacy.offers, "offers", order=32, selectable=False, **entry)
    menu.register(
        menu.Item(_("Catalogue"), "catalogue", icon="shopping-cart", order=30, right=queries.RIGHT)
    )
    search.register(finding.SOURCE)


def _skus(scope: Scope, product_id: int) -> "QuerySet[Sku]":
    """The SKUs of a product."""
    return queries.skus(scope, queries.product(scope, product_id))

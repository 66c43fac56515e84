"""What the catalogue enters in the registries."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.catalogue import finding, queries, sync, views
from orders.catalogue.legacy import queries as legacy
from orders.catalogue.legacy.views import OFFER_LIST
from portal.access.http import scope_of
from portal.ui import directory, menu, search

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from orders.catalogue.models import Sku


def setup() -> None:
    """Enter it; called once from AppConfig.ready."""
    sync.setup()
    directory.register(
        directory.Entry(
            views.PRODUCT_LIST,
            lambda request: queries.products(scope_of(request)),
            "catalogue",
            right=queries.RIGHT,
            icon="shopping-cart",
            order=30,
            selectable=False,
        )
    )
    directory.register(
        directory.Entry(
            views.SKU_LIST,
            _skus,
            "product",
            right=queries.RIGHT,
            icon="shopping-cart",
            order=31,
            selectable=False,
            below=True,
        )
    )
    directory.register(
        directory.Entry(
            OFFER_LIST,
            lambda request: legacy.offers(scope_of(request)),
            "offers",
            right=queries.RIGHT,
            icon="shopping-cart",
            order=32,
            selectable=False,
        )
    )
    menu.register(
        menu.Item(_("Catalogue"), "catalogue", icon="shopping-cart", order=30, right=queries.RIGHT)
    )
    search.register(finding.SOURCE)


def _skus(request: HttpRequest) -> "QuerySet[Sku]":
    """The SKUs of the product that a worker's request names."""
    scope = scope_of(request)
    return queries.skus(scope, queries.product(scope, directory.parent(request) or 0))

"""Columns of the catalogue: products of a market, and the SKUs of one."""

from django.utils.translation import gettext_lazy as _

from orders.catalogue import into, words
from orders.catalogue.models import Sku
from portal.ui import formats, tables

Lists = list[list[str]]


class ProductTable(tables.Table):
    caption = _("Catalogue")
    default_sort = "title"
    empty = tables.Empty(
        _("No product here"),
        _("Change the filter, or let the mirror read Partner Center."),
        icon="shopping-cart",
    )

    title = into.NameColumn(_("Product"), sort="title", detail="pc_id")
    view = tables.WordColumn(_("Kind"), words=words.view, priority=2)
    market = tables.WordColumn(_("Market"), words=formats.country, priority=2)
    segments = tables.Column(_("For whom"), priority=3)
    terms = tables.Column(_("Terms"), priority=2)
    cycles = tables.Column(_("Billing"), priority=3)
    skus = tables.CountColumn(_("SKUs"), accessor="sku_count")
    publisher = tables.Column(_("Publisher"), visible=False)
    product_type = tables.Column(_("Product type"), visible=False)
    connection = tables.Column(_("Connection"), accessor="connection__name", visible=False)
    product_id = tables.Column(_("Product ID"), accessor="pc_id", visible=False)

    def render_segments(self, value: list[str]) -> str:
        return words.listed(map(words.segment, value))

    def value_segments(self, value: list[str] | None) -> str:
        return words.listed(map(words.segment, value or []))

    def render_terms(self, value: Lists) -> str:
        return words.terms(value)

    def value_terms(self, value: Lists | None) -> str:
        return words.terms(value)

    def render_cycles(self, value: Lists) -> str:
        return words.cycles(value)

    def value_cycles(self, value: Lists | None) -> str:
        return words.cycles(value)


class SkuTable(tables.Table):
    caption = _("SKUs")
    default_sort = "title"
    empty = tables.Empty(
        _("No SKU here"),
        _("Refresh, and Partner Center is asked which there are."),
        icon="shopping-cart",
    )

    title = into.NameColumn(_("SKU"), sort="title", detail="pc_id")
    kind = tables.Column(_("Kind"), accessor="pk", priority=2)
    segments = tables.Column(_("For whom"), priority=3)
    terms = tables.Column(_("Terms"), accessor="durations", priority=2)
    cycles = tables.Column(_("Billing"), accessor="billing_cycles", priority=2)
    quantity = tables.Column(_("Quantity"), accessor="pk", priority=3)
    region = tables.Column(_("Azure region"), visible=False)
    sku_id = tables.Column(_("SKU ID"), accessor="pc_id", visible=False)

    def render_kind(self, record: Sku) -> str:
        return words.listed(words.kinds(record))

    def value_kind(self, record: Sku) -> str:
        return words.listed(words.kinds(record))

    def render_segments(self, value: list[str]) -> str:
        return words.listed(map(words.segment, value))

    def value_segments(self, value: list[str] | None) -> str:
        return words.listed(map(words.segment, value or []))

    def render_terms(self, value: Lists) -> str:
        return words.terms(value)

    def value_terms(self, value: Lists | None) -> str:
        return words.terms(value)

    def render_cycles(self, value: list[str]) -> str:
        return words.cycles([value])

    def value_cycles(self, value: list[str] | None) -> str:
        return words.cycles([value])

    def render_quantity(self, record: Sku) -> str:
        return words.quantity(record)

    def value_quantity(self, record: Sku) -> str:
        return words.quantity(record)

"""The cart that somebody chooses for goes along from page to page in the address (?cart=7) until something is added.

Whose cart it is, is asked where it is added to (orders.carts): here it is a number that links carry.
"""

from typing import Any, TypeVar

from django.db.models import IntegerField, QuerySet, Value
from django.http import HttpRequest
from django.utils.http import urlencode

from orders.catalogue.models import Product, Sku
from portal.ui import tables

NAME = "cart"
Row = TypeVar("Row", Product, Sku)
_MOST = 2**31 - 1


def chosen(request: HttpRequest) -> int | None:
    """The cart that the address names."""
    told = request.GET.get(NAME, "")
    return int(told) if told.isascii() and told.isdecimal() and int(told) <= _MOST else None


def along(url: str, cart: int | None) -> str:
    """An address of the catalogue with the cart carried along."""
    if cart is None:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({NAME: cart})}"


def marked(rows: QuerySet[Row], cart: int | None) -> QuerySet[Row]:
    """Rows whose links carry it."""
    if cart is None:
        return rows
    return rows.annotate(into=Value(cart, output_field=IntegerField()))


class NameColumn(tables.NameColumn):
    """A name that links on with the cart."""

    def address(self, record: Any) -> str:
        """The record's page."""
        return along(super().address(record), getattr(record, "into", None))

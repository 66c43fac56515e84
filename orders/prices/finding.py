"""For whom a rule is, found by what people write: one look for all lines of a file."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from customers import queries as customer_queries
from customers.models import Customer
from orders.prices import queries
from orders.prices.actions import RefusedError
from orders.prices.models import PriceBook
from portal.access.models import Reseller, ResellerMpn
from portal.access.scope import Scope

AT_ONCE = 1000
M = TypeVar("M", bound=Model)


class Whom:
    """The resellers and customers of a book that these texts name: ids, domains, partner ids or whole names."""

    def __init__(
        self, scope: Scope, book: PriceBook, resellers: Collection[str], customers: Collection[str]
    ) -> None:
        self.resellers = _resellers(scope, book, resellers)
        self.customers = _customers(scope, book, customers)

    def reseller(self, text: str) -> Reseller | None:
        """The one that is meant; None for an empty text. Raises RefusedError."""
        return _one(self.resellers, text, "reseller", _("No such indirect reseller here."))

    def customer(self, text: str) -> Customer | None:
        """The one that is meant; None for an empty text. Raises RefusedError."""
        return _one(self.customers, text, "customer", _("No such customer here."))


def _one(known: Mapping[str, set[M]], text: str, field: str, none: str) -> M | None:
    if not text.strip():
        return None
    found = known.get(text.strip().casefold(), set())
    if len(found) > 1:
        raise RefusedError(field, _("More than one is called so. Write the ID."))
    if not found:
        raise RefusedError(field, none)
    return next(iter(found))


def _resellers(scope: Scope, book: PriceBook, texts: Collection[str]) -> dict[str, set[Reseller]]:
    if not any(texts):
        return {}
    found: dict[str, set[Reseller]] = {}
    by_id = {one.pk: one for one in queries.resellers_of(scope, book.connection)}
    for one in by_id.values():
        for name in (one.pc_id, one.name):
            found.setdefault(name.casefold(), set()).add(one)
    mpns = ResellerMpn.objects.filter(reseller__in=by_id)
    for pk, mpn in mpns.values_list("reseller", "mpn_id"):
        found.setdefault(mpn.casefold(), set()).add(by_id[pk])
    return found


def _customers(scope: Scope, book: PriceBook, texts: Collection[str]) -> dict[str, set[Customer]]:
    wanted = sorted({text.strip().casefold() for text in texts} - {""})
    found: dict[str, set[Customer]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        piece = wanted[start : start + AT_ONCE]
        for one in _named(scope, book, piece):
            for name in (one.pc_id, one.domain, one.name):
                found.setdefault(name.casefold(), set()).add(one)
    return found


def _named(scope: Scope, book: PriceBook, piece: list[str]) -> QuerySet[Customer]:
    rows = scope.filter(Customer.objects.filter(connection=book.connection_id, gone_at=None))
    if book.reseller_id is not None:
        rows = customer_queries.of_reseller(rows, book.reseller_id)
    named = rows.annotate(lowered=Lower("name"), place=Lower("domain"))
    meant = Q(pc_id__in=piece) | Q(place__in=piece) | Q(lowered__in=piece)
    return named.filter(meant).only("pc_id", "domain", "name", "connection")

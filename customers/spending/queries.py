"""Reads of a customer's entitlements, each with the name of its product."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers import hooks
from customers.models import Customer, Entitlement
from customers.spending import artifacts
from portal.access.scope import Scope

KINDS: dict[str, str | Promise] = {
    "software": _("Software"),
    "reservedinstance": _("Reservation"),
    "virtualmachinereservedinstance": _("Reservation"),
}


@dataclass(frozen=True)
class Entitled:
    """An entitlement in words: its product's name ("" where nobody here bought it) and its kind."""

    row: Entitlement
    name: str
    kind: str | Promise

    @property
    def code(self) -> str:
        """What Partner Center's catalogue calls it."""
        return f"{self.row.product_id}:{self.row.sku_id}"

    @property
    def has_artifacts(self) -> bool:
        """Whether more stands behind it, which Partner Center tells if asked."""
        return bool(artifacts.places(self.row))


def entitlements(scope: Scope, customer: Customer) -> list[Entitled]:
    """What stands as last read, by name. The scope is the reader's, who has been found to see the customer."""
    rows = Entitlement.objects.filter(customer=customer, gone_at=None)
    return in_words(scope, customer, list(rows))


def in_words(scope: Scope, customer: Customer, rows: list[Entitlement]) -> list[Entitled]:
    """Entitlements of a customer with the names of their products, and by these."""
    names = hooks.product_names(scope, customer) if rows else {}
    found = [
        Entitled(
            row=row,
            name=names.get((row.product_id, row.sku_id), ""),
            kind=KINDS.get(row.kind.lower(), row.kind),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.name.lower() or one.code, one.row.pk))

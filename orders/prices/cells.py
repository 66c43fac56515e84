"""What a cell of a table of rules may hold: the columns of the file, each with what it reads."""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.catalogue.filters import CYCLES, TERMS
from orders.catalogue.models import Segment
from orders.prices.models import RuleKind
from portal.lists.intake.columns import Column

LONGEST = 100


def _one_of(choices: Iterable[tuple[str, object]]) -> Callable[[str], str]:
    known = list(choices)

    def clean(text: str) -> str:
        for value, label in known:
            if text.casefold() in {str(value).casefold(), str(label).casefold()}:
                return str(value)
        names = ", ".join(str(value) for value, _label in known)
        raise ValueError(_("Write one of: %(known)s.") % {"known": names})

    return clean


def day(text: str) -> dt.date:
    """A day as 2026-12-24."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("Write a day as 2026-12-24.")) from None


def number(text: str) -> Decimal:
    """An amount or a percentage, with a point or a comma."""
    try:
        return Decimal(text.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError(_("Write a number as 12.5.")) from None


def short(text: str) -> str:
    """Any short text."""
    if len(text) > LONGEST:
        raise ValueError(_("At most %(n)s characters.") % {"n": LONGEST})
    return text


def _column(key: str, label: object, clean: Callable[[str], object], *, needed: bool) -> Column:
    return Column(key=key, label=label, clean=clean, required=needed)  # type: ignore[arg-type] # lazy


COLUMNS = (
    _column("product_id", gettext_lazy("Product ID"), short, needed=False),
    _column("sku_id", gettext_lazy("SKU ID"), short, needed=False),
    _column("segment", gettext_lazy("Segment"), _one_of(Segment.choices), needed=False),
    _column("term", gettext_lazy("Term"), _one_of(TERMS), needed=False),
    _column("billing_cycle", gettext_lazy("Billing"), _one_of(CYCLES), needed=False),
    _column("reseller", gettext_lazy("Indirect reseller"), short, needed=False),
    _column("customer", gettext_lazy("Customer"), short, needed=False),
    _column("rule", gettext_lazy("Rule"), _one_of(RuleKind.choices), needed=True),
    _column("value", gettext_lazy("Value"), number, needed=True),
    _column("currency", gettext_lazy("Currency"), short, needed=False),
    _column("valid_from", gettext_lazy("Valid from"), day, needed=True),
    _column("valid_to", gettext_lazy("Valid to"), day, needed=False),
)
LABELS = {column.key: column.label for column in COLUMNS}
# What an action calls a field, and in which column it stands.
PLACES = {"product": "product_id", "sku": "sku_id", "cycle": "billing_cycle", "kind": "rule"}

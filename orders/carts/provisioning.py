"""What a SKU asks for with the order: for which Azure subscription, shared or not, how long (provisioning variables)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.carts import savings
from orders.catalogue import words
from orders.catalogue.models import Sku

_CHOICES: dict[str, list[tuple[str, Promise]]] = {
    "scope": [
        ("shared", _("All Azure subscriptions share it")),
        ("single", _("One Azure subscription uses it")),
    ],
    "duration": [("1Year", _("1 year")), ("3Years", _("3 years"))],
}
_LABELS: dict[str, Promise] = {
    "subscriptionid": _("Azure subscription ID"),
    "entitlementid": _("Azure subscription ID"),
    "scope": _("Used by"),
    "duration": _("Length"),
}


@dataclass(frozen=True)
class Variable:
    """One of them: its name on the wire, its field in a form, what may be chosen."""

    name: str
    label: str | Promise
    choices: list[tuple[str, Promise]] = field(default_factory=list)

    @property
    def field(self) -> str:
        """The form's name for it."""
        return f"with_{self.name.lower()}"


def of(sku: Sku) -> list[Variable]:
    """All that the SKU asks for."""
    if savings.is_one(sku):
        return [_variable(name) for name in (savings.SCOPE, savings.ONE)]
    return [_variable(name) for name in sku.provisioning_variables or ()]


def _variable(name: str) -> Variable:
    key = name.lower()
    wire = f"{name[:1].lower()}{name[1:]}"
    return Variable(wire, _LABELS.get(key, name), _CHOICES.get(key, []))


def missing(sku: Sku, told: Mapping[str, str]) -> str:
    """What is not told yet, in words; "" for nothing. Whose savings plan it is, ``savings.context`` checks."""
    asked = [one.name for one in of(sku) if one.name != savings.ONE]
    names: Iterable[str] = (name for name in asked if not told.get(name))
    return ", ".join(words.variables(names))


def start(sku: Sku) -> dict[str, str]:
    """What a form begins with: the length that the title tells."""
    years = "3Years" if "3 year" in sku.title.lower() else "1Year"
    known = {"with_scope": "shared", "with_duration": years}
    return {one.field: known[one.field] for one in of(sku) if one.field in known}

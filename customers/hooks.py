"""Named questions that apps above this one answer about customers.

``figures`` are columns of the customers list that need other domains (subscriptions, seats, next
renewal): each is an expression over the Customer row, so that the list stays one query.
``reseller_figures`` are the same of the list of indirect resellers.
``active_subscriptions`` names what keeps a relationship from being ended. ``product_names`` tells what
the products of a customer are called.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from portal.access.scope import Scope

if TYPE_CHECKING:
    from customers.models import Customer

FigureSource = Callable[[], Mapping[str, Any]]

ActiveSource = Callable[["Customer"], list[str]]
ProductNames = Mapping[tuple[str, str], str]
NameSource = Callable[[Scope, "Customer"], ProductNames]

_figure_sources: list[FigureSource] = []
_reseller_sources: list[FigureSource] = []
_active_sources: list[ActiveSource] = []
_name_sources: list[NameSource] = []


def register_figures(source: FigureSource) -> None:
    """Add a source of annotations; called once from the higher app's AppConfig.ready."""
    if source not in _figure_sources:
        _figure_sources.append(source)


def figures() -> dict[str, Any]:
    """Annotations by name, from every registered source."""
    return {name: value for source in _figure_sources for name, value in source().items()}


def register_reseller_figures(source: FigureSource) -> None:
    """Add a source of annotations of resellers; called once from the higher app's AppConfig.ready."""
    if source not in _reseller_sources:
        _reseller_sources.append(source)


def reseller_figures() -> dict[str, Any]:
    """Annotations of resellers by name, from every registered source."""
    return {name: value for source in _reseller_sources for name, value in source().items()}


def register_active(source: ActiveSource) -> None:
    """Add a source of the names of active subscriptions; called once from AppConfig.ready."""
    if source not in _active_sources:
        _active_sources.append(source)


def active_subscriptions(customer: "Customer") -> list[str]:
    """The names of what is active at a customer, as far as the reader sees it."""
    return [name for source in _active_sources for name in source(customer)]


def register_names(source: NameSource) -> None:
    """Add a source of product names; called once from AppConfig.ready."""
    if source not in _name_sources:
        _name_sources.append(source)


def product_names(scope: Scope, customer: "Customer") -> dict[tuple[str, str], str]:
    """Names by product and SKU id, as far as somebody bought them for this customer."""
    found: dict[tuple[str, str], str] = {}
    for source in _name_sources:
        found |= source(scope, customer)
    return found

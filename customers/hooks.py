"""Named questions that apps above this one answer about customers.

``figures`` are columns of the customers list that need other domains (subscriptions, seats, next
renewal): each is an expression over the Customer row, so that the list stays one query.
``active_subscriptions`` names what keeps a relationship from being ended.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from customers.models import Customer

FigureSource = Callable[[], Mapping[str, Any]]

ActiveSource = Callable[["Customer"], list[str]]

_figure_sources: list[FigureSource] = []
_active_sources: list[ActiveSource] = []


def register_figures(source: FigureSource) -> None:
    """Add a source of annotations; called once from the higher app's AppConfig.ready."""
    if source not in _figure_sources:
        _figure_sources.append(source)


def figures() -> dict[str, Any]:
    """Annotations by name, from every registered source."""
    return {name: value for source in _figure_sources for name, value in source().items()}


def register_active(source: ActiveSource) -> None:
    """Add a source of the names of active subscriptions; called once from AppConfig.ready."""
    if source not in _active_sources:
        _active_sources.append(source)


def active_subscriptions(customer: "Customer") -> list[str]:
    """The names of what is active at a customer, as far as the reader sees it."""
    return [name for source in _active_sources for name in source(customer)]

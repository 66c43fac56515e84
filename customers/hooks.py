"""Named questions that apps above this one answer about customers.

``figures`` are columns of the customers list that need other domains (subscriptions, seats, next
renewal): each is an expression over the Customer row, so that the list stays one query.
"""

from collections.abc import Callable, Mapping
from typing import Any

FigureSource = Callable[[], Mapping[str, Any]]

_figure_sources: list[FigureSource] = []


def register_figures(source: FigureSource) -> None:
    """Add a source of annotations; called once from the higher app's AppConfig.ready."""
    if source not in _figure_sources:
        _figure_sources.append(source)


def figures() -> dict[str, Any]:
    """Annotations by name, from every registered source."""
    return {name: value for source in _figure_sources for name, value in source().items()}

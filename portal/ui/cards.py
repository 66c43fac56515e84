"""Cards of an object's page. A room that stands higher adds its card to a page that stands lower."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.ui import shell


@dataclass(frozen=True)
class Card:
    """A fragment and what it is filled from: at most one query."""

    slug: str
    template: str
    find: Callable[[HttpRequest, Any], Mapping[str, Any]]
    order: int = 50
    right: str = ""


_cards: dict[str, dict[str, Card]] = {}


def register(name: str, card: Card) -> None:
    """Add a card to a place of a page ("customer", "reseller"); the slug is its identity."""
    _cards.setdefault(name, {})[card.slug] = card


def filled(request: HttpRequest, name: str, obj: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The templates of the cards that a person may see, in order, each with what it shows."""
    for card in sorted(_cards.get(name, {}).values(), key=lambda card: card.order):
        if shell.may(request, card.right):
            yield card.template, card.find(request, obj)

"""What a list remembers about a person: columns and views. The room that keeps them stands above."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class View:
    """A filter, an order and columns under a name, as ``query`` of a list's address."""

    key: str
    name: str
    query: str
    own: bool = True
    shared: bool = False


@dataclass(frozen=True)
class Kept:
    """What is kept for one list and one person. ``opened`` is the view that the address names."""

    columns: tuple[str, ...] | None = None
    views: tuple[View, ...] = ()
    opened: View | None = None


Recall = Callable[[HttpRequest, str, str], Kept]
"""(request, list, key of the view in the address or "") → what is kept; one query."""

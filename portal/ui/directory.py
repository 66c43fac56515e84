"""Every list by name: for views, exports by a worker, search, bulk.

A room enters its lists from AppConfig.ready. ``rows`` gives the scoped rows of whoever asks, so that
a worker or the search page reads the very list that its page shows. A list on an object's page finds
the object by ``parent``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from portal.ui import shell

if TYPE_CHECKING:
    from portal.ui.listing import Listing

Rows = Callable[[HttpRequest], QuerySet[Any]]


@dataclass(frozen=True)
class Entry:
    """A list: its declaration, its rows, its page, and the right to see it."""

    listing: "Listing"
    rows: Rows
    url_name: str
    right: str = ""
    icon: str = "filter"
    order: int = 50
    selectable: bool = True  # whether its rows carry a box to tick
    below: bool = (
        False  # stands on an object's page; ``url_name`` is then where one finds the objects
    )
    partial: bool = False  # shows some rows of another list, to which a search leads

    @property
    def slug(self) -> str:
        """Its name in addresses and tables."""
        return self.listing.slug

    def url(self, **query: str) -> str:
        """Its page, filtered."""
        return f"{reverse(self.url_name)}?{urlencode(query)}" if query else reverse(self.url_name)


def parent(request: HttpRequest) -> int | None:
    """The object on whose page a list stands, as a worker's request names it; None for a whole list."""
    of = request.GET.get("of", "")
    return int(of) if of.isascii() and of.isdigit() else None


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Enter a list; its slug is its identity."""
    _entries[entry.slug] = entry


def get(slug: str) -> Entry | None:
    """A list by name."""
    return _entries.get(slug)


def known(slug: str) -> bool:
    """Whether there is a list of this name."""
    return slug in _entries


def seen_by(request: HttpRequest) -> list[Entry]:
    """The lists with a page of their own that somebody may open, in order."""
    entries = sorted(
        (entry for entry in _entries.values() if not entry.below), key=lambda entry: entry.order
    )
    return [entry for entry in entries if shell.may(request, entry.right)]

"""How a room enters a list: for views, exports and the search, and as a tab of the room "Orders"."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from portal.access.http import scope_of
from portal.access.scope import Scope
from portal.ui import directory, panels

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import Promise

    from portal.ui.listing import Listing

ROOM = "orders"


def enter(
    listing: "Listing", rows: Callable[[Scope], QuerySet[Any]], url_name: str, **more: Any
) -> None:
    """A list over all customers; ``more`` is what else ``directory.Entry`` takes."""
    directory.register(
        directory.Entry(listing, lambda request: rows(scope_of(request)), url_name, **more)
    )


def enter_below(
    listing: "Listing",
    rows: Callable[[Scope, int], QuerySet[Any]],
    url_name: str,
    **more: Any,
) -> None:
    """A list on the page of an object, which ``rows`` gets by its id; ``url_name`` is where those are found."""
    directory.register(
        directory.Entry(
            listing,
            lambda request: rows(scope_of(request), directory.parent(request) or 0),
            url_name,
            selectable=False,
            below=True,
            **more,
        )
    )


def enter_tab(title: "str | Promise", url_name: str, right: str, order: int) -> None:
    """A tab of the room "Orders"."""
    panels.register(ROOM, panels.Panel(url_name, title, url_name, order=order, right=right))


def tabs(request: "HttpRequest") -> list[panels.Tab]:
    """The tabs of the room that a person may open."""
    return panels.tabs(request, ROOM, None)

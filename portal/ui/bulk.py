"""Rows selected in a list, and what may be done with them together.

A verb's room registers an action for a list; the bar under the list posts the selection to it:
either the ids ticked, or the filter, for "all that match". ``Selection`` gives the rows again, out of
the scoped queryset of whoever asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from portal.ui import shell
from portal.ui.addressing import OWN

if TYPE_CHECKING:
    from portal.ui.listing import Listing

MOST_IDS = 1000
IN_BAR = 6
"""Buttons of the bar where there are more; one alone is not hidden."""


class BadSelectionError(ValueError):
    """The posted selection is empty, or its filter cannot be applied."""


@dataclass(frozen=True)
class Action:
    """A button of the bar. It posts the selection to ``url_name`` (an address without arguments)."""

    slug: str
    title: shell.Text
    url_name: str
    right: str = ""
    icon: str = ""
    order: int = 50

    @property
    def url(self) -> str:
        """Where the selection is posted."""
        return reverse(self.url_name)


_actions: dict[str, dict[str, Action]] = {}


def register(list_slug: str, action: Action) -> None:
    """Offer an action for the rows of a list; its slug is its identity."""
    _actions.setdefault(list_slug, {})[action.slug] = action


def actions(request: HttpRequest, list_slug: str) -> tuple[list[Action], list[Action]]:
    """What a person may do with rows of a list: the buttons of the bar, and what stands behind "More"."""
    found = sorted(_actions.get(list_slug, {}).values(), key=lambda action: action.order)
    allowed = [action for action in found if shell.may(request, action.right)]
    shown = IN_BAR if len(allowed) > IN_BAR + 1 else len(allowed)
    return allowed[:shown], allowed[shown:]


@dataclass(frozen=True)
class Selection:
    """Ids that were ticked, or ``everything`` that matches ``query`` (a list's query string)."""

    ids: tuple[int, ...] = ()
    everything: bool = False
    query: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Selection":
        """The selection posted: ``row`` (repeated), or ``all`` with ``query``."""
        posted = request.POST
        query = posted.get("query", "")
        if posted.get("all"):
            return cls(everything=True, query=query)
        return cls(ids=numbers(posted.getlist("row")), query=query)

    @property
    def said(self) -> str:
        """The filter as somebody would type it ("contoso status:active"), without what turns pages."""
        pairs = QueryDict(self.query).items()
        kept = [(name, value) for name, value in pairs if value and name not in OWN]
        return " ".join(str(value) if name == "q" else f"{name}:{value}" for name, value in kept)

    def rows(
        self, request: HttpRequest, listing: "Listing", queryset: QuerySet[Any]
    ) -> QuerySet[Any]:
        """The selected rows of a scoped queryset; ids outside it are simply not there.

        Raises BadSelectionError for nothing selected, or a filter that cannot be applied.
        """
        if not self.everything:
            if not self.ids:
                raise BadSelectionError("nothing is selected")
            return queryset.filter(pk__in=self.ids)
        part = listing.part(request, queryset, QueryDict(self.query))
        if part.problems:
            raise BadSelectionError(part.problems[0].message)
        return part.matching


def numbers(values: Sequence[str]) -> tuple[int, ...]:
    """Ids as they were posted; what is no number is left out, and so is what exceeds a page."""
    found = (int(value) for value in values if value.isascii() and value.isdigit())
    return tuple(dict.fromkeys(number for number in found if number < 2**63))[:MOST_IDS]

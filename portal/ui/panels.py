"""Tabs of an object's page. A room that stands higher adds its tab to a page that stands lower."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.ui import shell


@dataclass(frozen=True)
class Panel:
    """One tab; ``count`` gives the number behind its title without a query of its own.

    ``within`` names tabs of its own: it opens the first of them that the person may see, and is not
    there without one. ``query`` tells tabs of one address apart ("state=inactive"). ``shown`` tells
    whether there is anything behind it for this person.
    """

    slug: str
    title: shell.Text
    url_name: str = ""
    order: int = 50
    right: str = ""
    count: Callable[[Any], int | None] | None = None
    within: str = ""
    query: str = ""
    shown: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True)
class Tab:
    """A panel as one request sees it."""

    slug: str
    title: shell.Text
    url: str
    current: bool
    count: int | None


_panels: dict[str, dict[str, Panel]] = {}


def register(name: str, panel: Panel) -> None:
    """Add a tab to the page of ``name`` ("customer", "subscription"); the slug is its identity."""
    _panels.setdefault(name, {})[panel.slug] = panel


def tabs(request: HttpRequest, name: str, obj: object, **url_kwargs: object) -> list[Tab]:
    """The tabs that a person may open on this object, in order."""
    found = [
        _tab(request, panel, obj, url_kwargs)
        for panel in sorted(_panels.get(name, {}).values(), key=lambda panel: panel.order)
        if shell.may(request, panel.right) and (panel.shown is None or panel.shown(request))
    ]
    return [tab for tab in found if tab is not None]


def _tab(
    request: HttpRequest, panel: Panel, obj: object, url_kwargs: dict[str, object]
) -> Tab | None:
    count = panel.count(obj) if panel.count else None
    if panel.within:
        inner = tabs(request, panel.within, obj, **url_kwargs)
        if not inner:
            return None
        here = any(tab.current for tab in inner)
        return Tab(panel.slug, panel.title, inner[0].url, here, count)
    url = reverse(panel.url_name, kwargs=url_kwargs)
    if panel.query:
        url = f"{url}?{panel.query}"
    return Tab(panel.slug, panel.title, url, _is_here(request, panel), count)


def _is_here(request: HttpRequest, panel: Panel) -> bool:
    """Whether this page is the panel's: of several at one address the one whose query is asked for."""
    match = request.resolver_match
    if match is None or match.view_name != panel.url_name:
        return False
    asked = request.GET.urlencode().split("&")
    if panel.query:
        return panel.query in asked
    others = (one for panels in _panels.values() for one in panels.values())
    return not any(
        one.url_name == panel.url_name and one.query in asked for one in others if one.query
    )

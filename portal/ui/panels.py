"""Tabs of an object's page. A room that stands higher adds its tab to a page that stands lower."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.ui import shell


@dataclass(frozen=True)
class Panel:
    """One tab; ``count`` gives the number behind its title without a query of its own."""

    slug: str
    title: shell.Text
    url_name: str
    order: int = 50
    right: str = ""
    count: Callable[[Any], int | None] | None = None


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
    match = request.resolver_match
    here = match.view_name if match else ""
    return [
        Tab(
            panel.slug,
            panel.title,
            reverse(panel.url_name, kwargs=url_kwargs),
            panel.url_name == here,
            panel.count(obj) if panel.count else None,
        )
        for panel in sorted(_panels.get(name, {}).values(), key=lambda panel: panel.order)
        if shell.may(request, panel.right)
    ]

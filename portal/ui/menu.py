"""The side menu: rooms enter themselves from AppConfig.ready; a room that is not built is absent."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from portal.ui import shell

TOP, SALES, OPERATIONS, INSIGHT, BOTTOM = "top", "sales", "operations", "insight", "bottom"
SECTIONS: dict[str, shell.Text] = {
    TOP: "",
    SALES: _("Sales"),
    OPERATIONS: _("Operations"),
    INSIGHT: _("Insight"),
    BOTTOM: "",
}

Badge = Callable[[HttpRequest], int | None]


@dataclass(frozen=True)
class Item:
    """One room: where it is, who may see it, and the number of things that wait in it.

    ``also`` are URL names of lists with addresses of their own that belong to the room. ``shown`` tells
    whether there is anything in it for this person.
    """

    label: shell.Text
    url_name: str
    icon: str
    section: str = SALES
    order: int = 50
    right: str = ""
    badge: Badge | None = None
    also: tuple[str, ...] = ()
    shown: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True)
class Entry:
    """An item as one request sees it."""

    label: shell.Text
    url: str
    icon: str
    current: bool
    badge: int | None


@dataclass(frozen=True)
class Section:
    """A heading (which may be empty) and its entries."""

    key: str
    label: shell.Text
    entries: list[Entry]


_items: dict[str, Item] = {}


def register(item: Item) -> None:
    """Enter a room; a second entry for the same URL name replaces the first."""
    if item.section not in SECTIONS:
        raise ValueError(f"unknown menu section {item.section!r}")
    _items[item.url_name] = item


def _may(request: HttpRequest, item: Item) -> bool:
    return shell.may(request, item.right) and (item.shown is None or item.shown(request))


def _url(item: Item) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _current(path: str, urls: list[str]) -> str:
    """The entry that the path belongs to: the longest URL that it starts with."""
    matches = [url for url in urls if url == path or (url != "/" and path.startswith(url))]
    return max(matches, key=len, default="")


def sections(request: HttpRequest) -> list[Section]:
    """The menu of a person, sections without entries left out."""
    seen = [
        (item, url)
        for item in sorted(_items.values(), key=lambda item: item.order)
        if (url := _url(item)) and _may(request, item)
    ]
    homes = {url: url for _item, url in seen}
    homes |= {reverse(name): url for item, url in seen for name in item.also}
    here = homes.get(_current(request.path, list(homes)))
    built = [
        Section(
            key,
            label,
            [
                Entry(
                    item.label,
                    url,
                    item.icon,
                    url == here,
                    item.badge(request) if item.badge else None,
                )
                for item, url in seen
                if item.section == key
            ],
        )
        for key, label in SECTIONS.items()
    ]
    return [section for section in built if section.entries]

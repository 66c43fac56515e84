"""Global search: every domain offers a source, one page asks them all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from portal.ui import shell


@dataclass(frozen=True)
class Hit:
    """A record that matched. ``exact`` marks an identifier that names just this record."""

    label: str
    url: str
    detail: shell.Text = ""
    exact: bool = False


Find = Callable[[HttpRequest, str, int], list[Hit]]


@dataclass(frozen=True)
class Source:
    """One kind of record that can be searched; ``find`` applies the scope itself."""

    slug: str
    label: shell.Text
    find: Find
    icon: str = "search"
    order: int = 50
    right: str = ""


@dataclass(frozen=True)
class Group:
    """The hits of one source."""

    source: Source
    hits: list[Hit]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Offer a source; the slug is its identity."""
    _sources[source.slug] = source


def find(request: HttpRequest, text: str, limit: int = 8) -> list[Group]:
    """Ask every source that the person may use; groups without a hit are left out."""
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        return []
    groups = [
        Group(source, source.find(request, text, limit))
        for source in sorted(_sources.values(), key=lambda source: source.order)
        if shell.may(request, source.right)
    ]
    return [group for group in groups if group.hits]


def only_exact(groups: list[Group]) -> Hit | None:
    """The one record that a pasted identifier names, if there is exactly one."""
    exact = [hit for group in groups for hit in group.hits if hit.exact]
    return exact[0] if len(exact) == 1 else None

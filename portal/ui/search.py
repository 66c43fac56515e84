"""Global search: every domain offers a source, one page asks them all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from portal.ui import shell


@dataclass(frozen=True)
class Hit:
    """A record that matched. ``exact`` marks an identifier that names just this record.

    ``pk`` is its id, for what may be done with it (``Act``).
    """

    label: str
    url: str
    detail: shell.Text = ""
    exact: bool = False
    pk: int | None = None


Find = Callable[[HttpRequest, str, int], list[Hit]]


@dataclass(frozen=True)
class Source:
    """One kind of record that can be searched; ``find`` applies the scope itself.

    ``own_ids``: an exact hit is the record that the identifier belongs to, whoever else carries it (an
    order's number stands on subscriptions too).
    """

    slug: str
    label: shell.Text
    find: Find
    icon: str = "search"
    order: int = 50
    right: str = ""
    own_ids: bool = False


@dataclass(frozen=True)
class Group:
    """The hits of one source."""

    source: Source
    hits: list[Hit]


@dataclass(frozen=True)
class Act:
    """Something to do with a record: its page ``url_name`` takes the record's id and asks before it acts."""

    slug: str
    label: shell.Text
    url_name: str
    right: str = ""
    icon: str = "chevron-right"

    def url(self, pk: int) -> str:
        """The page that tells the consequence for one record."""
        return reverse(self.url_name, args=[pk])


_sources: dict[str, Source] = {}
_acts: dict[str, dict[str, Act]] = {}


def register(source: Source) -> None:
    """Offer a source; the slug is its identity."""
    _sources[source.slug] = source


def register_act(source_slug: str, act: Act) -> None:
    """Offer something to do with the records of a source; its slug is its identity."""
    _acts.setdefault(source_slug, {})[act.slug] = act


def acts(request: HttpRequest, source_slug: str) -> list[Act]:
    """What a person may do with records of a source."""
    return [act for act in _acts.get(source_slug, {}).values() if shell.may(request, act.right)]


def sources(request: HttpRequest) -> list[Source]:
    """The sources that a person may use, in order."""
    ordered = sorted(_sources.values(), key=lambda source: source.order)
    return [source for source in ordered if shell.may(request, source.right)]


def find(request: HttpRequest, text: str, limit: int = 8) -> list[Group]:
    """Ask every source that the person may use; groups without a hit are left out."""
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        return []
    groups = [Group(source, source.find(request, text, limit)) for source in sources(request)]
    return [group for group in groups if group.hits]


def only_exact(groups: list[Group]) -> Hit | None:
    """The one record that a pasted identifier names, if there is exactly one."""
    owners = [group for group in groups if group.source.own_ids]
    own = [hit for group in owners for hit in group.hits if hit.exact]
    exact = own or [hit for group in groups for hit in group.hits if hit.exact]
    return exact[0] if len(exact) == 1 else None

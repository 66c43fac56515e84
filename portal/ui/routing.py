"""A search that uses operators leads to the lists that understand it, by the same parser as theirs."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.ui import directory, operators, shell


@dataclass(frozen=True)
class Way:
    """A list that understands the text, filtered by it."""

    label: shell.Text
    url: str
    icon: str


@dataclass(frozen=True)
class Routed:
    """Where a text with operators leads; ``problems`` say why nowhere."""

    ways: tuple[Way, ...] = ()
    problems: tuple[str, ...] = ()


def route(request: HttpRequest, text: str) -> Routed | None:
    """The lists of a text with operators; None for a text without any."""
    query = operators.parse(text)
    if not query.terms:
        return None
    ways: list[Way] = []
    problems: dict[str, None] = {}
    known: dict[str, None] = {}
    for entry in directory.seen_by(request):
        if entry.partial:
            continue
        filters = entry.listing.filters
        offered = filters.operators if filters else ()
        known |= dict.fromkeys(operator.name for operator in offered)
        if not all(operators.find(offered, term.name) for term in query.terms):
            continue
        read = operators.read(text, offered, request)
        if read.problems:
            problems |= dict.fromkeys(read.problems)
        else:
            ways.append(Way(entry.listing.title, entry.url(q=text), entry.icon))
    if not ways and not problems:
        problems |= dict.fromkeys(_unknown(query, list(known)))
    return Routed(tuple(ways), () if ways else tuple(problems))


def _unknown(query: operators.Query, known: list[str]) -> list[str]:
    """Which names no list knows; or that no one list knows them all together."""
    strange = [term.name for term in query.terms if term.name not in known]
    shown = ", ".join(f"{name}:" for name in known)
    if not strange:
        return [_("No list understands all of these operators together.")]
    return [
        _("“%(name)s:” is not known here. Known: %(known)s. Put text with a colon in quotes.")
        % {"name": name, "known": shown}
        for name in strange
    ]

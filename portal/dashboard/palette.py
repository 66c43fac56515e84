"""The palette: one field that goes to records, lists and pages, and begins what may be done with a record.

It answers with the options alone; the frame's script puts them into the dialog. Choosing an option
opens an address: nothing is done before that page has told its consequence.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.ui import menu, routing, search, shell

EACH = 5  # records of a kind
PAGES = 8
COMMANDS = ">"


@dataclass(frozen=True)
class Option:
    """A line of the palette."""

    label: shell.Text
    url: str
    icon: str
    detail: shell.Text = ""


@dataclass(frozen=True)
class OptionGroup:
    """Some lines under a heading."""

    label: shell.Text
    options: list[Option]


def options(request: HttpRequest, text: str) -> list[OptionGroup]:
    """What a text may mean to this person, the likeliest first; the pages for an empty one."""
    only_commands = text.startswith(COMMANDS)
    sought = " ".join(text.removeprefix(COMMANDS).replace("\x00", "").split())
    found = [] if only_commands else [_lists(request, sought), *_records(request, sought)]
    found = [*_asked_acts(request, sought), *found, _pages(request, sought)]
    return [group for group in found if group.options]


def _lists(request: HttpRequest, text: str) -> OptionGroup:
    """The lists that a text with operators leads to."""
    routed = routing.route(request, text)
    ways = routed.ways if routed else ()
    return OptionGroup(
        _("Go to"), [Option(way.label, way.url, way.icon, detail=text) for way in ways]
    )


def _records(request: HttpRequest, text: str) -> Iterator[OptionGroup]:
    """Records that match, and what may be done with the first of them."""
    first = True
    for group in search.find(request, text, EACH):
        icon = group.source.icon
        yield OptionGroup(
            group.source.label,
            [Option(hit.label, hit.url, icon, detail=hit.detail) for hit in group.hits],
        )
        acts = search.acts(request, group.source.slug)
        if first and acts and group.hits[0].pk is not None:
            hit, first = group.hits[0], False
            yield OptionGroup(
                _("Do, for %(name)s") % {"name": hit.label},
                [Option(act.label, act.url(hit.pk or 0), act.icon) for act in acts],
            )


def _asked_acts(request: HttpRequest, text: str) -> Iterator[OptionGroup]:
    """The verb first, then whose: suspend contoso."""
    verb, _space, rest = text.partition(" ")
    if len(verb) < 3 or not rest:
        return
    for source in search.sources(request):
        for act in search.acts(request, source.slug):
            if str(act.label).casefold().startswith(verb.casefold()):
                hits = source.find(request, rest, EACH)
                yield OptionGroup(
                    act.label,
                    [
                        Option(hit.label, act.url(hit.pk), act.icon, detail=hit.detail)
                        for hit in hits
                        if hit.pk is not None
                    ],
                )


def _pages(request: HttpRequest, text: str) -> OptionGroup:
    """Rooms of the menu whose name holds the text."""
    entries = [entry for section in menu.sections(request) for entry in section.entries]
    wanted = [entry for entry in entries if text.casefold() in str(entry.label).casefold()]
    shown = [Option(entry.label, entry.url, entry.icon) for entry in wanted[:PAGES]]
    return OptionGroup(_("Pages"), shown)

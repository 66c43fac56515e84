"""A table of next terms: subscription ID, and what of seats, term, billing and last day shall be otherwise."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from orders import intake
from orders.quantities import misread, parse
from orders.refusals import say
from orders.renewals.intake import day
from portal.access.scope import Scope
from portal.lists.intake.columns import Column, plain
from portal.lists.intake.reading import Reading, Row
from portal.outbox.batches.capturing import Target
from portal.ui import formats

TERMS = ("P1M", "P1Y", "P3Y")
CYCLES = ("monthly", "annual", "triennial")


def _seats(text: str) -> str:
    found = parse(text)
    if found is None:
        raise ValueError(say(misread(text)))
    return str(found)


def _one_of(
    codes: tuple[str, ...], words: Callable[[str], str], wrong: str
) -> Callable[[str], str]:
    """Read a code, or its words in any language."""

    def clean(text: str) -> str:
        found = _named(codes, words).get(plain(text))
        if found is None:
            raise ValueError(say(wrong, text=text[:60]))
        return found

    return clean


def _named(codes: tuple[str, ...], words: Callable[[str], str]) -> Mapping[str, str]:
    found = {plain(code): code for code in codes}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {plain(words(code)): code for code in codes}
    return found


COLUMNS = (
    intake.SUBSCRIPTION,
    Column(key="quantity", label=gettext_lazy("Seats"), clean=_seats, required=False),
    Column(
        key="term",
        label=gettext_lazy("Term"),
        clean=_one_of(TERMS, formats.term, "no_term"),
        required=False,
    ),
    Column(
        key="billing_cycle",
        label=gettext_lazy("Billing"),
        clean=_one_of(CYCLES, formats.billing, "no_billing"),
        required=False,
    ),
    Column(key="ends", label=gettext_lazy("Next term ends on"), clean=day, required=False),
)


def targets(scope: Scope, found: Reading) -> Iterator[Target]:
    """A row for each line whose subscription the person sees, with its own next term."""
    return intake.matched(scope, found, _asked)


def _asked(line: Row) -> dict[str, Any]:
    told = {column.key: line.values.get(column.key) for column in COLUMNS[1:]}
    return {name: value for name, value in told.items() if value}

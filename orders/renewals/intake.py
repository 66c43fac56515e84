"""A table of decisions: subscription ID, what becomes of it, who decided that, when, and the proof."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from orders import intake
from orders.refusals import say
from orders.renewals.models import LONGEST_PERSON, LONGEST_PROOF
from orders.term_end import SHORT, TermEnd
from portal.access.scope import Scope
from portal.lists.intake.columns import Column, plain
from portal.lists.intake.reading import Reading, Row
from portal.outbox.batches.capturing import Target

# As spreadsheets write a day: 2026-12-24, 24/12/2026, 24.12.2026.
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")


def _choice(text: str) -> str:
    """The choice of that name in any language, or by its value here."""
    for choice in TermEnd:
        if plain(text) in _names(choice):
            return choice.value
    raise ValueError(say("no_choice", text=text[:60]))


def _names(choice: TermEnd) -> set[str]:
    found = {plain(choice.value)}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {plain(str(SHORT[choice])), plain(str(choice.label))}
    return found


def day(text: str) -> str:
    """A day as one of DAYS, in ISO form, or ValueError."""
    for shape in DAYS:
        with suppress(ValueError):
            return dt.datetime.strptime(text, shape).replace(tzinfo=dt.UTC).date().isoformat()
    raise ValueError(say("no_day", text=text[:60]))


def _past_day(text: str) -> str:
    found = day(text)
    if found > timezone.localdate().isoformat():
        raise ValueError(say("day_to_come"))
    return found


def _person(text: str) -> str:
    if len(text) > LONGEST_PERSON:
        raise ValueError(say("too_long", n=LONGEST_PERSON))
    return text


def _proof(text: str) -> str:
    if len(text) > LONGEST_PROOF:
        raise ValueError(say("too_long", n=LONGEST_PROOF))
    return text


COLUMNS = (
    intake.SUBSCRIPTION,
    Column(key="choice", label=gettext_lazy("At the end of the term"), clean=_choice),
    Column(key="decided_by", label=gettext_lazy("Decided by"), clean=_person, required=False),
    Column(key="decided_on", label=gettext_lazy("Decided on"), clean=_past_day, required=False),
    Column(key="proof", label=gettext_lazy("Proof"), clean=_proof, required=False),
)


def targets(scope: Scope, found: Reading) -> Iterator[Target]:
    """A row for each line whose subscription the person sees, with its own choice and decision."""
    return intake.matched(scope, found, _asked)


def _asked(line: Row) -> dict[str, Any]:
    told = {column.key: line.values.get(column.key) for column in COLUMNS[1:]}
    return {name: value for name, value in told.items() if value}

"""What happened to a row of the mirror: states that changes ended, told as before and after.

The trigger keeps the old row, so the state after a change is the next old row, or today's.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.access.models import User
from portal.ui import formats

if TYPE_CHECKING:
    from django.utils.functional import Promise

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Event:
    """One change: when the mirror saw it, who asked for it if the portal knows, and what differs."""

    at: dt.datetime
    who: str
    level: str
    title: str
    command_id: int | None
    rows: list[Row]


@dataclass(frozen=True)
class Columns:
    """The columns that are told: their labels, values with words of their own, what is said where one alone changed.

    ``detail`` are those that get-by-id alone carries: while all of them are empty nobody has read them
    yet, and their first reading is no change.
    """

    labels: "Mapping[str, Promise]"
    words: Mapping[str, Callable[[Any], str]]
    titles: "Mapping[str, Promise]" = field(default_factory=dict)
    detail: Sequence[str] = ()

    def events(self, past: Sequence[Any], now: Any) -> list[Event]:
        """Old rows, the newest first, as the changes that ended them; ``now`` is the row as it is."""
        people = _people(past)
        states = zip(past, [now, *past], strict=False)
        told = ((before, dict(self._differences(before, after))) for before, after in states)
        return [self._event(before, found, people) for before, found in told if found]

    def state(self, row: Any) -> list[tuple[str, str]]:
        """All of them, label and value."""
        return [
            (str(label), self._shown(name, getattr(row, name)))
            for name, label in self.labels.items()
        ]

    def _event(self, before: Any, found: dict[str, Row], people: Mapping[int, str]) -> Event:
        context = before.pgh_context or {}
        command = context.get("command")
        person = people.get(context.get("user") or 0)
        who = _("In Partner Center")
        if command:
            who = _("In the portal")
            who = _("%(person)s, in the portal") % {"person": person} if person else who
        title = _("Several values")
        if len(found) == 1:
            ((name, row),) = found.items()
            title = str(self.titles.get(name, row[0]))
        return Event(
            at=before.pgh_created_at,
            who=who,
            level="is-ok" if command else "is-warn",
            title=title,
            command_id=int(command) if command else None,
            rows=list(found.values()),
        )

    def _differences(self, before: Any, after: Any) -> Iterator[tuple[str, Row]]:
        unread = all(getattr(before, name) in (None, "") for name in self.detail)
        for name, label in self.labels.items():
            old, new = getattr(before, name), getattr(after, name)
            if old == new or (unread and name in self.detail):
                continue
            told = self._shown(name, old), self._shown(name, new)
            if told[0] == told[1]:  # the same day at another hour, or one word for two values
                told = _exactly(old), _exactly(new)
            yield name, (str(label), *told)

    def _shown(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return pgettext("no value", "none")
        if isinstance(value, bool):
            return _("on") if value else _("off")
        if isinstance(value, dt.datetime):
            return formats.date_short(value)
        return self.words.get(name, str)(value)


def _exactly(value: Any) -> str:
    return formats.local(value) if isinstance(value, dt.datetime) else str(value or "")


def _people(past: Sequence[Any]) -> dict[int, str]:
    ids = {int(row.pgh_context["user"]) for row in past if (row.pgh_context or {}).get("user")}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}

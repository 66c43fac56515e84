"""One row of a batch in words: for its page, its result file and the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.outbox import verbs, wording
from portal.outbox.batches.pricing import Cost
from portal.outbox.models import BatchRow
from portal.ui import sentences


@dataclass(frozen=True)
class Shown:
    """``word`` is the state in words, ``css`` its level; ``problem`` why it did not go through."""

    row: BatchRow
    word: str
    css: str
    before: str
    after: str
    problem: str
    code: str
    correlation_id: str
    cost: Cost | None = None


_CSS = {
    "succeeded": "is-ok",
    "failed": "is-bad",
    "refused": "is-bad",
    "in_doubt": "is-warn",
    "cancelled": "is-off",
    "withheld": "is-off",
    "skipped": "is-off",
}


def shown(row: BatchRow, cost: Cost | None = None) -> Shown:
    """The row as the reader sees it, with its cost if that is theirs to see. The Command's own outcome counts once it was asked."""
    command = row.command if row.state == BatchRow.State.ASKED else None
    state = command.state if command else row.state
    told = wording.problem(command) if command else None
    own: Mapping[str, Any] = row.problem or {}
    return Shown(
        row=row,
        word=str(command.get_state_display() if command else row.get_state_display()),
        css=_CSS.get(state, "is-info"),
        before=_values(row, row.before, row.after),
        after=_values(row, row.after, row.after),
        problem=f"{told.title}. {told.text}" if told else sentences.shown(own),
        code=told.code if told else own.get("code", ""),
        correlation_id=told.correlation_id if told else "",
        cost=cost,
    )


def _values(row: BatchRow, values: Mapping[str, Any], names: Mapping[str, Any]) -> str:
    """The fields that change, each in words; one alone stands without its name."""
    verb = verbs.find(row.batch.verb)
    if verb is None or not names:
        return ""
    if all(values.get(name) is None for name in names):
        return wording.DASH
    told = [
        (str(verb.fields.get(name, name)), _word(verb, name, values.get(name))) for name in names
    ]
    return told[0][1] if len(told) == 1 else ", ".join(f"{name}: {word}" for name, word in told)


def _word(verb: verbs.Verb, name: str, value: Any) -> str:
    return wording.DASH if value is None else verb.show(name, value)


def groups() -> dict[str, str]:
    """The groups of rows in words, by their name in the address."""
    return {
        "todo": _("Not asked yet"),
        "under-way": _("Under way"),
        "done": _("Confirmed"),
        "failed": _("Failed"),
        "in-doubt": _("In doubt"),
        "refused": _("Cannot be done"),
        "stopped": _("Cancelled or withheld"),
    }

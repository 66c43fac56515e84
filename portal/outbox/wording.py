"""Commands in words: what was asked, what is confirmed, why it did not go through and what to do about it.

Rows keep values and codes only, so that each reader gets the sentence in their own language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.outbox import verbs
from portal.outbox.states import State
from portal.ui import causes

if TYPE_CHECKING:
    from portal.outbox.models import Command

DASH = "–"
# What the client calls an answer that never came whole; for a write it would be a doubt.
UNANSWERED = frozenset({"NoAnswer", "BadAnswer", "UpstreamUnavailable"})


class Line(NamedTuple):
    """One field of a change: as it was, as asked, as Partner Center confirmed ("" while it has not)."""

    label: str
    before: str
    asked: str
    confirmed: str


@dataclass(frozen=True)
class Problem:
    """An error as people read it: what happened, what did not, the way on; the code and id come last.

    ``said`` is Partner Center's own wording where it answered (``heard``), else the technical cause.
    """

    title: str
    text: str
    way: str = ""
    code: str = ""
    correlation_id: str = ""
    said: str = ""
    heard: bool = True


def label(command: "Command") -> str:
    """The verb's words; its name if no app knows it any more."""
    return verb_label(command.verb)


def verb_label(name: str) -> str:
    """A verb's words; its name if no app knows it any more."""
    verb = verbs.find(name)
    return str(verb.label) if verb else name


def summary(command: "Command") -> str:
    """The whole change in a line."""
    verb = verbs.find(command.verb)
    if verb is None or verb.summary is None:
        return label(command)
    return verb.summary(command)


def lines(command: "Command") -> list[Line]:
    """Field by field: before, asked, confirmed."""
    confirmed = command.result if command.state == State.SUCCEEDED and command.result else {}
    return [
        Line(
            field_label(command, name),
            shown(command, name, command.before.get(name)),
            shown(command, name, value),
            shown(command, name, confirmed[name]) if name in confirmed else "",
        )
        for name, value in command.after.items()
    ]


def differences(command: "Command") -> list[tuple[str, str, str]]:
    """After "changed": (field, as the person saw it, as it is now)."""
    found: Mapping[str, list[Any]] = (command.error or {}).get("difference", {})
    return [
        (field_label(command, name), shown(command, name, seen), shown(command, name, now))
        for name, (seen, now) in found.items()
    ]


def bar(command: "Command") -> str:
    """What must be done before it can be sent, "" if a person's yes is enough."""
    verb = verbs.find(command.verb)
    found: Mapping[str, Any] = (command.error or {}).get("difference", {})
    return next((str(way) for name, way in verb.bars.items() if name in found), "") if verb else ""


def field_label(command: "Command", name: str) -> str:
    """A field's label."""
    verb = verbs.find(command.verb)
    return str(verb.fields.get(name, name)) if verb else name


def shown(command: "Command", name: str, value: Any) -> str:
    """A field's value in words."""
    verb = verbs.find(command.verb)
    if value is None:
        return DASH
    return verb.show(name, value) if verb else str(value)


def problem(command: "Command") -> Problem | None:
    """What is wrong with a Command, or None. A doubt and a second thought are problems too."""
    error = command.error
    if not error or command.state in (State.SUCCEEDED, State.WITHHELD):
        return None
    title, text, way = _told(command, error)
    return Problem(
        title=title,
        text=text,
        way=way,
        code=str(error.get("code", "") or error.get("status", "") or ""),
        correlation_id=error.get("correlation_id", ""),
        said=causes.worded(error.get("message", "")),
        heard=_heard(error),
    )


def _heard(error: Mapping[str, Any]) -> bool:
    """Whether Partner Center itself said something: an error of the client without a status is ours."""
    meaning = error.get("meaning", "")
    return meaning != "BadAnswer" and (not meaning or bool(error.get("status")))


def _told(command: "Command", error: Mapping[str, Any]) -> tuple[str, str, str]:
    kind = error.get("kind", "")
    if command.state in (State.QUEUED, State.SENDING):
        return _passing(command, error)
    if kind == "no_answer":
        return _doubtful(command)
    if kind == "changed":
        return _changed(command)
    if kind == "refused" and not _heard(error):
        kind = "unasked"
    return _failed(command, kind, _before_sending(error))


def _passing(command: "Command", error: Mapping[str, Any]) -> tuple[str, str, str]:
    again = _("The portal tries again by itself.")
    if error.get("kind") == "no_answer":
        return (
            _("Sent without an answer, and found not to be made"),
            _("The record in Partner Center is as it was before."),
            _("The portal sends it again, under the same request ID."),
        )
    title = ngettext(
        "Not sent yet, %(n)s attempt made", "Not sent yet, %(n)s attempts made", command.attempts
    ) % {"n": command.attempts}
    return title, _before_sending(error), again


def _before_sending(error: Mapping[str, Any]) -> str:
    """Why nothing left. An answer missed here is that of the read that goes ahead of every write."""
    if error.get("meaning") in UNANSWERED:
        return _("The record could not be read first, so nothing was sent.")
    return causes.explained(error)


def _doubtful(command: "Command") -> tuple[str, str, str]:
    if command.state == State.IN_DOUBT:
        return (
            _("Sent, but no answer came back"),
            _("Whether Partner Center made the change is not known yet."),
            _(
                "The portal reads the record again until it knows, and never makes the change twice."
            ),
        )
    return (
        _("The outcome was never learned"),
        _("Partner Center may have made this change."),
        _("Compare with the record before you ask again."),
    )


def _changed(command: "Command") -> tuple[str, str, str]:
    seen_so = _("%(field)s: %(seen)s when you opened it, %(now)s now")
    # What bars it was nothing that the person saw, or not as much.
    only_now = _("%(field)s: %(now)s") if bar(command) else seen_so
    rows = [
        (only_now if seen in {"0", "–"} else seen_so) % {"field": name, "seen": seen, "now": now}
        for name, seen, now in differences(command)
    ]
    return (
        _("Changed meanwhile, so nothing was sent"),
        ". ".join(rows) + ".",
        bar(command) or _("Compare and decide: send it all the same, or leave it."),
    )


def _failed(command: "Command", kind: str, explained: str) -> tuple[str, str, str]:
    again = _("Mend the cause, then try again. Nothing was changed.")
    told = {
        "forbidden": (
            _("Not sent: the permission was withdrawn"),
            _("%(person)s may no longer make this change.") % {"person": command.actor},
            _("Someone with the right can ask for it anew. Nothing was changed."),
        ),
        "unasked": (_("Not sent: Partner Center could not be asked"), explained, again),
        "exhausted": (_("Not sent after several attempts"), explained, again),
        "sign_in": (
            _("Not sent: the connection could not sign in"),
            explained,
            _("An administrator mends the connection in Settings. Nothing was changed."),
        ),
        "retired": (
            _("Not sent: the connection is retired"),
            _("Nothing is read or sent through it any more."),
            _("Nothing was changed."),
        ),
        "gone": (
            _("Not sent: the record is no longer there"),
            _("Partner Center or the mirror no longer has it."),
            _("Nothing was changed."),
        ),
        "unknown_verb": (
            _("Not sent: this release does not know the change"),
            command.verb,
            _("Nothing was changed."),
        ),
        "internal": (
            _("Not sent: a fault in the portal"),
            _("The fault is in the log under this change's number."),
            again,
        ),
    }
    refused = (_("Partner Center refused the change"), explained, _("Nothing was changed."))
    return told.get(kind, refused)

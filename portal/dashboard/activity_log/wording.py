"""An entry in words: what happened, to what, from where, which values changed."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.activity import kinds
from portal.activity.models import Entry, Via
from portal.dashboard.activity_log import values
from portal.outbox import verbs
from portal.ui import statuses

VIA = {
    Via.WEB: gettext_lazy("Portal"),
    Via.API: gettext_lazy("API"),
    Via.WORKER: gettext_lazy("Portal, by itself"),
    Via.COMMAND: gettext_lazy("Command line"),
}
AREAS = {
    "account": gettext_lazy("Accounts"),
    "change": gettext_lazy("Changes"),
    "connection": gettext_lazy("Connections"),
    "customer": gettext_lazy("Customers"),
    "membership": gettext_lazy("Rights and roles"),
    "session": gettext_lazy("Sign-ins"),
    "subscription": gettext_lazy("Subscriptions"),
    "sync": gettext_lazy("Sync"),
    "token": gettext_lazy("API tokens"),
    "user": gettext_lazy("People"),
    "webhook": gettext_lazy("Webhooks"),
}


def what(entry: Entry) -> str:
    """The entry's kind as a sentence in the reader's language."""
    told = {name: values.word(name, value) for name, value in entry.parameters.items()}
    return kinds.get(entry.kind).text({"target": entry.target_label, **told})


def who(entry: Any) -> str:
    """The doer's present name; the portal where nobody did it."""
    if entry.actor_id is None:
        return _("Nobody signed in") if entry.via in {Via.WEB, Via.API} else _("The portal")
    return entry.actor_name or _("A person no longer here")


def made_in(entry: Entry) -> str:
    """By which door it came."""
    return str(VIA[Via(entry.via)]) if entry.via in VIA else entry.via


def outcome(entry: Entry) -> statuses.Status:
    """The state that an entry tells of."""
    found = kinds.get(entry.kind).outcome
    return statuses.status(found, "record" if found == "done" else "change")


def areas() -> list[tuple[str, str | Promise]]:
    """The parts of the log that can be chosen: first words of the registered kinds."""
    first = {kind.slug.partition(".")[0] for kind in kinds.all_kinds()}
    return sorted(((area, AREAS.get(area, area)) for area in first), key=lambda row: str(row[1]))


def changes(entry: Entry) -> list[tuple[str, object, object]]:
    """(field, before, after) of every value that the entry names, in words where a verb has them."""
    before, after = entry.before or {}, entry.after or {}
    verb = verbs.find(entry.kind.rpartition(".")[0])
    names = [*before, *(name for name in after if name not in before)]
    return [
        (_label(entry, verb, name), _value(verb, name, before), _value(verb, name, after))
        for name in names
    ]


def target_url(entry: Entry) -> str:
    """The page of what the entry is about, "" if it has none."""
    if entry.target_id is None:
        return ""
    try:
        return reverse(entry.target_type, args=[entry.target_id])
    except NoReverseMatch:
        return ""


def _label(entry: Entry, verb: verbs.Verb | None, name: str) -> str:
    known = verb.fields.get(name) if verb else None
    return str(known) if known else values.field(entry.target_type, name)


def _value(verb: verbs.Verb | None, name: str, found: dict[str, Any]) -> object:
    value = found.get(name)
    if value is None or verb is None:
        return values.word(name, value)
    return verb.show(name, value)

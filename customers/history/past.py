"""States of a customer that changes ended: the state on a day, and the changes as before and after.

The trigger keeps the old row, so the state after a change is the next old row, or today's.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from customers.models import Customer, ResellerLink
from portal.access.models import User
from portal.access.scope import Scope
from portal.ui import formats, statuses

LIMIT = 50
LABELS = {
    "name": gettext_lazy("Name"),
    "domain": gettext_lazy("Domain"),
    "relationship_to_partner": gettext_lazy("Relationship"),
    "country": gettext_lazy("Country"),
    "city": gettext_lazy("City"),
    "language": gettext_lazy("Language"),
    "allow_delegated_access": gettext_lazy("Delegated access"),
    "gone_at": gettext_lazy("Gone from Partner Center"),
}
WORDS: dict[str, Callable[[Any], str]] = {
    "relationship_to_partner": lambda value: str(statuses.status(value, "relationship").word),
}


@dataclass(frozen=True)
class Event:
    """One change: when the mirror saw it, who asked for it if the portal knows, and what differs."""

    at: dt.datetime
    who: str
    level: str
    title: str
    command_id: int | None
    rows: list[tuple[str, str, str]]


def known_since(scope: Scope, customer: Customer) -> dt.datetime:
    """From when on this person may know of it: a reseller since the customer buys through it."""
    if scope.sees_whole(customer.connection_id):
        return customer.first_seen_at
    links = scope.filter(ResellerLink.objects.filter(customer=customer, gone_at=None))
    first = links.order_by("first_seen_at").values_list("first_seen_at", flat=True).first()
    return max(customer.first_seen_at, first or timezone.now())


def state_on(scope: Scope, customer: Customer, day: dt.date) -> list[tuple[str, str]] | None:
    """The customer at the end of a day, label and value; None where it was not known here yet."""
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    if known_since(scope, customer) >= end:
        return None
    later = _rows(customer).filter(pgh_created_at__gte=end).order_by("pgh_id").first()
    row = customer if later is None else later
    return [(str(label), _shown(name, getattr(row, name))) for name, label in LABELS.items()]


def events(customer: Customer) -> list[Event]:
    """The latest changes, newest first."""
    past = list(_rows(customer).order_by("-pgh_id")[:LIMIT])
    return list(_events(past, customer, _people(past)))


def _rows(customer: Customer) -> Any:
    """The customer was found within the reader's scope; row policies hold its history to the same."""
    return apps.get_model("customers", "CustomerEvent").objects.filter(pgh_obj_id=customer.pk)


def _events(past: list[Any], now: Customer, people: dict[int, str]) -> Iterator[Event]:
    after: Any = now
    for before in past:
        found = dict(_differences(before, after))
        if found:
            yield _event(before, found, people)
        after = before


def _event(before: Any, found: dict[str, tuple[str, str, str]], people: dict[int, str]) -> Event:
    context = before.pgh_context or {}
    command = context.get("command")
    person = people.get(context.get("user") or 0)
    who = _("In Partner Center")
    if command:
        who = _("%(person)s, in the portal") % {"person": person} if person else _("In the portal")
    title = next(iter(found.values()))[0] if len(found) == 1 else _("Several values")
    return Event(
        at=before.pgh_created_at,
        who=who,
        level="is-ok" if command else "is-warn",
        title=title,
        command_id=int(command) if command else None,
        rows=list(found.values()),
    )


def _differences(before: Any, after: Any) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for name, label in LABELS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield name, (str(label), _shown(name, old), _shown(name, new))


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return pgettext("no value", "none")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, dt.datetime):
        return formats.date_short(value)
    return WORDS.get(name, str)(value)


def _people(past: list[Any]) -> dict[int, str]:
    ids = {int(e.pgh_context["user"]) for e in past if (e.pgh_context or {}).get("user")}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}

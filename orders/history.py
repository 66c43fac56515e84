"""What happened to a subscription: states that changes ended, told as before and after.

The trigger keeps the old row, so the state after a change is the next old row, or today's. Entries
keep the reseller of their moment: a reseller never sees what happened under another one.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.ui import formats, statuses

LIMIT = 30

LABELS = {
    "quantity": gettext_lazy("Seats"),
    "status": gettext_lazy("Status"),
    "friendly_name": gettext_lazy("Name"),
    "offer_name": gettext_lazy("Product"),
    "auto_renew": gettext_lazy("Auto-renew"),
    "term_duration": gettext_lazy("Term"),
    "renewal_term_duration": gettext_lazy("Next term"),
    "billing_cycle": gettext_lazy("Billed"),
    "effective_start_date": gettext_lazy("Term start"),
    "commitment_end_date": gettext_lazy("Term end"),
    "cancellation_allowed_until": gettext_lazy("Can be cancelled until"),
    "partner_mpn_id": gettext_lazy("PartnerID"),
    "promotion_id": gettext_lazy("Promotion"),
    "gone_at": gettext_lazy("Gone from Partner Center"),
}

# What is said where this alone changed.
TITLES = {
    "quantity": gettext_lazy("Seats changed"),
    "status": gettext_lazy("Status changed"),
    "friendly_name": gettext_lazy("Renamed"),
    "auto_renew": gettext_lazy("Auto-renew changed"),
    "gone_at": gettext_lazy("Gone from Partner Center"),
}

# Values with words of their own; the rest is shown as it is.
WORDS: dict[str, Callable[[Any], str]] = {
    "status": lambda value: str(statuses.status(value).word),
    "term_duration": formats.term,
    "renewal_term_duration": formats.term,
    "billing_cycle": formats.billing,
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


def of_subscription(scope: Scope, subscription: Subscription) -> list[Event]:
    """The latest changes, newest first, as far as this scope may see them."""
    model = apps.get_model("orders", "SubscriptionEvent")
    past = list(
        scope.filter(model.objects.filter(pgh_obj_id=subscription.pk)).order_by("-pgh_id")[:LIMIT]
    )
    people = _people(past)
    return list(_events(past, subscription, people))


def _events(past: list[Any], now: Subscription, people: dict[int, str]) -> Iterator[Event]:
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
    if command:
        who = _("%(person)s, in the portal") % {"person": person} if person else _("In the portal")
    else:
        who = _("In Partner Center")
    title = _("Several values")
    if len(found) == 1:
        ((field, row),) = found.items()
        title = str(TITLES.get(field, row[0]))
    return Event(
        at=before.pgh_created_at,
        who=who,
        level="is-ok" if command else "is-warn",
        title=title,
        command_id=int(command) if command else None,
        rows=list(found.values()),
    )


def _differences(before: Any, after: Any) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The fields that differ, each with its label and both values in words."""
    for field, label in LABELS.items():
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        told = _shown(field, old), _shown(field, new)
        if told[0] == told[1]:  # the same day at another hour
            told = formats.local(old), formats.local(new)
        yield field, (str(label), *told)


def _shown(field: str, value: Any) -> str:
    if value is None or value == "":
        return pgettext("no value", "none")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, dt.datetime):
        return formats.date_short(value)
    return WORDS.get(field, str)(value)


def _people(past: list[Any]) -> dict[int, str]:
    ids = {int(e.pgh_context["user"]) for e in past if (e.pgh_context or {}).get("user")}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}

"""What a subscription does when its term ends: three choices, and how each is told to Partner Center.

New commerce, rule extended_service_term: auto-renew off alone no longer ends a service. Each choice is
a pair of ``autoRenewEnabled`` and one scheduled action. What is known of the Extended Service Term is
second-hand, so whether it is offered and its surcharge are settings.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class TermEnd(models.TextChoices):
    RENEW = "renew", gettext_lazy("Renew for another term")
    CANCEL = "cancel", gettext_lazy("Cancel at the end of the term")
    EXTENDED = "extended", gettext_lazy("Go on month by month (Extended Service Term)")


SHORT = {
    TermEnd.RENEW: gettext_lazy("Renew"),
    TermEnd.CANCEL: gettext_lazy("Cancel"),
    TermEnd.EXTENDED: gettext_lazy("Go on month by month"),
}
"""The choices in a word or few, for filters and files."""
OPEN = "open"
"""Auto-renew is off and nothing is chosen: what happens then is Microsoft's."""

_ACTIONS = {
    TermEnd.RENEW: (True, "RenewToNewTerm"),
    TermEnd.CANCEL: (False, "Cancel"),
    TermEnd.EXTENDED: (False, "RenewToExtendedServiceTerm"),
}


def of_action(name: str) -> TermEnd | None:
    """The choice that a scheduled action stands for, None for another one."""
    return next((choice for choice, (_renews, action) in _ACTIONS.items() if action == name), None)


def action(choice: TermEnd) -> str:
    """The scheduled action that stands for a choice."""
    return _ACTIONS[choice][1]


def offered() -> list[TermEnd]:
    """The choices that people get here."""
    if settings.EXTENDED_SERVICE_TERM:
        return list(TermEnd)
    return [TermEnd.RENEW, TermEnd.CANCEL]


def chosen(columns: Mapping[str, Any]) -> str:
    """The choice in force, by the mirror's columns: one of TermEnd, or OPEN."""
    action = (columns.get("scheduled_change") or {}).get("actionType")
    for choice, (_renews, name) in _ACTIONS.items():
        if action == name:
            return str(choice)
    return str(TermEnd.RENEW) if columns.get("auto_renew") else OPEN


def words(choice: str) -> str:
    """A choice in words."""
    if choice in TermEnd.values:
        return str(TermEnd(choice).label)
    return _("Not chosen, auto-renew is off")


def wire(payload: Mapping[str, Any], choice: str) -> dict[str, Any]:
    """The resource with the choice. The older instructions go: where both are sent only the actions count."""
    renews, action = _ACTIONS[TermEnd(choice)]
    body = {name: v for name, v in payload.items() if name != "scheduledNextTermInstructions"}
    actions = [{"scheduleType": "TermEnd", "actionType": action}]
    return body | {"autoRenewEnabled": renews, "scheduledActions": actions}

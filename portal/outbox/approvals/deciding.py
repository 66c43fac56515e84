"""Whether a change waits for a second person: the connection's mode first, then the rules in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q

from portal.access.scope import Scope
from portal.connections.models import Connection, Mode
from portal.outbox.approvals.models import HOURS, Rule


@dataclass(frozen=True)
class Need:
    """A second person is needed, by this version of a rule or (None) by the connection's mode."""

    rule: Rule | None
    hours: int = HOURS


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked, as far as rules look at it."""

    verb: str
    connection: Connection
    reseller_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def needed(scope: Scope, wish: Wish, target: models.Model) -> Need | None:
    """Why the wish waits, or None if it goes out at once.

    Of several rules the narrowest is named: one of the reseller before one of the connection, then
    the one with the higher number of seats. In the mode "ask" everything waits, whatever the rules.
    """
    rules = Rule.objects.filter(
        Q(reseller=None) | Q(reseller=wish.reseller_id),
        Q(verb="") | Q(verb=wish.verb),
        is_current=True,
        connection=wish.connection,
    ).order_by(F("reseller").asc(nulls_last=True), F("least_seats").desc(nulls_last=True), "pk")
    roles = _roles(scope, target)
    for rule in rules:
        if rule.role in ("", *roles) and _reaches(rule, wish, target):
            return Need(rule, rule.hours)
    return Need(None) if wish.connection.mode == Mode.ASK else None


def seats(before: Mapping[str, Any], after: Mapping[str, Any], target: models.Model) -> int | None:
    """How many seats a change is about: the difference where it changes them, else all of the target's."""
    wanted = after.get("quantity")
    if isinstance(wanted, int):
        return abs(wanted - int(before.get("quantity") or 0))
    number: int | None = getattr(target, "quantity", None)
    return number


def _reaches(rule: Rule, wish: Wish, target: models.Model) -> bool:
    if rule.least_seats is None:
        return True
    if "quantity" not in wish.after and not hasattr(target, "quantity"):
        return False  # a thing without seats
    number = seats(wish.before, wish.after, target)
    # A number that is not known might be any: better ask once too often.
    return number is None or number >= rule.least_seats


def _roles(scope: Scope, target: models.Model) -> set[str]:
    """The roles in which the person may have asked: those that cover the target."""
    return {grant.role for grant in scope.grants if Scope(None, grants=(grant,)).covers(target)}

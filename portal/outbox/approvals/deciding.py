"""Whether a change waits for a second person: the connection's mode first, then the rules in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q

from portal.access.scope import Scope
from portal.connections.models import Connection, Mode
from portal.outbox.approvals.models import HOURS, Rule
from portal.outbox.models import Batch, BatchRow

APPROVE = "changes.approve"


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
    rules = _in_force(wish.verb, [wish.connection.pk])
    roles = _roles(scope, target)
    for rule in rules.filter(Q(reseller=None) | Q(reseller=wish.reseller_id)):
        if rule.role in ("", *roles) and _reaches(rule, wish, target):
            return Need(rule, rule.hours)
    return Need(None) if wish.connection.mode == Mode.ASK else None


def needed_by_rows(scope: Scope, batch: Batch, rows: "models.QuerySet[BatchRow]") -> Need | None:
    """Why a batch waits: the first rule, in the same order, that any of its rows comes under.

    A row whose seats nobody knows comes under any number.
    """
    for rule in _in_force(batch.verb, batch.connection_ids):
        found = rows.filter(connection=rule.connection_id)
        if rule.reseller_id is not None:
            found = found.filter(reseller=rule.reseller_id)
        if rule.least_seats is not None:
            most = rule.least_seats
            found = found.filter(Q(seats=None) | Q(seats__gte=most) | Q(seats__lte=-most))
        if rule.role:
            found = found.filter(_asked_as(scope, rule.role))
        if found.exists():
            return Need(rule, rule.hours)
    return Need(None) if rows.filter(connection__mode=Mode.ASK).exists() else None


def seats(before: Mapping[str, Any], after: Mapping[str, Any], target: models.Model) -> int | None:
    """How many seats a change is about: the difference where it changes them, else all of the target's."""
    number = difference(before, after, target)
    return None if number is None else abs(number)


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any], target: models.Model
) -> int | None:
    """The same with its sign: negative where seats are given back. None if it is not known."""
    wanted = after.get("quantity")
    if isinstance(wanted, int):
        return wanted - int(before.get("quantity") or 0)
    number: int | None = getattr(target, "quantity", None)
    return number


def _in_force(verb: str, connections: Sequence[int]) -> "models.QuerySet[Rule]":
    rules = Rule.objects.filter(
        Q(verb="") | Q(verb=verb), is_current=True, connection__in=connections
    )
    reseller, number = F("reseller").asc(nulls_last=True), F("least_seats").desc(nulls_last=True)
    return rules.order_by(reseller, number, "pk")


def _asked_as(scope: Scope, role: str) -> Q:
    """Rows that the person may have asked for in this role."""
    held = Q(pk__in=[])
    for grant in scope.grants:
        if grant.role != role:
            continue
        if grant.everywhere:
            return Q()
        own = grant.reseller_id is None
        held |= Q(connection=grant.connection_id) if own else Q(reseller=grant.reseller_id)
    return held


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

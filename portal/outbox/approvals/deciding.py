"""Whether a change waits for a second person: the connection's mode first, then the rules in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import F, Q

from portal.access.scope import Scope
from portal.connections.models import Connection, Mode
from portal.outbox.approvals import amounts
from portal.outbox.approvals.models import HOURS, Rule
from portal.outbox.models import Batch, BatchRow

APPROVE = "changes.approve"


@dataclass(frozen=True)
class Need:
    """A second person is needed, by this version of a rule or (None) by the connection's mode.

    ``cost_unknown``: the rule is one by amount, and holds because the cost could not be told.
    ``seats`` are those that the change is about, None if nobody knows them; a batch counts its own.
    """

    rule: Rule | None
    hours: int = HOURS
    cost_unknown: bool = False
    seats: int | None = None


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
    the one with the higher number of seats, then of money. In the mode "ask" everything waits, whatever the rules.
    """
    need = _needed(scope, wish, target)
    return need and replace(need, seats=seats(wish.before, wish.after, target))


def _needed(scope: Scope, wish: Wish, target: models.Model) -> Need | None:
    rules = _in_force(wish.verb, [wish.connection.pk])
    roles = _roles(scope, target)
    for rule in rules.filter(Q(reseller=None) | Q(reseller=wish.reseller_id)):
        if rule.role in ("", *roles) and (need := _of_wish(rule, wish, target)) is not None:
            return need
    return Need(None) if wish.connection.mode == Mode.ASK else None


def needed_by_rows(scope: Scope, batch: Batch, rows: "models.QuerySet[BatchRow]") -> Need | None:
    """Why a batch waits: the first rule, in the same order, that its rows come under, one or all together.

    The rows of the rule's connection, reseller and role are added up. A row whose seats nobody
    knows comes under any number.
    """
    for rule in _in_force(batch.verb, batch.connection_ids):
        found = rows.filter(connection=rule.connection_id)
        if rule.reseller_id is not None:
            found = found.filter(reseller=rule.reseller_id)
        if rule.role:
            found = found.filter(_asked_as(scope, rule.role))
        if (need := _of_rows(rule, batch.verb, found)) is not None:
            return need
    return Need(None) if rows.filter(connection__mode=Mode.ASK).exists() else None


def _of_wish(rule: Rule, wish: Wish, target: models.Model) -> Need | None:
    """Why a wish waits by the rule, or None."""
    if not _reaches(rule, wish, target):
        return None
    return _by_amount(
        rule, wish.verb, [amounts.Item(target.pk, seats(wish.before, wish.after, target))]
    )


def _of_rows(rule: Rule, verb: str, rows: "models.QuerySet[BatchRow]") -> Need | None:
    """Why these rows wait by the rule, or None."""
    if rule.least_seats is None and rule.least_amount is None:
        return Need(rule, rule.hours) if rows.exists() else None
    items = [amounts.Item(*row) for row in rows.values_list("target_id", "seats")]
    if not items or not _seats_reach(rule, items):
        return None
    return _by_amount(rule, verb, items)


def _seats_reach(rule: Rule, items: Sequence[amounts.Item]) -> bool:
    known = [abs(item.seats) for item in items if item.seats is not None]
    return rule.least_seats is None or len(known) < len(items) or sum(known) >= rule.least_seats


def _by_amount(rule: Rule, verb: str, items: Sequence[amounts.Item]) -> Need | None:
    """Why the items, which come under the rule's other conditions, wait by its amount as well."""
    if rule.least_amount is None:
        return Need(rule, rule.hours)
    if not amounts.has_cost(verb):
        return None
    told = amounts.monthly(verb, items)
    if not told.reaches(rule):
        return None
    return Need(rule, rule.hours, cost_unknown=not told.known_to_reach(rule))


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
    return rules.order_by(reseller, number, F("least_amount").desc(nulls_last=True), "pk")


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
    if rule.least_seats is None and rule.least_amount is None:
        return True
    if "quantity" not in wish.after and not hasattr(target, "quantity"):
        return False  # a thing without seats
    number = seats(wish.before, wish.after, target)
    # A number that is not known might be any: better ask once too often.
    return number is None or number >= (rule.least_seats or 0)


def _roles(scope: Scope, target: models.Model) -> set[str]:
    """The roles in which the person may have asked: those that cover the target."""
    return {grant.role for grant in scope.grants if Scope(None, grants=(grant,)).covers(target)}

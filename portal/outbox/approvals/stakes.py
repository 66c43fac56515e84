"""What a change that waits for a second person comes to a month, told to those who see cost.

The figure is the one that rules by amount look at. Staff of resellers decide by the seats.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.access.http import scope_of
from portal.access.models import User
from portal.access.scope import Scope
from portal.outbox import costs, verbs
from portal.outbox.approvals import amounts
from portal.outbox.approvals.amounts import Item, Sum
from portal.outbox.approvals.models import Approval, Wait
from portal.outbox.models import Command
from portal.ui import formats


def of_command(scope: Scope, command: Command, wait: Wait | None) -> str:
    """The amount in words for the page of a change; "" where there is none, or none for this person."""
    if not isinstance(wait, Approval) or not _seen(scope, command.verb, [command.connection_id]):
        return ""
    return words(_told(amounts.monthly(command.verb, [Item(command.target_id, wait.seats)])))


def note(request: HttpRequest, rows: Sequence[Command]) -> None:
    """Give the rows of the inbox their amounts, with one query for the prices of all."""
    scope = scope_of(request)
    able = [row for row in rows if _seen(scope, row.verb, [row.connection_id])]
    prices: dict[tuple[str, int], costs.Price] = {}
    for kind in {row.target_type for row in able}:
        ids = [row.target_id for row in able if row.target_type == kind]
        found = costs.prices(scope, kind, ids)
        prices |= {(kind, pk): price for pk, price in found.items()}
    for row in rows:
        one, seats = prices.get((row.target_type, row.target_id)), getattr(row, "seats", None)
        known = {row.target_id: one} if one else {}
        sums = amounts.summed(known, [Item(row.target_id, seats)])
        row.stake = words(_told(sums)) if row in able else ""  # type: ignore[attr-defined] # read by the column


def by_sight(
    verb: str,
    connections: Sequence[int],
    items: Callable[[], Iterable[Item]],
    people: Iterable[User],
) -> Iterator[tuple[Mapping[str, Any], list[User]]]:
    """The people who are told the amount, with it; then those who are not."""
    everybody = list(people)
    seeing = [who for who in everybody if _seen(Scope.for_user(who), verb, connections)]
    if seeing:
        yield {"stake": _told(amounts.monthly(verb, items()))}, seeing
    if blind := [who for who in everybody if who not in seeing]:
        yield {}, blind


def words(told: Mapping[str, Any]) -> str:
    """What was told, in the reader's language: "€125.00 a month, net"."""
    found = [formats.money(Decimal(value), key) for key, value in sorted(told["amounts"].items())]
    parts = [_("%(amount)s a month, net") % {"amount": " + ".join(found)}] if found else []
    if told["unknown"]:
        parts.append(_("and what is not known") if parts else _("not known"))
    return ", ".join(parts)


def _told(found: Sum) -> dict[str, Any]:
    cents = {key: str(value.quantize(Decimal("0.01"))) for key, value in found.amounts.items()}
    return {"amounts": cents, "unknown": found.unknown}


def _seen(scope: Scope, verb: str, connections: Sequence[int]) -> bool:
    """Whether the verb has a cost, and the person sees that of all these connections."""
    known = verbs.find(verb)
    if known is None or not amounts.has_cost(verb) or not costs.shown(scope, known.target_type):
        return False
    narrowed = scope.narrowed(costs.right(known.target_type))
    return all(narrowed.sees_whole(pk) for pk in connections)

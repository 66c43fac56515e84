"""Tables with one subscription a line, found by its ID; one of them gives each a new name."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from orders import queries, rules
from orders.bulk.subscriptions import label
from orders.models import Subscription
from orders.refusals import say
from portal.access.scope import Scope
from portal.lists.intake.columns import Column
from portal.lists.intake.reading import Problem, Reading, Row
from portal.outbox.batches.capturing import Target

AT_ONCE = 1000


def identifier(text: str) -> str:
    """A subscription ID as Partner Center writes it, or ValueError."""
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError(say("no_id", text=text[:60])) from None


def _name(text: str) -> str:
    if len(text) > rules.LONGEST_NAME:
        raise ValueError(rules.too_long(text))
    if fault := rules.unwritable(text):
        raise ValueError(fault)
    return text


SUBSCRIPTION = Column(
    key="subscription_id",
    label=gettext_lazy("Subscription ID"),
    clean=identifier,
    unique=True,
)
COLUMNS = (
    SUBSCRIPTION,
    Column(key="new_name", label=gettext_lazy("New name"), clean=_name),
)


def _known(scope: Scope, found: Reading) -> dict[str, list[Subscription]]:
    """The subscriptions of these ids that the person sees; one id may stand in several connections.

    Those of retired connections do not count: nothing is sent there, and the account may be connected anew.
    """
    ids = [row.values["subscription_id"] for row in found.rows]
    known: dict[str, list[Subscription]] = {}
    for start in range(0, len(ids), AT_ONCE):
        piece = ids[start : start + AT_ONCE]
        seen = queries.subscriptions(scope).filter(pc_id__in=piece, connection__retired_at=None)
        for row in seen:
            known.setdefault(row.pc_id, []).append(row)
    return known


def targets(scope: Scope, found: Reading) -> Iterator[Target]:
    """A row for each line whose subscription the person sees."""
    return matched(scope, found, lambda line: {"name": line.values["new_name"]})


def matched(
    scope: Scope, found: Reading, parameters: Callable[[Row], dict[str, Any]]
) -> Iterator[Target]:
    """The same with what each line asks; a line whose subscription is not seen becomes a problem."""
    known = _known(scope, found)
    for line in found.rows:
        rows = known.get(line.values["subscription_id"], [])
        if len(rows) == 1:
            yield Target(rows[0], label(rows[0]), parameters(line), line.line)
            continue
        message = say("several_connections") if rows else say("not_seen")
        found.problems.append(
            Problem(line.line, str(SUBSCRIPTION.label), message, SUBSCRIPTION.key)
        )

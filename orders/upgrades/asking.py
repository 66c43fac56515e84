"""What a subscription can become is asked of Partner Center when somebody looks, never guessed."""

from typing import Any

from orders.catalogue.asking import KEPT, Told
from orders.models import Subscription
from orders.upgrades import kinds
from portal.mirror import questions
from portal.mirror.models import QuestionState
from portal.mirror.questions import Parameters
from portal.partnercenter.operations.subscriptions import LIST_CONVERSIONS, LIST_UPGRADES
from portal.partnercenter.operations.upgrades import (
    LIST_TRANSITION_ELIGIBILITIES,
    LIST_TRANSITIONS,
)
from portal.partnercenter.spec import Operation

OPERATIONS: dict[str, Operation[Any]] = {
    kinds.TRANSITION: LIST_TRANSITION_ELIGIBILITIES,
    kinds.OFFER: LIST_UPGRADES,
    kinds.TRIAL: LIST_CONVERSIONS,
}

IMMEDIATE, SCHEDULED = {"eligibilityType": "immediate"}, {"eligibilityType": "scheduled"}


def targets(row: Subscription, asker_id: int | None, *, scheduled: bool = False) -> Told:
    """What it can become now, or with its next term; the answer is a list as Partner Center gives it."""
    kind = kinds.of(row)
    if not kind:
        return Told(waits=False, answer=[])
    query = {}
    if kind == kinds.TRANSITION:
        query = SCHEDULED if scheduled else IMMEDIATE
    told = ask(row, OPERATIONS[kind], asker_id, query)
    return told if told.waits or told.failed else Told(waits=False, answer=items(told.answer))


def question(row: Subscription) -> tuple[str, Parameters]:
    """What is asked about one of new commerce, for a worker that asks by itself."""
    return LIST_TRANSITION_ELIGIBILITIES.name, _about(row, IMMEDIATE)


def history(row: Subscription, asker_id: int | None) -> Told:
    """Its transitions, each with how far it is."""
    told = ask(row, LIST_TRANSITIONS, asker_id, {})
    return told if told.waits or told.failed else Told(waits=False, answer=items(told.answer))


def ask(
    row: Subscription,
    operation: Operation[Any],
    asker_id: int | None,
    query: dict[str, str],
    path: dict[str, str] | None = None,
) -> Told:
    """Ask about one subscription; ``path`` beside the customer, where it is not that subscription's."""
    parameters = _about(row, query, path)
    found = questions.ask(row.connection, operation.name, parameters, asker_id=asker_id, kept=KEPT)
    if found.state == QuestionState.WAITING:
        return Told(waits=True)
    if found.state == QuestionState.ANSWERED:
        return Told(waits=False, answer=found.answer)
    return Told(waits=False, error=found.error or {"code": "", "message": ""})


def _about(
    row: Subscription, query: dict[str, str], path: dict[str, str] | None = None
) -> Parameters:
    named = {"subscription_id": row.pc_id} if path is None else path
    return Parameters(path={"customer_id": row.customer_pc_id, **named}, query=query)


def items(answer: Any) -> list[dict[str, Any]]:
    """Transitions stand under "transition", all else under "items"."""
    rows = (answer or {}).get("items") or (answer or {}).get("transition") or []
    return [row for row in rows if isinstance(row, dict)]

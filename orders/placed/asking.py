"""Live reads of one order: how far its lines are, and the links that activate them.

A link lets in who has it: it is told to who may change orders, and kept no longer than two minutes.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orders.models import Order
from portal.mirror import questions
from portal.mirror.models import QuestionState
from portal.mirror.questions import Parameters
from portal.mirror.values import child, children, text, whole
from portal.partnercenter.operations.after_sale import GET_ORDER_PROVISIONING_STATUS
from portal.partnercenter.operations.orders import LIST_ACTIVATION_LINKS
from portal.partnercenter.spec import Operation

KEPT = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Progress:
    """How far a line of an order is."""

    number: int | None
    status: str
    parts: list[tuple[int | None, str]]


@dataclass(frozen=True)
class Told:
    """How a question stands; ``error`` says why Partner Center told nothing."""

    waits: bool
    error: Mapping[str, Any] = field(default_factory=dict)
    lines: list[Progress] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def provisioning(row: Order, asker_id: int | None) -> Told:
    """Ask how far the lines are (get-order-provisioning-status)."""
    return _ask(row, GET_ORDER_PROVISIONING_STATUS, {}, asker_id)


def links(row: Order, number: int, asker_id: int | None) -> Told:
    """Ask for the activation links of a line (get-activation-link-by-order-line-item)."""
    return _ask(row, LIST_ACTIVATION_LINKS, {"line_item_number": str(number)}, asker_id)


def _ask(row: Order, operation: Operation[Any], more: dict[str, str], asker_id: int | None) -> Told:
    path = {"customer_id": row.customer_pc_id, "order_id": row.pc_id} | more
    question = questions.ask(
        row.connection, operation.name, Parameters(path=path), asker_id=asker_id, kept=KEPT
    )
    if not question.settled:
        return Told(waits=True)
    if question.state != QuestionState.ANSWERED:
        return Told(waits=False, error=question.error or {"code": "", "message": ""})
    items = children(question.answer, "items")
    return Told(
        waits=False,
        lines=[_progress(one) for one in items],
        links=[found for one in items if (found := text(child(one, "link").get("uri")))],
    )


def _progress(one: Mapping[str, Any]) -> Progress:
    parts = children(one, "quantityProvisioningInformation")
    return Progress(
        whole(one.get("lineItemNumber")),
        text(one.get("status")).lower(),
        [(whole(part.get("quantity")), text(part.get("status")).lower()) for part in parts],
    )

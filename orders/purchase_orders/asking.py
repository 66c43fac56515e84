"""A live read: what Partner Center has of the papers of an order."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orders.models import Order
from portal.mirror import questions
from portal.mirror.models import QuestionState
from portal.mirror.questions import Parameters
from portal.mirror.values import children, text, whole
from portal.partnercenter.operations.purchasing import LIST_ORDER_ATTACHMENTS

KEPT = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Attachment:
    """A file that Partner Center has; ``size`` in thousands of bytes."""

    pc_id: str
    name: str
    kind: str
    size: int | None


@dataclass(frozen=True)
class Told:
    """How the question stands; ``error`` says why Partner Center told nothing."""

    waits: bool
    error: Mapping[str, Any] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)


def attachments(row: Order, asker_id: int | None) -> Told:
    """Ask what was handed in (facts, attachment(s) of an order)."""
    path = {"customer_id": row.customer_pc_id, "order_id": row.pc_id}
    name = LIST_ORDER_ATTACHMENTS.name
    question = questions.ask(
        row.connection, name, Parameters(path=path), asker_id=asker_id, kept=KEPT
    )
    if not question.settled:
        return Told(waits=True)
    if question.state != QuestionState.ANSWERED:
        return Told(waits=False, error=question.error or {"code": "", "message": ""})
    found = [_attachment(one) for one in children(question.answer, "items")]
    return Told(waits=False, attachments=found)


def _attachment(one: Mapping[str, Any]) -> Attachment:
    return Attachment(
        text(one.get("attachmentId")),
        text(one.get("fileName")),
        text(one.get("attachmentType")),
        whole(one.get("sizeInKB")),
    )

"""The worker's side of handing in: read the order, send the files, keep what Partner Center calls them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.placed import delivery
from orders.placed.part import TARGET
from orders.purchase_orders.models import OrderPaper, Paper
from orders.purchase_orders.part import HAND_IN, RIGHT
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.purchasing import ATTACH_PURCHASE_ORDER
from portal.partnercenter.spec import Multipart, Part
from portal.partnercenter.wire import encode
from portal.ui import formats, statuses

FIELDS = {"status": _("Status"), "documents": _("Documents")}
BARS = {"documents": _("The files are no longer kept. Hand them in again.")}
_FIELDS = {Paper.PURCHASE_ORDER: "pofiles", Paper.TENDER: "tenderfiles"}
_TYPES = {Paper.PURCHASE_ORDER: "POAttachment", Paper.TENDER: "TenderAttachment"}


def hand_in(attempt: Attempt) -> verbs.Delivered:
    """Send all files in one form; confirmed is what a read after it finds."""
    command = attempt.command
    fresh = delivery.read(attempt)
    if attempt.may_have_left and fresh.reached(command):
        return verbs.Applied(save=fresh.saver(command))
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=fresh.saver(command))
    papers = _papers(command)
    if any(one.file is None or not one.file.path.is_file() for one in papers):
        return verbs.Changed(difference={"documents": (len(papers), 0)})
    body = form(papers, command.parameters)
    reply = attempt.write(ATTACH_PURCHASE_ORDER, body=body, **delivery.ids(command))
    return _applied(command, delivery.read(attempt), reply.body, reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """After a lost answer the order's status tells whether it has arrived."""
    command, fresh = attempt.command, delivery.read(attempt)
    if fresh.reached(command):
        return _applied(command, fresh, {}, attempt.step.correlation_id)
    return verbs.NotApplied()


def form(papers: Sequence[OrderPaper], told: Mapping[str, Any]) -> Multipart:
    """The body as attaching-purchase-order-and-completing-po-details spells it."""
    metadata = {
        "isPartofTender": bool(told.get("is_tender")),
        "customerPrice": told["price"],
        "currency": told["currency"],
    }
    more = {"fxRate": told.get("fx_rate"), "tenderLink": told.get("tender_link")}
    metadata |= {name: value for name, value in more.items() if value}
    parts = [Part("metadata", encode(metadata))]
    for one in papers:
        assert one.file is not None, "the files were looked for"
        field = _FIELDS[Paper(one.kind)]
        parts.append(Part(field, one.file.path.read_bytes(), one.name, one.content_type))
    return Multipart(tuple(parts))


def _applied(
    command: Command, fresh: delivery.Fresh, answer: Mapping[str, Any], correlation_id: str
) -> verbs.Applied:
    saved = fresh.saver(command)

    def save() -> Mapping[str, Any] | None:
        found = [dict(one) for one in answer.get("items") or ()]
        for paper in _papers(command):
            paper.pc_id = _named(found, paper)
            paper.save(update_fields=["pc_id"])
        return saved()

    return verbs.Applied(save=save, correlation_id=correlation_id)


def _named(found: Sequence[Mapping[str, Any]], paper: OrderPaper) -> str:
    """What Partner Center calls a file: of several with one name, the last."""
    mine = (paper.name, _TYPES[Paper(paper.kind)])
    ids = [
        str(one.get("attachmentId") or "")
        for one in found
        if (one.get("fileName"), one.get("attachmentType")) == mine
    ]
    return ids[-1] if ids else ""


def _papers(command: Command) -> list[OrderPaper]:
    return list(OrderPaper.objects.filter(command=command).select_related("file").order_by("pk"))


def show(field: str, value: Any) -> str:
    """One value in words."""
    return str(statuses.status(value).word) if field == "status" else formats.count(value)


def register() -> None:
    """Enter the verb; called from the room's setup."""
    step = verbs.Step(name=ATTACH_PURCHASE_ORDER.name, deliver=hand_in, settle=settle)
    verbs.register(
        verbs.Verb(
            name=HAND_IN,
            label=_("Hand in a purchase order"),
            right=RIGHT,
            target_type=TARGET,
            target=delivery.target,
            steps=(step,),
            fields=FIELDS,
            bars=BARS,
            target_url="order",
            show=show,
        )
    )

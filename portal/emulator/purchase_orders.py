"""Orders that wait for the customer's purchase order (pending-po-upload): handed in, then looked at by Microsoft.

Which products ask for one is the control plane's to say; at first they are the two of the sandbox.
"""

import contextlib
from typing import TYPE_CHECKING, Any

import msgspec

from portal.emulator.audit import Event
from portal.emulator.errors import Refusal
from portal.emulator.founding import lower
from portal.emulator.model import JSON, Actor
from portal.emulator.sales import Placed

if TYPE_CHECKING:
    from portal.emulator.carts import Line
    from portal.emulator.store import Store

PENDING, COMPLETE, REJECTED = "pending_po_upload", "po_upload_complete", "po_review_rejected"
_KINDS = {"pofiles": "POAttachment", "tenderfiles": "TenderAttachment"}
Upload = tuple[str, str, int]
"""The field of a file, its name, its size in bytes."""


def is_needed(store: "Store", lines: "list[Line]") -> bool:
    """Whether an order of these lines waits."""
    asked = store.sales.papers_for
    return any(line.sku is not None and line.sku.product.id in asked for line in lines)


def attach(
    store: "Store", place: tuple[str, str], sent: tuple[str, list[Upload]], actor: Actor
) -> list[JSON]:
    """Keep what was handed in for an order and return it. Raise ``Refusal`` (900252 to 900254)."""
    customer_id, order_id = place
    account = store.account(customer_id)
    old = dict(store.order_changes.order(customer_id, order_id))
    placed = _placed(store, customer_id, order_id)
    metadata, uploads = sent
    if placed is None or placed.order["status"] not in {PENDING, REJECTED}:
        raise Refusal(4018, "The order does not wait for a purchase order.")
    _check(_told(metadata), {field for field, _name, _size in uploads})
    kept = store.sales.papers.setdefault(str(placed.order["id"]), [])
    kept += [
        {
            "attachmentId": store.ids.guid().replace("-", "")[:14],
            "fileName": name,
            "sizeInKB": -(-size // 1024),
            "attachmentType": _KINDS[field],
        }
        for field, name, size in uploads
    ]
    placed.order["status"] = COMPLETE
    new = store.order_changes.order(customer_id, order_id)
    data = (("OrderId", str(placed.order["id"])),)
    event = Event(account.customer, "order", "update_order", "succeeded", old, new, data)
    store.audit.write(event, actor, store.clock.now())
    return kept


def _check(told: JSON, fields: set[str]) -> None:
    if "pofiles" not in fields:
        raise Refusal(900252)
    if not (told.get("customerprice") and told.get("currency")):
        raise Refusal(900254)
    tender = str(told.get("ispartoftender", "")).lower() == "true"
    if tender and not told.get("tenderlink") and "tenderfiles" not in fields:
        raise Refusal(900253)


def _told(text: str) -> JSON:
    content: Any = None
    with contextlib.suppress(msgspec.DecodeError):
        content = msgspec.json.decode(text)
    if not isinstance(content, dict):
        raise Refusal(900254)
    return lower(content)


def of(store: "Store", customer_id: str, order_id: str) -> list[JSON]:
    """What was handed in for an order. Raise ``Refusal`` (404) for an unknown one."""
    order = store.order_changes.order(customer_id, order_id)
    return store.sales.papers.get(str(order["id"]), [])


def review(store: "Store", order_id: str, *, accepted: bool) -> None:
    """Let Microsoft have looked at it: the order goes on, or waits again. Raise ValueError for no such order."""
    for rows in store.sales.placed.values():
        for placed in rows:
            if placed.order["id"] == order_id and placed.order["status"] == COMPLETE:
                if accepted:
                    placed.ready = store.clock.now()
                placed.order["status"] = _after(placed) if accepted else REJECTED
                return
    raise ValueError(f"the order {order_id!r} has no purchase order to look at")


def _after(placed: Placed) -> str:
    """An accepted order is done where no subscription comes of it."""
    return "pending" if placed.waiting else "completed"


def _placed(store: "Store", customer_id: str, order_id: str) -> Placed | None:
    rows = store.sales.orders(store.customer(customer_id).id)
    return next((one for one in rows if one.order["id"].lower() == order_id.lower()), None)

"""What is handed in for an order: when, which files, what must be told beside them (attaching-purchase-order-…)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from orders.models import Order
from orders.placed.rules import may_change
from orders.purchase_orders.models import Paper
from portal.access.refusing import RefusedError
from portal.lists.files import safe_name
from portal.ui import formats

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

PENDING, COMPLETE, REJECTED = "pending_po_upload", "po_upload_complete", "po_review_rejected"
WAITING = (PENDING, REJECTED)
MOST = 5
LARGEST = 5_000_000
# What a file begins with, by the ending of its name. Partner Center names no list; these are read everywhere.
KINDS: Mapping[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK\x03\x04",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is handed in: what the customer pays, in which currency, and whether it is part of a tender."""

    price: Decimal
    currency: str
    fx_rate: Decimal | None = None
    is_tender: bool = False
    tender_link: str = ""
    documents: Sequence["UploadedFile[bytes]"] = field(default_factory=list)
    tender_documents: Sequence["UploadedFile[bytes]"] = field(default_factory=list)

    @property
    def papers(self) -> list[tuple[Paper, "UploadedFile[bytes]"]]:
        """All files, each with what it is."""
        mine = [(Paper.PURCHASE_ORDER, one) for one in self.documents]
        return mine + [(Paper.TENDER, one) for one in self.tender_documents if self.is_tender]

    def told(self) -> dict[str, Any]:
        """What goes out beside the files, as the change keeps it."""
        found = {"price": str(self.price), "currency": self.currency.upper()}
        if self.fx_rate is not None:
            found["fx_rate"] = str(self.fx_rate)
        link = self.tender_link if self.is_tender else ""
        return found | {"is_tender": self.is_tender} | ({"tender_link": link} if link else {})


def may_hand_in(row: Order) -> None:
    """Refuse an order that waits for nothing."""
    may_change(row)
    if row.status not in WAITING:
        told = _("This order does not wait for a purchase order.")
        raise RefusedError("not_waiting", told)


def check(wish: Wish) -> None:
    """Refuse what Partner Center refuses (900252 to 900254), and files that nobody should open."""
    if wish.price <= 0 or not wish.currency:
        raise RefusedError(
            "price", _("Say what the customer pays, and in which currency."), "price"
        )
    if not wish.documents:
        told = _("Choose the customer's purchase order.")
        raise RefusedError("documents", told, "documents")
    if wish.is_tender and not (wish.tender_documents or wish.tender_link):
        told = _("A tender needs its document or a link to it.")
        raise RefusedError("tender", told, "tender_link")
    if len(wish.papers) > MOST:
        told = _("At most %(most)s files at once.") % {"most": MOST}
        raise RefusedError("documents", told, "documents")
    for kind, one in wish.papers:
        _check_file(one, "documents" if kind == Paper.PURCHASE_ORDER else "tender_documents")


def _check_file(one: "UploadedFile[bytes]", name: str) -> None:
    shown = {"name": safe_name(one.name or ""), "n": formats.number(LARGEST // 1_000_000)}
    if (one.size or 0) > LARGEST:
        told = _("%(name)s is larger than %(n)s MB.") % shown
        raise RefusedError("file_size", told, name)
    begins = one.read(8)
    one.seek(0)
    if not begins.startswith(_kind(one)[1]) or not one.size:
        told = _("%(name)s is not a PDF, PNG, JPEG or Word file.") % shown
        raise RefusedError("file_kind", told, name)


def _kind(one: "UploadedFile[bytes]") -> tuple[str, bytes]:
    return KINDS.get(PurePath(one.name or "").suffix.lower(), ("", b"\x00 none"))


def content_type(one: "UploadedFile[bytes]") -> str:
    """What a checked file is, by its name; what the browser says of it does not count."""
    return _kind(one)[0]

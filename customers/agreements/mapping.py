"""Agreements and qualifications of the wire as columns: pure functions (agreement-resources, facts)."""

from typing import Any

from customers.agreements.part import KINDS
from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import flag, moment, text

CONFIRMATION = ("pc_id", "customer_pc_id", "template_id", "agreed_at", "link")
SIGNATURE = ("pc_id", "customer_pc_id", "is_signed")
QUALIFICATION = ("pc_id", "customer_pc_id", "kind", "status", "asked_at")


def confirmation(payload: Payload, reading: Reading) -> Columns:
    """Map a confirmation (get-confirmation-of-customer-consent)."""
    template, day = text(payload.get("templateId")), text(payload.get("dateAgreed"))
    return {
        "pc_id": f"{reading.parent}:{template}:{day}",
        "customer_pc_id": reading.parent,
        "template_id": template,
        "agreed_at": moment(payload.get("dateAgreed")),
        "link": text(payload.get("agreementLink")),
    }


def signature(payload: Payload, reading: Reading) -> Columns:
    """Map the status of direct signing; a customer has one."""
    return {
        "pc_id": reading.parent,
        "customer_pc_id": reading.parent,
        "is_signed": flag(payload.get("isSigned")),
    }


def qualification(payload: Payload, reading: Reading) -> Columns:
    """Map an entry of the qualifications (the asynchronous form of get-a-customer-s-qualification)."""
    kind = text(payload.get("qualification"))
    return {
        "pc_id": f"{reading.parent}:{kind}",
        "customer_pc_id": reading.parent,
        "kind": kind,
        "status": text(payload.get("vettingStatus")),
        # The list and the answer to a new one write it differently.
        "asked_at": moment(payload.get("vettingCreatedDate") or payload.get("vettingCreateDate")),
    }


def earlier(word: Any) -> list[Payload]:
    """The one qualification that the call of before 2021 tells in a word; it counts, nobody reviews it."""
    told = text(word).lower()
    return [
        {"qualification": one, "vettingStatus": "Approved"} for one in KINDS if one.lower() == told
    ]

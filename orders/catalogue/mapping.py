"""The catalogue of the wire as columns: pure functions (product-resources, new-commerce facts)."""

from collections.abc import Mapping
from typing import Any

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import child, children, flag, identifier, text, whole

SEPARATOR = "/"
PRODUCT_COLUMNS = (
    "pc_id",
    "shelf",
    "market",
    "view",
    "title",
    "product_type",
    "product_subtype",
    "publisher",
    "is_microsoft",
    "segments",
)
SKU_COLUMNS = (
    "pc_id",
    "place",
    "shelf",
    "product_pc_id",
    "title",
    "description",
    "minimum",
    "maximum",
    "is_trial",
    "is_add_on",
    "is_attested",
    "billing_cycles",
    "purchase_prerequisites",
    "inventory_variables",
    "provisioning_variables",
    "prerequisite_skus",
    "least_commitment",
    "region",
)
AVAILABILITY_COLUMNS = (
    "pc_id",
    "place",
    "product_place",
    "sku_pc_id",
    "catalog_item_id",
    "segment",
    "currency",
    "is_purchasable",
    "is_renewable",
    "durations",
    "cycles",
    "terms",
)
OFFER_COLUMNS = (
    "pc_id",
    "market",
    "name",
    "category",
    "unit",
    "billing",
    "minimum",
    "maximum",
    "is_add_on",
    "is_trial",
    "is_available",
    "is_auto_renewable",
    "billing_cycles",
    "prerequisite_offers",
    "qualifications",
)


def parts(place: str) -> list[str]:
    """Take a place apart: market, view, product, SKU, as far as it goes."""
    return place.split(SEPARATOR)


def product(payload: Payload, reading: Reading) -> Columns:
    """Map a product; ``segments`` were added by ``sync.products``, who asked by them."""
    market, view = parts(reading.parent)
    kind = child(payload, "productType")
    return {
        "pc_id": text(payload.get("id")),
        "shelf": reading.parent,
        "market": market,
        "view": view,
        "title": text(payload.get("title")),
        "product_type": text(kind.get("id")),
        "product_subtype": text(child(kind, "subType").get("id")),
        "publisher": text(payload.get("publisherName")),
        "is_microsoft": flag(payload.get("isMicrosoftProduct")),
        "segments": _texts(payload.get("segments")),
    }


def sku(payload: Payload, reading: Reading) -> Columns:
    """Map a SKU (get-a-list-of-skus-for-a-product)."""
    market, view, product_id = parts(reading.parent)
    attributes = child(payload, "dynamicAttributes")
    return {
        "pc_id": text(payload.get("id")),
        "place": reading.parent,
        "shelf": f"{market}{SEPARATOR}{view}",
        "product_pc_id": product_id,
        "title": text(payload.get("title")),
        "description": text(payload.get("description")),
        "minimum": whole(payload.get("minimumQuantity")),
        "maximum": whole(payload.get("maximumQuantity")),
        "is_trial": flag(payload.get("isTrial")),
        "is_add_on": flag(attributes.get("isAddon")) or False,
        "is_attested": flag(child(payload, "attestationProperties").get("enforceAttestation")),
        "billing_cycles": [one.lower() for one in _texts(payload.get("supportedBillingCycles"))],
        "purchase_prerequisites": _texts(payload.get("purchasePrerequisites")),
        "inventory_variables": _texts(payload.get("inventoryVariables")),
        "provisioning_variables": _texts(payload.get("provisioningVariables")),
        "prerequisite_skus": _texts(attributes.get("prerequisiteSkus")),
        "least_commitment": _commitment(child(payload, "minimumPurchaseCommitment")),
        "region": text(attributes.get("armRegionName")),
    }


def _commitment(told: Mapping[str, Any]) -> dict[str, str] | None:
    """What a savings plan takes at least (azure-purchase-savings-plan); None for all else."""
    if not told:
        return None
    currency = text(child(told, "currencyCode").get("code"))
    grain = text(told.get("grain")).lower()
    return {"amount": text(told.get("amount")), "currency": currency, "grain": grain}


def availability(payload: Payload, reading: Reading) -> Columns:
    """Map an availability with its terms (get-an-availability-by-id)."""
    *above, sku_id = parts(reading.parent)
    terms = [_term(one) for one in children(payload, "terms")]
    return {
        "pc_id": text(payload.get("id")),
        "place": reading.parent,
        "product_place": SEPARATOR.join(above),
        "sku_pc_id": sku_id,
        "catalog_item_id": text(payload.get("catalogItemId")),
        "segment": text(payload.get("segment")).lower(),
        "currency": text(child(payload, "defaultCurrency").get("code")),
        "is_purchasable": flag(payload.get("isPurchasable")),
        "is_renewable": flag(payload.get("isRenewable")),
        "durations": sorted({term["duration"] for term in terms} - {""}),
        "cycles": sorted({term["billing_cycle"] for term in terms} - {""}),
        "terms": terms,
    }


def offer(payload: Payload, reading: Reading) -> Columns:
    """Map a legacy offer (get-an-offer-by-id); its category's name may come from the list of categories."""
    return {
        "pc_id": identifier(payload.get("id")),
        "market": reading.parent,
        "name": text(payload.get("name")),
        "category": text(child(payload, "category").get("name")),
        "unit": text(payload.get("unitType")),
        "billing": text(payload.get("billing")).lower(),
        "minimum": whole(payload.get("minimumQuantity")),
        "maximum": whole(payload.get("maximumQuantity")),
        "is_add_on": flag(payload.get("isAddOn")),
        "is_trial": flag(payload.get("isTrial")),
        "is_available": flag(payload.get("isAvailableForPurchase")),
        "is_auto_renewable": flag(payload.get("isAutoRenewable")),
        "billing_cycles": [one.lower() for one in _texts(payload.get("supportedBillingCycles"))],
        "prerequisite_offers": [
            identifier(one) for one in _texts(payload.get("prerequisiteOffers"))
        ],
        "qualifications": _texts(payload.get("reselleeQualifications")),
    }


def _term(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A term: how long, how it is billed, and until when what was bought can be given back."""
    refunds = [
        {"type": text(option.get("type")).lower(), "until": text(option.get("expiresAfter"))}
        for policy in children(payload, "cancellationPolicies")
        for option in children(policy, "refundOptions")
    ]
    return {
        "id": text(payload.get("id")),
        "duration": text(payload.get("duration")),
        "billing_cycle": text(payload.get("billingCycle")).lower(),
        "description": text(payload.get("description")),
        "refunds": refunds,
    }


def _texts(value: Any) -> list[str]:
    return [text(one) for one in value] if isinstance(value, list) else []

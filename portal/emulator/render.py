"""The records as wire JSON. Lists and single reads differ as Microsoft documents."""

import base64
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import msgspec

from portal.emulator.catalogue import Item
from portal.emulator.clock import iso
from portal.emulator.model import JSON, WINDOW, Customer, Reseller, Subscription

encode = msgspec.json.encode


def link(uri: str) -> JSON:
    return {"uri": uri, "method": "GET", "headers": []}


def collection(items: list[Any], **more: Any) -> JSON:
    """Return a collection envelope; ``totalCount`` counts this page, as the SDK does."""
    return {
        "totalCount": len(items),
        "items": items,
        **more,
        "attributes": {"objectType": "Collection"},
    }


def number(text: str) -> msgspec.Raw:
    """Return a number as its very digits: a float would lose some."""
    return msgspec.Raw(text.encode())


def etag(resource_id: str, version: int) -> str:
    """Return an etag of the documented form: base64 of the id and its version."""
    return base64.b64encode(encode({"id": resource_id.lower(), "version": version})).decode()


def etag_version(text: str, resource_id: str) -> int | None:
    """Return the version in an etag of that resource; None for text that is no such etag."""
    try:
        content = msgspec.json.decode(base64.b64decode(text, validate=True))
    except (ValueError, msgspec.DecodeError):
        return None
    if not isinstance(content, dict) or content.get("id") != resource_id.lower():
        return None
    version = content.get("version")
    return version if isinstance(version, int) else None


def reseller(item: Reseller, *, of_customer: bool = False) -> JSON:
    """Return an indirect reseller; read through a customer it lacks state and location."""
    answer: JSON = {
        "id": item.id,
        "name": item.name,
        "relationshipType": "is_indirect_cloud_solution_provider_of",
    }
    if not of_customer:
        answer["state"] = "Active"
    answer["mpnId"] = item.mpn_id
    if not of_customer:
        answer["location"] = item.country
    answer["attributes"] = {"objectType": "PartnerRelationship"}
    return answer


def customer(item: Customer) -> JSON:
    """Return a customer as lists show it: no address, no billing profile, no domains."""
    path = f"/customers/{item.id}"
    return {
        "id": item.id,
        "companyProfile": {
            "tenantId": item.id,
            "domain": item.domain,
            "companyName": item.name,
            "links": {"self": link(f"{path}/profiles/company")},
            "attributes": {"objectType": "CustomerCompanyProfile"},
        },
        "relationshipToPartner": "reseller",
        "links": {"self": link(path)},
        "attributes": {"objectType": "Customer"},
    }


def customer_detail(item: Customer, profile: JSON) -> JSON:
    """Return a customer as get-by-id shows it; ``profile`` is what ``seeds.people`` knows."""
    path = f"/customers/{item.id}"
    return {
        "id": item.id,
        "commerceId": profile["commerceId"],
        "companyProfile": company_profile(item, profile),
        "billingProfile": billing_profile(item, profile),
        "relationshipToPartner": "reseller",
        "allowDelegatedAccess": profile["allowDelegatedAccess"],
        "customDomains": profile["customDomains"],
        "links": {"self": link(path)},
        "attributes": {"objectType": "Customer"},
    }


def company_profile(item: Customer, profile: JSON) -> JSON:
    return {
        "tenantId": item.id,
        "domain": item.domain,
        "companyName": item.name,
        "address": profile["companyAddress"],
        "email": profile["email"],
        "links": {"self": link(f"/customers/{item.id}/profiles/company")},
        "attributes": {"objectType": "CustomerCompanyProfile"},
    }


def billing_profile(item: Customer, profile: JSON) -> JSON:
    """Return the billing profile; ``billing`` in the profile is what somebody has put since."""
    seeded = {
        "firstName": profile["firstName"],
        "lastName": profile["lastName"],
        "email": profile["email"],
        "culture": profile["culture"],
        "language": profile["language"],
        "companyName": item.name,
        "defaultAddress": profile["billingAddress"],
    }
    return {
        "id": profile["billingProfileId"],
        **(profile.get("billing") or seeded),
        "links": {"self": link(f"/customers/{item.id}/profiles/billing")},
        "attributes": {
            "etag": etag(profile["billingProfileId"], profile.get("billingVersion", 1)),
            "objectType": "CustomerBillingProfile",
        },
    }


def _day(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _close(day: date) -> str:
    return f"{day.isoformat()}T23:59:59Z"


@cache
def _product_links(product: Item, country: str) -> JSON:
    """Return the links that all subscriptions of an item in a market share."""
    if product.is_legacy:
        return {"offer": link(f"/offers/{product.product_id}?country={country}")}
    sku = f"/products/{product.product_id}/skus/{product.sku_id}"
    market = f"?country={country}"
    return {
        "product": link(f"/products/{product.product_id}{market}"),
        "sku": link(f"{sku}{market}"),
        "availability": link(f"{sku}/availabilities/{product.availability_id}{market}"),
    }


@cache
def _product_type(product_type: str) -> JSON:
    return {"id": product_type, "displayName": product_type}


def _dates(item: Subscription) -> JSON:
    end = item.last_day or date(9999, 12, 14)
    billing_end = item.charge_end or end
    return {
        "commitmentEndDate": _day(end),
        "commitmentEndDateTime": _close(end),
        "billingCycleEndDate": _day(billing_end),
        "billingCycleEndDateTime": _close(billing_end),
        "cancellationAllowedUntilDate": iso(item.cancel_until) if item.cancel_until else None,
    }


def subscription(item: Subscription) -> JSON:
    """Return a subscription as lists show it: everything but ``refundableQuantity``."""
    product = item.item
    answer: JSON = {
        "id": item.id,
        "offerId": product.offer_id,
        "offerName": product.title,
        "friendlyName": item.name,
        "productType": _product_type(product.product_type),
        "quantity": item.quantity,
        "unitType": "Usage-based" if product.is_azure_plan else "Licenses",
        "hasPurchasableAddons": False,
        "creationDate": iso(item.created),
        "effectiveStartDate": iso(item.start),
        **_dates(item),
        "status": item.status,
        "autoRenewEnabled": item.auto_renew,
        "isTrial": item.is_trial,
        "billingType": "usage" if product.is_azure_plan else "license",
        "billingCycle": product.billing_cycle,
        "termDuration": product.term,
        "renewalTermDuration": "",
        "isMicrosoftProduct": True,
        "partnerId": item.partner_id,
        "attentionNeeded": False,
        "actionTaken": False,
        "contractType": "subscription",
        "links": {
            **_product_links(product, item.country),
            "self": link(f"/customers/{item.customer_id}/subscriptions/{item.id}"),
        },
        "publisherName": "Microsoft Corporation",
        "orderId": item.order_id,
        "attributes": {"etag": etag(item.id, item.version), "objectType": "Subscription"},
    }
    _origin(item, answer)
    if item.schedule is not None:
        answer["scheduledNextTermInstructions"] = item.schedule
    if item.actions:
        answer["scheduledActions"] = item.actions
    if item.next_charge is not None:
        answer["nextChargeInstructions"] = item.next_charge
    if item.promotion_id:
        answer["promotionId"] = item.promotion_id
    if item.suspension_reasons:
        answer["suspensionReasons"] = item.suspension_reasons
    if item.cancel_until and not item.is_trial:
        full_until = iso(min(item.start + WINDOW / 7, item.cancel_until))
        answer["refundOptions"] = [{"type": "Full", "expiresAt": full_until}]
    return answer


def _origin(item: Subscription, answer: JSON) -> None:
    """What the kind adds or lacks: legacy has no product type, its add-ons name their base (facts.json)."""
    if item.item.is_legacy:
        del answer["productType"]
    if item.benefit is not None:
        answer |= _savings_plan(item, item.benefit)
    if item.migrated_from:
        answer["migratedFromSubscriptionId"] = item.migrated_from
    if item.parent_id:
        base = f"/customers/{item.customer_id}/subscriptions/{item.parent_id}"
        answer["parentSubscriptionId"] = item.parent_id
        answer["links"]["parentSubscription"] = link(base)


def _savings_plan(item: Subscription, benefit: JSON) -> JSON:
    """What the resource of a savings plan has of its own (azure-savings-plan-get-a-subscription-by-id)."""
    kind = {"id": "SavingsPlan", "displayName": "SavingsPlan"}
    line = {
        "id": item.order_id,
        "friendlyName": item.name,
        "scope": benefit["scope"],
        "autoRenewEnabled": item.auto_renew,
        "status": item.status,
        "purchaseCommitment": benefit["commitment"],
    }
    return {
        "productType": {"id": "Azure", "displayName": "Azure", "subType": kind},
        "unitType": "Benefit",
        "billingType": "benefit",
        "lineItems": [line],
        "productOrderId": item.order_id,
    }


def subscription_detail(item: Subscription, now: datetime) -> JSON:
    """Return a subscription as get-by-id shows it, with the seats still refundable at ``now``."""
    return {**subscription(item), "refundableQuantity": refundable(item, now.astimezone(UTC))}


def refundable(item: Subscription, now: datetime) -> JSON | None:
    """Return ``refundableQuantity``; null while suspended (facts.json)."""
    if item.status != "active" or item.item.is_azure_plan:
        return None
    lots = item.open_lots(now)
    return {
        "totalQuantity": sum(lot.quantity for lot in lots),
        "details": [
            {"quantity": lot.quantity, "allowedUntilDateTime": iso(lot.until)} for lot in lots
        ],
    }


def pascal(value: Any) -> Any:
    """Return JSON with names in Pascal case, the form inside audit records."""
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: pascal(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [pascal(inner) for inner in value]
    return value

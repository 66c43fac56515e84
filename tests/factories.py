"""Rows as a sync would leave them: wire JSON first, through the mapping, into the table."""

import datetime as dt
import itertools
import uuid
from typing import Any

from django.utils import timezone

from customers.models import Customer
from orders.models import Subscription
from portal.access.models import Reseller
from portal.connections.models import Connection
from portal.mirror import families
from portal.mirror.upsert import upsert

_numbers = itertools.count(1)


def guid(seed: str) -> str:
    """Return the same GUID for the same words."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, seed))


def make_connection(name: str = "", **fields: Any) -> Connection:
    """A live sandbox with consent, whose hosts answer nothing."""
    base = "http://127.0.0.1:9"
    values = {
        "name": name or f"connection-{next(_numbers)}",
        "environment": "sandbox",
        "mode": "live",
        "tenant_id": guid("tenant"),
        "client_id": guid("client"),
        "client_secret": "canary-secret",
        "refresh_token": "canary-token",
        "api_url": base,
        "login_url": base,
        "graph_url": base,
    }
    return Connection.objects.create(**(values | fields))


def wire_reseller(name: str, mpn: str = "") -> dict[str, Any]:
    """An entry of the list of indirect resellers."""
    return {
        "id": guid(name),
        "name": name,
        "relationshipType": "is_indirect_cloud_solution_provider_of",
        "state": "Active",
        "mpnId": mpn or str(4_000_000 + next(_numbers)),
        "location": "US",
        "attributes": {"objectType": "PartnerRelationship"},
    }


def wire_customer(name: str, **fields: Any) -> dict[str, Any]:
    """An entry of the list of customers."""
    pc_id = guid(name)
    return {
        "id": pc_id,
        "companyProfile": {
            "tenantId": pc_id,
            "domain": f"{name.lower().replace(' ', '')}.onmicrosoft.com",
            "companyName": name,
            "attributes": {"objectType": "CustomerCompanyProfile"},
        },
        "relationshipToPartner": "reseller",
        "attributes": {"objectType": "Customer"},
        **fields,
    }


def wire_customer_detail(name: str, **fields: Any) -> dict[str, Any]:
    """What get-by-id says of a customer."""
    payload = wire_customer(name)
    payload["companyProfile"]["address"] = {
        "country": "FR",
        "city": "Lyon",
        "addressLine1": "1 rue de la Paix",
        "postalCode": "69001",
        "phoneNumber": "+33 1 23 45 67 89",
    }
    payload["billingProfile"] = {"firstName": "Ada", "lastName": "Martin", "language": "fr"}
    return payload | fields


def wire_subscription(name: str, **fields: Any) -> dict[str, Any]:
    """An entry of a customer's list: a new-commerce seat subscription."""
    return {
        "id": guid(f"subscription {name}"),
        "offerId": "CFQ7TTC0LH18:0001:CFQ7TTC0K971",
        "offerName": "Microsoft 365 Business Basic",
        "friendlyName": name,
        "productType": {"id": "OnlineServicesNCE", "displayName": "OnlineServicesNCE"},
        "quantity": 10,
        "unitType": "Licenses",
        "creationDate": "2025-01-14T16:57:15.0966728Z",
        "effectiveStartDate": "2025-01-14T16:57:14.498252Z",
        "commitmentEndDate": "2027-01-13T00:00:00Z",
        "status": "active",
        "autoRenewEnabled": True,
        "isTrial": False,
        "billingType": "license",
        "billingCycle": "monthly",
        "termDuration": "P1Y",
        "renewalTermDuration": "",
        "partnerId": "",
        "orderId": "34b37d7340cc",
        "links": {"self": {"uri": f"/subscriptions/{name}", "method": "GET"}},
        "attributes": {"etag": f"etag-{next(_numbers)}", "objectType": "Subscription"},
        **fields,
    }


def wire_subscription_detail(name: str, **fields: Any) -> dict[str, Any]:
    """What get-by-id says of a subscription: 4 of its seats can be taken back for three more days."""
    until = timezone.now() + dt.timedelta(days=3)
    lots = [{"quantity": 4, "allowedUntilDateTime": until.isoformat()}]
    refundable = {"totalQuantity": 4, "details": lots}
    return wire_subscription(name, **({"refundableQuantity": refundable} | fields))


def store(
    family: str, connection: Connection, *payloads: dict[str, Any], parent: str = "", **options: Any
) -> None:
    """Write payloads as a reading of now, or ``observed_at``; ``detail=True`` for get-by-id."""
    found = families.get(family)
    detail = options.get("detail") and found.detail
    representation = detail.representation if detail else found.listing.representation
    at = options.get("observed_at") or timezone.now()
    upsert(found, representation, connection, payloads, observed_at=at, parent=parent)


def make_reseller(connection: Connection, name: str, mpn: str = "") -> Reseller:
    """An indirect reseller, with its partner id."""
    store("resellers", connection, wire_reseller(name, mpn))
    return Reseller.objects.get(connection=connection, pc_id=guid(name))


def make_customer(
    connection: Connection, name: str, *resellers: Reseller, **fields: Any
) -> Customer:
    """A customer of the list, linked to its resellers."""
    payload = wire_customer(name, **fields)
    store("customers", connection, payload)
    for reseller in resellers:
        store("relationships", connection, payload, parent=reseller.pc_id)
    return Customer.objects.get(connection=connection, pc_id=guid(name))


def make_subscription(customer: Customer, name: str, **fields: Any) -> Subscription:
    """A subscription of the customer's list."""
    payload = wire_subscription(name, **fields)
    store("subscriptions", customer.connection, payload, parent=customer.pc_id)
    return Subscription.objects.get(connection=customer.connection, pc_id=payload["id"])

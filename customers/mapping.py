"""Customers and relationships of the wire as columns: pure functions (customer-resources, relationships-resources)."""

from typing import Any

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import child, flag, identifier, text

LIST_COLUMNS = ("pc_id", "tenant_id", "name", "domain", "relationship_to_partner")
# Only get-by-id carries the company's address and the billing profile.
DETAIL_COLUMNS = (
    *LIST_COLUMNS,
    "commerce_id",
    "country",
    "region",
    "city",
    "postal_code",
    "address_line1",
    "address_line2",
    "phone",
    "email",
    "first_name",
    "last_name",
    "language",
    "culture",
    "allow_delegated_access",
    "associated_partner_id",
)
LINK_COLUMNS = ("customer_pc_id", "reseller_pc_id")


def listed(payload: Payload, _reading: Reading) -> Columns:
    """Map an entry of the customer list (get-a-list-of-customers)."""
    company = child(payload, "companyProfile")
    return {
        "pc_id": identifier(payload.get("id")),
        "tenant_id": identifier(company.get("tenantId") or payload.get("id")),
        "name": text(company.get("companyName")),
        "domain": text(company.get("domain")),
        "relationship_to_partner": text(payload.get("relationshipToPartner")),
    }


def detailed(payload: Payload, reading: Reading) -> Columns:
    """Map get-by-id (get-a-customer-by-id): the company's address first, else the billing address."""
    company = child(payload, "companyProfile")
    billing = child(payload, "billingProfile")
    address = child(company, "address") or child(billing, "defaultAddress")
    return listed(payload, reading) | {
        "commerce_id": text(payload.get("commerceId")),
        "email": text(company.get("email") or billing.get("email")),
        "first_name": text(billing.get("firstName")),
        "last_name": text(billing.get("lastName")),
        "language": text(billing.get("language")),
        "culture": text(billing.get("culture")),
        "allow_delegated_access": flag(payload.get("allowDelegatedAccess")),
        "associated_partner_id": text(payload.get("associatedPartnerId")),
        **_address(address),
    }


def _address(address: Any) -> Columns:
    return {
        "country": text(address.get("country")).upper(),
        "region": text(address.get("region") or address.get("state")),
        "city": text(address.get("city")),
        "postal_code": text(address.get("postalCode")),
        "address_line1": text(address.get("addressLine1")),
        "address_line2": text(address.get("addressLine2")),
        "phone": text(address.get("phoneNumber")),
    }


def customer_of_reseller(payload: Payload, reading: Reading) -> Columns:
    """Map a customer in one reseller's list (get-customers-of-an-indirect-reseller)."""
    return {
        "customer_pc_id": identifier(payload.get("id")),
        "reseller_pc_id": reading.parent,
    }


def reseller_of_customer(payload: Payload, reading: Reading) -> Columns:
    """Map a reseller in one customer's list (get-indirect-resellers-of-a-customer)."""
    return {
        "customer_pc_id": reading.parent,
        "reseller_pc_id": identifier(payload.get("id")),
    }

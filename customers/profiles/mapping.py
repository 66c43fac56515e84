"""Profiles of the wire as rows and as the fields that staff edit: pure functions (customer-resources)."""

import copy
from collections.abc import Mapping
from typing import Any

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import child, text

COLUMNS = ("pc_id", "customer_pc_id")

# What staff edit of a billing profile, and where it stands on the wire.
FIELDS: dict[str, tuple[str, ...]] = {
    "company_name": ("companyName",),
    "first_name": ("firstName",),
    "last_name": ("lastName",),
    "email": ("email",),
    "phone": ("defaultAddress", "phoneNumber"),
    "address_line1": ("defaultAddress", "addressLine1"),
    "address_line2": ("defaultAddress", "addressLine2"),
    "postal_code": ("defaultAddress", "postalCode"),
    "city": ("defaultAddress", "city"),
    "state": ("defaultAddress", "state"),
}
# An address of which two people change a part each would be nobody's: it is compared whole.
ADDRESS = ("address_line1", "address_line2", "postal_code", "city", "state")


def of_customer(_payload: Payload, reading: Reading) -> Columns:
    """Map what a customer has one of: it goes by the customer's id."""
    return {"pc_id": reading.parent, "customer_pc_id": reading.parent}


def values(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that staff edit, "" for what is not there."""
    return {name: text(_at(payload, path)).strip() for name, path in FIELDS.items()}


def country(payload: Mapping[str, Any]) -> str:
    """Return the country of the billing address, ISO 3166 alpha-2 in capitals."""
    return text(child(payload, "defaultAddress").get("country")).upper()


def changed(payload: Mapping[str, Any], after: Mapping[str, str]) -> dict[str, Any]:
    """Return the whole profile with these fields as wanted (update-a-customer-s-billing-profile).

    The address names its person too: where it was the contact it stays the contact.
    """
    wanted = copy.deepcopy(dict(payload))
    address = wanted.setdefault("defaultAddress", {})
    for name in ("firstName", "lastName"):
        if address.get(name) == wanted.get(name) and (new := after.get(_OURS[name])) is not None:
            address[name] = new
    for name, value in after.items():
        *above, last = FIELDS[name]
        (address if above else wanted)[last] = value
    return wanted


_OURS = {"firstName": "first_name", "lastName": "last_name"}


def _at(payload: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = payload
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found

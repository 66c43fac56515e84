"""Partner Center's audit records: their columns, and what each of them says was touched.

Records carry no id (auditing-resources), so one is derived from what tells two records apart.
Their values are JSON inside a string; dates come in three forms.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from portal.mirror.families import Columns, Payload
from portal.mirror.values import children, identifier, moment, text

_sorted = msgspec.json.Encoder(order="sorted", decimal_format="number")

COLUMNS = (
    "pc_id",
    "resource_type",
    "resource_pc_id",
    "operation_type",
    "operation_status",
    "operation_date",
    "customer_pc_id",
    "customer_name",
    "user_principal_name",
    "application_id",
    "correlation_id",
    "summary",
)
TELLING = [
    "customerId",
    "resourceType",
    "operationType",
    "operationDate",
    "operationStatus",
    "resourceOldValue",
    "resourceNewValue",
    "customizedData",
    "userPrincipalName",
]
SHORT = 200

# What else of a customer its record says has changed: the family whose list of it tells.
ON_DEMAND = {
    "create_agreement": "agreements",
    "update_customer_billing_profile": "billing_profiles",
    "update_customer_qualification": "qualifications",
    "update_customer_spending_budget": "usage_budgets",
}
# Changes after which only the customer's whole list tells what there is now.
OF_SUBSCRIPTIONS = frozenset(
    {"subscription", "order", "transfer", "new_commerce_migration", "third_party_add_on"}
)
OF_CUSTOMERS = frozenset(
    {
        "add_customer",
        "delete_customer",
        "remove_partner_customer_relationship",
        "update_customer_billing_profile",
        "update_customer_partner_contract_company_name",
        "update_customer_qualification",
        "update_customer_spending_budget",
        "extend_relationship",
        "delete_tip_customer",
    }
)
OF_RELATIONSHIPS = frozenset(
    {
        "add_customer",
        "create_partner_relationship",
        "remove_partner_relationship",
        "extend_relationship",
    }
)
OF_RESELLERS = frozenset({"partner_relationship", "mpn_association"})

# Kinds of resource that tell of lists of the customer, each read again as a whole: a deleted user, for
# one, stands in another list than before.
BELOW_CUSTOMER: dict[str, tuple[str, ...]] = {
    "customer_user": ("customer_users",),
    "customer_directory_role": ("directory_roles",),
    "license": ("subscribed_skus",),
    "order": ("orders",),
    "azure_entitlement": ("azure_subscriptions",),
    "transfer": ("transfers",),
    "new_commerce_migration": ("nce_migrations", "nce_schedules"),
}
# What tells of people at a customer, without regard to case: it is kept in their own rows alone, so that
# it can be erased there. The name of anything else than a person is no secret.
PERSONAL = frozenset(
    {
        "firstname",
        "middlename",
        "lastname",
        "userprincipalname",
        "immutableid",
        "email",
        "phonenumber",
    }
)
OF_PEOPLE = frozenset({"customer_user", "customer_directory_role", "license"})

Touched = tuple[str, str, str]
"""Family, parent and key; an empty key means the parent's whole list."""


def record(payload: Payload) -> Columns | None:
    """Map one record; None where it has no readable date, without which it cannot be placed."""
    at = moment(payload.get("operationDate"))
    if at is None:
        return None
    return {
        "pc_id": record_id(payload),
        "resource_type": text(payload.get("resourceType")),
        "resource_pc_id": resource_id(payload),
        "operation_type": text(payload.get("operationType")),
        "operation_status": text(payload.get("operationStatus")),
        "operation_date": at,
        "customer_pc_id": identifier(payload.get("customerId")),
        "customer_name": text(payload.get("customerName")),
        "user_principal_name": text(payload.get("userPrincipalName")),
        "application_id": text(payload.get("applicationId")),
        "correlation_id": text(
            payload.get("originalCorrelationId") or payload.get("correlationId")
        ),
        "summary": summary(payload),
    }


def record_id(payload: Payload) -> str:
    """Return the record's id, or a digest of what tells it from others."""
    given = text(payload.get("id"))
    if given:
        return identifier(given)
    telling = _sorted.encode([payload.get(name) for name in TELLING])
    return hashlib.blake2b(telling, digest_size=16).hexdigest()


def customized(payload: Payload) -> dict[str, str]:
    """Return ``customizedData`` as a mapping; a repeated key keeps its last value."""
    return {
        text(pair.get("key")): text(pair.get("value"))
        for pair in children(payload, "customizedData")
        if pair.get("key")
    }


def value_of(payload: Payload, name: str) -> Mapping[str, Any]:
    """Return ``resourceNewValue`` or ``resourceOldValue``: JSON in a string, its names in Pascal case."""
    raw = payload.get(name)
    if isinstance(raw, str):
        try:
            raw = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            return {}
    return _camel(raw) if isinstance(raw, Mapping) else {}


def _camel(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key[:1].lower() + key[1:]: item for key, item in value.items()}


def resource_id(payload: Payload) -> str:
    """Return the id of what was touched, where the record says it."""
    for name in ("resourceNewValue", "resourceOldValue"):
        value = value_of(payload, name)
        if value.get("id"):
            return identifier(value["id"])
    told = customized(payload)
    for key in ("SubscriptionId", "OrderId", "CustomerUserId"):
        if told.get(key):
            return identifier(told[key])
    return ""


def summary(payload: Payload) -> dict[str, Any]:
    """Return the short values that differ between old and new, and the customized data, without people."""
    personal = PERSONAL
    if text(payload.get("resourceType")) in OF_PEOPLE:
        personal |= {"displayname"}
    old, new = value_of(payload, "resourceOldValue"), value_of(payload, "resourceNewValue")
    changes = {
        name: [_short(old.get(name)), _short(new.get(name))]
        for name in sorted({*old, *new})
        if name.lower() not in {"links", "attributes"} | personal and old.get(name) != new.get(name)
    }
    kept = {name: pair for name, pair in changes.items() if pair != [None, None]}
    data = {
        name: _short(value)
        for name, value in customized(payload).items()
        if name.partition("-")[0].lower() not in personal
    }
    return {"changes": kept, "data": data}


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)[:SHORT]
    return value if isinstance(value, bool | int | float) else None


def touched(payload: Payload) -> list[Touched]:
    """Return what must be read again because of this record. A failed operation touched nothing."""
    if text(payload.get("operationStatus")).lower() == "failed":
        return []
    customer = identifier(payload.get("customerId"))
    kind, operation = text(payload.get("resourceType")), text(payload.get("operationType"))
    found: list[Touched] = []
    if customer and (kind == "customer" or operation in OF_CUSTOMERS):
        found.append(("customers", "", customer))
    if operation in OF_RELATIONSHIPS or kind == "partner_relationship":
        found += [("relationships", customer, "")] if customer else [("resellers", "", "")]
    elif whole := _whole_list(kind, operation):
        found.append((whole, "", ""))
    elif kind in OF_RESELLERS and not customer:
        found.append(("resellers", "", ""))
    if customer and operation == "add_customer":
        # It may bring subscriptions along, of which no record tells.
        found.append(("subscriptions", customer, ""))
    elif customer and kind in OF_SUBSCRIPTIONS:
        found += [("subscriptions", customer, key) for key in _subscriptions(payload) or [""]]
    return found + (_below(payload, kind, customer) if customer else [])


def _whole_list(kind: str, operation: str) -> str:
    """The family of which the whole list is read again, "" for none.

    The list of invoices is short, and what is new there brings its lines along. Permissions are one
    list of all customers: an approval opens what was refused until now.
    """
    if operation == "ready_invoice":
        return "invoices"
    return "admin_relationships" if kind == "granular_admin_relationship" else ""


def _below(payload: Payload, kind: str, customer: str) -> list[Touched]:
    """What stands below a customer; a licence also below the user whom the record may name."""
    found = [(name, customer, "") for name in BELOW_CUSTOMER.get(kind, ())]
    if family := ON_DEMAND.get(text(payload.get("operationType"))):
        found.append((family, customer, ""))
    user = identifier(customized(payload).get("CustomerUserId")) if kind == "license" else ""
    return [*found, ("user_licences", f"{customer}/{user}", "")] if user else found


def _subscriptions(payload: Payload) -> list[str]:
    """Return the subscriptions that the record names; none means that the list must tell."""
    ids: set[str] = set()
    for key, value in customized(payload).items():
        if key == "SubscriptionId" or key.startswith("SubscriptionId-"):
            ids.add(identifier(value))
    for name in ("resourceNewValue", "resourceOldValue"):
        resource = value_of(payload, name)
        if text(payload.get("resourceType")) == "subscription" and resource.get("id"):
            ids.add(identifier(resource["id"]))
        ids.update(_lines(resource))
    return sorted(ids - {""})


def _lines(value: Mapping[str, Any]) -> set[str]:
    lines = value.get("lineItems")
    if not isinstance(lines, list):
        return set()
    named = (_camel(line) for line in lines if isinstance(line, Mapping))
    return {identifier(line.get("subscriptionId")) for line in named}

"""Partner Center's audit records as columns, and what each says was touched."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from portal.activity import mapping

EXAMPLE = (
    Path(__file__).resolve().parents[1]
    / "contract/data/examples/get-a-record-of-partner-center-activity-by-user.json"
)
CUSTOMER = "0c39d6d5-c70d-4c55-bc02-f620844f3fd1"


def documented() -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(EXAMPLE.read_bytes())["response"]["body"]["items"]
    return items


def test_a_documented_record() -> None:
    order, licence = (mapping.record(payload) for payload in documented())
    assert order is not None
    assert licence is not None
    assert set(order) == set(mapping.COLUMNS)
    assert order["operation_date"] == dt.datetime(2017, 6, 15, 22, 56, 5, 58930, dt.UTC)
    assert (order["operation_type"], order["customer_pc_id"]) == ("create_order", CUSTOMER)
    assert order["resource_pc_id"] == "d51a052e-043c-4a2a-aa37-2bb938cef6c1"
    assert order["summary"]["data"]["SubscriptionName-0"] == "Office 365 Business Premium Trial"
    assert licence["resource_pc_id"] == "482e2152-4b49-48ec-b715-823365ce3d4c"


def test_records_without_id_are_told_apart_and_known_again() -> None:
    one, two = documented()
    assert mapping.record_id(one) == mapping.record_id(json.loads(json.dumps(one)))
    assert mapping.record_id(one) != mapping.record_id(two)
    assert mapping.record_id(one | {"operationStatus": "failed"}) != mapping.record_id(one)
    assert mapping.record_id(one | {"id": "GIVEN"}) == "GIVEN"


def test_an_undated_record_cannot_be_placed() -> None:
    assert mapping.record(documented()[0] | {"operationDate": "soon"}) is None


def test_the_summary_keeps_short_values_that_differ() -> None:
    payload = {
        "resourceOldValue": json.dumps({"Quantity": 5, "Status": "active", "Links": {"a": 1}}),
        "resourceNewValue": json.dumps({"Quantity": 7, "Status": "active", "Name": "x" * 999}),
    }
    changes = mapping.summary(payload)["changes"]
    assert changes == {"quantity": [5, 7], "name": [None, "x" * mapping.SHORT]}


PEOPLE = {"UserPrincipalName": "ana@contoso.com", "DisplayName": "Ana", "UsageLocation": "FR"}


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("customer_user", {"usageLocation"}),
        ("customer_directory_role", {"usageLocation"}),
        ("granular_admin_relationship", {"displayName", "usageLocation"}),
    ],
)
def test_the_summary_names_no_people(kind: str, kept: set[str]) -> None:
    data = [{"key": "UserPrincipalName-0", "value": "ana@contoso.com"}]
    told = mapping.summary(
        {
            "resourceType": kind,
            "resourceNewValue": json.dumps(PEOPLE),
            "customizedData": [*data, {"key": "CustomerUserId", "value": "U-1"}],
        }
    )
    assert told["changes"].keys() == kept
    assert told["data"] == {"CustomerUserId": "U-1"}


def subscription(**fields: Any) -> dict[str, Any]:
    return {"customerId": CUSTOMER, "resourceType": "subscription", **fields}


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (
            documented()[0],
            [
                ("subscriptions", CUSTOMER, "488745b5-2086-4912-802c-6abb9f7c3638"),
                ("orders", CUSTOMER, ""),
            ],
        ),
        (
            documented()[1],
            [
                ("subscribed_skus", CUSTOMER, ""),
                ("user_licences", f"{CUSTOMER}/482e2152-4b49-48ec-b715-823365ce3d4c", ""),
            ],
        ),
        (
            subscription(resourceNewValue='{"Id":"S-1"}'),
            [("subscriptions", CUSTOMER, "S-1")],
        ),
        (
            subscription(customizedData=[{"key": "SubscriptionId", "value": "S-2"}]),
            [("subscriptions", CUSTOMER, "S-2")],
        ),
        (subscription(resourceNewValue="not json"), [("subscriptions", CUSTOMER, "")]),
        (subscription(operationStatus="Failed", resourceNewValue='{"Id":"S-1"}'), []),
        (
            {"customerId": CUSTOMER, "resourceType": "customer", "operationType": "add_customer"},
            [
                ("customers", "", CUSTOMER),
                ("relationships", CUSTOMER, ""),
                ("subscriptions", CUSTOMER, ""),
            ],
        ),
        (
            {
                "resourceType": "partner_relationship",
                "operationType": "create_partner_relationship",
            },
            [("resellers", "", "")],
        ),
        (
            {
                "customerId": CUSTOMER,
                "resourceType": "granular_admin_relationship",
                "operationType": "granular_admin_relationship_approved",
            },
            [("admin_relationships", "", "")],
        ),
        ({"customerId": CUSTOMER, "resourceType": "a_new_kind", "operationType": "new"}, []),
    ],
)
def test_touched(payload: dict[str, Any], found: list[mapping.Touched]) -> None:
    assert mapping.touched(payload) == found

"""The documented answers of customers and relationships as columns."""

import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from customers import mapping
from portal.connections.models import Connection
from portal.mirror.families import Reading

EXAMPLES = Path(__file__).resolve().parents[1] / "contract" / "data" / "examples"
READING = Reading(connection=Connection(), observed_at=timezone.now(), parent="the-parent")


def answer(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_bytes())["response"]["body"]
    return body


def test_the_list_has_name_domain_and_relationship() -> None:
    first = answer("get-customers-of-an-indirect-reseller")["items"][0]
    assert mapping.listed(first, READING) == {
        "pc_id": "53eb21cb-6b2d-4ee5-9e92-27dfc927e93c",
        "tenant_id": "53eb21cb-6b2d-4ee5-9e92-27dfc927e93c",
        "name": "FourthCoffee137",
        "domain": "FourthCoffee137.onmicrosoft.com",
        "relationship_to_partner": "reseller",
    }


def test_get_by_id_adds_address_and_billing_profile() -> None:
    columns = mapping.detailed(answer("get-a-customer-by-id"), READING)
    assert set(columns) == set(mapping.DETAIL_COLUMNS)
    told = {name: columns[name] for name in ("country", "region", "city", "postal_code", "phone")}
    assert told == {
        "country": "US",
        "region": "wa",
        "city": "redmond",
        "postal_code": "98052",
        "phone": "1234567890",
    }
    assert columns["allow_delegated_access"] is True
    assert (columns["email"], columns["culture"], columns["language"]) == ("a@a.com", "en-US", "en")
    assert columns["commerce_id"] == "99e6a635-48e7-424d-9059-c9db944e3c54"


def test_the_billing_address_stands_in_for_a_missing_one() -> None:
    payload = answer("get-a-customer-by-id")
    del payload["companyProfile"]["address"]
    columns = mapping.detailed(payload, READING)
    assert (columns["country"], columns["region"], columns["city"]) == ("US", "WA", "redmond")


def test_a_link_knows_both_sides_whoever_lists_it() -> None:
    customer = answer("get-customers-of-an-indirect-reseller")["items"][1]
    assert mapping.customer_of_reseller(customer, READING) == {
        "customer_pc_id": "3dfe847b-cad9-4fc1-86d3-cf16c2790087",
        "reseller_pc_id": "the-parent",
    }
    reseller = answer("get-indirect-resellers-of-a-customer")["items"][0]
    assert mapping.reseller_of_customer(reseller, READING) == {
        "customer_pc_id": "the-parent",
        "reseller_pc_id": "484e548c-f5f3-4528-93a9-c16c6373cb59",
    }


def test_other_shapes_leave_columns_empty() -> None:
    odd = {"id": "x", "companyProfile": "none", "billingProfile": [], "allowDelegatedAccess": "?"}
    columns = mapping.detailed(odd, READING)
    assert columns["pc_id"] == "x"
    assert columns["name"] == columns["country"] == ""
    assert columns["allow_delegated_access"] is None

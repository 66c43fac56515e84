"""The documented answers about licences as columns."""

from typing import Any

from django.utils import timezone

from customers.licences import mapping
from portal.connections.models import Connection
from portal.mirror.families import Reading
from tests.contract.documents import DATA, load

AT = timezone.now()
EMS = "efccb6f7-5641-4e0e-bd10-b4976e1bf68e"


def answer(name: str) -> dict[str, Any]:
    body: dict[str, Any] = load(DATA / "examples" / f"{name}.json")["response"]["body"]
    return body


def test_a_product_of_the_tenant_has_units_and_plans_by_name() -> None:
    item = answer("get-a-list-of-available-licenses")["items"][0]
    reading = Reading(connection=Connection(), observed_at=AT, parent="the-customer")
    columns = mapping.subscribed(item, reading)
    assert set(columns) == set(mapping.SKU_COLUMNS)
    assert columns["pc_id"] == EMS
    assert columns["customer_pc_id"] == "the-customer"
    assert (columns["part_number"], columns["licence_group"]) == ("EMS", "group1")
    assert (columns["units_total"], columns["units_consumed"]) == (5, 1)
    assert columns["units_available"] == 4
    assert columns["service_plans"][1] == {
        "id": "c1ec4a95-1f05-45b3-a911-aa3fa01094f5",
        "code": "INTUNE_A",
        "name": "Microsoft Intune A Direct",
        "target": "User",
    }


def test_what_a_user_holds_is_one_row() -> None:
    payload = answer("check-which-licenses-are-assigned-to-a-user")
    place = mapping.place("the-customer", "the-user")
    reading = Reading(connection=Connection(), observed_at=AT, parent=place)
    columns = mapping.held(payload, reading)
    assert set(columns) == set(mapping.HELD_COLUMNS)
    assert (columns["customer_pc_id"], columns["pc_id"]) == ("the-customer", "the-user")
    assert columns["licences"] == {EMS: {"on": 5, "off": []}}
    payload["items"][0]["servicePlans"][0]["capabilityStatus"] = "Disabled"
    off = payload["items"][0]["servicePlans"][0]["id"]
    assert mapping.assigned(payload) == {EMS: {"on": 4, "off": [off]}}


def test_no_licence_is_an_empty_row() -> None:
    assert mapping.assigned(answer("get-licenses-assigned-to-a-user-by-license-group-2")) == {}

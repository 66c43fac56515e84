"""The emulated licences: units out of subscriptions, who holds what, and what an update refuses."""

from typing import Any

import pytest

from portal.emulator.licences import FREE, MINECRAFT
from tests.emulator.tools import Api, Reply

PREMIUM = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46"
STANDARD = "f245ecc8-75af-4f8e-b61f-27d8114de5f3"


@pytest.fixture
def home(user: Api) -> str:
    """The first customer, whose directory is open and which owns two lots of Business Premium."""
    return f"/v1/customers/{user.customers()[0]}"


def _skus(user: Api, home: str, query: str = "") -> dict[str, dict[str, Any]]:
    items = user.get(f"{home}/subscribedskus{query}").json["items"]
    return {item["productSku"]["id"]: item for item in items}


def _users(user: Api, home: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = user.get(f"{home}/users").json["items"]
    return items


def _held(user: Api, home: str, one: str) -> dict[str, Any]:
    items = user.get(f"{home}/users/{one}/licenses?licenseGroupIds=Group1&licenseGroupIds=Group2")
    return {item["productSku"]["id"]: item for item in items.json["items"]}


def _update(user: Api, home: str, one: str, **lists: object) -> Reply:
    return user.call("POST", f"{home}/users/{one}/licenseupdates", lists)


def _free_user(user: Api, home: str, sku: str) -> str:
    return next(
        str(one["id"])
        for one in _users(user, home)
        if "usageLocation" in one and sku not in _held(user, home, one["id"])
    )


def test_units_are_the_seats_of_the_subscriptions_and_used_ones_have_holders(
    user: Api, home: str
) -> None:
    found = _skus(user, home)
    premium = found[PREMIUM]
    assert premium["totalUnits"] == premium["activeUnits"] == 55
    assert premium["productSku"]["skuPartNumber"] == "SPB"
    assert len(premium["servicePlans"]) > 20
    held = [_held(user, home, one["id"]) for one in _users(user, home)]
    for sku, item in found.items():
        assert item["consumedUnits"] == sum(sku in one for one in held)
        assert (
            item["availableUnits"] + item["consumedUnits"]
            == item["activeUnits"] + item["warningUnits"]
        )
    assert _skus(user, home) == found


def test_a_suspended_subscription_gives_no_usable_unit_and_a_change_of_seats_tells_at_once(
    user: Api, home: str
) -> None:
    listed = user.subscriptions(user.customers()[0])
    one = next(item for item in listed if item["friendlyName"] == "Microsoft 365 Business Premium")
    url = f"{home}/subscriptions/{one['id']}"
    user.patch(url, {**one, "quantity": one["quantity"] + 5})
    assert _skus(user, home)[PREMIUM]["totalUnits"] == 60
    again = user.get(url).json
    user.patch(url, {**again, "status": "suspended"})
    premium = _skus(user, home)[PREMIUM]
    assert premium["suspendedUnits"] == again["quantity"]
    assert premium["activeUnits"] == 60 - again["quantity"]


def test_groups_are_told_apart(user: Api, home: str) -> None:
    third = f"/v1/customers/{user.customers()[2]}"
    assert MINECRAFT not in _skus(user, third)
    assert list(_skus(user, third, "?licenseGroupIds=Group2")) == [MINECRAFT]
    both = _skus(user, third, "?licenseGroupIds=Group1&licenseGroupIds=group2")
    assert MINECRAFT in both
    assert len(both) > 1
    nothing = user.get(f"{home}/subscribedskus?licenseGroupIds=Group2")
    assert (nothing.status, nothing.json["totalCount"]) == (200, 0)
    assert user.get(f"{home}/subscribedskus?licenseGroupIds=Group9").code == 3000


def test_assigning_and_removing_moves_a_unit_and_leaves_a_record(user: Api, home: str) -> None:
    before = _skus(user, home)[PREMIUM]
    one = _free_user(user, home, PREMIUM)
    plan = before["servicePlans"][0]["id"]
    body = [{"SkuId": PREMIUM.upper(), "ExcludedPlans": [plan]}]
    reply = _update(user, home, one, LicensesToAssign=body, LicensesToRemove=None)
    assert reply.status == 201
    assert reply.json["licenseWarnings"] == []
    plans = {
        p["id"]: p["capabilityStatus"] for p in _held(user, home, one)[PREMIUM]["servicePlans"]
    }
    assert plans[plan] == "Disabled"
    assert set(plans.values()) == {"Disabled", "Assigned"}
    assert _skus(user, home)[PREMIUM]["consumedUnits"] == before["consumedUnits"] + 1
    assert _update(user, home, one, licensesToRemove=[PREMIUM]).status == 201
    assert _skus(user, home)[PREMIUM] == before
    records = user.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    told = [r for r in records if r["resourceType"] == "license"]
    assert [r["operationType"] for r in told] == ["update_customer_user_licenses"] * 2
    assert {"key": "CustomerUserId", "value": one} in told[0]["customizedData"]
    assert {"key": "AddedLicenseSkuId", "value": PREMIUM} in told[1]["customizedData"]


def test_what_cannot_be_assigned_is_refused_and_changes_nothing(user: Api, home: str) -> None:
    one = _free_user(user, home, PREMIUM)
    before = _held(user, home, one)
    assign = [{"skuId": PREMIUM}]
    assert user.patch(f"{home}/users/{one}", {"usageLocation": ""}).status == 200
    refused = _update(user, home, one, licensesToAssign=assign)
    assert (refused.status, refused.code) == (400, 800002)
    assert "usage location" in refused.json["description"]
    assert user.patch(f"{home}/users/{one}", {"usageLocation": "FR"}).status == 200
    for lists in (
        {"licensesToAssign": [{"skuId": STANDARD[:-1] + "0"}]},
        {"licensesToAssign": [{"skuId": PREMIUM, "excludedPlans": [FREE]}]},
        {"licensesToRemove": [PREMIUM]},
        {},
    ):
        assert _update(user, home, one, **lists).code == 800002
    assert _update(user, home, FREE, licensesToAssign=assign).status == 404
    assert _held(user, home, one) == before
    records = user.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    assert {r["operationStatus"] for r in records if r["resourceType"] == "license"} == {"failed"}


def test_one_update_names_one_group(user: Api) -> None:
    third = f"/v1/customers/{user.customers()[2]}"
    other = next(iter(_skus(user, third)))
    one = _free_user(user, third, MINECRAFT)
    both = [{"skuId": MINECRAFT}, {"skuId": other}]
    assert (
        "one license group" in _update(user, third, one, licensesToAssign=both).json["description"]
    )
    assert _update(user, third, one, licensesToAssign=both[:1]).status == 201


def test_the_last_unit_is_the_last(user: Api) -> None:
    home, full = next(
        (home, sku)
        for home in (f"/v1/customers/{customer}" for customer in user.customers()[5:9])
        for sku, item in _skus(user, home).items()
        if not item["availableUnits"]
    )
    one = _free_user(user, home, full)
    refused = _update(user, home, one, licensesToAssign=[{"skuId": full}])
    assert (refused.status, refused.code) == (400, 60012)
    assert "does not have any available licenses left" in refused.json["data"][0]


def test_a_closed_directory_tells_nothing(user: Api) -> None:
    closed = user.get(f"/v1/customers/{user.customers()[4]}/subscribedskus")
    assert (closed.status, closed.code) == (403, 900308)

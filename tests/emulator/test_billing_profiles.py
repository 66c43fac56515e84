"""A customer's billing profile: put whole with its etag, refused when stale, on record in the audit."""

from typing import Any

import pytest

from tests.emulator.tools import Api, Reply


@pytest.fixture
def url(robot: Api) -> str:
    return f"/v1/customers/{robot.customers()[0]}/profiles/billing"


def put(api: Api, url: str, body: dict[str, Any], **headers: str) -> Reply:
    return api.call("PUT", url, body, **headers)


def test_what_is_put_is_what_is_read_and_recorded(robot: Api, url: str) -> None:
    before = robot.get(url).json
    reply = put(robot, url, {**before, "firstName": "Odile"})
    assert reply.status == 200
    after = robot.get(url).json
    assert after == reply.json
    assert after["firstName"] == "Odile"
    assert after["defaultAddress"] == {k: v for k, v in before["defaultAddress"].items() if v}
    assert after["attributes"]["etag"] != before["attributes"]["etag"]
    customer = robot.get(url.removesuffix("/profiles/billing")).json
    assert customer["billingProfile"] == after
    assert customer["companyProfile"]["email"] == before["email"]
    records = robot.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    assert records[0]["operationType"] == "update_customer_billing_profile"
    assert records[0]["operationStatus"] == "succeeded"


def test_a_lost_update_is_refused_by_header_and_by_body(robot: Api, url: str) -> None:
    first = robot.get(url).json
    assert put(robot, url, {**first, "firstName": "Odile"}).status == 200
    body = {**first, "lastName": "Martin"}
    assert (put(robot, url, body).status, put(robot, url, body).code) == (400, 2055)
    stale = put(robot, url, body, If_Match=f'"{first["attributes"]["etag"]}"')
    assert (stale.status, stale.code) == (412, 2055)
    assert robot.get(url).json["lastName"] == first["lastName"]
    assert put(robot, url, body | {"attributes": {}}).code == 3000


@pytest.mark.parametrize(
    "change",
    [
        {"email": "nobody"},
        {"firstName": ""},
        {"defaultAddress": {"country": "FR", "city": "Lyon"}},
        {"defaultAddress": {"country": "US", "city": "Lyon", "addressLine1": "1", "state": "WA"}},
    ],
)
def test_what_the_rules_forbid_changes_nothing(
    robot: Api, url: str, change: dict[str, Any]
) -> None:
    before = robot.get(url).json
    reply = put(robot, url, {**before, **change})
    assert (reply.status, reply.code) == (400, 3000)
    assert robot.get(url).json == before
    records = robot.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    assert records[0]["operationStatus"] == "failed"

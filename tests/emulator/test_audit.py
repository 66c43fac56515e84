"""Audit records: every change leaves one, and the list keeps its documented limits."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.test_patch import Target
from tests.emulator.tools import Api

SINCE_NOON = "/v1/auditrecords?startDate=2026-11-25T12:00:00Z"


def records(api: Api, url: str = SINCE_NOON) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(url).json["items"]
    return found


def test_a_change_leaves_a_record_with_who_what_and_both_values(user: Api) -> None:
    target = Target(user, 1)
    assert records(user) == []
    correlation_id = "f3f3f3f3-1111-4222-8333-444455556666"
    user.patch(target.url, {**target.read(), "quantity": 55}, MS_CorrelationId=correlation_id)
    (record,) = records(user)
    assert record["userPrincipalName"] == "admin@borealis-distribution.onmicrosoft.com"
    assert record["customerId"] == target.customer
    assert record["customerName"] == "L'Étoile du Nord Traiteur"
    assert (record["resourceType"], record["operationType"]) == (
        "subscription",
        "update_subscription",
    )
    assert record["operationStatus"] == "succeeded"
    assert record["operationDate"] == "2026-11-25T12:00:00Z"
    assert record["originalCorrelationId"] == correlation_id
    assert json.loads(record["resourceOldValue"])["Quantity"] == 50
    assert json.loads(record["resourceNewValue"])["Quantity"] == 55
    assert {"key": "SubscriptionId", "value": target.id} in record["customizedData"]


def test_an_app_only_change_names_the_app_and_nobody(robot: Api) -> None:
    Target(robot, 1).change(quantity=55)
    (record,) = records(robot)
    assert "userPrincipalName" not in record
    assert record["applicationId"] == "2f8b6e04-1a7d-4c39-b5e2-90d3c7a4f681"


def test_a_refused_change_leaves_a_failed_record(robot: Api) -> None:
    Target(robot, 1).change(quantity=1)
    (record,) = records(robot)
    assert record["operationStatus"] == "failed"
    assert "resourceNewValue" not in record


def test_an_accepted_change_leaves_progress_then_success(robot: Api) -> None:
    robot.control("POST", "transitions", {"mode": "manual"})
    Target(robot, 1).change(quantity=55)
    robot.control("POST", "transitions", {"finish": True})
    assert [record["operationStatus"] for record in records(robot)] == ["succeeded", "progress"]


def test_the_newest_comes_first_and_pages_do_not_shift(robot: Api) -> None:
    target = Target(robot, 1)
    for quantity in (51, 52, 53, 54, 55):
        target.change(quantity=quantity)
    first = robot.get(f"{SINCE_NOON}&size=2").json
    target.change(quantity=56)
    rest = robot.get(
        f"{SINCE_NOON}&size=10&seekOperation=Next", MS_ContinuationToken=first["continuationToken"]
    ).json
    assert "continuationToken" not in rest
    seen = [
        json.loads(item["resourceNewValue"])["Quantity"] for item in first["items"] + rest["items"]
    ]
    assert seen == [55, 54, 53, 52, 51]


def test_records_are_filtered_as_documented(robot: Api) -> None:
    first, second = Target(robot, 1), Target(robot, 2)
    first.change(friendlyName="One")
    second.change(friendlyName="Two")

    def matching(field: str, value: str, operator: str) -> list[str]:
        text = json.dumps({"Field": field, "Value": value, "Operator": operator})
        return [
            record["customerId"] for record in records(robot, f"{SINCE_NOON}&filter={quote(text)}")
        ]

    assert matching("CustomerId", first.customer, "equals") == [first.customer]
    assert matching("CompanyName", "söhne fein", "substring") == [second.customer]
    assert matching("ResourceType", "Subscription", "equals") == [second.customer, first.customer]
    assert matching("ResourceType", "order", "equals") == []


@pytest.mark.parametrize(
    "query",
    [
        "startDate=2026-08-01",
        "startDate=yesterday",
        "startDate=2026-11-25&endDate=2026-11-24",
        "filter=%7B%22Field%22:%22CustomerId%22,%22Value%22:%22x%22,%22Operator%22:%22substring%22%7D",
        "filter=nonsense",
    ],
)
def test_a_range_or_filter_beyond_the_documents_is_400(robot: Api, query: str) -> None:
    assert robot.get(f"/v1/auditrecords?{query}").status == 400


@pytest.mark.parametrize(
    "start", ["2026-11-25", "11/25/2026 12:00:00 AM", "11/25/2026 00:00:00", "2026-11-25T00:00:00Z"]
)
def test_dates_are_read_in_every_documented_form(robot: Api, start: str) -> None:
    Target(robot, 1).change(friendlyName="One")
    found = records(robot, f"/v1/auditrecords?startDate={quote(start)}&endDate=2026-11-25&size=1")
    assert [record["operationDate"] for record in found] == ["2026-11-25T12:00:00Z"]


def test_ninety_days_back_is_allowed_and_the_default_is_thirty(robot: Api) -> None:
    assert robot.get("/v1/auditrecords?startDate=2026-08-27").status == 200
    oldest = records(robot, "/v1/auditrecords")[-1]["operationDate"]
    assert oldest > "2026-10-26"


def test_a_small_estate_has_a_past(robot: Api) -> None:
    found = records(robot, "/v1/auditrecords")
    assert len(found) > 20
    dates = [record["operationDate"] for record in found]
    assert dates == sorted(dates, reverse=True)
    assert {record["operationType"] for record in found} == {"create_order", "update_subscription"}

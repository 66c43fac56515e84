"""What happens by itself as the clock goes on (facts.json lifecycle_nce)."""

from datetime import UTC, datetime
from typing import Any

from tests.emulator.test_audit import records
from tests.emulator.test_patch import Target
from tests.emulator.tools import Api

DAY = 86_400


def later(api: Api, days: float) -> None:
    api.control("POST", "clock", {"advance_seconds": days * DAY})
    api.token = api.control("POST", "tokens", {"action": "issue"})["app_token"]


def test_a_term_renews_and_opens_its_window_again(robot: Api) -> None:
    target = Target(robot, 7)
    before = target.read()
    assert before["commitmentEndDateTime"] == "2026-11-25T23:59:59Z"
    assert before["refundableQuantity"]["totalQuantity"] == 0
    later(robot, 1)
    after = target.read()
    assert after["status"] == "active"
    assert after["effectiveStartDate"] == "2026-11-26T00:00:00Z"
    assert after["commitmentEndDate"] == "2027-11-25T00:00:00Z"
    assert after["cancellationAllowedUntilDate"] == "2026-12-03T00:00:00Z"
    assert after["refundableQuantity"]["totalQuantity"] == 25
    assert after["attributes"]["etag"] != before["attributes"]["etag"]
    assert target.customer not in {record["customerId"] for record in records(robot)}


def test_a_schedule_is_carried_out_at_the_renewal(robot: Api) -> None:
    target = Target(robot, 2)
    assert target.read()["quantity"] == 60
    later(robot, 7)
    after = target.read()
    assert after["quantity"] == 45
    assert "scheduledNextTermInstructions" not in after


def test_without_renewal_it_expires_is_disabled_and_goes(robot: Api) -> None:
    target = Target(robot, 7, 1)
    # From before the Extended Service Term: a younger one would go on by the month.
    account = robot.app.store.account(target.customer)
    account.subscriptions[target.id].start = datetime(2025, 3, 1, tzinfo=UTC)
    states = []
    for days in (2, 2, 30, 90):
        later(robot, days)
        states.append(target.read()["status"])
    assert states == ["active", "expired", "disabled", "deleted"]
    listed = {item["id"]: item["status"] for item in robot.subscriptions(target.customer)}
    assert listed[target.id] == "deleted"


def test_a_suspended_term_that_ends_is_disabled(robot: Api) -> None:
    target = Target(robot, 7)
    target.change(status="suspended")
    later(robot, 1)
    assert target.read()["status"] == "disabled"


def test_a_list_read_before_is_not_served_stale(robot: Api) -> None:
    target = Target(robot, 7)

    def status(index: int) -> Any:
        return robot.subscriptions(target.customer)[index]["commitmentEndDate"]

    assert status(0) == "2026-11-25T00:00:00Z"
    later(robot, 1)
    assert status(0) == "2027-11-25T00:00:00Z"


def test_a_charge_cycle_rolls_on_within_the_term(robot: Api) -> None:
    monthly = []
    for customer in robot.customers():
        monthly += [
            (customer, item)
            for item in robot.subscriptions(customer)
            if item["billingCycle"] == "monthly"
            and item["termDuration"] == "P1Y"
            and item["status"] == "active"
            and item["commitmentEndDate"] > "2027-02"
        ]
    customer, item = monthly[0]
    assert "2026-11-25" <= item["billingCycleEndDate"] < "2026-12-26"
    later(robot, 40)
    now = robot.get(f"/v1/customers/{customer}/subscriptions/{item['id']}").json
    assert "2027-01-04" <= now["billingCycleEndDate"] < "2027-02-05"
    assert now["commitmentEndDate"] == item["commitmentEndDate"]

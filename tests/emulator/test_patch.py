"""The rules of a change: PATCH of the whole subscription (new-commerce/facts.json)."""

from typing import Any

import pytest

from tests.emulator.tools import Api, Reply


class Target:
    """One subscription of the showcase customers, changed as a careful caller does: whole."""

    def __init__(self, api: Api, customer: int, index: int = 0) -> None:
        self.api = api
        self.customer = api.control("GET", "dump")["customer_ids"][customer]
        self.id = api.subscriptions(self.customer)[index]["id"]
        self.url = f"/v1/customers/{self.customer}/subscriptions/{self.id}"

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(self.url).json
        return found

    def change(self, **wanted: Any) -> Reply:
        return self.api.patch(self.url, {**self.read(), **wanted})


@pytest.fixture
def lots(robot: Api) -> Target:
    """50 seats, of which 5, 10 and 3 can be taken back for 18, 60 and 150 hours."""
    return Target(robot, 1)


def test_an_increase_opens_a_lot_of_its_own_for_seven_days(lots: Target) -> None:
    before = lots.read()
    reply = lots.change(quantity=54)
    assert reply.status == 200
    after = lots.read()
    assert reply.json == after
    assert after["quantity"] == 54
    assert after["refundableQuantity"]["totalQuantity"] == 22
    assert {"quantity": 4, "allowedUntilDateTime": "2026-12-02T12:00:00Z"} in after[
        "refundableQuantity"
    ]["details"]
    assert after["attributes"]["etag"] != before["attributes"]["etag"]
    listed = lots.api.subscriptions(lots.customer)[0]
    assert listed["quantity"] == 54


def test_a_decrease_is_bounded_by_the_open_lots(lots: Target) -> None:
    refused = lots.change(quantity=31)
    assert (refused.status, refused.code) == (400, 900214)
    assert lots.read()["quantity"] == 50
    reply = lots.change(quantity=32)
    assert reply.status == 200
    assert reply.json["refundableQuantity"] == {"totalQuantity": 0, "details": []}
    assert lots.change(quantity=31).code == 900214


def test_lots_close_one_after_the_other(lots: Target) -> None:
    lots.api.control("POST", "clock", {"advance_seconds": 18 * 3600})
    lots.api.token = lots.api.control("POST", "tokens", {"action": "issue"})["app_token"]
    assert lots.read()["refundableQuantity"]["totalQuantity"] == 13
    assert lots.change(quantity=36).code == 900214
    reply = lots.change(quantity=45)
    assert reply.json["refundableQuantity"]["totalQuantity"] == 8


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        (0, 400, 900275),
        (-3, 400, 900275),
        (301, 403, 800067),
        ("twelve", 400, 800002),
        (12.5, 400, 800002),
        (True, 400, 800002),
        (None, 400, 800002),
    ],
)
def test_a_quantity_out_of_reason_is_refused(
    lots: Target, wanted: object, status: int, code: int
) -> None:
    reply = lots.change(quantity=wanted)
    assert (reply.status, reply.code) == (status, code)
    assert lots.read()["quantity"] == 50


def test_what_the_body_leaves_out_is_reset(robot: Api) -> None:
    target = Target(robot, 2)
    body = target.read()
    assert body["autoRenewEnabled"] is True
    assert body["scheduledNextTermInstructions"]["quantity"] == 45
    del body["autoRenewEnabled"], body["scheduledNextTermInstructions"]
    reply = robot.patch(target.url, body)
    assert reply.status == 200
    assert reply.json["autoRenewEnabled"] is False
    assert "scheduledNextTermInstructions" not in target.read()


def test_names_of_the_body_ignore_case(lots: Target) -> None:
    body = {name[0].upper() + name[1:]: value for name, value in lots.read().items()}
    reply = lots.api.patch(lots.url, {**body, "Quantity": 51})
    assert reply.json["quantity"] == 51
    assert reply.json["autoRenewEnabled"] is True


def test_a_change_of_seats_drops_the_schedule_even_if_sent_along(robot: Api) -> None:
    target = Target(robot, 2)
    renamed = target.change(friendlyName="Head office")
    assert renamed.json["scheduledNextTermInstructions"]["quantity"] == 45
    reply = target.change(quantity=61)
    assert reply.status == 200
    assert "scheduledNextTermInstructions" not in reply.json


def test_a_schedule_needs_auto_renew(robot: Api) -> None:
    target = Target(robot, 2)
    instructions = {**target.read()["scheduledNextTermInstructions"], "quantity": 30}
    refused = target.change(autoRenewEnabled=False, scheduledNextTermInstructions=instructions)
    assert (refused.status, refused.code) == (400, 800093)
    assert target.change(scheduledNextTermInstructions=instructions).status == 200
    assert target.read()["scheduledNextTermInstructions"]["quantity"] == 30


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"product": {"productId": "CFQ7TTC0NONE"}}, 800004),
        ({"product": {"termDuration": "P3Y"}}, 800121),
        ({"product": {"termDuration": "P1M", "billingCycle": "Annual"}}, 900270),
        ({"quantity": 0}, 900275),
        ({"quantity": "many"}, 800002),
        ({"customTermEndDate": "soon"}, 900242),
        ({"customTermEndDate": "2030-01-31T00:00:00Z"}, 900245),
        ({"customTermEndDate": "2027-06-17T00:00:00Z"}, 900246),
    ],
)
def test_a_schedule_that_cannot_come_about_is_refused(
    robot: Api, wanted: dict[str, Any], code: int
) -> None:
    target = Target(robot, 2)
    before = target.read()
    reply = target.change(scheduledNextTermInstructions=wanted)
    assert (reply.status, reply.code) == (400, code)
    assert target.read() == before


def test_the_term_gets_longer_at_once_and_billing_changes_with_the_next_charge(robot: Api) -> None:
    target = Target(robot, 5)
    reply = target.change(billingCycle="annual", termDuration="P1Y", quantity=8)
    assert (reply.json["termDuration"], reply.json["commitmentEndDate"][:10]) == (
        "P1Y",
        "2027-11-24",
    )
    asked = target.change(billingCycle="monthly").json
    assert asked["billingCycle"] == "annual"
    assert asked["nextChargeInstructions"]["product"]["billingCycle"] == "Monthly"
    kept = target.change(friendlyName="Kept").json
    assert "nextChargeInstructions" in kept
    body = target.read()
    del body["nextChargeInstructions"]
    assert "nextChargeInstructions" not in robot.patch(target.url, body).json


def test_suspending_hides_lots_and_drops_the_schedule_but_bills_on(robot: Api) -> None:
    target = Target(robot, 2)
    reply = target.change(status="suspended")
    assert reply.status == 200
    assert reply.json["status"] == "suspended"
    assert reply.json["refundableQuantity"] is None
    assert "scheduledNextTermInstructions" not in reply.json
    assert reply.json["billingCycleEndDate"] > "2026-11-25"
    assert reply.json["suspensionReasons"] == ["CustomerCancellation"]


def test_a_suspended_one_takes_no_seats_until_it_is_reactivated(lots: Target) -> None:
    assert lots.change(status="suspended", quantity=51).code == 2001
    lots.change(status="suspended")
    assert lots.change(quantity=51).code == 2001
    assert lots.change(quantity=51, status="active").code == 2001
    reply = lots.change(status="active")
    assert reply.json["status"] == "active"
    assert reply.json["refundableQuantity"]["totalQuantity"] == 18
    assert "suspensionReasons" not in reply.json
    assert lots.change(quantity=51).status == 200


def test_what_microsoft_suspended_the_partner_cannot_reactivate(robot: Api) -> None:
    assert Target(robot, 3, 0).change(status="active").status == 200
    reply = Target(robot, 3, 1).change(status="active")
    assert (reply.status, reply.code) == (400, 800096)


@pytest.mark.parametrize(
    ("customer", "index", "wanted", "code"),
    [
        (4, 0, {"quantity": 13}, 900277),  # expired
        (4, 1, {"status": "active"}, 800040),  # disabled
        (8, 0, {"quantity": 26}, 800095),  # trial
        (1, 0, {"status": "deleted"}, 900117),  # its window has passed
        (1, 0, {"status": "paused"}, 800040),
        (1, 0, {"offerId": "CFQ7TTC0LH16:0001:CFQ7TTC0K971"}, 800002),
        (4, 0, {"status": "deleted"}, 800040),
        (1, 0, {"billingCycle": "triennial"}, 900270),
        (8, 0, {"billingCycle": "annual"}, 800097),  # trial
        (1, 0, {"termDuration": "P1M", "billingCycle": "monthly"}, 800122),
        (1, 0, {"termDuration": "P3Y"}, 800121),
        (8, 0, {"termDuration": "P1Y"}, 800107),
        (1, 0, {"partnerId": "1234567"}, 800098),
        (1, 0, {"autoRenewEnabled": "yes"}, 800002),
        (1, 0, {"status": 3}, 800002),
        (1, 0, {"id": "00000000-0000-4000-8000-000000000000"}, 800002),
    ],
)
def test_other_changes_are_refused_with_their_code(
    robot: Api, customer: int, index: int, wanted: dict[str, Any], code: int
) -> None:
    target = Target(robot, customer, index)
    before = target.read()
    reply = target.change(**wanted)
    assert (reply.status, reply.code) == (400, code)
    assert target.read() == before


def test_cancelling_works_within_the_window_only(robot: Api) -> None:
    target = Target(robot, 1, 1)
    assert target.read()["cancellationAllowedUntilDate"] == "2026-11-30T09:00:00Z"
    assert target.change(status="deleted").json["status"] == "deleted"
    assert target.change(status="active").code == 2011


def test_an_old_etag_is_refused_and_none_is_accepted(lots: Target) -> None:
    old = lots.read()
    etag = old["attributes"]["etag"]
    assert lots.change(friendlyName="First").status == 200
    by_header = lots.api.patch(lots.url, {**lots.read(), "quantity": 51}, If_Match=f'"{etag}"')
    assert (by_header.status, by_header.code) == (412, 2055)
    in_body = lots.api.patch(lots.url, {**old, "quantity": 51})
    assert (in_body.status, in_body.code) == (400, 2055)
    assert lots.read()["quantity"] == 50
    now = lots.read()
    current = f'"{now["attributes"]["etag"]}"'
    assert lots.api.patch(lots.url, {**now, "quantity": 51}, If_Match=current).status == 200
    without = {**lots.read(), "quantity": 52, "attributes": {"objectType": "Subscription"}}
    assert lots.api.patch(lots.url, without).status == 200


def test_the_same_request_id_is_applied_once_and_answered_twice(lots: Target) -> None:
    body = {**lots.read(), "quantity": 55}
    first = lots.api.patch(lots.url, body, MS_RequestId="ca7c39f7-1a80-43bc-90d8-ee7d1cad3831")
    lots.change(quantity=57)
    again = lots.api.patch(lots.url, body, MS_RequestId="ca7c39f7-1a80-43bc-90d8-ee7d1cad3831")
    assert (again.status, again.text) == (first.status, first.text)
    assert lots.read()["quantity"] == 57
    lots_open = lots.read()["refundableQuantity"]["details"]
    assert [lot["quantity"] for lot in lots_open] == [5, 10, 3, 5, 2]


def test_a_refusal_is_replayed_too(lots: Target) -> None:
    refused = lots.api.patch(lots.url, {**lots.read(), "quantity": 1}, MS_RequestId="one")
    again = lots.api.patch(lots.url, {**lots.read(), "quantity": 51}, MS_RequestId="one")
    assert (again.status, again.text) == (refused.status, refused.text)
    assert lots.read()["quantity"] == 50


def test_a_slow_change_is_accepted_and_shuts_out_others(lots: Target) -> None:
    lots.api.control("POST", "transitions", {"mode": "seconds", "amount": 20})
    reply = lots.change(quantity=60)
    assert (reply.status, reply.text) == (202, "")
    assert reply.headers["Location"] == f"/customers/{lots.customer}/subscriptions/{lots.id}"
    assert lots.read()["quantity"] == 50
    busy = lots.change(friendlyName="Other")
    assert (busy.status, busy.code) == (409, 900278)
    lots.api.control("POST", "clock", {"advance_seconds": 20})
    assert lots.read()["quantity"] == 60
    assert lots.change(friendlyName="Other").status == 200


def test_a_slow_change_can_wait_for_reads_or_for_the_test(lots: Target) -> None:
    lots.api.control("POST", "transitions", {"mode": "reads", "amount": 2})
    body = {**lots.read(), "quantity": 60}
    assert lots.api.patch(lots.url, body).status == 202
    assert [lots.read()["quantity"] for _ in range(3)] == [50, 50, 60]
    lots.api.control("POST", "transitions", {"mode": "manual"})
    assert lots.change(quantity=61).status == 202
    assert lots.api.control("GET", "transitions")["pending"] == [lots.id]
    assert lots.api.control("POST", "transitions", {"finish": True})["finished"] == 1
    assert lots.read()["quantity"] == 61

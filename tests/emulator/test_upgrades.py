"""From one product to a better one: who is eligible, what moves, how far it is; and what else a subscription tells."""

from typing import Any

from tests.emulator.test_patch import Target
from tests.emulator.tools import Api

PREMIUM = "CFQ7TTC0LCHC:0002"


def eligible(target: Target, kind: str = "immediate") -> dict[str, Any]:
    reply = target.api.get(f"{target.url}/transitionEligibilities?eligibilityType={kind}")
    items: list[dict[str, Any]] = reply.json["items"]
    return next(one for one in items if one["catalogItemId"].startswith(PREMIUM))


def body(target: Target, quantity: int, **more: Any) -> dict[str, Any]:
    now = target.read()
    return {
        "fromCatalogItemId": now["offerId"],
        "fromSubscriptionId": target.id,
        "toCatalogItemId": eligible(target)["catalogItemId"],
        "quantity": quantity,
        "termDuration": "P1Y",
        "billingCycle": "Annual",
        "transitionType": "transition_only",
        **more,
    }


def test_some_seats_become_a_subscription_of_their_own(robot: Api) -> None:
    target = Target(robot, 1)
    ways = eligible(target)["eligibilities"]
    assert [way["isEligible"] for way in ways] == [True, True]
    until = target.read()["cancellationAllowedUntilDate"]
    reply = robot.call("POST", f"{target.url}/transitions", body(target, 10))
    assert reply.status == 200
    assert [event["status"] for event in reply.json["Events"]] == ["Started"]
    assert target.read()["quantity"] == 40
    made = next(
        one
        for one in robot.subscriptions(target.customer)
        if one["id"] == reply.json["toSubscriptionId"]
    )
    assert (made["quantity"], made["cancellationAllowedUntilDate"]) == (10, until)
    operation = reply.json["operationId"]
    for status in ("Started", "Completed"):
        found = robot.get(f"{target.url}/transitions?operationId={operation}").json["transition"]
        assert found[0]["Events"][-1]["status"] == status
    more = body(target, 5, toSubscriptionId=made["id"])
    assert robot.call("POST", f"{target.url}/transitions", more).status == 200
    last = robot.control("GET", "log")["requests"][-1]
    assert last["operation"] == "START_TRANSITION"


def test_all_seats_keep_their_subscription(robot: Api) -> None:
    target = Target(robot, 1)
    assert robot.call("POST", f"{target.url}/transitions", body(target, 50)).status == 200
    now = target.read()
    assert now["offerId"].startswith(PREMIUM)
    assert now["quantity"] == 50


def test_what_cannot_be_upgraded_is_refused(robot: Api) -> None:
    target = Target(robot, 1)
    url = f"{target.url}/transitions"
    wrong = body(target, 10)
    other = {"toCatalogItemId": "CFQ7TTC0LH18:0001:CFQ7TTC0K971"}  # a smaller one
    assert robot.call("POST", url, wrong | other).code == 800020
    assert robot.call("POST", url, wrong | {"quantity": 51}).code == 900275
    assert robot.call("POST", url, wrong | {"quantity": 0}).code == 900275
    assert robot.call("POST", url, wrong | {"toSubscriptionId": target.id}).code == 900259
    assert robot.call("POST", url, wrong | {"billingCycle": "Triennial"}).code == 900270
    young = Target(robot, 5)  # bought yesterday: it is cancelled instead
    way = eligible(young)["eligibilities"][0]
    assert [error["code"] for error in way["errors"]] == [2]
    assert eligible(young, "scheduled")["eligibilities"][0]["isEligible"] is True
    assert target.read()["quantity"] == 50


def test_a_trial_is_bought(user: Api) -> None:
    target = Target(user, 8)
    offers = user.get(f"{target.url}/conversions").json["items"]
    wanted = next(one for one in offers if one["billingCycle"] == "annual")
    assert user.call("POST", f"{target.url}/conversions", wanted | {"quantity": 301}).code == 900275
    assert user.call("POST", f"{target.url}/conversions", wanted | {"quantity": 20}).status == 200
    now = target.read()
    assert (now["isTrial"], now["quantity"], now["termDuration"]) == (False, 20, "P1Y")
    assert user.get(f"{target.url}/conversions").json["items"] == []
    assert user.call("POST", f"{target.url}/conversions", wanted).code == 800020


def test_a_legacy_offer_makes_place_for_another(robot: Api) -> None:
    target = Target(robot, 6)
    offers = robot.get(f"{target.url}/upgrades").json["items"]
    assert offers[0]["isEligible"] is True
    reply = robot.call("POST", f"{target.url}/upgrades", offers[0] | {"upgradeType": 1})
    assert reply.json["sourceSubscriptionId"] == target.id
    assert target.read()["status"] == "deleted"
    assert Target(robot, 1).api.get(f"{Target(robot, 1).url}/upgrades").json["items"] == []


def test_what_else_a_subscription_tells(user: Api) -> None:
    target = Target(user, 1)
    status = user.get(f"{target.url}/provisioningstatus").json
    assert (status["status"], status["quantity"]) == ("success", 50)
    assert user.get(f"{target.url}/supportcontact").json["name"]
    assert user.get(f"{target.url}/addons").json["items"] == []
    assert user.call("POST", f"{target.url}/registrations").code == 3000
    plan = Target(user, 6, 2)
    assert user.get(f"{plan.url}/registrationstatus").json["status"] == "notregistered"
    assert user.call("POST", f"{plan.url}/registrations").status == 202
    assert user.get(f"{plan.url}/registrationstatus").json["status"] == "registered"
    assert user.get(f"{plan.url}/provisioningstatus").code == 3000

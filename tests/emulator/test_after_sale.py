"""After the sale, by literal address: orders changed, Azure subscriptions, transfers, migrations, and their refusals."""

from portal.emulator.app import Emulator
from tests.emulator.tools import Api

SUITE = "796b6b5f-613c-4e24-a17c-eba730d49c02"
DAY = 86_400


def legacy_order(api: Api, customer: str, seats: int) -> tuple[str, dict[str, object]]:
    """The address and the order of the legacy suite of that many seats."""
    rows = api.get(f"/v1/customers/{customer}/orders").json["items"]
    found = next(
        one
        for one in rows
        if (one["lineItems"][0]["offerId"], one["lineItems"][0]["quantity"]) == (SUITE, seats)
    )
    return f"/v1/customers/{customer}/orders/{found['id']}", found


def test_an_order_refuses_what_is_not_its_own(user: Api) -> None:
    customer = user.customers()[6]
    url, order = legacy_order(user, customer, 20)
    changed = user.patch(url, {**order, "billingCycle": "annual"})
    assert (changed.status, changed.json["billingCycle"]) == (200, "annual")
    assert user.patch(url, {**order, "billingCycle": "monthly"}).code == 2055, "a stale etag"
    weekly = {"billingCycle": "triennial", "lineItems": order["lineItems"]}
    assert user.patch(url, weekly).code == 800085
    base = order["lineItems"][0]["subscriptionId"]  # type: ignore[index] # JSON
    line = {"offerId": SUITE, "parentSubscriptionId": base, "quantity": 1}
    assert user.patch(url, {"lineItems": [line]}).code == 800029
    assert user.patch(url, {"id": order["id"], "status": "cancelled"}).code == 800063
    assert user.get(f"{url}x").code == 20000
    records = user.get("/v1/auditrecords").json["items"]
    told = [one["operationStatus"] for one in records if one["operationType"] == "update_order"]
    assert told == ["failed", "failed", "failed", "failed", "succeeded"]


def test_an_azure_subscription_is_cancelled_for_one_reason(user: Api) -> None:
    customer = user.customers()[6]
    plan = next(one for one in user.subscriptions(customer) if one["unitType"] == "Usage-based")
    url = f"/v1/customers/{customer}/subscriptions/{plan['id']}/azureEntitlements"
    one = user.get(url).json["items"][0]
    assert (one["status"], one["subscriptionId"]) == ("active", plan["id"])
    refused = user.call("POST", f"{url}/{one['id']}/cancel", {"cancellationReason": "unwanted"})
    assert (refused.status, refused.code) == (400, 900307)
    wanted = {"cancellationReason": "compromise"}
    assert user.call("POST", f"{url}/{one['id']}/cancel", wanted).json["status"] == "inactive"
    assert user.call("POST", f"{url}/{one['id']}/cancel", wanted).code == 800040
    assert user.call("POST", f"{url}/{one['id']}/reactivate").json["status"] == "active"
    assert user.get(f"{url}/{plan['id']}").code == 800111


def test_a_transfer_is_answered_by_the_right_side_once(user: Api, app: Emulator) -> None:
    customer = user.customers()[6]
    url = f"/v1/customers/{customer}/transfers"
    (waiting,) = user.get(url).json["items"]
    place = f"{url}/{waiting['id']}"
    assert user.patch(place, {"status": "Cancel"}).code == 900102, "the target's word"
    assert user.patch(place, {"status": "Accept", "lineItems": []}).code == 800078
    assert user.patch(place, {"status": "Reject"}).json["status"] == "Rejected"
    assert user.call("POST", url, {"sourcePartnerTenantId": ""}).code == 900136
    own = {"sourcePartnerTenantId": app.store.settings.tenant_id}
    assert user.call("POST", url, own).code == 900148
    other = {"sourcePartnerTenantId": "11111111-1111-4111-8111-111111111111"}
    made = user.call("POST", url, other)
    assert (made.status, made.json["status"]) == (201, "Pending")
    assert user.call("POST", url, other).code == 900101
    cancelled = user.patch(f"{url}/{made.json['id']}", {"status": "Cancel"})
    assert cancelled.json["status"] == "Cancelled"
    assert user.get(f"{url}/{customer}").code == 900100


def test_a_migration_is_barred_planned_and_ends_in_new_commerce(user: Api, app: Emulator) -> None:
    customer = user.customers()[6]
    base = f"/v1/customers/{customer}/migrations/newcommerce"
    old, young = (
        next(
            one["id"]
            for one in user.subscriptions(customer)
            if (one["offerId"], one["quantity"]) == (SUITE, seats)
        )
        for seats in (20, 4)
    )
    told = user.call("POST", f"{base}/validate", {"currentSubscriptionId": young}).json
    assert (told["isEligible"], len(told["errors"])) == (False, 1)
    assert user.call("POST", base, {"currentSubscriptionId": young}).code == 900226
    item = app.store.account(customer).subscriptions[old]
    for field, value, code in (("promotion_id", "x:y:z", 900218), ("partner_id", "1", 900247)):
        kept = getattr(item, field)
        setattr(item, field, value)
        assert user.call("POST", base, {"currentSubscriptionId": old}).code == code
        setattr(item, field, kept)
    year = {"currentSubscriptionId": old, "termDuration": "P1Y", "billingCycle": "annual"}
    for day, code in (("soon", 900242), ("2030-01-31T00:00:00Z", 900291)):
        assert user.call("POST", base, year | {"customTermEndDate": day}).code == code
    alone = year | {"customTermEndDate": "2027-02-02T00:00:00Z"}
    assert user.call("POST", base, alone).code == 900292
    pair = {"currentSubscriptionId": old, "termDuration": "P3Y", "billingCycle": "monthly"}
    assert user.call("POST", base, pair).code == 900222
    body = {"currentSubscriptionId": old, "targetDate": "2020-01-01T00:00:00Z"}
    assert user.call("POST", f"{base}/schedules", body).code == 3000
    body = {"currentSubscriptionId": old, "targetDate": "2026-12-01T00:00:00Z"}
    plan = user.call("POST", f"{base}/schedules", body).json
    assert user.call("POST", base, {"currentSubscriptionId": old}).code == 900216
    assert user.get(f"{base}/schedules/{plan['id']}").json[0]["status"] == "Created"
    app.clock.advance(7 * DAY)
    user.token = user.control("POST", "tokens", {"action": "issue"})["user_token"]
    (done,) = user.get(f"/v1/migrations/newcommerce?CustomerTenantId={customer}").json
    assert (done["status"], done["startedTime"]) == ("Completed", "2026-12-01T00:00:00Z")
    rows = {one["id"]: one for one in user.subscriptions(customer)}
    assert rows[old]["status"] == "deleted"
    assert rows[done["newCommerceSubscriptionId"]]["migratedFromSubscriptionId"] == old
    assert user.call("POST", f"{base}/schedules/{plan['id']}/cancel").code == 800042
    events = user.get(f"{base}/events?MigrationId={done['id']}").json
    assert [one["eventName"] for one in events][::3] == ["MigrationStarted", "MigrationCompleted"]

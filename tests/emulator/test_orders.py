"""Orders by literal address: those behind the subscriptions, by billing cycle, and with prices if asked."""

from tests.emulator.tools import Api

GONE = "00000000-0000-4000-8000-000000000000"


def orders(api: Api, customer: str, query: str = "") -> list[dict[str, object]]:
    found: list[dict[str, object]] = api.get(f"/v1/customers/{customer}/orders{query}").json[
        "items"
    ]
    return found


def test_every_subscription_has_its_order_and_its_line(robot: Api) -> None:
    customer = robot.customers()[0]
    answer = robot.get(f"/v1/customers/{customer}/orders").json
    assert answer["attributes"] == {"objectType": "Collection"}
    assert answer["links"]["self"]["uri"] == f"/customers/{customer}/orders"
    by_id = {one["id"]: one for one in answer["items"]}
    assert answer["totalCount"] == len(by_id) == 6
    for sold in robot.subscriptions(customer):
        order = by_id[sold["orderId"]]
        assert order["referenceCustomerId"] == customer
        assert order["attributes"]["objectType"] == "Order"
        assert order["creationDate"] == sold["creationDate"]
        assert order["billingCycle"] == sold["billingCycle"]
        (line,) = order["lineItems"]
        assert line["lineItemNumber"] == 0
        assert (line["subscriptionId"], line["offerId"]) == (sold["id"], sold["offerId"])
        assert line["partnerIdOnRecord"] == sold["partnerId"]
        assert line["links"]["subscription"]["uri"].endswith(sold["id"])
        assert "pricing" not in line


def test_an_order_keeps_what_was_bought_and_costs_what_invoices_say(user: Api) -> None:
    customer = user.customers()[1]
    sold = user.subscriptions(customer)[0]
    url = f"/v1/customers/{customer}/subscriptions/{sold['id']}"
    assert user.patch(url, user.get(url).json | {"quantity": 60}).json["quantity"] == 60
    lines = {one["id"]: one["lineItems"] for one in orders(user, customer, "?include_price=True")}
    line = lines[sold["orderId"]][0]  # type: ignore[index] # JSON
    assert line["quantity"] == sold["quantity"] == 50
    assert line["pricing"]["extendedPrice"] == round(line["pricing"]["price"] * 50, 2)


def test_a_billing_cycle_narrows_and_an_unknown_one_or_customer_is_refused(robot: Api) -> None:
    customer = robot.customers()[2]
    every = orders(robot, customer)
    for cycle in ("monthly", "annual", "onetime", "Annual"):
        wanted = "one_time" if cycle == "onetime" else cycle.lower()
        found = orders(robot, customer, f"?billingType={cycle}")
        assert found == [one for one in every if one["billingCycle"] == wanted]
    once = orders(robot, customer, "?billingType=onetime")
    assert "subscriptionId" not in str(once)
    refused = robot.get(f"/v1/customers/{customer}/orders?billingType=weekly")
    assert (refused.status, refused.code) == (400, 3000)
    missing = robot.get(f"/v1/customers/{GONE}/orders")
    assert (missing.status, missing.code) == (404, 60003)


def test_a_reservation_is_an_entitlement_whose_artifact_tells_when_it_ends(user: Api) -> None:
    customer = user.customers()[2]
    base = f"/v1/customers/{customer}/entitlements"
    (once,) = orders(user, customer, "?billingType=onetime")
    shapes = {
        "reservedInstance": "reservedinstance",
        "virtualmachinereservedinstance": "virtual_machine_reserved_instance",
    }
    artifact = {}
    for wanted, shape in shapes.items():
        (found,) = user.get(f"{base}?entitlementType={wanted}").json["items"]
        assert found["referenceOrder"]["id"] == once["id"]
        (artifact,) = found["entitledArtifacts"]
        told = user.get(f"/v1{artifact['link']['uri']}").json
        assert told["type"] == shape
        (held,) = told["virtualMachineReservations"]
        assert (held["quantity"], held["provisioningState"]) == (found["quantity"], "Created")
        assert held["effectiveDateTime"] == once["creationDate"]
    assert user.get(base).json["items"][-1]["entitlementType"] == "reservedinstance"
    other = artifact["link"]["uri"].replace(customer, user.customers()[3])
    assert (user.get(f"/v1{other}").status, user.get(f"/v1{other}").code) == (404, 1000)
    assert user.get(f"/v1{artifact['link']['uri']}x").status == 404

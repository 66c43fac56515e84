"""Carts by literal address: their lines and errors, the checkout that orders once, and what comes of it."""

from pathlib import Path

from portal.emulator import state
from portal.emulator.app import create_app
from portal.emulator.settings import Settings
from portal.emulator.store import Store
from tests.emulator.conftest import NOON
from tests.emulator.tools import Api

BASIC = "CFQ7TTC0LH18:0001:CFQ7TTC0K971"
OFFICE = "CFQ7TTC0LF8R:0001:CFQ7TTC0KCSV"
PHONE = "CFQ7TTC0LH0T:0001:CFQ7TTC0K4KQ"
AZURE = "DZH318Z0BPS6:0001:DZH318Z0BML6"
PREMIUM = "CFQ7TTC0LCHC:0002:CFQ7TTC0X6RN"
SHORT = {"termDuration": "P1M", "billingCycle": "monthly"}
YEAR = {"termDuration": "P1Y", "billingCycle": "annual"}


def base(api: Api, place: int = 0) -> str:
    return f"/v1/customers/{api.customers()[place]}"


def with_reseller(api: Api) -> tuple[str, str]:
    """A customer that has an agreement and no Azure plan, and its reseller's PartnerID."""
    for customer in api.customers():
        links = api.get(f"/v1/customers/{customer}/relationships").json["items"]
        sold = {one["offerId"] for one in api.subscriptions(customer)}
        agreed = api.get(
            f"/v1/customers/{customer}/agreements?agreementType=MicrosoftCustomerAgreement"
        ).json["items"]
        if links and agreed and AZURE not in sold:
            return f"/v1/customers/{customer}", links[0]["mpnId"]
    raise AssertionError("no such customer")


def error(api: Api, url: str, **line: object) -> str:
    """The error of a cart's only line, "" for none."""
    sent = {"catalogItemId": BASIC, "quantity": 1, **SHORT, **line}
    made = api.call("POST", f"{url}/carts", {"lineItems": [sent]})
    assert made.status == 201, made.text
    return str(made.json["lineItems"][0].get("error", {}).get("errorCode", ""))


def test_a_cart_is_checked_out_once_to_active_subscriptions_with_the_reseller_on_record(
    user: Api,
) -> None:
    url, mpn_id = with_reseller(user)
    customer = url.rpartition("/")[2]
    named = [{"key": "transaction_reseller", "value": mpn_id}]
    lines = [
        {"CatalogItemId": OFFICE, "Quantity": 3, **YEAR, "participants": named},
        {"CatalogItemId": PHONE, "Quantity": 2, **YEAR, "participants": named},
        {"CatalogItemId": AZURE, "Quantity": 1, "BillingCycle": "one_time", "participants": named},
    ]
    refused = user.call("POST", f"{url}/carts", {"LineItems": lines})
    assert (refused.status, refused.code) == (400, 900206)
    body = {"PartnerOnRecordAttestationAccepted": True, "LineItems": lines}
    cart = user.call("POST", f"{url}/carts", body).json
    assert cart["status"] == "Active"
    assert cart["expirationTimestamp"] > cart["creationTimestamp"]
    assert [line["orderGroup"] for line in cart["lineItems"]] == ["0", "0", "1"]
    assert not any("error" in line for line in cart["lineItems"])
    before = {one["id"] for one in user.subscriptions(customer)}
    place = f"{url}/carts/{cart['id']}"
    bought = user.call("POST", f"{place}/checkout")
    again = user.call("POST", f"{place}/checkout", MS_RequestId="another")
    assert (bought.status, again.status) == (201, 201)
    assert again.json == bought.json
    assert user.get(place).json["status"] == "Ordered"
    changed = user.call("PUT", place, body)
    assert (changed.status, changed.code) == (400, 800065)
    fresh = [one for one in user.subscriptions(customer) if one["id"] not in before]
    assert {one["offerId"] for one in fresh} == {OFFICE, PHONE, AZURE}
    assert {(one["status"], one["partnerId"]) for one in fresh} == {("active", mpn_id)}
    seats = next(one for one in fresh if one["offerId"] == OFFICE)
    told = user.get(f"{url}/subscriptions/{seats['id']}").json
    assert told["refundableQuantity"]["totalQuantity"] == 3
    assert told["cancellationAllowedUntilDate"].startswith("2026-12-02T12:00")
    listed = {one["id"]: one for one in user.get(f"{url}/orders").json["items"]}
    for order in bought.json["orders"]:
        kept = listed[order["id"]]
        assert kept["status"] == "completed"
        assert {line["partnerIdOnRecord"] for line in kept["lineItems"]} == {mpn_id}
        assert all(line["subscriptionId"] for line in kept["lineItems"])
    records = user.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    made = {
        one["customizedData"][0]["value"]
        for one in records
        if one["operationType"] == "create_order" and one["customerId"] == customer
    }
    assert {order["id"] for order in bought.json["orders"]} <= made
    assert len(bought.json["orders"]) == 2


def test_a_line_shows_what_is_wrong_with_it(user: Api) -> None:
    url = base(user)
    assert error(user, url) == ""
    legacy = "91fd106f-4b2c-4938-95ac-f54f74e9a239"
    assert error(user, url, catalogItemId=legacy) == "legacy_offer_not_eligible_for_purchase"
    assert error(user, url, catalogItemId="NOTHING00000:0001:X") == "catalog_item_id_is_not_valid"
    assert error(user, url, quantity=0) == "invalid_input"
    limit = "max_allowed_seats_per_subscription_exceeded"
    assert error(user, url, quantity=301) == limit
    assert error(user, url, billingCycle="annual") == "billing_plan_not_supported"
    assert error(user, url, currencyCode="CLP") == "currency_is_not_supported"
    assert error(user, url, promotionId="x:y:z") == "invalid_promotion_id"
    day = "2027-11-30T00:00:00Z"
    assert error(user, url, customTermEndDate=day) == "invalid_custom_term_end_date"
    stranger = [{"key": "additional_transaction_reseller", "value": "1"}] * 6
    assert error(user, url, participants=stranger) == "participants_is_not_supported_for_partner"
    shelf = "/v1/products/CFQ7TTC0J203/skus/0001/availabilities?country=FR"
    (desktop,) = user.get(shelf).json["items"]
    assert error(user, url, catalogItemId=desktop["catalogItemId"]) == "attestation_not_accepted"
    accepted = {"catalogItemId": desktop["catalogItemId"], "attestationAccepted": True}
    assert error(user, url, **accepted) == ""
    alone = error(user, base(user, 19), catalogItemId=PHONE, **YEAR)
    assert alone == "base_offer_seat_quantity_not_met"
    user.control("POST", "sales", {"line_errors": {BASIC: "quota_not_available"}})
    assert error(user, url) == "quota_not_available"
    stale = {"lineItems": [{"catalogItemId": "CFQ7TTC0LH18:0001:CFQ7TTC00000", "quantity": 1}]}
    gone = user.call("POST", f"{url}/carts", stale)
    assert (gone.status, gone.code) == (404, 400019)


def test_a_wrong_line_leaves_its_group_out_and_the_others_go_through(user: Api) -> None:
    url, _mpn_id = with_reseller(user)
    lines = [
        {"catalogItemId": BASIC, "quantity": 301, **YEAR},
        {"catalogItemId": BASIC, "quantity": 1, **SHORT},
    ]
    cart = user.call("POST", f"{url}/carts", {"lineItems": lines}).json
    told = user.call("POST", f"{url}/carts/{cart['id']}/checkout").json
    assert [order["billingCycle"] for order in told["orders"]] == ["monthly"]
    (failed,) = told["orderErrors"]
    assert failed["orderGroupId"] == "0"
    assert "max_allowed_seats" in failed["description"]


def test_without_an_agreement_nothing_is_ordered_and_a_cart_lives_for_seven_days(user: Api) -> None:
    url = base(user, 10)
    cart = user.call(
        "POST", f"{url}/carts", {"lineItems": [{"catalogItemId": BASIC, "quantity": 1, **SHORT}]}
    ).json
    place = f"{url}/carts/{cart['id']}"
    refused = user.call("POST", f"{place}/checkout")
    assert (refused.status, refused.code) == (403, 13605)
    user.control("POST", "clock", {"advance_seconds": 7 * 86_400 + 1})
    user.token = user.control("POST", "tokens", {"action": "issue"})["user_token"]
    gone = user.get(place)
    assert (gone.status, gone.code) == (404, 800008)


def test_orders_and_subscriptions_may_show_late(user: Api) -> None:
    user.control("POST", "sales", {"orders": 600, "subscriptions": 300})
    url, _mpn_id = with_reseller(user)
    customer = url.rpartition("/")[2]
    before = len(user.subscriptions(customer))
    body = {
        "billingCycle": "monthly",
        "lineItems": [
            {"lineItemNumber": 0, "offerId": BASIC, "quantity": 2, "termDuration": "P1M"}
        ],
    }
    order = user.call("POST", f"{url}/orders", body)
    assert (order.status, order.json["status"]) == (201, "pending")
    assert "subscriptionId" not in order.json["lineItems"][0]
    listed = {one["id"] for one in user.get(f"{url}/orders").json["items"]}
    assert order.json["id"] not in listed
    user.control("POST", "clock", {"advance_seconds": 301})
    assert len(user.subscriptions(customer)) == before + 1
    user.control("POST", "clock", {"advance_seconds": 300})
    (shown,) = (
        one for one in user.get(f"{url}/orders").json["items"] if one["id"] == order.json["id"]
    )
    assert shown["status"] == "completed"
    wrong = {
        "billingCycle": "monthly",
        "lineItems": [{"offerId": BASIC, "quantity": 900, "termDuration": "P1M"}],
    }
    refused = user.call("POST", f"{url}/orders", wrong)
    assert (refused.status, refused.code) == (400, 800009)


def test_promotions_tell_whom_they_are_for_and_the_price_follows_by_itself(user: Api) -> None:
    assert user.get("/v1/productpromotions?country=FR&segment=education").json["items"] == []
    listed = user.get("/v1/productpromotions?country=FR&segment=commercial").json["items"]
    (mine,) = (one for one in listed if "Business Premium" in one["name"])
    assert user.get(f"/v1/productpromotions/{mine['id']}?country=FR").json == mine
    assert user.get("/v1/productpromotions/x:y:z?country=FR").status == 404
    url, _mpn_id = with_reseller(user)
    item = {"catalogItemId": PREMIUM, "termDuration": "P1Y", "billingCycle": "Monthly"}
    sent = {"items": [{**item, "quantity": 301}, {**item, "quantity": 12}]}
    many, enough = user.call("POST", f"{url}/promotionEligibilities", sent).json["items"]
    assert many["eligibilities"][0]["errors"][0]["type"] == "SeatCount"
    assert enough["eligibilities"] == [{"promotionId": mine["id"], "isEligible": True}]
    cart = user.call("POST", f"{url}/carts", {"lineItems": [{**item, "quantity": 12}]}).json
    user.call("POST", f"{url}/carts/{cart['id']}/checkout")
    bought = user.subscriptions(url.rpartition("/")[2])[-1]
    assert (bought["offerId"], bought["promotionId"]) == (PREMIUM, mine["id"])


def test_a_term_ends_with_a_month_or_with_another_subscription(user: Api) -> None:
    url, _mpn_id = with_reseller(user)
    customer = url.rpartition("/")[2]
    place = f"{url}/subscriptions/customTermEndDates"
    months = user.get(f"{place}?term_duration=P1M").json["items"]
    assert "2026-11-30T00:00:00" in {one["allowedCustomTermEndDate"] for one in months}
    days = user.get(f"{place}?term_duration=P1Y").json["items"]
    shared = next(
        one for one in days if one["allowedCustomTermEndDateType"] == "subscriptionAligned"
    )
    ends = {one["id"]: one["commitmentEndDate"] for one in user.subscriptions(customer)}
    day = shared["allowedCustomTermEndDate"]
    assert {ends[one] for one in shared["cotermSubscriptionIds"]} == {f"{day}Z"}
    assert error(user, url, **YEAR, customTermEndDate=f"{day}Z") == ""


def test_carts_and_orders_outlive_a_restart(user: Api, tmp_path: Path) -> None:
    user.control("POST", "sales", {"orders": 60, "subscriptions": 60})
    url, _mpn_id = with_reseller(user)
    line = {"catalogItemId": BASIC, "quantity": 2, **SHORT}
    cart = user.call("POST", f"{url}/carts", {"lineItems": [line]}).json
    user.call("POST", f"{url}/carts/{cart['id']}/checkout")
    kept, old = tmp_path / "state.json", user.app.store
    state.save(old, kept)
    fresh = Store(old.settings, old.clock, old.anchor)
    assert state.load(fresh, kept)
    assert fresh.sales.lag == old.sales.lag
    bought = fresh.sales.carts[cart["id"]].result
    assert bought is not None
    customer = url.rpartition("/")[2]
    before = len(fresh.account(customer).subscriptions)
    user.control("POST", "clock", {"advance_seconds": 61})
    assert len(fresh.account(customer).subscriptions) == before + 1
    (placed,) = fresh.sales.orders(customer)
    assert placed.order["status"] == "completed"
    assert [order["id"] for order in bought["orders"]] == [placed.order["id"]]


def test_a_reseller_without_its_agreement_is_refused_at_the_checkout() -> None:
    app = create_app(Settings(now=NOON, frozen=True, resellers=6))
    api = Api(app)
    api.token = api.control("POST", "tokens", {"action": "issue"})["user_token"]
    unsigned = app.store.resellers[5]
    mine = (one for one in app.store.customers.values() if unsigned in one.resellers)
    customer = next(one for one in mine if one.index % 7 not in {3, 5})
    named = [{"key": "transaction_reseller", "value": unsigned.mpn_id}]
    line = {"catalogItemId": BASIC, "quantity": 1, **SHORT, "participants": named}
    body = {"partnerOnRecordAttestationAccepted": True, "lineItems": [line]}
    url = f"/v1/customers/{customer.id}/carts"
    cart = api.call("POST", url, body).json
    assert "error" not in cart["lineItems"][0]
    refused = api.call("POST", f"{url}/{cart['id']}/checkout")
    assert (refused.status, refused.code) == (403, 900123)
    assert not app.store.sales.orders(customer.id)

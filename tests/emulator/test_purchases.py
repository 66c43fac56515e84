"""Purchases with more to them: who may be ordered for, several resellers, savings plans, the customer's purchase order."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from portal.emulator import promotions, state
from portal.emulator.store import Store
from tests.emulator.test_carts import AZURE, BASIC, SHORT, error, with_reseller
from tests.emulator.tools import Api

SAVINGS = "DZH318Z09V6F:0001:DZH318Z0BLD3"
ACCESS = "DG7GMGF0D7FV"


def checked_out(api: Api, url: str, *lines: dict[str, Any], **more: Any) -> Any:
    """The answer to the checkout of a cart of these lines."""
    body = {"lineItems": list(lines), **more}
    cart = api.call("POST", f"{url}/carts", body).json
    assert not any("error" in line for line in cart["lineItems"]), cart
    return api.call("POST", f"{url}/carts/{cart['id']}/checkout")


@pytest.mark.parametrize(
    ("standing", "code", "status"),
    [
        ("under_review", 800073, "UnderReview"),
        ("not_approved", 800075, "NotAllowed"),
        ("risk", 800069, "Allowed"),
        ("credit_line", 800023, "Allowed"),
        ("credit_limit", 900121, "Allowed"),
    ],
)
def test_for_some_customers_nothing_is_ordered(
    user: Api, standing: str, code: int, status: str
) -> None:
    url, _mpn_id = with_reseller(user)
    customer = url.rpartition("/")[2]
    line = {"catalogItemId": BASIC, "quantity": 1, **SHORT}
    user.control("POST", "sales", {"customers": {customer: standing}})
    refused = checked_out(user, url, line)
    assert (refused.status, refused.code) == (403, code)
    assert user.get(f"{url}/validationStatus?type=account").json["status"] == status
    user.control("POST", "sales", {"customers": {customer: ""}})
    assert checked_out(user, url, line).status == 201
    wrong = user.call("POST", "/_emulator/sales", {"customers": {customer: "odd"}})
    assert wrong.status == 400


def test_several_resellers_take_part_in_the_eu_and_efta_alone(user: Api) -> None:
    url, mpn_id = with_reseller(user)
    customer = user.app.store.customer(url.rpartition("/")[2])
    first = {"key": "transaction_reseller", "value": mpn_id}
    more = {"key": "additional_transaction_reseller", "value": "517285"}
    line = {"catalogItemId": BASIC, "quantity": 1, **SHORT, "participants": [first, more]}
    attested = {"partnerOnRecordAttestationAccepted": True}
    wrong = "participants_is_not_supported_for_partner"
    assert error(user, url, participants=[more]) == wrong
    customer.country = "US"
    refused = user.call("POST", f"{url}/carts", {"lineItems": [line], **attested}).json
    assert refused["lineItems"][0]["error"]["errorCode"] == wrong
    customer.country = "FR"
    bought = checked_out(user, url, line, **attested).json
    (sold,) = bought["orders"][0]["lineItems"]
    assert (sold["partnerIdOnRecord"], sold["additionalPartnerIdsOnRecord"]) == (mpn_id, ["517285"])


def test_a_savings_plan_commits_to_an_amount_by_the_hour(user: Api) -> None:
    sold = {one: user.subscriptions(one) for one in user.customers()}
    customer = next(
        key
        for key, rows in sold.items()
        if any(row["offerId"] == AZURE and row["status"] == "active" for row in rows)
        and user.app.store.customer(key).index % 7 not in {3, 5}
    )
    url = f"/v1/customers/{customer}"
    (plan,) = (row for row in sold[customer] if row["offerId"] == AZURE)
    place = f"{url}/subscriptions/{plan['id']}/azureEntitlements"
    under = user.get(place).json["items"][0]["id"]
    sku = user.get("/v1/products/DZH318Z09V6F/skus/0001?country=FR").json
    assert sku["supportedBillingCycles"] == ["one_time", "monthly"]
    assert sku["minimumPurchaseCommitment"]["currencyCode"]["code"] == "EUR"
    currency = user.call("POST", f"{url}/carts", {"lineItems": [{"catalogItemId": SAVINGS}]}).json[
        "lineItems"
    ][0]["currencyCode"]
    commitment = {"amount": 0.05, "grain": "hourly", "currency": currency.lower()}
    line = {"catalogItemId": SAVINGS, "quantity": 1, "termDuration": "P1Y"}
    line |= {"billingCycle": "one_time", "purchaseCommitment": commitment}
    assert error(user, url, **line | {"purchaseCommitment": {"amount": 0}}) == "invalid_input"
    for context, code in (
        ({}, 900312),
        ({"scope": "single"}, 900313),
        ({"scope": "single", "entitlementId": "x"}, 900314),
        ({"scope": "shared"}, 900317),
        ({"scope": "shared", "subscriptionId": "x"}, 900318),
    ):
        assert checked_out(user, url, line | {"provisioningContext": context}).code == code
    good = {"scope": "single", "entitlementId": under}
    bought = checked_out(user, url, line | {"provisioningContext": good})
    assert bought.status == 201, bought.text
    (order,) = bought.json["orders"]
    assert float(order["totalPrice"]) == 438.0
    assert order["lineItems"][0]["purchaseCommitment"]["amount"] == 0.05
    before = {row["id"] for row in sold[customer]}
    (made,) = (row for row in user.subscriptions(customer) if row["id"] not in before)
    assert (made["unitType"], made["billingType"], made["status"]) == (
        "Benefit",
        "benefit",
        "active",
    )
    assert made["productType"]["subType"]["id"] == "SavingsPlan"
    (told,) = made["lineItems"]
    assert told["purchaseCommitment"] == commitment | {"grain": "Hourly"}
    assert told["scope"] == {"type": "single", "entitlementId": under}
    refused = user.patch(f"{url}/subscriptions/{made['id']}", made | {"friendlyName": "Other"})
    assert (refused.status, refused.code) == (403, 900321)


def test_a_promotion_for_a_first_purchase_goes_to_the_first_line(user: Api) -> None:
    url, _mpn_id = with_reseller(user)
    customer = url.rpartition("/")[2]
    owned = user.app.store.account(customer)
    promotion = next(one for one in promotions.PROMOTIONS.values() if one.first_only)
    first = next(iter(owned.subscriptions.values()))
    needed = promotion.needs[0].split(":")
    first.item = replace(first.item, product_id=needed[0], sku_id=needed[1])
    first.status = "active"
    product, sku = promotion.sku.split(":")
    shelf = f"/v1/products/{product}/skus/{sku}/availabilities?country=FR"
    items = {one["segment"]: one["catalogItemId"] for one in user.get(shelf).json["items"]}
    line = {"catalogItemId": items["commercial"], "quantity": 10}
    line |= {"termDuration": "P1Y", "billingCycle": "annual"}
    before = {one["id"] for one in user.subscriptions(customer)}
    assert checked_out(user, url, line, line).status == 201
    fresh = [one for one in user.subscriptions(customer) if one["id"] not in before]
    assert [one.get("promotionId") for one in fresh] == [promotion.id, None]


def test_an_order_waits_for_its_purchase_order(user: Api, tmp_path: Path) -> None:
    url, _mpn_id = with_reseller(user)
    shelf = f"/v1/products/{ACCESS}/skus/0002/availabilities?country=FR"
    (sold,) = user.get(shelf).json["items"]
    line = {"catalogItemId": sold["catalogItemId"], "quantity": 2, "billingCycle": "one_time"}
    (order,) = checked_out(user, url, line).json["orders"]
    place = f"{url}/orders/{order['id']}"
    assert order["status"] == "pending_po_upload"
    user.control("POST", "clock", {"advance_seconds": 86_400})
    user.token = user.control("POST", "tokens", {"action": "issue"})["user_token"]
    assert user.get(place).json["status"] == "pending_po_upload"

    def sent(metadata: str, **files: str) -> Any:
        data: dict[str, Any] = {"metadata": metadata}
        data |= {name: (BytesIO(b"%PDF-1.7 x"), name + ".pdf") for name in files}
        headers = {"Authorization": f"Bearer {user.token}"}
        reply = user.client.post(f"{place}/attachment", data=data, headers=headers)
        return reply.status_code, reply.get_json()

    price = '{"customerPrice": "156.87", "currency": "EUR"}'
    tender = '{"isPartofTender": true, "customerPrice": "156.87", "currency": "EUR"}'
    assert sent(price)[1]["code"] == 900252
    assert sent('{"currency": "EUR"}', pofiles="")[1]["code"] == 900254
    assert sent(tender, pofiles="")[1]["code"] == 900253
    status, told = sent(tender, pofiles="", tenderfiles="")
    assert status == 201
    kinds = [one["attachmentType"] for one in told["items"]]
    assert kinds == ["POAttachment", "TenderAttachment"]
    assert user.get(f"{place}/attachments").json["items"] == told["items"]
    assert user.get(place).json["status"] == "po_upload_complete"
    assert sent(price, pofiles="")[1]["code"] == 4018
    kept = tmp_path / "state.json"
    state.save(user.app.store, kept)
    fresh = Store(user.app.settings, user.app.clock, user.app.store.anchor)
    assert state.load(fresh, kept)
    assert fresh.sales.papers == user.app.store.sales.papers
    user.control("POST", "sales", {"reviewed": {order["id"]: False}})
    assert user.get(place).json["status"] == "po_review_rejected"
    assert sent(price, pofiles="")[0] == 201
    user.control("POST", "sales", {"reviewed": {order["id"]: True}})
    assert user.get(place).json["status"] == "completed"

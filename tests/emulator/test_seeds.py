"""Estates: the same for a seed, varied where small, even and lazy where large."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.emulator import catalogue
from portal.emulator.app import create_app
from portal.emulator.settings import Settings
from portal.reference.products import product_title
from tests.emulator.conftest import NOON
from tests.emulator.tools import Api


def api_for(**settings: Any) -> Api:
    api = Api(create_app(Settings(now=NOON, frozen=True, **settings)))
    tokens = api.control("POST", "tokens", {"action": "issue"})
    api.token = tokens["user_token"]
    return api


def everything(api: Api) -> list[str]:
    texts = [api.get("/v1/customers").text]
    for customer in api.customers():
        texts.append(api.get(f"/v1/customers/{customer}").text)
        texts.append(api.get(f"/v1/customers/{customer}/subscriptions").text)
    return texts


def test_one_seed_gives_one_estate_whoever_reads_first() -> None:
    first, second = api_for(customers=20, seed=5), api_for(customers=20, seed=5)
    for customer in reversed(second.customers()):
        second.subscriptions(customer)
    assert everything(first) == everything(second)
    assert everything(first) != everything(api_for(customers=20, seed=6))


def test_a_small_estate_shows_every_case(user: Api) -> None:
    items = [item for customer in user.customers() for item in user.subscriptions(customer)]
    assert 320 <= len(items) <= 360, "enough to change 300 of them at once"
    states = Counter(item["status"] for item in items)
    assert set(states) == {"active", "suspended", "expired", "disabled", "deleted"}
    assert any(item["isTrial"] and item["scheduledNextTermInstructions"] for item in items)
    kinds = {item["productType"]["id"] for item in items if "productType" in item}
    assert kinds == {"OnlineServicesNCE", "SoftwareSubscription", "Azure"}
    assert any("productType" not in item for item in items), "legacy"
    countries = Counter(
        user.get(f"/v1/customers/{customer}").json["companyProfile"]["address"]["country"]
        for customer in user.customers()
    )
    assert len(countries) >= 10
    sizes = [len(user.subscriptions(customer)) for customer in user.customers()]
    assert min(sizes) == 0
    assert max(sizes) <= 8
    assert len({item["id"] for item in items}) == len(items)


def test_lots_have_clocks_near_and_far(user: Api) -> None:
    untils = []
    for customer in user.customers():
        for item in user.subscriptions(customer):
            detail = user.get(f"/v1/customers/{customer}/subscriptions/{item['id']}").json
            lots = (detail["refundableQuantity"] or {"details": []})["details"]
            assert sum(lot["quantity"] for lot in lots) <= detail["quantity"]
            untils += [lot["allowedUntilDateTime"] for lot in lots]
    assert any(until < "2026-11-26T12" for until in untils)
    assert any("2026-11-26T12" < until < "2026-11-28T12" for until in untils)
    assert any(until > "2026-11-28T12" for until in untils)


def test_a_distributor_estate_is_even_and_lists_build_nothing() -> None:
    api = api_for(customers=2000, resellers=20)
    seen = []
    url = "/v1/customers?size=500"
    headers: dict[str, str] = {}
    while url:
        page = api.get(url, **headers).json
        seen += [item["id"] for item in page["items"]]
        following = page["links"].get("next")
        url = f"/v1{following['uri']}" if following else ""
        headers = {"MS-ContinuationToken": page.get("continuationToken", "")}
    assert len(set(seen)) == 2000
    assert len(api.app.store._clean) == 0
    assert [len(api.subscriptions(customer)) for customer in seen[::400]] == [20] * 5
    names = [customer.name for customer in api.app.store.customers.values()]
    assert len(set(names)) == 2000


def test_memory_is_bounded_and_forgotten_accounts_come_back_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.emulator.store.CLEAN_ACCOUNTS", 5)
    api = api_for(customers=300)
    customers = api.customers()[:20]
    first = api.get(f"/v1/customers/{customers[0]}/subscriptions").text
    one = next(item for item in api.subscriptions(customers[1]) if item["status"] == "active")
    url = f"/v1/customers/{customers[1]}/subscriptions/{one['id']}"
    assert api.patch(url, {**one, "friendlyName": "Kept"}).status == 200
    for customer in customers:
        api.subscriptions(customer)
    assert len(api.app.store._clean) == 5
    assert api.get(f"/v1/customers/{customers[0]}/subscriptions").text == first
    assert api.get(url).json["friendlyName"] == "Kept"


def test_no_resellers_and_no_customers_are_possible() -> None:
    api = api_for(customers=2, resellers=0)
    customer = api.customers()[0]
    assert {item["partnerId"] for item in api.subscriptions(customer)} == {""}
    assert api.get(f"/v1/customers/{customer}/relationships").json["items"] == []
    assert api_for(customers=0).customers() == []


def test_a_state_file_keeps_changes_and_dates_over_a_restart(tmp_path: Path) -> None:
    kept = tmp_path / "state.json"
    first = api_for(customers=20, seed=5, state=kept)
    first.control("POST", "change", {"count": 8})
    added = first.control("POST", "change", {"kinds": ["add_customer"]})["changes"][0]["customer"]
    gone = first.control("POST", "change", {"kinds": ["remove_customer"]})["changes"][0]["customer"]
    before, audit = everything(first), first.get("/v1/auditrecords").text
    first.app.save()
    later = NOON + timedelta(hours=3)
    second = Api(create_app(Settings(now=later, frozen=True, customers=20, seed=5, state=kept)))
    second.token = second.control("POST", "tokens", {"action": "issue"})["user_token"]
    assert everything(second) == before
    assert second.get("/v1/auditrecords").text == audit
    assert added in second.customers()
    assert gone not in second.customers()
    second.control("POST", "change", {"count": 8})
    ids = [item["id"] for item in second.get("/v1/auditrecords").json["items"]]
    assert len(set(ids)) == len(ids)


def test_a_state_file_of_another_estate_or_none_at_all_is_left_aside(tmp_path: Path) -> None:
    kept = tmp_path / "state.json"
    api_for(customers=20, seed=5, state=kept).app.save()
    assert everything(api_for(customers=10, seed=5, state=kept)) == everything(
        api_for(customers=10, seed=5)
    )
    kept.write_bytes(b"{broken")
    assert len(api_for(customers=20, seed=5, state=kept).customers()) == 20


def test_every_offer_has_a_product_a_sku_and_an_availability() -> None:
    offers = {item.offer_id for item in (*catalogue.seat_items(), *catalogue.software_items())}
    assert offers
    assert not [offer for offer in offers if not all(offer.split(":")) or offer.count(":") != 2]


def test_no_offer_is_called_by_a_remark() -> None:
    titles = {item.title for item in (*catalogue.seat_items(), *catalogue.software_items())}
    assert not [title for title in titles if title.startswith("(")]
    assert "Add-on CFQ7TTC0HDJX" in titles
    assert product_title("CFQ7TTC0HDJX:0001") == ""

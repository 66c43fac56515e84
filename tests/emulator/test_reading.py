"""What the emulator shows: customers, resellers, subscriptions and profiles, by literal address."""

from urllib.parse import quote

import pytest

from tests.emulator.tools import Api

GONE = "00000000-0000-4000-8000-000000000000"


def search(field: str, value: str, operator: str = "starts_with") -> str:
    text = f'{{"Field":"{field}","Value":"{value}","Operator":"{operator}"}}'
    return f"/v1/customers?size=0&filter={quote(text)}"


def test_the_customer_list_lacks_what_only_a_single_read_shows(robot: Api) -> None:
    listed = robot.get("/v1/customers").json
    assert listed["attributes"] == {"objectType": "Collection"}
    assert listed["totalCount"] == len(listed["items"]) == 60
    first = listed["items"][0]
    assert set(first) == {"id", "companyProfile", "relationshipToPartner", "links", "attributes"}
    assert "address" not in first["companyProfile"]
    detail = robot.get(f"/v1/customers/{first['id']}").json
    assert detail["billingProfile"]["defaultAddress"]["country"] == "FR"
    assert detail["companyProfile"]["companyName"] == first["companyProfile"]["companyName"]
    assert first["companyProfile"]["domain"] in detail["customDomains"]
    assert detail["companyProfile"]["email"]


def test_pages_go_on_by_token_and_miss_nobody(robot: Api) -> None:
    seen: list[str] = []
    url, token = "/v1/customers?size=25", ""
    sizes = []
    while True:
        headers = {"MS-ContinuationToken": token} if token else {}
        page = robot.get(url, **headers).json
        sizes.append(page["totalCount"])
        seen += [item["id"] for item in page["items"]]
        if "next" not in page["links"]:
            assert "continuationToken" not in page
            break
        following = page["links"]["next"]
        assert following["headers"] == [
            {"key": "MS-ContinuationToken", "value": page["continuationToken"]}
        ]
        url, token = f"/v1{following['uri']}", page["continuationToken"]
        assert "seekOperation=Next" in url
    assert sizes == [25, 25, 10]
    assert seen == robot.customers()


@pytest.mark.parametrize(
    "token", ["nonsense", "bm9uc2Vuc2U=", "eyJvZiI6ImF1ZGl0cmVjb3JkczoiLCJhdCI6M30="]
)
def test_a_foreign_continuation_token_is_refused(robot: Api, token: str) -> None:
    reply = robot.get("/v1/customers?seekOperation=Next", MS_ContinuationToken=token)
    assert (reply.status, reply.code) == (400, 800002)


def test_customers_are_found_by_name_and_domain(robot: Api) -> None:
    by_name = robot.get(search("CompanyName", "atelier bor")).json["items"]
    assert [item["companyProfile"]["companyName"] for item in by_name] == ["Atelier Boréal"]
    domain = by_name[0]["companyProfile"]["domain"]
    by_domain = robot.get(search("Domain", domain)).json["items"]
    assert [item["id"] for item in by_domain] == [by_name[0]["id"]]
    assert robot.get(search("CompanyName", "nobody has this name")).json["totalCount"] == 0


@pytest.mark.parametrize(
    "url",
    [
        search("CompanyName", "a", "equals"),
        search("Shoesize", "a"),
        "/v1/customers?filter=%7Bnot-json",
        "/v1/customers?size=many",
    ],
)
def test_a_filter_that_is_not_documented_is_refused(robot: Api, url: str) -> None:
    reply = robot.get(url)
    assert (reply.status, reply.code) == (400, 3000)


def test_customers_of_a_reseller_need_a_person(user: Api, robot: Api) -> None:
    resellers = user.get(
        "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf"
    ).json
    assert resellers["totalCount"] == 3
    first = resellers["items"][0]
    assert first["relationshipType"] == "is_indirect_cloud_solution_provider_of"
    assert first["state"] == "Active"
    url = search("IndirectReseller", first["id"])
    assert robot.get(url).code == 900329
    theirs = [item["id"] for item in user.get(url).json["items"]]
    assert 0 < len(theirs) < 60
    for customer in theirs:
        related = user.get(f"/v1/customers/{customer}/relationships").json["items"]
        assert first["mpnId"] in [item["mpnId"] for item in related]
        assert "state" not in related[0]


def test_resellers_of_customers_are_one_two_or_none(user: Api) -> None:
    counts = [
        user.get(f"/v1/customers/{customer}/relationships").json["totalCount"]
        for customer in user.customers()
    ]
    assert counts[0] == 2
    assert counts.count(0) >= 3
    assert max(counts[1:]) == 1


def test_the_relationship_list_wants_to_know_of_whom(user: Api) -> None:
    assert user.get("/v1/relationships").code == 3000
    assert user.get("/v1/relationships?relationship_type=friends").code == 3000
    as_reseller = user.get("/v1/relationships?relationship_type=IsIndirectResellerOf").json
    assert as_reseller["items"] == []


def test_the_subscriptions_of_two_resellers_are_split(user: Api) -> None:
    customer = user.customers()[0]
    related = user.get(f"/v1/customers/{customer}/relationships").json["items"]
    everything = user.subscriptions(customer)
    parts = []
    for reseller in related:
        url = f"/v1/customers/{customer}/subscriptions?MPN_ID={reseller['mpnId']}"
        items = user.get(url).json["items"]
        assert {item["partnerId"] for item in items} == {reseller["mpnId"]}
        parts += [item["id"] for item in items]
    assert sorted(parts) == sorted(item["id"] for item in everything)
    assert len({item["partnerId"] for item in everything}) == 2


def test_only_a_single_read_shows_refundable_quantity(robot: Api) -> None:
    customer = robot.customers()[1]
    listed = robot.subscriptions(customer)[0]
    assert "refundableQuantity" not in listed
    detail = robot.get(f"/v1/customers/{customer}/subscriptions/{listed['id']}").json
    lots = detail.pop("refundableQuantity")
    assert detail == listed
    assert lots["totalQuantity"] == 18
    assert [(lot["quantity"], lot["allowedUntilDateTime"]) for lot in lots["details"]] == [
        (5, "2026-11-26T06:00:00Z"),
        (10, "2026-11-28T00:00:00Z"),
        (3, "2026-12-01T18:00:00Z"),
    ]


def test_subscriptions_are_found_by_order(robot: Api) -> None:
    customer = robot.customers()[1]
    one = robot.subscriptions(customer)[0]
    url = f"/v1/customers/{customer}/subscriptions?order_id={one['orderId']}"
    assert [item["id"] for item in robot.get(url).json["items"]] == [one["id"]]
    assert robot.get(url + "0").json["items"] == []


def test_paths_and_names_ignore_case(robot: Api) -> None:
    customer = robot.customers()[0]
    assert robot.get(f"/V1/Customers/{customer.upper()}/SUBSCRIPTIONS").status == 200
    assert robot.get("/v1/CUSTOMERS?SIZE=1").json["totalCount"] == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (f"/v1/customers/{GONE}", 60003),
        (f"/v1/customers/{GONE}/subscriptions", 60003),
        (f"/v1/customers/{GONE}/relationships", 60003),
        ("/v1/customers/not-a-guid", 60003),
        ("/v1/profiles/mpn?mpnId=1", 3000),
        ("/v1/no/such/path", 1000),
        ("/somewhere", 1000),
        ("/", 1000),
    ],
)
def test_what_does_not_exist_is_404_with_its_code(user: Api, url: str, code: int) -> None:
    reply = user.get(url)
    assert (reply.status, reply.code) == (404, code)
    assert set(reply.json) == {"code", "description", "data", "source"}


def test_a_subscription_of_another_customer_is_unknown(robot: Api) -> None:
    first, second = robot.customers()[:2]
    other = robot.subscriptions(second)[0]["id"]
    reply = robot.get(f"/v1/customers/{first}/subscriptions/{other}")
    assert (reply.status, reply.code) == (404, 20003)


def test_profiles_answer_a_connection_test(user: Api, robot: Api) -> None:
    organization = user.get("/v1/profiles/organization").json
    assert organization["tenantId"] == "7c1d3a52-9f4e-4b0a-8e21-5d6f0c2b9a10"
    assert user.get("/v1/profiles/mpn").json["mpnId"] == "4390100"
    assert user.get("/v1/profiles/billing").json["billingCurrency"] == "EUR"
    assert robot.get("/v1/profiles/legalbusiness?vettingVersion=Current").status == 200
    assert robot.get("/v1/profiles/organization").code == 900329
    resellers = user.get(
        "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf"
    ).json
    known = resellers["items"][0]
    found = user.get(f"/v1/profiles/mpn?mpnId={known['mpnId']}").json
    assert found["partnerName"] == known["name"]


def test_the_two_profiles_of_a_customer_stand_alone(user: Api) -> None:
    customer = user.customers()[2]
    whole = user.get(f"/v1/customers/{customer}").json
    assert user.get(f"/v1/customers/{customer}/profiles/company").json == whole["companyProfile"]
    assert user.get(f"/v1/customers/{customer}/profiles/billing").json == whole["billingProfile"]

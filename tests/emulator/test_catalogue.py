"""The catalogue by literal address: what stands in a market, in which segment, and what is refused."""

import pytest

from tests.emulator.tools import Api

E3 = "/v1/products/CFQ7TTC0LF8R"
MACHINE = "/v1/products/DZH318Z0BQ34"


def ids(api: Api, url: str) -> set[str]:
    reply = api.get(url)
    assert reply.status == 200, reply.text
    assert reply.json["totalCount"] == len(reply.json["items"])
    return {str(item["id"]) for item in reply.json["items"]}


def test_products_stand_by_view_and_segment(robot: Api) -> None:
    url = "/v1/products?country=FR&targetView="
    seats = ids(robot, f"{url}OnlineServices")
    assert {"CFQ7TTC0LF8R", "CFQ7TTC0LHPL"} <= seats
    assert "DZH318Z0BPS6" not in seats
    assert ids(robot, f"{url}microsoftazure") == {"DZH318Z0BPS6", "DZH318Z09V6F"}
    both = ids(robot, f"{url}SoftwareSubscriptions") | ids(robot, f"{url}SoftwarePerpetual")
    assert ids(robot, f"{url}Software") == both
    students = ids(robot, f"{url}OnlineServices&targetSegment=education")
    assert "CFQ7TTC0LHPL" in students
    assert "CFQ7TTC0LF8R" not in students
    assert "EMU0O365G3GC" not in seats
    assert "EMU0O365G3GC" in ids(robot, "/v1/products?country=US&targetView=OnlineServices")


def test_a_product_leads_to_skus_and_availabilities(robot: Api) -> None:
    product = robot.get(f"{E3}?country=fr").json
    assert product["productType"]["id"] == "OnlineServicesNCE"
    assert product["links"]["skus"]["uri"] == "/products/CFQ7TTC0LF8R/skus?country=FR"
    (sku,) = robot.get(f"{E3}/skus?country=FR").json["items"]
    assert robot.get(f"{E3}/skus/0001?country=FR").json == sku
    assert sku["supportedBillingCycles"] == ["annual", "monthly"]
    (one,) = robot.get(f"{E3}/skus/0001/availabilities?country=FR").json["items"]
    assert (one["defaultCurrency"]["code"], one["segment"]) == ("EUR", "commercial")
    assert one["catalogItemId"] == f"CFQ7TTC0LF8R:0001:{one['id']}"
    assert {(term["duration"], term["billingCycle"]) for term in one["terms"]} == {
        ("P1Y", "Annual"),
        ("P1Y", "Monthly"),
        ("P1M", "Monthly"),
    }
    assert "price" not in str(one).lower()
    again = robot.get(f"{E3}/skus/0001/availabilities/{one['id']}?country=US").json
    assert (again["country"], again["defaultCurrency"]["code"]) == ("US", "USD")


def test_nonprofit_is_named_or_left_out(robot: Api) -> None:
    url = "/v1/products/CFQ7TTC0LCHC/skus"
    assert "EMU1" not in ids(robot, f"{url}?country=FR")
    assert ids(robot, f"{url}?country=FR&targetSegment=nonprofit") == {"EMU1"}
    assert ids(robot, f"{url}/EMU1/availabilities?country=FR") == set()
    assert ids(robot, f"{url}/EMU1/availabilities?country=FR&targetSegment=nonprofit")


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/v1/products?targetView=Azure", 400, 3000),
        ("/v1/products?country=FR", 400, 3000),
        ("/v1/products?country=ZZ&targetView=Azure", 400, 3000),
        ("/v1/products?country=AF&targetView=Azure", 403, 2030),
        ("/v1/products?country=FR&targetView=Everything", 400, 3000),
        ("/v1/products?country=FR&targetView=SpecializedOffers", 403, 400036),
        ("/v1/products?country=FR&targetView=Azure&targetSegment=government", 403, 400030),
        ("/v1/products?country=FR&targetView=Azure&targetSegment=pets", 400, 3000),
        ("/v1/products/NONE?country=FR", 404, 400013),
        ("/v1/products/EMU0O365G3GC?country=FR", 404, 400013),
        ("/v1/products/NONE/skus?country=FR", 404, 400013),
        (f"{E3}/skus/9999?country=FR", 404, 400018),
        (f"{E3}/skus/0001/availabilities/NONE?country=FR", 404, 400019),
        ("/v1/extensions/product/checkInventory", 400, 3000),
    ],
)
def test_what_is_refused(robot: Api, url: str, status: int, code: int) -> None:
    method = "POST" if "Inventory" in url else "GET"
    reply = robot.call(method, url, {"TargetItems": []} if method == "POST" else None)
    assert (reply.status, reply.code) == (status, code)


def test_stock_is_told_by_region_and_unknown_items_are_left_out(robot: Api) -> None:
    customer = robot.customers()[0]
    url = "/v1/extensions/product/checkinventory?country=US"
    sku = robot.get(f"{MACHINE}/skus/00L4?country=US").json
    assert sku["purchasePrerequisites"] == ["AzureSubscriptionRegistration", "InventoryCheck"]
    body = {
        "TargetItems": [{"ProductId": "DZH318Z0BQ34", "SkuId": "00L4"}, {"ProductId": "NONE"}],
        "InventoryContext": {"customerId": customer, "armRegionName": "westus2"},
    }
    (item,) = robot.call("POST", url, body).json
    assert item == {
        "productId": "DZH318Z0BQ34",
        "skuId": "00L4",
        "isRestricted": False,
        "restrictions": [],
    }
    body["InventoryContext"] = {"armRegionName": "japanwest"}
    (item,) = robot.call("POST", url, body).json
    assert item["restrictions"][0]["properties"] == {"type": "Location", "values": "japanwest"}
    body["InventoryContext"] = {"customerId": "nobody"}
    assert robot.call("POST", url, body).code == 60003

"""Usage budgets and entitlements by literal address."""

from tests.emulator.tools import Api


def test_a_budget_is_kept_and_on_record(robot: Api) -> None:
    url = f"/v1/customers/{robot.customers()[0]}/usagebudget"
    assert "amount" not in robot.get(url).json
    assert robot.patch(url, {"Amount": 100.5}).json["amount"] == 100.5
    assert robot.get(url).json["usageSpendingBudget"] == 100.5
    refused = robot.patch(url, {"Amount": -1})
    assert (refused.status, refused.code) == (400, 3000)
    assert robot.get(url).json["amount"] == 100.5
    records = robot.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    assert [one["operationStatus"] for one in records[:2]] == ["failed", "succeeded"]
    assert records[1]["operationType"] == "update_customer_spending_budget"


def test_software_entitles_and_tells_when_it_expires_if_asked(user: Api) -> None:
    customers = user.customers()
    query = "entitlements?entitlementType=software"
    lists = [user.get(f"/v1/customers/{pk}/{query}").json["items"] for pk in customers[:40]]
    found = next(items for items in lists if items)
    assert found[0]["entitlementType"] == "software"
    assert "expiryDate" not in found[0]
    pk = customers[lists.index(found)]
    url = f"/v1/customers/{pk}/entitlements?showExpiry=true&entitlementType="
    assert "software" in str(user.get(f"{url}software").json["items"])
    assert "software" not in str(user.get(f"{url}reservedInstance").json["items"])

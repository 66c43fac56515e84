"""The control plane: clock, seed, changes by hand, a look inside, the log of calls."""

from typing import Any

import pytest

from tests.emulator.test_audit import records
from tests.emulator.test_patch import Target
from tests.emulator.tools import Api


def test_the_front_door_says_how_to_connect(app: object, robot: Api) -> None:
    about = robot.control("GET", "")
    assert about["customers"] == 60
    assert about["client_secret"] == "emulator-secret-not-for-production"
    assert about["now"] == "2026-11-25T12:00:00Z"


def test_reset_forgets_changes(robot: Api) -> None:
    target = Target(robot, 1)
    target.change(quantity=51)
    robot.control("POST", "reset")
    assert target.read()["quantity"] == 50
    assert records(robot) == []


def test_seed_makes_another_estate(robot: Api) -> None:
    before = robot.customers()
    about = robot.control("POST", "seed", {"customers": 7, "resellers": 1, "seed": 9})
    assert (about["customers"], about["resellers"]) == (7, 1)
    after = robot.customers()
    assert len(after) == 7
    assert not set(after) & set(before)


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("seed", {"customers": -1}),
        ("seed", {"colour": "red"}),
        ("clock", {"now": "soon"}),
        ("clock", {"advance": 3}),
        ("transitions", {"mode": "never"}),
        ("tokens", {"action": "melt"}),
        ("change", {"kinds": ["melt"]}),
        ("change", {"count": 1000}),
        ("manners", {"speed": 1}),
        ("manners", {"graph": "some"}),
    ],
)
def test_nonsense_is_refused_with_a_sentence(robot: Api, door: str, body: object) -> None:
    reply = robot.call("POST", f"/_emulator/{door}", body)
    assert reply.status == 400
    assert reply.json["error"]


def test_unknown_doors_and_methods_are_refused(robot: Api) -> None:
    assert robot.call("GET", "/_emulator/nothing").status == 404
    assert robot.call("DELETE", "/_emulator/clock").status == 405
    assert robot.call("POST", "/_emulator/clock", b"{").status == 400


def test_the_clock_runs_stops_and_moves(robot: Api) -> None:
    assert robot.control("GET", "clock") == {"now": "2026-11-25T12:00:00Z", "frozen": True}
    robot.control("POST", "clock", {"now": "2027-01-01T00:00:00Z"})
    moved = robot.control("POST", "clock", {"advance_seconds": 90})
    assert moved["now"] == "2027-01-01T00:01:30Z"
    running = robot.control("POST", "clock", {"frozen": False})
    assert running["frozen"] is False
    assert robot.control("GET", "clock")["now"] > running["now"]


def test_changes_by_hand_leave_records_and_touch_different_customers(robot: Api) -> None:
    made = robot.control("POST", "change", {"count": 20})["changes"]
    assert len({change["customer"] for change in made}) == 20
    found = records(robot)
    assert len(found) == 20
    assert {record["userPrincipalName"] for record in found} == {
        "j.dupuis@borealis-distribution.onmicrosoft.com"
    }
    assert {record["customerId"] for record in found} == {change["customer"] for change in made}
    for change in made:
        one = robot.get(
            f"/v1/customers/{change['customer']}/subscriptions/{change['subscription']}"
        ).json
        assert {name: one[name] for name in change["now"]} == change["now"]


def test_customers_come_go_and_change_their_name(robot: Api) -> None:
    before = robot.customers()

    def change(kind: str) -> dict[str, Any]:
        made: list[dict[str, Any]] = robot.control("POST", "change", {"kinds": [kind]})["changes"]
        return made[0]

    added = change("add_customer")["customer"]
    assert robot.customers() == [*before, added]
    removed = change("remove_customer")["customer"]
    assert robot.get(f"/v1/customers/{removed}").status == 404
    assert removed not in robot.customers()
    renamed = change("rename_customer")
    whole = robot.get(f"/v1/customers/{renamed['customer']}").json
    assert whole["companyProfile"]["companyName"] == renamed["now"]["name"]
    told = [record["operationType"] for record in records(robot)]
    assert [one for one in told if not one.startswith("granular_")] == [
        "update_customer_partner_contract_company_name",
        "remove_partner_customer_relationship",
        "add_customer",
    ]


def test_dump_shows_what_the_api_hides(robot: Api) -> None:
    target = Target(robot, 1)
    target.change(status="suspended")
    inside = robot.control("GET", f"dump?customer={target.customer}&subscription={target.id}")
    assert inside["subscription"]["refundableQuantity"] is None
    assert [lot["quantity"] for lot in inside["lots"]] == [5, 10, 3]
    whole = robot.control("GET", f"dump?customer={target.customer}")
    assert len(whole["subscriptions"]) == 6
    assert robot.call("GET", "/_emulator/dump?customer=nobody").status == 404


def test_the_log_tells_calls_tokens_and_faults(robot: Api, user: Api) -> None:
    robot.control("DELETE", "log")
    robot.get("/v1/customers?size=5", MS_RequestId="r-1", MS_CorrelationId="c-1")
    user.get("/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf")
    robot.get("/v1/customers", Authorization="")
    robot.control("POST", "faults", {"rules": [{"action": {"kind": "status"}}]})
    robot.get("/v1/customers")
    log = robot.control("GET", "log")
    assert log["count"] == 4
    assert log["by_operation"] == {"(none)": 1, "LIST_CUSTOMERS": 2, "LIST_RELATIONSHIPS": 1}
    assert log["by_status"] == {"200": 2, "401": 1, "500": 1}
    first, second, third, fourth = log["requests"]
    assert (first["request_id"], first["correlation_id"]) == ("r-1", "c-1")
    assert (first["path"], first["query"], first["token"]) == ("/v1/customers", "size=5", "app")
    assert second["token"] == "app+user"
    assert third["token"] == "none"
    assert fourth["fault"] == "status"
    assert robot.control("DELETE", "log")["count"] == 0
    assert robot.control("GET", "log?limit=0")["requests"] == []

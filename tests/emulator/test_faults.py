"""Misbehaviour on demand: by rule and by chance, before a change and after it."""

from typing import Any

import pytest

from portal.emulator.app import create_app
from portal.emulator.settings import Settings
from tests.emulator.conftest import NOON
from tests.emulator.test_patch import Target
from tests.emulator.tools import Api


def break_it(api: Api, kind: str, **rule: Any) -> None:
    action = {"kind": kind, **rule.pop("action", {})}
    api.control("POST", "faults", {"rules": [{"action": action, **rule}]})


def test_a_status_strikes_once_and_changes_nothing(robot: Api) -> None:
    target = Target(robot, 1)
    body = {**target.read(), "quantity": 51}
    break_it(robot, "status", action={"status": 503}, match={"operation": "CHANGE_QUANTITY"})
    assert robot.get("/v1/customers").status == 200
    assert robot.patch(target.url, body, MS_RequestId="r1").status == 503
    assert target.read()["quantity"] == 50
    assert robot.patch(target.url, body, MS_RequestId="r1").status == 200
    assert target.read()["quantity"] == 51


def test_a_429_by_rule_says_when_to_come_back(robot: Api) -> None:
    break_it(robot, "status", action={"status": 429, "headers": {"Retry-After": "7"}})
    reply = robot.get("/v1/customers")
    assert (reply.status, reply.headers["Retry-After"]) == (429, "7")
    assert reply.json["message"] == "Rate limit is exceeded. Try again in 7 seconds."


def test_the_nth_fitting_call_and_as_often_as_told(robot: Api) -> None:
    break_it(robot, "status", match={"path": "/v1/customers$", "method": "get"}, nth=2, times=2)
    statuses = [robot.get("/v1/customers").status for _ in range(5)]
    assert statuses == [200, 500, 500, 200, 200]
    break_it(robot, "status", action={"status": 502, "body": {"own": "body"}}, times=None)
    replies = [robot.get("/v1/customers") for _ in range(3)]
    assert [(reply.status, reply.json) for reply in replies] == [(502, {"own": "body"})] * 3
    robot.control("DELETE", "faults")
    assert robot.get("/v1/customers").status == 200


def test_a_lost_reply_was_applied(robot: Api) -> None:
    target = Target(robot, 1)
    body = {**target.read(), "quantity": 51}
    break_it(robot, "lost_reply", match={"method": "PATCH"})
    with pytest.raises(ConnectionResetError):
        robot.patch(target.url, body, MS_RequestId="r1")
    assert target.read()["quantity"] == 51
    again = robot.patch(target.url, body, MS_RequestId="r1")
    assert (again.status, again.json["quantity"]) == (200, 51)
    assert len(target.read()["refundableQuantity"]["details"]) == 4


def test_a_reset_was_not_applied(robot: Api) -> None:
    target = Target(robot, 1)
    break_it(robot, "reset", match={"method": "PATCH"})
    with pytest.raises(ConnectionResetError):
        target.change(quantity=51)
    assert target.read()["quantity"] == 50


def test_spoilt_answers(robot: Api) -> None:
    good = robot.get("/v1/customers?size=30")
    for kind in ("truncate", "html", "empty_body", "bom"):
        break_it(robot, kind)
    cut, html, empty, bom = (robot.get("/v1/customers?size=30") for _ in range(4))
    assert cut.status == 200
    assert good.text.startswith(cut.text)
    assert len(cut.text) < len(good.text)
    assert (html.status, html.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (empty.status, empty.text) == (200, "")
    assert bom.text == "\ufeff" + good.text
    assert robot.get("/v1/customers?size=30").text == good.text


def test_listings_come_back_short_or_empty_and_hide_it(robot: Api) -> None:
    break_it(robot, "empty_list")
    break_it(robot, "short_list", action={"keep": 0.5})
    empty, short = (robot.get("/v1/customers?size=30").json for _ in range(2))
    assert (empty["totalCount"], empty["items"]) == (0, [])
    assert short["totalCount"] == len(short["items"]) == 15
    for page in (empty, short):
        assert "continuationToken" not in page
        assert "next" not in page["links"]


def test_a_continuation_expires(robot: Api) -> None:
    token = robot.get("/v1/customers?size=30").json["continuationToken"]
    break_it(robot, "expire_continuation", times=None)
    assert robot.get("/v1/customers?size=30").status == 200
    reply = robot.get("/v1/customers?size=30&seekOperation=Next", MS_ContinuationToken=token)
    assert (reply.status, reply.code) == (400, 800002)


@pytest.mark.parametrize(
    "body",
    [
        {"rules": [{"action": {"kind": "explode"}}]},
        {"rules": [{"action": {}}]},
        {"rules": [{"action": {"kind": "reset", "colour": "red"}}]},
        {"rules": [{"action": {"kind": "reset"}, "match": {"pathh": "x"}}]},
        {"rule": []},
        {"spec": "429=2"},
        {"spec": "explode=0.1"},
        {"spec": "429=0.6,500=0.6"},
        {"spec": "429"},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(robot: Api, body: object) -> None:
    reply = robot.call("POST", "/_emulator/faults", body)
    assert reply.status == 400
    assert reply.json["error"]
    assert robot.control("GET", "faults") == {"spec": "", "rules": []}


def chances(seed: int) -> list[int]:
    app = create_app(
        Settings(customers=3, seed=seed, faults="429=0.1,500=0.1,html=0.05", now=NOON, frozen=True)
    )
    api = Api(app)
    api.token = api.control("POST", "tokens", {"action": "issue"})["app_token"]
    return [api.get("/v1/customers").status for _ in range(200)]


def test_chances_are_the_same_for_a_seed() -> None:
    first = chances(1)
    assert first == chances(1)
    assert first != chances(2)
    assert 5 < first.count(429) < 40
    assert 5 < first.count(500) < 40


def test_the_control_plane_and_sign_in_know_no_faults(robot: Api) -> None:
    break_it(robot, "status", times=None)
    assert robot.call("GET", "/_emulator/clock").status == 200
    assert robot.call("GET", "/common/discovery/instance").status == 200

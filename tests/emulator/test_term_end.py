"""What a subscription does at the end of its term: three choices, each with its own auto-renew."""

from typing import Any

import pytest

from tests.emulator.test_patch import Target
from tests.emulator.tools import Api

CANCEL = [{"scheduleType": "TermEnd", "actionType": "Cancel"}]
EXTEND = [{"scheduleType": "TermEnd", "actionType": "RenewToExtendedServiceTerm"}]
RENEW = [{"scheduleType": "TermEnd", "actionType": "RenewToNewTerm"}]


@pytest.fixture
def target(robot: Api) -> Target:
    return Target(robot, 1)


@pytest.mark.parametrize(
    ("auto_renew", "actions"), [(True, RENEW), (False, CANCEL), (False, EXTEND)]
)
def test_each_choice_is_kept_and_shown(
    target: Target, auto_renew: bool, actions: list[dict[str, str]]
) -> None:
    version = target.read()["attributes"]["etag"]
    reply = target.change(autoRenewEnabled=auto_renew, scheduledActions=actions)
    after = target.read()
    assert reply.status == 200
    assert (after["autoRenewEnabled"], after["scheduledActions"]) == (auto_renew, actions)
    assert after["attributes"]["etag"] != version


@pytest.mark.parametrize(
    ("auto_renew", "actions"), [(False, RENEW), (True, CANCEL), (True, EXTEND)]
)
def test_a_choice_with_the_wrong_auto_renew_is_refused(
    target: Target, auto_renew: bool, actions: list[dict[str, str]]
) -> None:
    reply = target.change(autoRenewEnabled=auto_renew, scheduledActions=actions)
    assert (reply.status, reply.code) == (400, 800093)
    assert "scheduledActions" not in target.read()


@pytest.mark.parametrize("nonsense", ["Cancel", [{"actionType": "Cancel"}], [7], [{}]])
def test_what_is_no_action_is_refused(target: Target, nonsense: Any) -> None:
    assert target.change(scheduledActions=nonsense).code == 800002


def test_leaving_the_choice_out_drops_it(target: Target) -> None:
    target.change(autoRenewEnabled=False, scheduledActions=CANCEL)
    body = target.read()
    del body["scheduledActions"]
    target.api.patch(target.url, body)
    assert "scheduledActions" not in target.read()


def test_more_seats_drop_the_choice(target: Target) -> None:
    target.change(autoRenewEnabled=False, scheduledActions=CANCEL)
    target.change(quantity=51)
    assert "scheduledActions" not in target.read()


@pytest.mark.parametrize(
    ("actions", "status"), [(CANCEL, "disabled"), (EXTEND, "active"), ([], "active")]
)
def test_the_term_ends_as_chosen(
    target: Target, actions: list[dict[str, str]], status: str
) -> None:
    ends = target.read()["commitmentEndDate"]
    target.change(autoRenewEnabled=False, scheduledActions=actions)
    target.api.control("POST", "clock", {"now": ends.replace("T00:00:00", "T23:59:59")})
    target.api.control("POST", "clock", {"advance_seconds": 5})
    target.api.token = target.api.control("POST", "tokens", {"action": "issue"})["app_token"]
    assert target.read()["status"] == status


def test_a_choice_leaves_an_audit_record_and_has_its_name(target: Target) -> None:
    target.change(autoRenewEnabled=False, scheduledActions=CANCEL)
    last = target.api.control("GET", "log")["requests"][-1]
    assert last["operation"] == "SET_AUTO_RENEW"

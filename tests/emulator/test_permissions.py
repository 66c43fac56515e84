"""Delegated admin relationships on the emulated Graph, and what they open in Partner Center."""

from pathlib import Path
from typing import Any

import pytest

from portal.emulator import state
from portal.emulator.app import Emulator, create_app
from portal.emulator.settings import Settings
from tests.emulator.conftest import NOON
from tests.emulator.tools import Api

HOME = "/v1.0/tenantRelationships/delegatedAdminRelationships"
USERS = "fe930be7-5e62-47db-91af-98c3a49a38b1"
GLOBAL = "62e90394-69f5-4237-9190-012177145e10"


@pytest.fixture
def graph(app: Emulator) -> Api:
    """A caller with a token for Microsoft Graph, got with the refresh token of a consent."""
    return _graph(app)


def _graph(app: Emulator) -> Api:
    return Api(app, _token(app).json["access_token"])


def _token(app: Emulator) -> Any:
    issued = Api(app).control("POST", "tokens", {"action": "issue"})
    form = {
        "grant_type": "refresh_token",
        "client_id": app.settings.client_id,
        "client_secret": app.settings.client_secret,
        "refresh_token": issued["refresh_token"],
        "scope": "https://graph.microsoft.com/.default offline_access openid profile",
    }
    return Api(app).client.post(f"/{app.settings.tenant_id}/oauth2/v2.0/token", data=form)


def _wish(tenant: str, **more: Any) -> dict[str, Any]:
    wish: dict[str, Any] = {
        "displayName": "Borealis 1",
        "duration": "P730D",
        "customer": {"tenantId": tenant, "displayName": "x"},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": USERS}]},
        "autoExtendDuration": "P180D",
    }
    return wish | more


def test_pages_follow_one_another_and_name_every_relationship_once(graph: Api) -> None:
    whole = graph.get(HOME).json
    assert "@odata.nextLink" not in whole
    ids, url = [], f"{HOME}?$top=7"
    while url:
        page = graph.get(url).json
        assert len(page["value"]) <= 7
        ids += [one["id"] for one in page["value"]]
        url = page.get("@odata.nextLink", "")
    assert ids == [one["id"] for one in whole["value"]]
    assert len(set(ids)) == len(ids) > 50
    one = graph.get(f"{HOME}/{ids[3]}").json
    assert one == whole["value"][3]


def test_each_audience_opens_its_own_host_and_graph_words_its_refusals(
    graph: Api, user: Api
) -> None:
    wrong = user.get(HOME)
    assert (wrong.status, wrong.json["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert graph.get("/v1/customers").code == 900420
    missing = graph.get(f"{HOME}/none")
    assert (missing.status, missing.json["error"]["code"]) == (404, "notFound")


def test_graph_can_be_told_to_permit_less(app: Emulator, graph: Api) -> None:
    wish = _wish(graph.control("GET", "dump")["customer_ids"][1])
    graph.control("POST", "manners", {"graph": "read"})
    assert graph.get(HOME).status == 200
    refused = graph.call("POST", HOME, wish)
    assert (refused.status, refused.json["error"]["code"]) == (403, "Authorization_RequestDenied")
    graph.control("POST", "manners", {"graph": "denied"})
    assert graph.get(HOME).status == graph.get(f"{HOME}/any").status == 403
    graph.control("POST", "manners", {"graph": "no_consent"})
    assert "AADSTS65001" in _token(app).text
    graph.control("POST", "manners", {"graph": "write"})
    assert graph.call("POST", HOME, wish).status == 201


def test_what_graph_tells_is_what_partner_center_lets_through(graph: Api, user: Api) -> None:
    active: dict[str, set[str]] = {}
    for one in graph.get(HOME).json["value"]:
        if one["status"] == "active":
            roles = {role["roleDefinitionId"] for role in one["accessDetails"]["unifiedRoles"]}
            active.setdefault(one["customer"]["tenantId"], set()).update(roles)
    seen = set()
    for customer in user.customers():
        home = f"/v1/customers/{customer}/users"
        read, write = user.get(home), user.call("POST", home, {})
        may_read, may_write = customer in active, USERS in active.get(customer, set())
        assert (read.status == 200) == may_read, customer
        assert (write.code == 900308) == (not may_write), customer
        seen.add((may_read, may_write))
    assert seen == {(True, True), (True, False), (False, False)}


def test_a_request_opens_once_the_customer_has_approved_it(graph: Api, user: Api) -> None:
    customer = user.customers()[4]
    home = f"/v1/customers/{customer}/users"
    assert user.get(home).code == 900308
    made = graph.call("POST", HOME, _wish(customer))
    assert (made.status, made.json["status"]) == (201, "created")
    own = f"{HOME}/{made.json['id']}"
    assert graph.call("POST", f"{own}/requests", {"action": "terminate"}).status == 409
    assert graph.call("POST", f"{own}/requests", {"action": "lockForApproval"}).status == 201
    assert graph.get(own).json["status"] == "approvalPending"
    assert graph.call("POST", f"{own}/requests", {"action": "lockForApproval"}).status == 409
    assert user.get(home).code == 900308
    user.control("POST", "clock", {"advance_seconds": 900})
    assert graph.get(own).json["status"] == "active"
    assert user.get(home).status == 200
    records = user.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    names = [one["operationType"] for one in records]
    assert names.count("granular_admin_relationship_approved") == 1
    assert graph.call("POST", f"{own}/requests", {"action": "terminate"}).status == 201
    assert user.get(home).code == 900308


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"displayName": "x" * 51}, 400),
        ({"duration": "P3Y"}, 400),
        ({"accessDetails": {"unifiedRoles": []}}, 400),
        ({"autoExtendDuration": "P90D"}, 400),
        ({"accessDetails": {"unifiedRoles": [{"roleDefinitionId": GLOBAL}]}}, 400),
        ({"customer": {"tenantId": "nobody"}}, 400),
        ({}, 201),
    ],
)
def test_what_graph_refuses(graph: Api, user: Api, more: dict[str, Any], status: int) -> None:
    assert graph.call("POST", HOME, _wish(user.customers()[1], **more)).status == status
    again = graph.call("POST", HOME, _wish(user.customers()[1], **more)).status
    assert again == (409 if status == 201 else status), "names are unique"


def test_requests_are_kept_over_a_restart(
    app: Emulator, graph: Api, user: Api, tmp_path: Path
) -> None:
    made = graph.call("POST", HOME, _wish(user.customers()[4])).json["id"]
    state.save(app.store, tmp_path / "state.json")
    again = create_app(Settings(now=NOON, frozen=True))
    assert state.load(again.store, tmp_path / "state.json")
    assert _graph(again).get(f"{HOME}/{made}").json["displayName"] == "Borealis 1"


def _happened(user: Api, kind: str) -> tuple[str, list[str]]:
    """A change made by hand, and what the records then tell of permissions of that customer."""
    (made,) = user.control("POST", "change", {"kinds": [kind]})["changes"]
    records = user.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    told = [one["operationType"] for one in records if one["customerId"] == made["customer"]]
    return made["customer"], [one for one in told if one.startswith("granular_")]


def test_no_permission_changes_without_a_record(graph: Api, user: Api) -> None:
    def listed() -> dict[str, dict[str, Any]]:
        return {one["id"]: one for one in graph.get(HOME).json["value"]}

    before = listed()
    told = [_happened(user, kind) for kind in ("add_customer", "remove_customer") * 4]
    assert {one for _, records in told for one in records} >= {
        "granular_admin_relationship_activated",
        "granular_admin_relationship_terminated",
    }
    _, renamed = _happened(user, "rename_customer")
    assert renamed == []
    after = listed()
    changed = {one["customer"]["tenantId"] for one in _only_in_one(before, after)}
    assert changed <= {customer for customer, records in told if records}
    for key in before.keys() & after.keys():
        assert after[key]["displayName"] == before[key]["displayName"]


def _only_in_one(one: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    return [one.get(key) or other[key] for key in one.keys() ^ other.keys()]

"""The emulated directories: who is in them, what may be done to a user, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from portal.emulator import state
from portal.emulator.app import Emulator, create_app
from portal.emulator.directory.state import AT_HAND
from portal.emulator.settings import Settings
from tests.emulator.conftest import NOON
from tests.emulator.tools import Api, Reply

ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
DELETED = "%7B%22Field%22%3A%22UserState%22%2C%22Value%22%3A%22Inactive%22%2C%22Operator%22%3A%22equals%22%7D"
ATTRIBUTES = {"objectType": "CustomerUser"}


@pytest.fixture
def home(user: Api) -> str:
    """The users of the second customer, which has one administrator and grants access."""
    return f"/v1/customers/{user.customers()[1]}/users"


def _new(upn: str, **more: object) -> dict[str, Any]:
    return {
        "usageLocation": "FR",
        "userPrincipalName": upn,
        "firstName": "Inès",
        "lastName": "Roche",
        "displayName": "Inès Roche",
        "passwordProfile": {"password": "abCD123*", "forceChangePassword": True},
        "attributes": ATTRIBUTES,
        **more,
    }


def _domain(user: Api, home: str) -> str:
    return str(user.get(home).json["items"][1]["userPrincipalName"]).partition("@")[2]


def _records(user: Api) -> list[tuple[str, str]]:
    items = user.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    return [(item["operationType"], item["operationStatus"]) for item in items]


def test_the_list_leaves_deleted_users_out_and_the_filter_names_them(user: Api, home: str) -> None:
    active = user.get(home).json["items"]
    deleted = user.get(f"{home}?size=500&filter={DELETED}").json["items"]
    assert {one["state"] for one in active} == {"active"}
    assert [one["state"] for one in deleted] == ["inactive"]
    assert deleted[0]["softDeletionTime"] == "2026-11-20T10:00:00Z"
    assert user.get(home).json["items"] == active
    assert user.get(f"{home}?filter=%7B%22Field%22%3A%22Name%22%7D").code == 3000


def test_pages_follow_one_another_and_sorting_is_by_name(user: Api, home: str) -> None:
    whole = [one["id"] for one in user.get(home).json["items"]]
    found: list[str] = []
    reply, headers = user.get(f"{home}?size=2"), {}
    while True:
        found += [one["id"] for one in reply.json["items"]]
        following = reply.json["links"].get("next")
        if following is None:
            break
        headers = {one["key"].replace("-", "_"): one["value"] for one in following["headers"]}
        reply = user.get(f"/v1{following['uri']}", **headers)
    assert found == whole
    down = user.get(f"{home}?sortField=DisplayName&sortDirection=Descending").json["items"]
    names = [one["displayName"].lower() for one in down]
    assert names == sorted(names, reverse=True)


def test_a_user_is_made_changed_deleted_and_restored(user: Api, home: str) -> None:
    upn = f"ines.roche@{_domain(user, home)}"
    made = user.call("POST", home, _new(upn))
    assert (made.status, made.json["passwordProfile"]["password"]) == (200, "abCD123*")
    one = f"{home}/{made.json['id']}"
    assert "passwordProfile" not in user.get(one).json
    changed = user.patch(one, {"usageLocation": "BE", "attributes": ATTRIBUTES})
    assert changed.json["usageLocation"] == "BE"
    assert changed.json["displayName"] == "Inès Roche"

    assert user.call("DELETE", one).status == 204
    gone = user.get(one).json
    assert gone["state"] == "inactive"
    assert gone["userPrincipalName"].endswith(upn)
    assert made.json["id"] not in [one["id"] for one in user.get(home).json["items"]]
    back = user.patch(one, {"State": "active", "Attributes": {"ObjectType": "CustomerUser"}})
    assert (back.status, back.json["userPrincipalName"]) == (200, upn)
    assert _records(user)[:4] == [
        ("restore_customer_user", "succeeded"),
        ("delete_customer_user", "succeeded"),
        ("update_customer_user", "succeeded"),
        ("create_customer_user", "succeeded"),
    ]
    assert "abCD123" not in user.get("/v1/auditrecords?startDate=2026-11-25").text


def test_after_thirty_days_a_deleted_user_is_no_more(user: Api, home: str) -> None:
    (left,) = user.get(f"{home}?filter={DELETED}").json["items"]
    user.control("POST", "clock", {"advance_seconds": 30 * 86_400})
    user.token = user.control("POST", "tokens", {"action": "issue"})["user_token"]
    reply = user.patch(f"{home}/{left['id']}", {"state": "active"})
    assert (reply.status, reply.code) == (404, 60002)
    assert user.get(f"{home}?filter={DELETED}").json["items"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"userPrincipalName": "no-address"}, "userPrincipalName is invalid"),
        ({"userPrincipalName": "ines@elsewhere.example"}, "domain portion"),
        ({"passwordProfile": {"password": "short1A"}}, "complexity"),
        ({"passwordProfile": {"password": "alllowercase"}}, "complexity"),
        ({"usageLocation": "France"}, "usageLocation"),
        ({"displayName": ""}, "displayName"),
    ],
)
def test_what_cannot_become_a_user_is_refused_and_recorded(
    user: Api, home: str, change: dict[str, Any], words: str
) -> None:
    before = user.get(home).json["items"]
    reply = user.call("POST", home, _new(f"ines@{_domain(user, home)}") | change)
    assert (reply.status, reply.code) == (400, 3000)
    assert words in reply.json["description"]
    assert user.get(home).json["items"] == before
    assert _records(user)[0] == ("create_customer_user", "failed")


def test_a_name_that_another_user_has_is_refused_also_on_restoring(user: Api, home: str) -> None:
    upn = f"twin@{_domain(user, home)}"
    first = user.call("POST", home, _new(upn)).json["id"]
    assert "already exists" in user.call("POST", home, _new(upn.upper())).json["description"]
    user.call("DELETE", f"{home}/{first}")
    assert user.call("POST", home, _new(upn)).status == 200
    reply = user.patch(f"{home}/{first}", {"state": "active"})
    assert (reply.status, reply.code) == (400, 3000)


def test_the_last_administrator_stays(user: Api, home: str) -> None:
    admin = user.get(home).json["items"][0]
    assert user.call("DELETE", f"{home}/{admin['id']}").code == 3000
    members = f"{home.removesuffix('/users')}/directoryroles/{ADMINISTRATOR}/usermembers"
    assert user.call("DELETE", f"{members}/{admin['id']}").code == 3000
    other = user.get(home).json["items"][1]
    body = {"Id": other["id"], "DisplayName": "x", "UserPrincipalName": "x"}
    assert user.call("POST", members, body).status == 201
    assert user.call("DELETE", f"{members}/{admin['id']}").status == 204
    assert [one["id"] for one in user.get(members).json["items"]] == [other["id"]]


def test_roles_are_listed_given_and_taken_back(user: Api, home: str) -> None:
    customer = home.removesuffix("/users")
    roles = user.get(f"{customer}/directoryroles").json["items"]
    assert {"name": "Helpdesk Administrator", "id": HELPDESK} in [
        {name: one[name] for name in ("name", "id")} for one in roles
    ]
    one = user.get(home).json["items"][1]["id"]
    own = f"{home}/{one}/directoryroles"
    assert user.get(own).json["items"] == []
    members = f"{customer}/directoryroles/{HELPDESK}/usermembers"
    body = {"Id": one, "DisplayName": "", "UserPrincipalName": ""}
    assert user.call("POST", members, body).json["roleId"] == HELPDESK
    assert [role["id"] for role in user.get(own).json["items"]] == [HELPDESK]
    assert user.call("DELETE", f"{members}/{one}").status == 204
    assert user.call("DELETE", f"{members}/{one}").status == 404
    assert _records(user)[:2] == [
        ("remove_user_member", "succeeded"),
        ("add_user_member", "succeeded"),
    ]


@pytest.mark.parametrize("tail", ["/resetpassword", ""])
def test_a_password_is_reset_in_either_form(user: Api, home: str, tail: str) -> None:
    one = user.get(home).json["items"][1]["id"]

    def reset(password: str) -> Reply:
        profile = {"password": password, "forceChangePassword": True}
        return user.patch(f"{home}/{one}{tail}", {"passwordProfile": profile})

    assert reset("Renew456*").json["passwordProfile"]["password"] == "Renew456*"
    assert reset("weak").code == 3000
    assert _records(user)[:2] == [
        ("reset_customer_user_password", "failed"),
        ("reset_customer_user_password", "succeeded"),
    ]


def test_unknown_ids_and_app_only_tokens_are_refused(user: Api, robot: Api, home: str) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    for method, body in (("GET", None), ("PATCH", {"lastName": "x"}), ("DELETE", None)):
        reply = user.call(method, f"{home}/{nobody}", body)
        assert (reply.status, reply.code) == (404, 60002)
    assert user.get(f"/v1/customers/{nobody}/users").code == 60003
    assert (robot.get(home).status, robot.get(home).code) == (403, 900329)


def test_a_customer_that_granted_no_access_says_so(user: Api) -> None:
    closed = user.customers()[4]
    reply = user.get(f"/v1/customers/{closed}/users")
    assert (reply.status, reply.code) == (403, 900308)


def test_synchronised_accounts_are_not_changed_here(user: Api) -> None:
    home = f"/v1/customers/{user.customers()[7]}/users"
    one = user.get(home).json["items"][2]
    assert one["lastDirectorySyncTime"] == "2026-11-25T11:35:00Z"
    assert user.patch(f"{home}/{one['id']}", {"lastName": "x"}).code == 3000


def test_changed_directories_are_kept_over_a_restart(
    app: Emulator, user: Api, home: str, tmp_path: Path
) -> None:
    made = user.call("POST", home, _new(f"ines@{_domain(user, home)}")).json["id"]
    left = user.get(f"{home}?filter={DELETED}").json["items"]
    state.save(app.store, tmp_path / "state.json")
    again = create_app(Settings(now=NOON, frozen=True))
    assert state.load(again.store, tmp_path / "state.json")
    customer = home.split("/")[3]
    directory = again.store.directories.of(customer)
    assert directory.users[made].display_name == "Inès Roche"
    assert [one["id"] for one in left] == [u.id for u in directory.users.values() if u.deleted_at]
    other = user.customers()[2]
    assert again.store.directories.of(other) == app.store.directories.of(other)


def test_a_distributors_users_are_made_when_asked_for_and_not_held() -> None:
    app: Emulator = create_app(Settings(customers=2000, now=NOON, frozen=True))
    directories = app.store.directories
    ids = list(app.store.customers)[: AT_HAND + 40]
    first = {one: list(directories.of(one).users) for one in ids if ids.index(one) % 9 != 4}
    assert {len(users) for users in first.values()} == {50}
    assert len({user for users in first.values() for user in users}) == 50 * len(first)
    assert len(directories._clean) == AT_HAND
    assert list(directories.of(ids[0]).users) == first[ids[0]]

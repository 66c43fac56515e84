"""Approval rules over the API: the same rules by the same form, versions kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.access.models import User
from portal.outbox.approvals.models import Rule
from tests.people import Estate

URL = "/api/v1/approval-rules/"
ApiOf = Callable[..., Client]


def send(api: Client, address: str, method: str = "post", **values: Any) -> Any:
    return getattr(api, method)(address, values, content_type="application/json")


def test_a_rule_by_amount_is_made_changed_and_ended(
    alice: User, estate: Estate, api_of: ApiOf
) -> None:
    api = api_of(alice, read_only=False)
    wish: dict[str, Any] = {"name": "Dear", "connection": estate.connection.pk}
    made = send(api, URL, **wish, least_amount="1000.00", currency="eur")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["least_amount"], told["currency"], told["hours"]) == ("1000.00", "EUR", 72)
    assert (told["version"], told["connection"], told["reseller"]) == (
        1,
        estate.connection.pk,
        None,
    )
    address = f"{URL}{told['id']}/"
    changed = send(api, address, "put", **wish, least_seats=5, reseller=estate.fabrikam.pk)
    assert changed.status_code == 200, changed.content
    assert (changed.json()["version"], changed.json()["least_amount"]) == (2, None)
    assert api.get(address).status_code == 404, "a version that holds no longer"
    address = f"{URL}{changed.json()['id']}/"
    assert [row["version"] for row in api.get(f"{address}versions/").json()] == [1]
    assert [row["id"] for row in api.get(URL).json()["results"]] == [changed.json()["id"]]
    assert api.post(f"{address}end/").status_code == 204
    assert not Rule.objects.filter(is_current=True).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"least_amount": "10"},
        {"currency": "EUR"},
        {"least_amount": "ten", "currency": "EUR"},
        {"least_amuont": "10"},
        {"verb": "nothing"},
        {"hours": 0},
        {"connection": 0},
        {"name": ""},
    ],
)
def test_a_wrong_value_is_named(
    alice: User, estate: Estate, api_of: ApiOf, wrong: dict[str, Any]
) -> None:
    wish: dict[str, Any] = {"name": "Dear", "connection": estate.connection.pk} | wrong
    answer = send(api_of(alice, read_only=False), URL, **wish)
    assert answer.status_code == 400
    assert not Rule.objects.exists()


def test_another_connections_rules_are_not_there(
    alice: User, estate: Estate, api_of: ApiOf
) -> None:
    foreign = Rule.objects.create(name="Theirs", connection=estate.other)
    api = api_of(alice, read_only=False)
    assert api.get(URL).json()["results"] == []
    for address in (f"{URL}{foreign.pk}/", f"{URL}{foreign.pk}/versions/"):
        assert api.get(address).status_code == 404
    assert api.post(f"{URL}{foreign.pk}/end/").status_code == 404
    assert send(api, URL, name="x", connection=estate.other.pk).status_code == 400
    foreign.refresh_from_db()
    assert foreign.is_current


def test_who_manages_no_rules_reads_and_changes_none(
    alice: User, bob: User, estate: Estate, api_of: ApiOf
) -> None:
    row = Rule.objects.create(name="Ours", connection=estate.connection)
    wish: dict[str, Any] = {"name": "Changed", "connection": estate.connection.pk}
    for person, read_only in ((bob, False), (alice, True)):
        api = api_of(person, read_only=read_only)
        assert send(api, f"{URL}{row.pk}/", "put", **wish).status_code == 403
        assert send(api, URL, **wish).status_code == 403
        assert api.post(f"{URL}{row.pk}/end/").status_code == 403
    assert api_of(bob).get(URL).status_code == 403
    assert list(Rule.objects.values_list("name", "is_current")) == [("Ours", True)]

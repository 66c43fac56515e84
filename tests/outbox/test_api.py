"""Changes and verbs over the API: 202 with the change, one shape of refusal, the same walls."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orders.models import Subscription
from portal.access.models import User
from portal.outbox import tasks
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.partnercenter.errors import InvalidInput
from tests.outbox.conftest import Ask, Partner

ApiOf = Callable[..., Client]


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(
        f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers
    )


def test_a_verb_answers_202_with_the_change(row: Subscription, bob: User, api_of: ApiOf) -> None:
    client = api_of(bob, read_only=False)
    answer = post(client, f"subscriptions/{row.pk}/change-quantity/", {"quantity": "+5"})
    assert answer.status_code == 202
    told = answer.json()
    assert (told["state"], told["after"], told["verb"]) == (
        "queued",
        {"quantity": 15},
        "subscription.change_quantity",
    )
    assert client.get(answer["Location"]).json()["id"] == told["id"]


@pytest.mark.parametrize("verb", ["change-quantity", "suspend", "reactivate"])
def test_a_read_only_token_changes_nothing(
    row: Subscription, bob: User, api_of: ApiOf, verb: str
) -> None:
    answer = post(api_of(bob), f"subscriptions/{row.pk}/{verb}/", {"quantity": 12})
    assert answer.status_code == 403
    assert Command.objects.count() == 0


@pytest.mark.parametrize("verb", ["change-quantity", "suspend", "reactivate"])
def test_another_resellers_subscription_does_not_exist(
    row: Subscription, charlie: User, api_of: ApiOf, verb: str
) -> None:
    client = api_of(charlie, read_only=False)
    answer = post(client, f"subscriptions/{row.pk}/{verb}/", {"quantity": 12})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert answer.json()["fields"] == {}
    assert Command.objects.count() == 0


def test_without_a_token_401_in_the_same_shape(row: Subscription) -> None:
    answer = post(Client(), f"subscriptions/{row.pk}/suspend/")
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "fields"}


def test_broken_json_is_a_refusal(row: Subscription, bob: User, api_of: ApiOf) -> None:
    client = api_of(bob, read_only=False)
    path = f"/api/v1/subscriptions/{row.pk}/suspend/"
    answer = client.post(path, "{", content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"


@pytest.mark.parametrize("wrong", ["twelve", 1.5, True, None, "", [], {}])
def test_text_instead_of_a_number(
    row: Subscription, bob: User, api_of: ApiOf, wrong: object
) -> None:
    client = api_of(bob, read_only=False)
    answer = post(client, f"subscriptions/{row.pk}/change-quantity/", {"quantity": wrong})
    assert answer.status_code == 400
    told = answer.json()
    assert set(told) == {"code", "message", "fields"}
    assert list(told["fields"]) == ["quantity"]
    assert Command.objects.count() == 0


def test_a_refused_wish_names_field_and_reason(row: Subscription, bob: User, api_of: ApiOf) -> None:
    client = api_of(bob, read_only=False)
    answer = post(client, f"subscriptions/{row.pk}/change-quantity/", {"quantity": 10})
    assert answer.status_code == 409
    assert answer.json()["code"] == "quantity_unchanged"
    assert answer.json()["fields"]["quantity"]


def test_an_idempotency_key_makes_one_change(row: Subscription, bob: User, api_of: ApiOf) -> None:
    client = api_of(bob, read_only=False)
    path = f"subscriptions/{row.pk}/change-quantity/"
    key = {"Idempotency-Key": "order-77"}
    first, second = (post(client, path, {"quantity": "+5"}, **key).json() for _try in range(2))
    assert first["id"] == second["id"]
    assert Command.objects.count() == 1
    for elsewhere, body in ((path, {"quantity": "+7"}), (f"subscriptions/{row.pk}/suspend/", {})):
        other = post(client, elsewhere, body, **key)
        assert (other.status_code, other.json()["code"]) == (409, "key_reused"), body
    assert Command.objects.count() == 1


def test_the_list_filters_and_keeps_to_the_scope(
    ask: Ask, bob: User, charlie: User, api_of: ApiOf
) -> None:
    command = ask()
    client = api_of(bob)
    found = client.get("/api/v1/changes/", {"state": "queued"}).json()["results"]
    assert [row["id"] for row in found] == [command.pk]
    assert client.get("/api/v1/changes/", {"state": "failed"}).json()["results"] == []
    assert api_of(charlie).get("/api/v1/changes/").json()["results"] == []
    assert api_of(charlie).get(f"/api/v1/changes/{command.pk}/").status_code == 404


def test_a_bad_filter_is_a_refusal_not_a_fault(ask: Ask, bob: User, api_of: ApiOf) -> None:
    answer = api_of(bob).get("/api/v1/changes/", {"target": "x"})
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}


def test_retry_and_give_up(ask: Ask, partner: Partner, bob: User, api_of: ApiOf) -> None:
    command = ask()
    partner.reads(InvalidInput("No.", status=400, code="800095", correlation_id="c-1"))
    tasks.deliver(command.pk)
    client = api_of(bob, read_only=False)
    told = client.get(f"/api/v1/changes/{command.pk}/").json()
    assert told["error"]["code"] == "800095"
    assert told["steps"][0]["name"] == "CHANGE_QUANTITY"
    assert post(api_of(bob), f"changes/{command.pk}/retry/").status_code == 403
    assert post(client, f"changes/{command.pk}/retry/").json()["state"] == "queued"
    late = post(client, f"changes/{command.pk}/give-up/")
    assert late.status_code == 409
    assert late.json()["code"] == "overtaken"
    command.refresh_from_db()
    assert command.state == State.QUEUED

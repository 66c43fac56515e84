"""Licences over the API: the same rows, rules and refusals as the pages."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.access.models import User
from portal.outbox.models import Command
from tests.customers.licences.conftest import BASIC, SWAY, World, wire_sku

ClientOf = Callable[[User], Client]


@pytest.fixture
def client(bob: User, client_of: ClientOf) -> Client:
    return client_of(bob)


def post(client: Client, world: World, verb: str, key: str = "", **values: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    address = f"/api/v1/customer-users/{world.user.pk}/{verb}/"
    return client.post(
        address, json.dumps(values), content_type="application/json", headers=headers
    )


def test_the_list_tells_units_and_whose_they_are(world: World, client: Client) -> None:
    found = client.get(f"/api/v1/licences/?customer={world.customer.pk}&q=3b55").json()["results"]
    (row,) = found
    assert (row["sku"], row["units_total"], row["units_available"]) == (BASIC, 10, 1)
    assert (row["ours"], row["all_ours"]) == (10, True)
    assert client.get(f"/api/v1/licences/{row['id']}/").json()["part_number"] == "3B55"
    wrong = client.get("/api/v1/licences/?customer=x")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["customer"])


def test_what_a_user_holds_comes_with_the_plans_left_out(world: World, client: Client) -> None:
    world.holds(BASIC, off=(SWAY,))
    told = client.get(f"/api/v1/customer-users/{world.user.pk}/licences/").json()
    assert told["licences"] == [
        {
            "sku": BASIC,
            "name": "Product 3b55",
            "licence_group": "group1",
            "plans_on": 1,
            "off": ["Sway"],
        }
    ]


def test_a_repeated_request_makes_one_change(world: World, client: Client) -> None:
    first = post(client, world, "assign-licence", "k1", sku=BASIC, off=[SWAY])
    assert first.status_code == 202
    again = post(client, world, "assign-licence", "k1", sku=BASIC, off=[SWAY])
    assert again.json()["id"] == first.json()["id"]
    assert Command.objects.get().after["licence"]["off"] == [SWAY]


def test_no_seat_is_a_refusal_and_seats_may_come_first(world: World, client: Client) -> None:
    world.tenant(wire_sku(used=10))
    refused = post(client, world, "assign-licence", sku=BASIC)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_seats_left")
    assert Command.objects.count() == 0
    seats = {"subscription": world.seats.pk, "number": 1}
    assert post(client, world, "assign-licence", sku=BASIC, seats=seats).status_code == 202
    assert Command.objects.get(verb="licence.assign").follows is not None


def test_removing_and_unknown_products(world: World, client: Client) -> None:
    assert post(client, world, "remove-licence", sku=BASIC).json()["code"] == "not_assigned"
    assert post(client, world, "remove-licence", sku=SWAY).status_code == 404
    world.holds(BASIC)
    assert post(client, world, "remove-licence", sku=BASIC).status_code == 202


def test_another_reseller_is_told_nothing(world: World, charlie: User, client_of: ClientOf) -> None:
    stranger = client_of(charlie)
    assert stranger.get("/api/v1/licences/").json()["results"] == []
    assert stranger.get(f"/api/v1/customer-users/{world.user.pk}/licences/").status_code == 404
    assert post(stranger, world, "assign-licence", sku=BASIC).status_code == 404


def test_what_is_over_cannot_be_waited_for(world: World, client: Client) -> None:
    earlier = post(client, world, "assign-licence", sku=BASIC).json()["id"]
    Command.objects.filter(pk=earlier).update(state="cancelled", settled_at=timezone.now())
    late = post(client, world, "assign-licence", sku=BASIC, off=[SWAY], follows=earlier)
    assert (late.status_code, late.json()["code"]) == (409, "never_confirmed")
    assert Command.objects.get().pk == earlier

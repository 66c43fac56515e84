"""The pages of licences: lists, one product, those of a user, and the verbs with seats that come first."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.access.models import User
from portal.mirror.models import DirtyMark
from portal.outbox.models import Command
from tests.customers.licences.conftest import BASIC, FREE, SWAY, TEAMS, World, wire_sku
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


def url(name: str, *args: object) -> str:
    return reverse(name, args=args)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode()


def consented(world: World) -> None:
    """Somebody has consented, which opens the lists."""
    connection = world.user.connection
    connection.refresh_token, connection.consented_at = "canary-token", timezone.now()
    connection.save()


def test_the_list_tells_bought_assigned_idle_and_whose_they_are(
    world: World, bob: User, client_of: ClientOf
) -> None:
    shown = text(client_of(bob), url("licences"))
    assert "Product 3b55" in shown
    assert "Ours" in shown
    assert "Another seller" in shown
    world.tenant(wire_sku(total=25, used=9))
    assert "Shared with another seller" in text(client_of(bob), url("licences"))
    csv = text(client_of(bob), url("licences") + "?export=csv&idle=some&q=3b55")
    assert "Product 3b55" in csv
    assert "Product f30d" not in csv
    for group, there in (("group1", True), ("group2", False)):
        of_group = text(client_of(bob), url("licences") + f"?group={group}")
        assert ("Product 3b55" in of_group) is there


def test_another_reseller_sees_none_of_it(world: World, charlie: User, client_of: ClientOf) -> None:
    assert "Product 3b55" not in text(client_of(charlie), url("licences"))
    text(client_of(charlie), url("licence", world.sku().pk), 404)
    text(client_of(charlie), url("customer_user_licences", world.user.pk), 404)
    text(client_of(charlie), url("customer_user_assign", world.user.pk, BASIC), 404)


def test_the_tab_of_a_customer_and_the_page_of_a_product(
    world: World, bob: User, client_of: ClientOf
) -> None:
    world.holds(BASIC)
    shown = text(client_of(bob), url("customer_licences", world.customer.pk))
    assert url("licence", world.sku().pk) in shown
    product = text(client_of(bob), url("licence", world.sku().pk))
    assert "Ada" in product
    assert "Teams" in product


def test_the_licences_of_a_user_are_by_group_with_plans_by_name(
    world: World, bob: User, client_of: ClientOf
) -> None:
    world.holds(BASIC, off=(SWAY,))
    shown = text(client_of(bob), url("customer_user_licences", world.user.pk))
    assert "Licences, managed in Azure Active Directory" in shown
    assert "Left out: Sway" in shown
    assert url("customer_user_unassign", world.user.pk, BASIC) in shown
    assert url("customer_user_assign", world.user.pk, FREE) in shown


def test_opening_the_page_has_the_licences_read(
    world: World, bob: User, client_of: ClientOf
) -> None:
    client = client_of(bob)
    consented(world)
    assert "Not read from Partner Center yet." in text(
        client, url("customer_user_licences", world.user.pk)
    )
    client.post(url("customer_user_licences_read", world.user.pk))
    assert DirtyMark.objects.filter(family="user_licences", parent=world.place).exists()


def test_assigning_tells_the_seats_left_and_asks_for_one_change(
    world: World, bob: User, client_of: ClientOf
) -> None:
    client, address = client_of(bob), url("customer_user_assign", world.user.pk, BASIC)
    shown = text(client, address)
    assert "Assign Product 3b55 to Ada?" in shown
    assert "Seats left: 1 → 0" in shown
    answer = client.post(address, {"plans": [TEAMS], "reason": "New here"})
    assert answer.status_code == 302
    command = Command.objects.get()
    assert command.after["licence"]["without"] == ["Sway"]
    assert command.reason == "New here"


def test_a_missing_usage_location_is_said_before_anything_is_asked(
    world: World, alice: User, bob: User, client_of: ClientOf
) -> None:
    world.user.usage_location = ""
    world.user.save()
    address = url("customer_user_assign", world.user.pk, BASIC)
    assert "has no usage location" in text(client_of(bob), address, 422)
    client_of(bob).post(address, {"plans": [SWAY, TEAMS]})
    # Who may manage the user sets it in the same step.
    admin, sent = client_of(alice), {"plans": [SWAY, TEAMS]}
    assert "Microsoft gives no licence without it" in text(admin, address)
    assert "Choose a country." in admin.post(address, sent).content.decode()
    assert Command.objects.count() == 0
    assert admin.post(address, sent | {"usage_location": "FR"}).status_code == 302
    location, licence = Command.objects.order_by("pk")
    assert (location.after, licence.follows) == ({"usage_location": "FR"}, location)


def test_a_missing_seat_is_bought_in_the_same_step(
    world: World, bob: User, client_of: ClientOf
) -> None:
    world.tenant(wire_sku(used=10))
    client, address = client_of(bob), url("customer_user_assign", world.user.pk, BASIC)
    shown = text(client, address)
    assert "No seat is left. Add 1 seat to" in shown
    assert "10 → 11 seats in all" in shown
    assert client.post(address, {"plans": [SWAY, TEAMS]}).status_code == 422
    assert Command.objects.count() == 0
    client.post(address, {"plans": [SWAY, TEAMS], "seats": world.seats.pk})
    licence = Command.objects.get(verb="licence.assign")
    assert licence.follows == Command.objects.get(verb="subscription.change_quantity")


def test_who_may_not_buy_seats_is_told_that_none_is_left(
    world: World, estate: Estate, client_of: ClientOf
) -> None:
    world.tenant(wire_sku(used=10))
    helper = make_person("helen", "helpdesk", estate.connection, estate.fabrikam)
    address = url("customer_user_assign", world.user.pk, BASIC)
    assert "No seat of Product 3b55 is left" in text(client_of(helper), address, 422)
    client_of(helper).post(address, {"plans": [SWAY], "seats": world.seats.pk})
    assert Command.objects.count() == 0


def test_removing_asks_once_more(world: World, bob: User, client_of: ClientOf) -> None:
    world.holds(BASIC)
    address = url("customer_user_unassign", world.user.pk, BASIC)
    assert "Remove Product 3b55 from Ada?" in text(client_of(bob), address)
    assert Command.objects.count() == 0
    client_of(bob).post(address, {})
    assert Command.objects.get().after == {"licence": None}


@pytest.mark.parametrize("role", ["auditor", "billing"])
def test_who_only_looks_gets_no_button(
    world: World, estate: Estate, client_of: ClientOf, role: str
) -> None:
    person = make_person("olga", role, estate.connection)
    text(client_of(person), url("licences"))
    of_customer = url("customer_licences", world.customer.pk)
    shown = text(client_of(person), of_customer)
    first = url("customer_users", world.customer.pk) if role == "auditor" else of_customer
    assert f'<a href="{first}" aria-current="page">Users &amp; licences</a>' in shown
    text(client_of(person), url("customer_user_assign", world.user.pk, BASIC), 403)

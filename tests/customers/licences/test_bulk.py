"""Licences for many users: the seats that are left go round once, and seats that are short come first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from customers.models import CustomerUser, UserState
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.notifications.models import Notification
from portal.outbox import news, queue, tasks
from portal.outbox.batches import steering
from portal.outbox.models import Batch, Command
from portal.outbox.states import State
from portal.ui import sentences
from tests.customers.licences.conftest import BASIC, FREE, World, make_user, wire_sku

ClientOf = Callable[[User], Client]


@pytest.fixture
def staff(world: World) -> list[CustomerUser]:
    """Ada and two others; two seats are left."""
    world.tenant(wire_sku(used=8))
    return [world.user, make_user(world.customer, "Bea"), make_user(world.customer, "Cleo", "")]


@pytest.fixture(autouse=True)
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "dispatch", lambda pk, wait=0, bulk=False: None)


def post(client: Client, world: World, users: list[CustomerUser], **more: Any) -> Any:
    page = reverse("customer_users", args=[world.customer.pk])
    data = {"row": [user.pk for user in users], "next": page, **more}
    return client.post(reverse("users_assign_licence"), data)


def checked(by: User, *, start: bool = False) -> Batch:
    batch = Batch.objects.get()
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    if start:
        seen = batch.rows.filter(state="ready").count()
        steering.start(Actor.for_user(by), Scope.for_user(by), batch, seen=seen)
        tasks.feed_batch(batch.pk)
    return batch


def found(batch: Batch) -> list[str]:
    return [(row.problem or {}).get("code", "") for row in batch.rows.order_by("position")]


def test_ticked_users_get_a_product_and_each_row_tells_why_not(
    world: World, bob: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    client = client_of(bob)
    shown = post(client, world, staff).content.decode()
    assert "For 3 users" in shown
    assert "2 seats left" in shown
    assert post(client, world, staff, sku=FREE).status_code == 302
    batch = checked(bob, start=True)
    assert found(batch) == ["", "", "no_usage_location"]
    assert Command.objects.filter(verb="licence.assign", batch=batch).count() == 2


def test_a_missing_usage_location_is_set_before_the_licence_of_its_row(
    world: World, alice: User, bob: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    assert "has none, and Microsoft" not in post(client_of(bob), world, staff).content.decode()
    client = client_of(alice)
    shown = post(client, world, staff).content.decode()
    assert "1 user has none, and Microsoft gives no licence without it." in shown
    assert '<option value="FR" selected>' in shown
    sent = {"sku": FREE, "usage_location": "FR"}
    assert post(client, world, staff, **sent).status_code == 302
    batch = checked(alice, start=True)
    assert found(batch) == ["", "", ""]
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Usage location: France" in page
    location = Command.objects.get(verb="customer_user.update")
    licence = Command.objects.get(verb="licence.assign", target_id=staff[2].pk)
    assert (location.after, licence.follows) == ({"usage_location": "FR"}, location)
    assert Command.objects.exclude(pk=location.pk).exclude(verb="licence.assign").count() == 0
    queue.move(location.pk, State.SENDING, among=(State.QUEUED,))
    queue.move(location.pk, State.FAILED, among=(State.SENDING,), error={"kind": "refused"})
    location.refresh_from_db()
    news.failed(location)
    news.failed(licence)
    told = Notification.objects.filter(user=alice)
    assert [one.url for one in told] == [reverse("change", args=[location.pk])]


def test_seats_that_are_left_go_round_once(
    world: World, bob: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    world.tenant(wire_sku(used=9))
    client = client_of(bob)
    asked = post(client, world, staff[:2], sku=BASIC)
    assert asked.status_code == 200
    assert "1 seat of Product 3b55 is missing." in asked.content.decode()
    assert post(client, world, staff[:2], sku=BASIC, seats="without").status_code == 302
    assert found(checked(bob)) == ["", "no_seats_left"]
    with translation.override("fr"):
        refused = sentences.shown(Batch.objects.get().rows.get(state="refused").problem or {})
    assert refused.startswith("Il ne reste aucune licence Product 3b55")
    batch = checked(bob, start=True)
    assert found(batch) == ["", "no_seats_left"]
    assert Command.objects.count() == 1


def test_missing_seats_are_bought_once_for_the_whole_batch(
    world: World, bob: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    world.tenant(wire_sku(used=10))
    seats = str(world.seats.pk)
    post(client_of(bob), world, staff[:2], sku=BASIC, seats=seats)
    assert Command.objects.count() == 0
    batch = checked(bob)
    assert found(batch) == ["", ""]
    assert Command.objects.count() == 0
    page = client_of(bob).get(reverse("batch", args=[batch.pk])).content.decode()
    assert "2 seats are added to" in page
    checked(bob, start=True)
    bought = Command.objects.get(verb="subscription.change_quantity")
    assert bought.after == {"quantity": 12}
    followers = Command.objects.filter(follows=bought, verb="licence.assign", state="waiting")
    assert followers.count() == 2


def test_who_has_it_already_takes_no_seat(
    world: World, bob: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    world.tenant(wire_sku(used=9))
    world.holds(BASIC)
    assert post(client_of(bob), world, staff[:2], sku=BASIC).status_code == 302
    assert found(checked(bob)) == ["already_assigned", ""]


def test_a_table_names_users_and_products(
    world: World, bob: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    ada = staff[0]
    ada.user_principal_name = ada.user_principal_name.title()
    ada.save()
    gone = CustomerUser.objects.get(pk=ada.pk)
    gone.pk, gone.pc_id, gone.state = None, "deleted-namesake", UserState.INACTIVE
    gone.save()
    text = (
        "User name,Part number\n"
        f"{ada.user_principal_name.upper()},3B55\n"
        f"{staff[1].user_principal_name},{FREE}\n"
        "nobody@example.com,3B55\n"
        f"{staff[2].user_principal_name},SPE_E5\n"
    )
    table = SimpleUploadedFile("new.csv", text.encode(), content_type="text/csv")
    assert client_of(bob).post(reverse("licences_file"), {"table": table}).status_code == 302
    batch = checked(bob)
    assert [row.after["licence"]["sku"] for row in batch.rows.order_by("position")] == [BASIC, FREE]
    assert [row.target_id for row in batch.rows.order_by("position")] == [ada.pk, staff[1].pk]
    assert [problem["line"] for problem in batch.left_out] == [4, 5]
    template = client_of(bob).get(reverse("licences_file_template"))
    assert template.content.decode("utf-8-sig") == "User name,Part number,Action\r\n"


def test_a_table_removes_as_well_as_assigns(
    world: World, bob: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    world.holds(BASIC)
    world.tenant(wire_sku(used=9))
    ada, bea, cleo = staff
    cleo.usage_location = "FR"
    cleo.save()
    text = (
        "User name;Action;Part number\n"
        f"{ada.user_principal_name};Remove;3B55\n"
        f"{bea.user_principal_name};;3B55\n"
        f"{cleo.user_principal_name};ATTRIBUER;3B55\n"
        f"{cleo.user_principal_name};drop;3B55\n"
        f"{ada.user_principal_name};assign;{FREE}\n"
        f"{ada.pc_id};assign;3b55\n"
    )
    table = SimpleUploadedFile("both.csv", text.encode(), content_type="text/csv")
    assert client_of(bob).post(reverse("licences_file"), {"table": table}).status_code == 302
    batch = checked(bob)
    assert batch.verb == "licence.change"
    assert [problem["line"] for problem in batch.left_out] == [5, 7]
    # The seat that Ada gives back is nobody's before Partner Center has confirmed it.
    assert found(batch) == ["", "", "no_seats_left", ""]
    page = client_of(bob).get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Change 3 licences?" in page
    assert "The same as on line 2. Keep one of them." in page
    assert Command.objects.count() == 0
    checked(bob, start=True)
    asked = Command.objects.order_by("pk").values_list("verb", "target_id")
    changes = [("remove", ada.pk), ("assign", bea.pk), ("assign", ada.pk)]
    assert list(asked) == [(f"licence.{verb}", pk) for verb, pk in changes]


def test_removing_from_many(
    world: World, bob: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    world.holds(BASIC)
    data = {
        "row": [world.user.pk, staff[1].pk],
        "next": reverse("customer_users", args=[world.customer.pk]),
        "sku": BASIC,
    }
    assert client_of(bob).post(reverse("users_remove_licence"), data).status_code == 302
    batch = checked(bob, start=True)
    # What nobody has read of Bea is Partner Center's to tell.
    assert found(batch) == ["", ""]
    assert Command.objects.filter(verb="licence.remove").count() == 2


def test_a_selection_of_another_reseller_is_not_there(
    world: World, charlie: User, client_of: ClientOf, staff: list[CustomerUser]
) -> None:
    assert post(client_of(charlie), world, staff, sku=BASIC).status_code == 404
    assert Batch.objects.count() == 0


def test_the_list_of_a_customers_users_offers_it_and_no_other_list(
    world: World, bob: User, alice: User, client_of: ClientOf
) -> None:
    shown = client_of(bob).get(reverse("customer_users", args=[world.customer.pk])).content.decode()
    assert f'formaction="{reverse("users_assign_licence")}"' in shown
    assert "assign-licence" not in client_of(alice).get("/settings/users/").content.decode()

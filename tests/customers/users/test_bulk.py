"""Many users ticked and deleted: out of either list, each row checked, the last administrator kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer, CustomerUser, DirectoryRole
from customers.users import actions
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import queue, tasks
from portal.outbox.batches import steering
from portal.outbox.models import Batch, Command
from tests.customers.users.conftest import admin_of, left, one_of
from tests.people import Estate, let_in

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "dispatch", lambda pk, wait=0, bulk=False: None)


def post(client: Client, *rows: CustomerUser, page: str) -> Any:
    data = {"row": [row.pk for row in rows], "next": page}
    return client.post(reverse("users_delete"), data)


def problems(batch: Batch) -> dict[int, str]:
    return {row.target_id: (row.problem or {}).get("code", "") for row in batch.rows.all()}


@pytest.mark.parametrize("everywhere", [True, False])
def test_ticked_users_are_deleted_and_each_row_tells_why_not(
    known: Customer, helper: User, client_of: ClientOf, everywhere: bool
) -> None:
    page = reverse("customer_users", args=[known.pk])
    page = reverse("all_customer_users") if everywhere else page
    client = client_of(helper)
    assert reverse("users_delete") in client.get(page).content.decode()
    user, admin, gone = one_of(known), admin_of(known), left(known)
    assert post(client, user, admin, gone, page=page).status_code == 302
    batch = Batch.objects.get()
    tasks.check_batch(batch.pk)
    assert problems(batch) == {user.pk: "", admin.pk: "last_administrator", gone.pk: "deleted"}
    batch.refresh_from_db()
    steering.start(Actor.for_user(helper), Scope.for_user(helper), batch, seen=1)
    tasks.feed_batch(batch.pk)
    command = Command.objects.get()
    assert (command.verb, command.target_id) == (actions.DELETE, user.pk)
    assert command.batch == batch


def test_of_two_administrators_in_one_batch_one_stays(known: Customer, helper: User) -> None:
    first, second = admin_of(known), one_of(known)
    ruling = next(r for r in DirectoryRole.objects.all() if r.is_global_administrator)
    ruling.member_ids = [first.pc_id, second.pc_id]
    ruling.save()
    client = Client()
    let_in(client, helper)
    post(client, first, second, page=reverse("all_customer_users"))
    batch = Batch.objects.get()
    tasks.check_batch(batch.pk)
    assert set(problems(batch).values()) == {""}
    batch.refresh_from_db()
    steering.start(Actor.for_user(helper), Scope.for_user(helper), batch, seen=2)
    tasks.feed_batch(batch.pk)
    assert Command.objects.count() == 1
    assert sorted(problems(batch).values()) == ["", "last_administrator"]


def test_users_of_others_are_not_there(
    estate: Estate, known: Customer, charlie: User, client_of: ClientOf
) -> None:
    User.objects.get(pk=charlie.pk).memberships.update(role="helpdesk")
    client = client_of(User.objects.get(pk=charlie.pk))
    page = reverse("all_customer_users")
    assert post(client, one_of(known), page=page)["Location"] == page
    assert post(client, one_of(known), page="/nowhere/at/all/")["Location"] == page
    theirs = reverse("customer_users", args=[known.pk])
    assert post(client, one_of(known), page=theirs).status_code == 404
    assert Batch.objects.count() == 0

"""Customers by file: each mistake is told by its line, each usable line becomes one change of its own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from customers.creating import actions, intake
from customers.models import NewCustomer
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.intake.decoding import FileRefusedError
from portal.lists.intake.reading import unusable
from portal.outbox.batches import checking, feeding, steering
from portal.outbox.models import Batch, BatchRow, Command
from tests.people import Estate

HEADS = (
    "connection,partner_id,company_name,domain,country,first_name,last_name,email,"
    "address_line1,city,postal_code,state"
)
REST = "Ada,Byron,ada@example.com,1 Main Street"


def table(*lines: str) -> list[bytes]:
    return ["\n".join([HEADS, *lines]).encode()]


GOOD = table(
    f"contoso,1000001,One,one,FR,{REST},Nantes,44000,",
    f"contoso,1000001,Two,two.onmicrosoft.com,US,{REST},Redmond,98052,",
    f"contoso,1000002,Three,three,FR,{REST},Nantes,44000,",
    f"contoso,1000001,Four,four,FR,{REST},Nantes,44,",
    f"contoso,1000001,Five,ONE,FR,{REST},Nantes,44000,",
    f"contoso,1000001,Six,six,XX,{REST},Nantes,44000,",
    f"contoso,1000001,Seven,seven,US,{REST},Redmond,98052,WA",
)


def captured(user: User, chunks: list[bytes]) -> Batch:
    return intake.create(Actor.for_user(user), Scope.for_user(user), chunks, "customers.csv")


def test_each_mistake_is_told_by_its_line(estate: Estate, bob: User) -> None:
    batch = captured(bob, GOOD)
    assert [(one.line, one.column) for one in map(unusable, batch.left_out)] == [
        (3, "State or province"),
        (4, "Connection"),
        (5, "Postal code"),
        (6, "Domain"),
        (7, "Country"),
    ]
    rows = BatchRow.objects.filter(batch=batch).order_by("position")
    assert [(row.line, row.target_label, row.target_pc_id) for row in rows] == [
        (2, "One", "one.onmicrosoft.com"),
        (8, "Seven", "seven.onmicrosoft.com"),
    ]
    assert {row.reseller for row in rows} == {estate.fabrikam}
    assert Command.objects.count() == 0


def test_each_line_becomes_a_change_of_its_own(estate: Estate, bob: User) -> None:
    batch = captured(bob, GOOD)
    checking.check(batch.pk)
    batch.refresh_from_db()
    assert batch.state == Batch.State.READY
    steering.start(Actor.for_user(bob), Scope.for_user(bob), batch, seen=2)
    feeding.feed(batch.pk)
    made = Command.objects.filter(batch=batch, verb=actions.CREATE).order_by("pk")
    assert [command.target_pc_id for command in made] == [
        "one.onmicrosoft.com",
        "seven.onmicrosoft.com",
    ]
    assert made[0].after["reseller"] == "Fabrikam"
    assert NewCustomer.objects.get(pk=made[1].target_id).details["state"] == "WA"


def test_a_domain_in_use_is_found_by_the_check(estate: Estate, bob: User) -> None:
    domain = estate.of_fabrikam.domain
    batch = captured(bob, table(f"contoso,1000001,One,{domain},FR,{REST},Nantes,44000,"))
    checking.check(batch.pk)
    row = BatchRow.objects.get(batch=batch)
    assert row.state == BatchRow.State.REFUSED
    assert (row.problem or {})["code"] == "domain_taken"


def test_a_file_without_the_columns_is_refused(estate: Estate, bob: User) -> None:
    with pytest.raises(FileRefusedError):
        captured(bob, [b"company_name,domain\nOne,one"])
    assert NewCustomer.objects.count() == 0


def test_the_template_can_be_filled_in(
    estate: Estate, bob: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(bob)
    assert client.get(reverse("customers_import")).status_code == 200
    template = client.get(reverse("customers_import_template")).content.decode("utf-8-sig")
    assert template.startswith("Connection,PartnerID of the reseller,Company,Domain,Country")
    assert client.post(reverse("customers_import")).status_code == 422

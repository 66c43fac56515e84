"""Customers by file: each mistake is told by its line, each usable line becomes one change of its own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from customers.creating import actions
from customers.creating.importing import FILE
from customers.models import Customer, NewCustomer
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.intake.decoding import FileRefusedError
from portal.lists.intake.reading import unusable
from portal.outbox.batches import checking, feeding, files, steering
from portal.outbox.models import Batch, BatchRow, Command
from portal.outbox.states import State
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
    return files.begin(Actor.for_user(user), Scope.for_user(user), FILE, chunks, "customers.csv")


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
    details = NewCustomer.objects.get(pk=made[1].target_id).details
    assert (details["state"], details["permission"]) == ("WA", "yes")


def test_a_stopped_import_goes_on_where_it_was_and_does_nothing_twice(
    estate: Estate, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "PORTION", 1)
    who = Actor.for_user(bob), Scope.for_user(bob)

    def sent() -> list[str]:
        made = Command.objects.filter(verb=actions.CREATE).order_by("pk")
        return [command.target_pc_id for command in made]

    batch = captured(bob, GOOD)
    checking.check(batch.pk)
    batch.refresh_from_db()
    steering.start(*who, batch, seen=2)
    feeding.feed(batch.pk)
    assert sent() == ["one.onmicrosoft.com"]
    steering.pause(*who, batch)
    Command.objects.update(state=State.SUCCEEDED, settled_at="2026-01-01 00:00Z")
    feeding.feed(batch.pk)
    assert sent() == ["one.onmicrosoft.com"]
    steering.resume(*who, batch)
    for _again in range(2):
        feeding.feed(batch.pk)
    both = ["one.onmicrosoft.com", "seven.onmicrosoft.com"]
    assert sent() == both

    # The same file again: what is done or under way is left out of it.
    Customer.objects.filter(pk=estate.direct.pk).update(domain="one.onmicrosoft.com")
    again = captured(bob, GOOD)
    checking.check(again.pk)
    rows = BatchRow.objects.filter(batch=again).order_by("position")
    assert [(row.problem or {})["code"] for row in rows] == ["domain_taken", "domain_asked"]
    assert {row.state for row in rows} == {BatchRow.State.REFUSED}
    assert sent() == both


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

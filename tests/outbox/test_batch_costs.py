"""Cost before it is asked: from the last invoice line of a whole cycle, net, and never for a reseller's staff."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from orders import actions
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.outbox import costs, tasks
from portal.outbox.batches import pricing
from portal.outbox.models import Batch
from tests.billing.world import make_invoice, make_line
from tests.outbox.test_batches import capture, many  # noqa: F401
from tests.people import Estate, make_person

Browser = Callable[[User], Client]
TARGET = actions.TARGET
MORE = {"verb": actions.CHANGE_QUANTITY, "parameters": {"quantity": "+5"}}


def line(row: Subscription, position: int, **fields: Any) -> None:
    invoice = fields.pop("invoice")
    values = {
        "subscription": row,
        "charge_type": "renew",
        "effective_unit_price": Decimal("12.50"),
        "unit_price": Decimal(20),
        "currency": "EUR",
        "billing_frequency": "monthly",
    }
    make_line(invoice, position, **(values | fields))


@pytest.fixture
def priced(estate: Estate, many: list[Subscription]) -> list[Subscription]:  # noqa: F811
    """Two with a price in EUR, billed monthly, one in USD, yearly, one without."""
    old = make_invoice(estate.connection, "G1", invoiceDate="2026-09-08T00:00:00Z")
    new = make_invoice(estate.connection, "G2", invoiceDate="2026-10-08T00:00:00Z")
    line(many[0], 0, invoice=old, effective_unit_price=Decimal(99))
    line(many[0], 0, invoice=new)
    line(many[0], 1, invoice=new, charge_type="addQuantity", effective_unit_price=Decimal(1))
    line(many[1], 2, invoice=new, effective_unit_price=None)
    many[2].billing_cycle = "annual"
    many[2].save()
    line(many[2], 3, invoice=new, currency="USD", billing_frequency="Annual")
    return many[:4]


def checked(by: User, rows: list[Subscription], **wish: Any) -> Batch:
    batch = capture(by, rows, **wish)
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def test_a_price_is_that_of_the_newest_line_for_a_whole_cycle(
    alice: User, priced: list[Subscription]
) -> None:
    found = costs.prices(Scope.for_user(alice), TARGET, [row.pk for row in priced])
    assert {pk: (p.amount, p.currency, p.cycle) for pk, p in found.items()} == {
        priced[0].pk: (Decimal("12.50"), "EUR", "monthly"),
        priced[1].pk: (Decimal(20), "EUR", "monthly"),
        priced[2].pk: (Decimal("12.50"), "USD", "annual"),
    }
    assert found[priced[0].pk].source == "last invoice line, October 2026"
    with translation.override("fr"):
        found = costs.prices(Scope.for_user(alice), TARGET, [priced[0].pk])
        assert "octobre 2026" in found[priced[0].pk].source


def test_the_dry_run_says_what_each_row_and_all_of_them_cost(
    alice: User, priced: list[Subscription], client_of: Browser
) -> None:
    batch = checked(alice, priced, **MORE)
    page = client_of(alice).get(f"/batches/{batch.pk}/").content.decode()
    assert "+€62.50, billed monthly" in page
    assert "last invoice line, October 2026" in page
    assert "unknown" in page
    assert "+€162.50, billed monthly; +US$62.50, billed yearly" in page
    assert "For 1 row the price is unknown." in page
    fewer = checked(alice, priced[:1], verb=MORE["verb"], parameters={"quantity": "-2"})
    found = pricing.tell(Scope.for_user(alice), fewer).total
    assert found is not None
    assert found.amounts == ["−€25.00, billed monthly"]


def test_a_suspension_tells_the_cost_of_its_seats_and_a_new_name_none(
    alice: User, priced: list[Subscription], client_of: Browser
) -> None:
    batch = checked(alice, priced[:1])
    told = pricing.tell(Scope.for_user(alice), batch).total
    assert told is not None
    assert (told.label, told.amounts) == (
        "Cost of these seats, net",
        ["€125.00, billed monthly"],
    )
    names = checked(alice, priced[:1], verb=actions.RENAME, parameters={"name": "New"})
    assert pricing.tell(Scope.for_user(alice), names).total is None
    assert "Cost" not in client_of(alice).get(f"/batches/{names.pk}/").content.decode()


def test_staff_of_resellers_see_no_amount(
    bob: User, estate: Estate, priced: list[Subscription], client_of: Browser
) -> None:
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)
    batch = checked(bob, priced, **MORE)
    estate.connection.mode = "ask"
    estate.connection.save()
    asked = checked(bob, priced, verb=actions.SUSPEND)
    client_of(bob).post(f"/batches/{asked.pk}/start/", {"seen": "4"})
    for person, address in [
        (bob, f"/batches/{batch.pk}/"),
        (bob, f"/batches/{batch.pk}/status/"),
        (bob, f"/batches/{batch.pk}/result/"),
        (bob, f"/subscriptions/{priced[0].pk}/quantity/?quantity=%2B5"),
        (bob, f"/subscriptions/{priced[0].pk}/suspend/"),
        (carol, f"/batches/{asked.pk}/"),
        (carol, "/approvals/"),
    ]:
        answer: Any = client_of(person).get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = content.decode()
        assert answer.status_code == 200, address
        for word in ("€", "EUR", "USD", "12.5", "62.5", "Cost", "cost"):
            assert word not in text, (address, word)
    assert costs.prices(Scope.for_user(bob), TARGET, [priced[0].pk]) == {}


def test_the_second_person_who_may_see_cost_does(
    bob: User, alice: User, estate: Estate, priced: list[Subscription], client_of: Browser
) -> None:
    estate.connection.mode = "ask"
    estate.connection.save()
    batch = checked(bob, priced, **MORE)
    client_of(bob).post(f"/batches/{batch.pk}/start/", {"seen": "4"})
    page = client_of(alice).get(f"/batches/{batch.pk}/").content.decode()
    assert "+€162.50, billed monthly" in page
    assert "Change of cost, net" in page


def test_a_single_change_says_its_cost_before_it_is_asked(
    alice: User, priced: list[Subscription], client_of: Browser
) -> None:
    browser = client_of(alice)

    def panel(row: Subscription, end: str) -> str:
        return browser.get(f"/subscriptions/{row.pk}/{end}").content.decode()

    more = panel(priced[0], "quantity/?quantity=12")
    assert "Change of cost, net: +€25.00, billed monthly (last invoice line, October 2026)" in more
    assert "Change of the charge to the reseller, net: –" in more
    assert "Change of cost, net: –<" in panel(priced[3], "quantity/?quantity=12")
    assert "Cost of these seats, net: €125.00" in panel(priced[0], "suspend/")
    assert "net:" not in panel(priced[0], "rename/?name=New")

"""Rules by money: what the seats of a change cost a month; of a batch, all of them together."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from billing.models import InvoiceLine
from orders import actions
from orders.models import Subscription
from portal.access.entering import entered, widened
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.notifications.models import Mail
from portal.outbox import tasks
from portal.outbox.approvals import rules
from portal.outbox.approvals.models import Approval, BatchApproval, Rule
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from tests.outbox.test_batch_costs import checked, line, priced  # noqa: F401
from tests.outbox.test_batches import many, started  # noqa: F401
from tests.people import Estate, make_person

Browser = Callable[[User], Client]
UNKNOWN = "The cost is not known or in another currency, so the rule holds."


@pytest.fixture(autouse=True)
def _written(priced: list[Subscription]) -> None:  # noqa: F811
    """Ten seats each: 125 EUR a month, 200 EUR a month, 125 USD a year, and one without a price."""


def make(by: User, estate: Estate, amount: str, **values: Any) -> Rule:
    wanted = {
        "name": "Dear ones",
        "connection": estate.connection,
        "least_amount": Decimal(amount),
        "currency": "EUR",
    }
    return rules.make(Actor.for_user(by), Scope.for_user(by), wanted | values)


def suspend(by: User, row: Subscription) -> str:
    asked = actions.suspend(Actor.for_user(by), Scope.for_user(by), row, Asked("why"))
    return asked.state


@pytest.mark.parametrize(("amount", "state"), [("125", "awaiting_approval"), ("125.01", "queued")])
def test_a_change_waits_from_the_amount_on(
    amount: str,
    state: str,
    alice: User,
    bob: User,
    estate: Estate,
    priced: list[Subscription],  # noqa: F811
) -> None:
    make(alice, estate, amount)
    assert suspend(bob, priced[0]) == state
    assert Approval.objects.filter(cost_unknown=True).count() == 0


def test_a_yearly_price_counts_by_the_month_and_only_in_its_currency(
    alice: User,
    bob: User,
    estate: Estate,
    priced: list[Subscription],  # noqa: F811
) -> None:
    rule = make(alice, estate, "10.42", currency="USD")  # 125 a year are 10.416… a month
    assert suspend(bob, priced[2]) == "queued"
    Command.objects.all().delete()
    rules.change(
        Actor.for_user(alice),
        Scope.for_user(alice),
        rule,
        {"least_amount": Decimal("10.41"), "currency": "USD"} | _rest(rule),
    )
    assert suspend(bob, priced[2]) == "awaiting_approval"
    assert not Approval.objects.get().cost_unknown
    assert suspend(bob, priced[0]) == "awaiting_approval", "EUR cannot be compared"
    assert Approval.objects.filter(cost_unknown=True).count() == 1
    InvoiceLine.objects.filter(subscription=priced[1]).update(effective_unit_price=0)
    assert suspend(bob, priced[1]) == "queued", "nothing is nothing in any currency"


def _rest(rule: Rule) -> dict[str, Any]:
    return {"name": rule.name, "connection": rule.connection}


def test_the_second_person_reads_what_is_at_stake_and_staff_of_resellers_do_not(
    alice: User,
    bob: User,
    estate: Estate,
    priced: list[Subscription],  # noqa: F811
    client_of: Browser,
) -> None:
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)
    make(alice, estate, "125")
    suspend(bob, priced[0])
    command = Command.objects.get()
    told, amount = "At stake: €125.00 a month, net", "€125.00 a month, net"
    mails = dict(Mail.objects.values_list("to", "text"))
    assert told in mails[alice.email]
    assert "Seats: 10" in mails[carol.email]
    assert "At stake" not in mails[carol.email]
    for url in (command.get_absolute_url(), "/approvals/"):
        assert amount in client_of(alice).get(url).content.decode()
        seen = client_of(carol).get(url).content.decode()
        assert command.target_label in seen
        assert "125.00" not in seen
    batch = started(bob, priced)
    mail = Mail.objects.filter(to=alice.email).latest("pk")
    assert "At stake: €200.00 + US$10.42 a month, net, and what is not known" in mail.text
    assert BatchApproval.objects.get().batch == batch


def test_an_unknown_cost_comes_under_the_rule_and_it_is_said(
    alice: User,
    bob: User,
    estate: Estate,
    priced: list[Subscription],  # noqa: F811
    client_of: Browser,
) -> None:
    make(alice, estate, "100000")
    assert suspend(bob, priced[3]) == "awaiting_approval"
    command = Command.objects.get()
    assert UNKNOWN in client_of(alice).get(command.get_absolute_url()).content.decode()


def test_a_new_name_costs_nothing_and_the_difference_of_seats_counts(
    alice: User,
    bob: User,
    estate: Estate,
    priced: list[Subscription],  # noqa: F811
) -> None:
    make(alice, estate, "25")
    actor, scope = Actor.for_user(bob), Scope.for_user(bob)
    named = actions.rename(actor, scope, priced[0], "New", Asked(""))
    assert named.state == "queued"
    batch = started(bob, priced[:1], verb=actions.CHANGE_QUANTITY, parameters={"quantity": "-1"})
    assert batch.state == "running", "12.50 a month"
    batch = started(bob, priced[:1], verb=actions.CHANGE_QUANTITY, parameters={"quantity": "-2"})
    assert batch.state == "awaiting"
    assert not BatchApproval.objects.get().cost_unknown


@pytest.mark.parametrize(("amount", "state"), [("325", "awaiting"), ("325.01", "running")])
def test_the_sum_of_a_batch_counts(
    amount: str,
    state: str,
    alice: User,
    bob: User,
    estate: Estate,
    priced: list[Subscription],  # noqa: F811
) -> None:
    make(alice, estate, amount)
    batch = started(bob, priced[:2])
    assert batch.state == state
    tasks.feed_batch(batch.pk)
    assert batch.commands.count() == (0 if state == "awaiting" else 2)


def test_a_batch_with_a_row_of_unknown_cost_waits_and_says_so_to_who_sees_no_cost(
    alice: User,
    bob: User,
    estate: Estate,
    priced: list[Subscription],  # noqa: F811
    client_of: Browser,
) -> None:
    make(alice, estate, "100000")
    batch = checked(bob, priced[1:4:2])
    page = client_of(bob).get(batch.get_absolute_url()).content.decode()
    assert "By the rule Dear ones, version 1" in page
    assert UNKNOWN in page
    client_of(bob).post(f"/batches/{batch.pk}/start/", {"seen": "2"})
    assert BatchApproval.objects.get().cost_unknown
    assert UNKNOWN in client_of(alice).get(batch.get_absolute_url()).content.decode()


def test_who_sees_no_cost_comes_under_the_amount_all_the_same_and_sees_none(
    alice: User,
    bob: User,
    estate: Estate,
    priced: list[Subscription],  # noqa: F811
    client_of: Browser,
) -> None:
    """In the web role, where the policies hide every invoice line from Bob."""
    make(alice, estate, "200")
    browser = client_of(bob)
    for row, waits in [(priced[0], False), (priced[1], True)]:
        batch = checked(bob, [row])
        page = browser.get(batch.get_absolute_url()).content.decode()
        assert ("By the rule Dear ones" in page) is waits
        assert UNKNOWN not in page
        assert "€" not in page
        browser.post(f"/batches/{batch.pk}/start/", {"seen": "1"})
        batch.refresh_from_db()
        assert batch.state == ("awaiting" if waits else "running")


def test_the_wider_view_ends_with_the_decision_and_with_an_error(bob: User, estate: Estate) -> None:
    def seen() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM billing_invoiceline")
            found: int = cursor.fetchone()[0]
        return found

    with entered(Scope.for_user(bob)):
        assert seen() == 0
        with widened(Scope.system()):
            assert seen() > 0
        assert seen() == 0
        try:
            with widened(Scope.system()):
                int("no number")
        except ValueError:
            assert seen() == 0


def test_an_amount_without_a_currency_is_no_rule(alice: User, estate: Estate) -> None:
    for wrong in ({"currency": ""}, {"least_amount": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make(alice, estate, "1", **wrong)

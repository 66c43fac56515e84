"""Home: money at stake, whole batches that wait, the numbers of the mirror; each to its reader alone."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import InvoiceTotal
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.dashboard import mirror_age, mirror_facts, todo
from portal.mirror.models import PassState, RunState, SyncPass, SyncRun
from portal.outbox.approvals.models import BatchApproval
from portal.outbox.models import Batch
from tests.billing.world import make_invoice, make_line
from tests.people import Estate, make_batch, make_change, make_person

ClientOf = Callable[[User], Client]
REFUSED = {"code": "1", "message": "No"}


@pytest.fixture(autouse=True)
def cold() -> None:
    cache.clear()


@pytest.fixture
def priced(estate: Estate) -> Subscription:
    """Fabrikam's ten seats renew in five days and cost 12.50 EUR a seat and month."""
    row = estate.fabrikam_seats
    end = timezone.now() + dt.timedelta(days=5)
    values: dict[str, Any] = {
        "auto_renew": True,
        "term_duration": "P1Y",
        "commitment_end_date": end,
    }
    Subscription.objects.filter(pk=row.pk).update(**values)
    make_line(
        make_invoice(estate.connection),
        subscription=row,
        charge_type="renew",
        effective_unit_price=Decimal("12.50"),
        currency="EUR",
        billing_frequency="monthly",
    )
    return row


def stakes(user: User) -> list[str]:
    found = todo.items(Scope.for_user(user))
    return [item.stake.amount for item in found if item.stake]


def test_a_renewal_tells_what_it_costs_a_cycle(
    alice: User, priced: Subscription, client_of: ClientOf
) -> None:
    assert stakes(alice) == ["€125.00"]
    text = client_of(alice).get(reverse("home")).content.decode()
    assert "€125.00" in text
    assert "cost, billed monthly" in text


def test_a_change_of_seats_tells_the_difference(alice: User, priced: Subscription) -> None:
    values = {"before": {"quantity": 10}, "after": {"quantity": 7}}
    change = make_change(priced, alice, state="failed", error=REFUSED, settled_at=timezone.now())
    type(change).objects.filter(pk=change.pk).update(**values)
    assert sorted(stakes(alice)) == ["€125.00", "€37.50"]


def test_who_works_within_one_reseller_sees_no_stake(
    estate: Estate, bob: User, alice: User, priced: Subscription, client_of: ClientOf
) -> None:
    assert stakes(alice)
    inside = make_person("inside", "billing", estate.connection, estate.fabrikam)
    for person in (bob, inside):
        assert stakes(person) == []
        text = client_of(person).get(reverse("home")).content.decode()
        assert "125.00" not in text
        assert "At stake" not in text


def waiting(batch: Batch) -> BatchApproval:
    Batch.objects.filter(pk=batch.pk).update(state="awaiting")
    expires = timezone.now() + dt.timedelta(hours=5)
    return BatchApproval.objects.create(
        batch=batch, asked_by=batch.actor, rows=1, seats=10, expires_at=expires
    )


def test_a_batch_that_waits_stands_in_the_second_persons_list_alone(
    estate: Estate, alice: User, bob: User, client_of: ClientOf
) -> None:
    batch = waiting(make_batch(estate.fabrikam_seats, bob)).batch
    olga = make_person("olga", "reseller-admin", estate.connection, estate.northwind)
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)

    def urls(user: User) -> list[str]:
        return [item.url for item in todo.items(Scope.for_user(user))]

    assert batch.get_absolute_url() in urls(alice)
    assert batch.get_absolute_url() in urls(carol)
    assert batch.get_absolute_url() not in urls(olga) + urls(bob)
    her_own = waiting(make_batch(estate.fabrikam_seats, carol)).batch
    assert her_own.get_absolute_url() in urls(alice)
    assert her_own.get_absolute_url() not in urls(carol)
    text = client_of(alice).get(reverse("home")).content.decode()
    assert "2 end today" in text
    assert "asked by Bob" in text


def passed(connection: Connection, seen: int, **values: Any) -> SyncRun:
    run = SyncRun.objects.create(connection=connection, state=RunState.SUCCEEDED, **values)
    SyncPass.objects.create(
        run=run, family="relationships", position=1, state=PassState.DONE, seen_count=seen
    )
    return run


def test_records_are_those_of_the_last_whole_pass_of_connections_seen_whole(
    estate: Estate, alice: User, bob: User
) -> None:
    then = timezone.now() - dt.timedelta(hours=1)
    passed(estate.connection, 3, kind="full", started_at=then - dt.timedelta(days=1))
    passed(estate.connection, 7, kind="full", started_at=then)
    passed(estate.connection, 1, kind="changes", started_at=timezone.now())
    passed(estate.other, 500, kind="full", started_at=then)
    found = mirror_facts.facts(Scope.for_user(alice))
    assert found.records == {"relationships": 7}
    assert found.next_full == then + dt.timedelta(hours=24)
    assert not found.full_runs
    assert mirror_facts.facts(Scope.for_user(bob)) == mirror_facts.Facts()


def test_invoice_lines_are_counted_by_their_totals_for_who_sees_cost(
    estate: Estate, alice: User
) -> None:
    zero = dict.fromkeys(("seats", "recurring", "subtotal", "tax", "total"), Decimal(0))
    for connection, lines in ((estate.connection, 40), (estate.other, 900)):
        invoice = make_invoice(connection, f"G{lines}")
        InvoiceTotal.objects.create(
            connection=connection, invoice=invoice, currency="EUR", lines=lines, **zero
        )
    assert mirror_facts.facts(Scope.for_user(alice)).records == {"invoice_lines": 40}
    seller = make_person("seller", "sales", estate.connection)
    assert mirror_facts.facts(Scope.for_user(seller)).records == {}


def test_staff_of_a_reseller_are_told_their_own_records(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    passed(estate.connection, 777, kind="full", started_at=timezone.now())
    answer = client_of(bob).get(reverse("home"))
    told = {one.family: one.records for one in answer.context["families"]}
    assert told["customers"] == 2
    assert told["subscriptions"] == 2
    assert told["relationships"] is None
    text = answer.content.decode()
    assert "777" not in text
    assert "Next full pass" not in text


def test_the_next_full_pass_and_the_requests_are_told(
    estate: Estate, alice: User, client_of: ClientOf
) -> None:
    passed(estate.connection, 7, kind="full", started_at=timezone.now())
    text = client_of(alice).get(reverse("home")).content.decode()
    assert "Next full pass" in text
    assert "this minute" in text


def test_ages_keep_their_order(alice: User) -> None:
    scope = Scope.for_user(alice)
    counted = mirror_age.counted(scope, {"customers": 5})
    assert [one.family for one in counted] == [one.family for one in mirror_age.families(scope)]
    assert {one.records for one in counted if one.family == "customers"} == {5}

"""What may be asked of a subscription, and what is refused before anything is kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from orders import actions
from orders.models import Subscription
from orders.quantities import parse
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.mirror.models import DirtyMark
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from tests.people import Estate

SCHEDULE = {
    "quantity": 3,
    "product": {"termDuration": "P1M", "billingCycle": "monthly"},
    "source": "scheduledNextTermInstructions",
}


@pytest.fixture
def row(estate: Estate) -> Subscription:
    return estate.fabrikam_seats


def seats(row: Subscription, by: User, text: str) -> Command:
    wanted = parse(text)
    assert wanted is not None
    asked = Asked()
    return actions.change_quantity(Actor.for_user(by), Scope.for_user(by), row, wanted, asked)


def refused(call: Callable[..., Command], *args: Any) -> RefusedError:
    """The refusal; nothing may have been kept, nothing told."""
    with pytest.raises(RefusedError) as found:
        call(*args)
    assert Command.objects.count() == 0
    assert Entry.objects.filter(kind__startswith="subscription.").count() == 0
    return found.value


def lots_of(row: Subscription, *lots: tuple[int, dt.timedelta]) -> None:
    now = row.connection.now()
    row.product_type = "OnlineServicesNCE"
    row.refundable_lots = [
        {"quantity": seats, "allowed_until": (now + left).isoformat()} for seats, left in lots
    ]
    row.refundable_total = sum(seats for seats, _left in lots)
    row.detail_observed_at = timezone.now()
    row.commitment_end_date = now + dt.timedelta(days=90)
    row.save()


DAY = dt.timedelta(days=1)


def test_a_difference_is_resolved_against_the_row_and_both_are_kept(
    row: Subscription, bob: User
) -> None:
    command = seats(row, bob, "+5")
    assert command.parameters == {"asked": "+5", "quantity": 15}
    assert command.before == {"status": "active", "quantity": 10, "scheduled_change": None}
    assert command.after == {"quantity": 15}
    assert command.reseller == row.reseller
    assert command.summary == "Seats: 10 → 15"
    entry = Entry.objects.get(command_id=command.pk)
    assert entry.kind == "subscription.change_quantity.requested"
    assert (entry.actor_id, entry.reseller_id) == (bob.pk, row.reseller_id)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "quantity_too_small"),
        ("-10", "quantity_too_small"),
        ("10", "quantity_unchanged"),
        ("+0", "quantity_unchanged"),
    ],
)
def test_a_number_that_makes_no_sense(row: Subscription, bob: User, text: str, code: str) -> None:
    error = refused(seats, row, bob, text)
    assert (error.code, error.field) == (code, "quantity")


def test_seats_go_only_as_far_as_open_lots_reach(row: Subscription, bob: User) -> None:
    lots_of(row, (3, DAY), (4, -DAY))
    error = refused(seats, row, bob, "-4")
    assert (error.code, error.field) == ("not_refundable", "quantity")
    assert "At most 3 seats" in str(error)
    assert seats(row, bob, "-3").after == {"quantity": 7}


def test_lots_close_by_partner_centers_clock(row: Subscription, bob: User) -> None:
    lots_of(row, (3, dt.timedelta(minutes=5)))
    row.connection.clock_offset = 600.0
    error = refused(seats, row, bob, "-1")
    assert "No seat can be taken back now." in str(error)


def test_unknown_lots_let_it_through_and_have_it_read(row: Subscription, bob: User) -> None:
    row.product_type = "OnlineServicesNCE"
    row.save()
    command = seats(row, bob, "-4")
    assert command.after == {"quantity": 6}
    assert DirtyMark.objects.filter(family="subscriptions", key=row.pc_id).exists()


def test_legacy_subscriptions_have_no_lots(row: Subscription, bob: User) -> None:
    row.detail_observed_at = timezone.now()
    row.refundable_lots, row.product_type = [], ""
    row.save()
    assert seats(row, bob, "-4").after == {"quantity": 6}


def test_a_schedule_bars_seats_and_suspension_and_is_named(row: Subscription, bob: User) -> None:
    row.scheduled_change = SCHEDULE
    row.commitment_end_date = dt.datetime(2027, 3, 14, tzinfo=dt.UTC)
    row.save()
    error = refused(seats, row, bob, "+1")
    assert error.code == "scheduled_change"
    assert "3 seats, 1 month, billed monthly, after 14 Mar 2027" in str(error)
    refused(actions.suspend, Actor.for_user(bob), Scope.for_user(bob), row, Asked())


def test_a_trial_always_carries_one(row: Subscription, bob: User) -> None:
    row.scheduled_change, row.is_trial = SCHEDULE, True
    row.save()
    assert seats(row, bob, "+1").before == {"status": "active", "quantity": 10}


@pytest.mark.parametrize("status", ["suspended", "deleted", "expired", "disabled", "pending"])
def test_seats_of_what_is_not_active(row: Subscription, bob: User, status: str) -> None:
    row.status = status
    row.save()
    assert refused(seats, row, bob, "+1").field == ""


def test_a_status_nobody_has_heard_of_is_partner_centers_to_judge(
    row: Subscription, bob: User
) -> None:
    row.status = "beingMoved"
    row.save()
    assert seats(row, bob, "+1").after == {"quantity": 11}


def test_what_partner_center_no_longer_has(row: Subscription, bob: User) -> None:
    row.gone_at = timezone.now()
    row.save()
    assert refused(seats, row, bob, "+1").code == "gone"


def test_usage_is_not_sold_by_the_seat(row: Subscription, bob: User) -> None:
    row.unit_type = "Usage-based"
    row.save()
    assert refused(seats, row, bob, "+1").code == "no_seats"


def test_a_suspension_on_its_way_bars_seats(row: Subscription, bob: User) -> None:
    scope, actor = Scope.for_user(bob), Actor.for_user(bob)
    actions.suspend(actor, scope, row, Asked("too late with paying"))
    with pytest.raises(RefusedError, match="Reactivate it first"):
        seats(row, bob, "+1")
    command = actions.reactivate(actor, scope, row, Asked())
    assert command.state == "waiting"
    assert command.before == {"status": "suspended"}
    assert "goes out after it" in actions.waits(command)


def test_only_a_suspended_one_can_be_reactivated(row: Subscription, bob: User) -> None:
    refused(actions.reactivate, Actor.for_user(bob), Scope.for_user(bob), row, Asked())


def test_the_number_confirmed_against_must_still_hold(row: Subscription, bob: User) -> None:
    wanted = parse("+5")
    assert wanted is not None
    error = refused(
        actions.change_quantity,
        Actor.for_user(bob),
        Scope.for_user(bob),
        row,
        wanted,
        Asked(),
        actions.Confirmed(8),
    )
    assert error.code == "changed_meanwhile"
    assert "8" in str(error)
    assert "10" in str(error)

"""What may be asked of licences, what is refused before anything is kept, and seats that come first."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from customers.licences import actions, queries, standing
from customers.licences.actions import Seats, Wish
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from tests.customers.licences.conftest import BASIC, FREE, SWAY, TEAMS, World, make_user, wire_sku
from tests.people import Estate, make_person

NOTHING = Wish()


def assign(
    world: World, by: User, wish: Wish = NOTHING, *, sku: str = BASIC, key: str = ""
) -> Command:
    scope = Scope.for_user(by)
    product = queries.sku(scope, world.customer, sku)
    return actions.assign(Actor.for_user(by), scope, world.user, product, wish, Asked("", key))


def remove(world: World, by: User) -> Command:
    scope = Scope.for_user(by)
    product = queries.sku(scope, world.customer, BASIC)
    return actions.remove(Actor.for_user(by), scope, world.user, product, Asked())


def refused(call: Callable[..., Command], *args: object) -> str:
    """The code of the refusal; nothing may have been kept."""
    with pytest.raises(RefusedError) as found:
        call(*args)
    assert Command.objects.count() == 0
    assert Entry.objects.filter(kind__startswith="licence.").count() == 0
    return found.value.code


def test_an_assignment_keeps_what_was_seen_and_what_is_wanted(world: World, bob: User) -> None:
    command = assign(world, bob, Wish(off=[SWAY]))
    assert command.before == {"licence": None}
    assert command.after["licence"] == {
        "sku": BASIC,
        "product": "Product 3b55",
        "off": [SWAY],
        "without": ["Sway"],
    }
    assert (command.target_type, command.target_id) == ("customer_user", world.user.pk)
    assert command.reseller == world.seats.reseller
    assert command.summary == "Assign licence: Product 3b55 without Sway"
    entry = Entry.objects.get(command_id=command.pk)
    assert entry.kind == "licence.assign.requested"
    assert entry.target_label == command.customer_name


def test_without_usage_location_nothing_is_asked(world: World, bob: User) -> None:
    world.user.usage_location = ""
    assert refused(assign, world, bob) == "no_usage_location"


def test_a_licence_that_is_held_is_refused_but_its_plans_may_change(
    world: World, bob: User
) -> None:
    world.holds(BASIC)
    world.tenant(wire_sku(used=10))
    assert refused(assign, world, bob) == "already_assigned"
    command = assign(world, bob, Wish(off=[TEAMS]))
    assert command.before["licence"]["off"] == []
    assert command.after["licence"]["off"] == [TEAMS]


def test_unknown_plans_and_no_plan_at_all_are_refused(world: World, bob: User) -> None:
    assert refused(assign, world, bob, Wish(off=[FREE])) == "unknown_plan"
    assert refused(assign, world, bob, Wish(off=[SWAY, TEAMS])) == "nothing_left"


def test_a_deleted_user_gets_nothing(world: World, bob: User) -> None:
    world.user.state = "inactive"
    assert refused(assign, world, bob) == "deleted"


def test_assignments_under_way_take_their_seat(world: World, bob: User) -> None:
    other = World(world.customer, make_user(world.customer, "Grace"), world.seats)
    assign(other, bob)
    with pytest.raises(RefusedError) as found:
        assign(world, bob)
    assert found.value.code == "no_seats_left"
    assert str(found.value) == (
        "No seat of Product 3b55 is left: 10 of 10 are assigned or under way."
    )
    assert assign(world, bob, sku=FREE).follows is None


def test_seats_that_are_short_come_first_and_the_licence_follows(world: World, bob: User) -> None:
    world.tenant(wire_sku(used=10))
    wish = Wish(seats=Seats(world.seats.pk, 1))
    command = assign(world, bob, wish, key="once")
    seats = command.follows
    assert seats is not None
    assert (seats.verb, seats.after) == ("subscription.change_quantity", {"quantity": 11})
    assert assign(world, bob, wish, key="once") == command
    assert Command.objects.count() == 2


def test_a_missing_usage_location_is_set_between_the_seats_and_the_licence(
    world: World, alice: User
) -> None:
    world.tenant(wire_sku(used=10))
    world.user.usage_location = ""
    world.user.save()
    wish = Wish(seats=Seats(world.seats.pk, 1), usage_location="FR")
    first, licence = (assign(world, alice, wish, key="once") for _click in range(2))
    seats, location, last = Command.objects.order_by("pk")
    assert last == licence == first
    assert (location.verb, location.after) == ("customer_user.update", {"usage_location": "FR"})
    assert (seats.follows, location.follows, licence.follows) == (None, seats, location)
    assert licence.parameters["seats"] == seats.pk
    sku = world.sku()
    assert standing.under_way([sku]) == {}  # its seat is on its way as well
    with pytest.raises(RefusedError) as found:
        assign(world, alice, Wish(seats=Seats(world.seats.pk, 1), usage_location="QQ"))
    assert found.value.code == "country"
    assert Command.objects.count() == 3


def test_seats_are_not_bought_while_one_is_left(world: World, bob: User) -> None:
    assert assign(world, bob, Wish(seats=Seats(world.seats.pk, 1))).follows is None
    assert Command.objects.count() == 1


def test_who_may_not_buy_seats_cannot_buy_them_this_way(world: World, estate: Estate) -> None:
    world.tenant(wire_sku(used=10))
    helper = make_person("helen", "helpdesk", estate.connection, estate.fabrikam)
    with pytest.raises(PermissionDenied):
        assign(world, helper, Wish(seats=Seats(world.seats.pk, 1)))
    assert Command.objects.count() == 0


def test_what_the_user_lacks_cannot_be_removed(world: World, bob: User) -> None:
    assert refused(remove, world, bob) == "not_assigned"
    world.holds(BASIC)
    command = remove(world, bob)
    assert command.after == {"licence": None}
    assert command.summary == "Remove licence: Product 3b55"


def test_another_reseller_sees_no_product_here(world: World, charlie: User) -> None:
    scope = Scope.for_user(charlie)
    assert not queries.skus(scope).exists()
    world.holds(BASIC)
    assert queries.lines(scope, world.user)[0].sku is None


def test_idle_seats_are_ours_only_where_every_unit_is(world: World, bob: User) -> None:
    scope = Scope.for_user(bob)

    def ours() -> tuple[int, bool]:
        row = queries.of_customer(scope, world.customer).get(pc_id=BASIC)
        return getattr(row, "ours", 0), standing.is_all_ours(row)

    assert ours() == (10, True)
    world.tenant(wire_sku(total=25, used=9))
    assert ours() == (10, False)
    free = queries.of_customer(scope, world.customer).get(pc_id=FREE)
    assert not standing.is_all_ours(free)

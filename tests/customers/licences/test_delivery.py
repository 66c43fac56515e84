"""A change of licences on its way: read, compared, sent once, and believed when it is read back."""

from collections.abc import Iterator
from typing import Any

import pytest

from customers.licences import actions, queries, sync
from customers.licences.actions import Seats, Wish
from customers.models import UserLicences
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror.models import DirtyMark
from portal.outbox import engine, queue, tasks
from portal.outbox.commands import Asked
from portal.outbox.models import Command, CommandStep
from portal.partnercenter.errors import InvalidInput, NoAnswer
from portal.partnercenter.operations.subscriptions import CHANGE_QUANTITY, GET_SUBSCRIPTION
from portal.partnercenter.operations.users import (
    LIST_AVAILABLE_LICENSES,
    LIST_LICENSES_OF_USER,
    LIST_LICENSES_OF_USER_BY_GROUP,
    UPDATE_LICENSES_OF_USER,
)
from portal.partnercenter.testing import StubPartner
from tests.customers.licences.conftest import BASIC, FREE, SWAY, TEAMS, World, wire_held, wire_sku
from tests.outbox.conftest import make_due, wire

ANSWER = {"licensesToAssign": [{"skuId": BASIC}], "licenseWarnings": []}


class Partner:
    """What a test expects of Partner Center."""

    def __init__(self, stub: StubPartner, world: World) -> None:
        self.stub = stub
        self.ids: Any = {"customer_id": world.customer.pc_id, "user_id": world.user.pc_id}

    def reads(self, *skus: str, off: tuple[str, ...] = ()) -> None:
        self.stub.expect(LIST_LICENSES_OF_USER, wire_held(*skus, off=off), **self.ids)

    def reads_back(self, *skus: str, off: tuple[str, ...] = ()) -> None:
        found = wire_held(*skus, off=off)
        self.stub.expect(LIST_LICENSES_OF_USER_BY_GROUP, found, query=sync.GROUPS, **self.ids)

    def writes(self, answer: Any = ANSWER, **body: Any) -> None:
        sent = {"licensesToAssign": [], "licensesToRemove": [], **body}
        sent["attributes"] = {"objectType": "LicenseUpdate"}
        self.stub.expect(UPDATE_LICENSES_OF_USER, answer, body=sent, **self.ids)


@pytest.fixture
def partner(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Partner]:
    with StubPartner() as stub:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: stub.client)
        yield Partner(stub, world)


def ask(world: World, by: User, verb: str = actions.ASSIGN, wish: Wish | None = None) -> Command:
    scope, actor = Scope.for_user(by), Actor.for_user(by)
    product = queries.sku(scope, world.customer, BASIC)
    if verb == actions.REMOVE:
        return actions.remove(actor, scope, world.user, product, Asked())
    return actions.assign(actor, scope, world.user, product, wish or Wish(), Asked())


def delivered(command: Command) -> Command:
    tasks.deliver(command.pk)
    command.refresh_from_db()
    return command


def held(world: World) -> dict[str, Any]:
    found: dict[str, Any] = UserLicences.objects.get(place=world.place).licences
    return found


def test_a_licence_is_sent_and_read_back_into_the_mirror(
    world: World, bob: User, partner: Partner
) -> None:
    command = ask(world, bob, wish=Wish(off=[SWAY]))
    partner.reads(FREE)
    partner.writes(licensesToAssign=[{"skuId": BASIC, "excludedPlans": [SWAY]}])
    partner.reads_back(FREE, BASIC, off=(SWAY,))
    assert delivered(command).state == "succeeded"
    assert held(world)[BASIC] == {"on": 1, "off": [SWAY]}
    assert set(held(world)) == {BASIC, FREE}
    mark = DirtyMark.objects.get(family=sync.SKUS)
    assert (mark.parent, mark.key) == (world.customer.pc_id, "")


def test_what_is_so_already_is_not_sent(world: World, bob: User, partner: Partner) -> None:
    command = ask(world, bob)
    partner.reads(BASIC)
    assert delivered(command).state == "succeeded"
    assert DirtyMark.objects.filter(family=sync.HELD, parent=world.place).exists()


def test_other_plans_than_seen_are_shown_to_a_person(
    world: World, bob: User, partner: Partner
) -> None:
    command = ask(world, bob)
    partner.reads(BASIC, off=(TEAMS,))
    assert delivered(command).state == "failed"
    assert command.error is not None
    assert command.error["kind"] == "changed"
    assert command.error["difference"]["licence"][1]["off"] == [TEAMS]


def test_a_removal_names_the_licence(world: World, bob: User, partner: Partner) -> None:
    world.holds(BASIC)
    command = ask(world, bob, actions.REMOVE)
    partner.reads(BASIC)
    partner.writes(licensesToRemove=[BASIC])
    partner.reads_back()
    assert delivered(command).state == "succeeded"
    assert held(world) == {}


def test_partner_center_keeps_the_last_word(world: World, bob: User, partner: Partner) -> None:
    command = ask(world, bob)
    partner.reads()
    error = InvalidInput("It looks like you've run out of licenses.", code="60012", status=400)
    partner.writes(error, licensesToAssign=[{"skuId": BASIC, "excludedPlans": []}])
    assert delivered(command).state == "failed"
    assert command.error is not None
    assert command.error["code"] == "60012"
    assert held(world) == {}


def test_a_lost_answer_is_settled_by_a_read(world: World, bob: User, partner: Partner) -> None:
    command = ask(world, bob)
    partner.reads()
    partner.writes(NoAnswer("lost"), licensesToAssign=[{"skuId": BASIC, "excludedPlans": []}])
    delivered(command)
    make_due(command)
    partner.reads(BASIC)
    assert delivered(command).state == "succeeded"
    assert CommandStep.objects.filter(command=command).count() == 1


def test_a_warning_is_kept_with_the_answer(world: World, bob: User, partner: Partner) -> None:
    command = ask(world, bob)
    partner.reads()
    warned = ANSWER | {"licenseWarnings": [{"code": "1", "message": "Slow", "servicePlans": []}]}
    partner.writes(warned, licensesToAssign=[{"skuId": BASIC, "excludedPlans": []}])
    partner.reads_back(BASIC)
    assert delivered(command).state == "succeeded"
    answer = CommandStep.objects.get(command=command).answer
    assert answer == {"warnings": [{"code": "1", "message": "Slow"}]}


def test_the_licence_follows_its_seat_and_waits_until_the_tenant_has_it(
    world: World, bob: User, partner: Partner
) -> None:
    world.tenant(wire_sku(used=10))
    command = ask(world, bob, wish=Wish(seats=Seats(world.seats.pk, 1)))
    seats = command.follows
    assert seats is not None
    ids: Any = {"customer_id": world.customer.pc_id, "subscription_id": world.seats.pc_id}
    partner.stub.expect(GET_SUBSCRIPTION, wire(world.seats), **ids)
    partner.stub.expect(CHANGE_QUANTITY, wire(world.seats, quantity=11), **ids)
    assert delivered(seats).state == "succeeded"
    command.refresh_from_db()
    assert command.state in ("waiting", "queued")
    customer: Any = {"customer_id": world.customer.pc_id}
    partner.reads()
    partner.stub.expect(LIST_AVAILABLE_LICENSES, {"items": [wire_sku(used=10)]}, **customer)
    assert delivered(command).state == "queued"
    assert command.attempts < queue.MAX_ATTEMPTS
    make_due(command)
    partner.reads()
    partner.stub.expect(
        LIST_AVAILABLE_LICENSES, {"items": [wire_sku(total=11, used=10)]}, **customer
    )
    partner.writes(licensesToAssign=[{"skuId": BASIC, "excludedPlans": []}])
    partner.reads_back(BASIC)
    assert delivered(command).state == "succeeded"

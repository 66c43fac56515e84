"""Licences in the mirror: read on demand, after changes of subscriptions, and by age."""

import pytest
from django.utils import timezone

from customers.demand import State
from customers.licences import demand, mapping, sync
from customers.models import SubscribedSku, UserLicences
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity import mapping as records
from portal.mirror import aging, dirty, families, freshness, hooks, rereading
from portal.mirror.models import DirtyMark
from portal.partnercenter.operations.users import (
    LIST_AVAILABLE_LICENSES_BY_GROUP,
    LIST_LICENSES_OF_USER_BY_GROUP,
)
from portal.partnercenter.testing import StubPartner
from tests.customers.licences.conftest import BASIC, FREE, World, wire_held, wire_sku


@pytest.fixture
def consented(world: World) -> World:
    connection = world.customer.connection
    connection.refresh_token, connection.consented_at = "canary-token", timezone.now()
    connection.save()
    return world


def read(world: World, family: str, parent: str) -> None:
    """Work off the mark of a list."""
    connection = world.customer.connection
    dirty.mark(connection, family, [(parent, "")], reason="test")
    one = DirtyMark.objects.get(family=family, parent=parent)
    with StubPartner() as stub:
        if family == sync.SKUS:
            ids = {"customer_id": parent}
            answer = {"items": [wire_sku(used=3)]}
            stub.expect(LIST_AVAILABLE_LICENSES_BY_GROUP, answer, query=sync.GROUPS, **ids)
        else:
            customer, user = mapping.parts(parent)
            ids = {"customer_id": customer, "user_id": user}
            answer = wire_held(BASIC)
            stub.expect(LIST_LICENSES_OF_USER_BY_GROUP, answer, query=sync.GROUPS, **ids)
        found = rereading.read_mark(stub.client, connection, families.get(family), one)
    rereading.keep(connection, families.get(family), [found])


def test_the_products_of_a_customer_are_read_whole(consented: World) -> None:
    read(consented, sync.SKUS, consented.customer.pc_id)
    assert consented.sku().units_consumed == 3
    assert consented.sku().customer == consented.customer
    assert SubscribedSku.objects.get(pc_id=FREE).gone_at is not None
    assert not DirtyMark.objects.filter(family=sync.SKUS).exists()


def test_what_a_user_holds_is_read_by_customer_and_user(consented: World) -> None:
    read(consented, sync.HELD, consented.place)
    row = UserLicences.objects.get(place=consented.place)
    assert row.licences == {BASIC: {"on": 2, "off": []}}
    assert (row.user, row.customer) == (consented.user, consented.customer)
    found = demand.reading(consented.user)
    assert found.state == State.KNOWN


def test_without_consent_nothing_is_asked(world: World, bob: User) -> None:
    assert demand.ask(Scope.for_user(bob), world.user).state == State.CLOSED
    connection = world.customer.connection
    for family in (sync.SKUS, sync.HELD):
        assert aging.mark(connection, families.get(family)) == 0
    assert not DirtyMark.objects.exists()


def test_users_whose_licences_were_never_read_are_marked_by_age(consented: World) -> None:
    connection = consented.customer.connection
    assert aging.mark(connection, families.get(sync.HELD)) == 1
    mark = DirtyMark.objects.get(family=sync.HELD)
    assert (mark.parent, mark.priority) == (consented.place, dirty.BACKGROUND)
    DirtyMark.objects.all().delete()
    freshness.note(connection, sync.HELD, [(consented.place, timezone.now())])
    assert aging.mark(connection, families.get(sync.HELD)) == 0


def test_no_run_lists_them_unless_they_are_named() -> None:
    assert families.get(sync.SKUS).on_demand
    assert families.get(sync.HELD).on_demand


def test_a_change_of_subscriptions_has_the_units_read(consented: World) -> None:
    connection, customer = consented.customer.connection, consented.customer
    hooks.changed("subscriptions", connection, [consented.seats.pk])
    assert not DirtyMark.objects.filter(family=sync.SKUS).exists(), "nobody has looked at them yet"
    freshness.note(connection, sync.SKUS, [(customer.pc_id, timezone.now())])
    hooks.changed("subscriptions", connection, [consented.seats.pk])
    mark = DirtyMark.objects.get(family=sync.SKUS)
    assert (mark.parent, mark.priority) == (consented.customer.pc_id, dirty.BACKGROUND)


def test_what_a_user_held_goes_with_the_user(world: World) -> None:
    world.user.gone_at = timezone.now()
    world.user.save()
    hooks.changed("customer_users", world.customer.connection, [world.user.pk])
    assert UserLicences.objects.get(place=world.place).gone_at == world.user.gone_at


def test_a_record_of_partner_center_tells_what_to_read_again(world: World) -> None:
    record = {
        "customerId": world.customer.pc_id,
        "resourceType": "license",
        "operationType": "update_customer_user_licenses",
        "operationStatus": "succeeded",
        "customizedData": [{"key": "CustomerUserId", "value": world.user.pc_id}],
    }
    assert set(records.touched(record)) == {
        (sync.SKUS, world.customer.pc_id, ""),
        (sync.HELD, world.place, ""),
    }
    assert records.touched(record | {"operationStatus": "failed"}) == []

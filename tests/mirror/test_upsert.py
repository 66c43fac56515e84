"""Which of two readings wins, and what an unchanged one costs."""

import datetime as dt
from typing import Any

import pghistory
from django.apps import apps
from django.db import connection as database
from django.utils import timezone

from customers.models import Customer
from orders.models import Subscription
from portal.connections.models import Connection
from portal.mirror import families
from portal.mirror.upsert import mark_gone, upsert
from tests.factories import (
    guid,
    make_customer,
    make_reseller,
    make_subscription,
    store,
    wire_customer,
    wire_customer_detail,
    wire_subscription,
    wire_subscription_detail,
)

SubscriptionEvent = apps.get_model("orders", "SubscriptionEvent")
MINUTE = dt.timedelta(minutes=1)


def version(table: str, pk: int) -> Any:
    """Where the row version stands and who wrote it: both move with every write."""
    with database.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text, cmin::text FROM {table} WHERE id = %s", [pk])
        return cursor.fetchone()


def test_rows_are_counted_as_what_they_are(connection: Connection) -> None:
    family = families.get("customers")
    first = [wire_customer("Adatum"), wire_customer("Fabrikam")]
    rep, now = family.listing.representation, timezone.now()
    counts = upsert(family, rep, connection, first, observed_at=now)
    assert (counts.inserted, counts.updated, counts.unchanged) == (2, 0, 0)
    assert len(counts.ids) == 2
    second = [wire_customer("Adatum", relationshipToPartner="advisor"), first[1]]
    second.append(wire_customer("Northwind"))
    counts = upsert(family, rep, connection, second, observed_at=now + MINUTE)
    assert (counts.inserted, counts.updated, counts.unchanged) == (1, 1, 1)
    changed = Customer.objects.get(pc_id=guid("Adatum"))
    assert changed.relationship_to_partner == "advisor"
    assert changed.list_payload["relationshipToPartner"] == "advisor"


def test_an_unchanged_row_is_not_written(connection: Connection) -> None:
    row = make_subscription(make_customer(connection, "Adatum"), "Seats")
    before = version("orders_subscription", row.pk)
    # Links and etags move by themselves: a fresh etag is no change.
    store(
        "subscriptions",
        connection,
        wire_subscription("Seats", attributes={"etag": "another", "objectType": "Subscription"}),
        parent=row.customer_pc_id,
    )
    assert version("orders_subscription", row.pk) == before


def test_an_older_reading_changes_nothing(connection: Connection) -> None:
    make_customer(connection, "Adatum", relationshipToPartner="advisor")
    late = wire_customer("Adatum", relationshipToPartner="reseller")
    store("customers", connection, late, observed_at=timezone.now() - MINUTE)
    assert Customer.objects.get().relationship_to_partner == "advisor"


def test_an_older_reading_does_not_bring_back_what_is_gone(connection: Connection) -> None:
    row = make_customer(connection, "Adatum")
    family, now = families.get("customers"), timezone.now()
    assert mark_gone(family, connection, [row.pc_id], observed_at=now) == 1
    store("customers", connection, wire_customer("Adatum"), observed_at=now - MINUTE)
    assert Customer.objects.get().gone_at == now
    store("customers", connection, wire_customer("Adatum"), observed_at=now + MINUTE)
    assert Customer.objects.get().gone_at is None


def test_what_was_seen_later_does_not_go(connection: Connection) -> None:
    row = make_customer(connection, "Adatum")
    family = families.get("customers")
    early = timezone.now() - MINUTE
    assert mark_gone(family, connection, [row.pc_id], observed_at=early) == 0
    assert Customer.objects.get().gone_at is None


def test_a_list_never_clears_a_detail(connection: Connection) -> None:
    customer = make_customer(connection, "Adatum")
    store("customers", connection, wire_customer_detail("Adatum"), detail=True)
    store("customers", connection, wire_customer("Adatum", relationshipToPartner="advisor"))
    customer.refresh_from_db()
    assert (customer.city, customer.first_name) == ("Lyon", "Ada")
    assert customer.relationship_to_partner == "advisor"
    assert customer.detail_payload is not None


def test_the_list_wins_back_what_a_detail_changed(connection: Connection) -> None:
    row = make_subscription(make_customer(connection, "Adatum"), "Seats")
    detail = wire_subscription_detail("Seats", quantity=12)
    store("subscriptions", connection, detail, parent=row.customer_pc_id, detail=True)
    row.refresh_from_db()
    assert (row.quantity, row.refundable_total) == (12, 4)
    # Upstream is back at 10: the very payload that the list had before.
    store("subscriptions", connection, row.list_payload, parent=row.customer_pc_id)
    row.refresh_from_db()
    assert (row.quantity, row.refundable_total) == (10, 4)
    # And the same detail once more counts again.
    store("subscriptions", connection, detail, parent=row.customer_pc_id, detail=True)
    row.refresh_from_db()
    assert row.quantity == 12


def test_a_detail_that_agrees_leaves_the_list_alone(connection: Connection) -> None:
    row = make_subscription(make_customer(connection, "Adatum"), "Seats")
    detail = wire_subscription_detail("Seats")
    store("subscriptions", connection, detail, parent=row.customer_pc_id, detail=True)
    before = version("orders_subscription", row.pk)
    store("subscriptions", connection, row.list_payload, parent=row.customer_pc_id)
    assert version("orders_subscription", row.pk) == before


def test_history_keeps_what_a_change_ended_and_who_made_it(connection: Connection) -> None:
    row = make_subscription(make_customer(connection, "Adatum"), "Seats")
    assert not SubscriptionEvent.objects.exists(), "a first load writes no history"
    with pghistory.context(command=7, user=3):
        changed = wire_subscription("Seats", quantity=15)
        store("subscriptions", connection, changed, parent=row.customer_pc_id)
    event = SubscriptionEvent.objects.get()
    assert (event.quantity, event.pgh_obj_id) == (10, row.pk)
    assert event.pgh_context == {"command": 7, "user": 3}
    # A change of what history does not track leaves no event.
    shifted = wire_subscription("Seats", quantity=15, hasPurchasableAddons=True)
    store("subscriptions", connection, shifted, parent=row.customer_pc_id)
    assert SubscriptionEvent.objects.count() == 1


def test_the_same_id_twice_in_one_page_is_one_row(connection: Connection) -> None:
    twice = [wire_customer("Adatum"), wire_customer("Adatum", relationshipToPartner="advisor")]
    store("customers", connection, *twice)
    assert Customer.objects.get().relationship_to_partner == "advisor"


def test_ids_in_any_case_are_one_resource(connection: Connection) -> None:
    make_customer(connection, "Adatum")
    loud = wire_customer("Adatum")
    store("customers", connection, loud | {"id": loud["id"].upper()})
    assert Customer.objects.count() == 1


def test_hostile_text_arrives_as_it_is(connection: Connection) -> None:
    name = "Tab\t new\nline \\N back\\slash \r \u202e \x00 '; DROP TABLE"
    payload = wire_customer("Adatum")
    payload["companyProfile"]["companyName"] = name
    store("customers", connection, payload)
    assert Customer.objects.get().name == name.replace("\x00", "\ufffd")


def test_unknown_values_are_kept(connection: Connection) -> None:
    row = make_subscription(
        make_customer(connection, "Adatum"),
        "Seats",
        status="paused_by_regulator",
        quantity=10**30,
        commitmentEndDate="when the cows come home",
        newThing={"deep": [1, "two"]},
    )
    assert row.status == "paused_by_regulator"
    assert row.quantity is None
    assert row.commitment_end_date is None
    assert row.list_payload["newThing"] == {"deep": [1, "two"]}
    assert row.list_payload["commitmentEndDate"] == "when the cows come home"


# --- tenancy ------------------------------------------------------------------------------------


def test_tenancy_comes_from_the_row_then_from_the_only_relationship(
    connection: Connection,
) -> None:
    one = make_reseller(connection, "Fabrikam", "111")
    two = make_reseller(connection, "Northwind", "222")
    both = make_customer(connection, "Both", one, two)
    single = make_customer(connection, "Single", one)
    direct = make_customer(connection, "Direct")
    assert make_subscription(both, "a", partnerId="222").reseller == two
    assert make_subscription(both, "b").reseller is None, "two relationships decide nothing"
    assert make_subscription(single, "c").reseller == one
    assert make_subscription(single, "d", partnerId="999").reseller is None
    assert make_subscription(direct, "e").reseller is None


def test_tenancy_does_not_follow_a_later_relationship(connection: Connection) -> None:
    customer = make_customer(connection, "Direct")
    row = make_subscription(customer, "Seats")
    reseller = make_reseller(connection, "Fabrikam", "111")
    make_customer(connection, "Direct", reseller)
    row.refresh_from_db()
    assert row.reseller is None


def test_references_are_filled_when_the_customer_comes_later(connection: Connection) -> None:
    pc_id = guid("Late")
    store("subscriptions", connection, wire_subscription("Seats"), parent=pc_id)
    assert Subscription.objects.get().customer is None
    customer = make_customer(connection, "Late")
    assert Subscription.objects.get().customer == customer

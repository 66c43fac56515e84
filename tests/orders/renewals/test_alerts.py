"""People are told once of what can still be decided, each of theirs; nothing is said of month-to-month terms."""

import datetime as dt
from typing import Any

from django.utils import timezone

from customers.models import SubscribedSku
from orders.models import Subscription, TermAlert, TermDecision
from orders.renewals.alerts import telling
from portal.access.models import User
from portal.access.scope import Scope
from portal.dashboard import todo
from portal.notifications import actions, digests
from portal.notifications.models import Mail, Notification
from tests.orders.renewals.conftest import CANCEL, ending, midnight
from tests.orders.renewals.test_lists import E3, E3_LICENCE
from tests.people import Estate


def told(user: User) -> list[str]:
    rows = Notification.objects.filter(user=user).order_by("pk")
    return [row.title for row in rows]


def test_each_is_told_once_of_what_is_theirs(
    estate: Estate,
    soon: Subscription,
    alice: User,
    bob: User,
    charlie: User,
    queries_of: Any,
    settings: Any,
) -> None:
    with queries_of() as few:
        assert telling.tell() == 1
    day = f"{midnight(5).day} {midnight(5):%b %Y}"
    title = f"Decide by {day}: Soon of Adatum, Adatum"
    assert told(alice) == told(bob) == [title]
    assert told(charlie) == [], "another reseller's"
    row = Notification.objects.get(user=bob)
    assert "renews for another term" in row.text
    assert row.url == soon.get_absolute_url()
    assert telling.tell() == 0, "told already"
    ending(estate, "Month", 3, term_duration="P1M")
    ending(estate, "Cancelled", 3, auto_renew=False, scheduled_change=CANCEL)
    ending(estate, "Far", 60)
    assert telling.tell() == 0
    Subscription.objects.filter(pk=soon.pk).update(auto_renew=False)
    for number in range(3):
        ending(estate, f"More{number}", 9)
    Notification.objects.all().delete()
    TermAlert.objects.exclude(subscription=soon).delete()
    with queries_of() as many:
        assert telling.tell() == 4, "another choice is news, and three terms"
    assert len(many) <= len(few)
    assert len(told(bob)) == 4
    assert (
        "goes on month by month"
        in Notification.objects.filter(user=bob).get(parameters__product__startswith="Soon").text
    )
    decision = TermDecision.objects.create(
        connection=soon.connection,
        reseller=soon.reseller,
        subscription=soon,
        ends_on=midnight(5).date(),
        choice="renew",
    )
    assert telling.tell() == 0
    decision.delete()
    assert telling.tell() == 0
    settings.RENEWAL_ALERT_DAYS = 70
    assert telling.tell() == 1
    assert told(bob)[-1].endswith("Far of Adatum, Adatum")


def test_windows_are_told_where_seats_are_idle_and_home_is_in_step(
    estate: Estate, bob: User, alice: User
) -> None:
    now = timezone.now()
    lots = [{"quantity": 4, "allowed_until": (now + dt.timedelta(days=6)).isoformat()}]
    row = ending(
        estate,
        "Renewed",
        359,
        creation_date=midnight(-900),
        refund_until=now + dt.timedelta(days=6),
        cancellation_allowed_until=now + dt.timedelta(days=6),
        refundable_lots=lots,
        **E3,
    )
    bought = ending(estate, "Bought", 300, refund_until=now + dt.timedelta(hours=40))
    ending(estate, "Month", 20, term_duration="P1M", refund_until=now + dt.timedelta(hours=40))
    ending(estate, "Early", 300, refund_until=now + dt.timedelta(hours=100))
    sku = SubscribedSku.objects.create(
        connection=row.connection,
        customer=row.customer,
        customer_pc_id=row.customer_pc_id,
        pc_id=E3_LICENCE,
        units_active=10,
        units_consumed=7,
        units_available=3,
    )
    assert telling.tell() == 2
    assert told(bob) == [
        "10 seats of Bought of Adatum, Adatum, can still be taken back",
        "4 seats of Renewed of Adatum, Adatum, can still be taken back",
    ]
    renewed = Notification.objects.get(user=bob, kind="renewal.idle")
    assert "3 seats are idle." in renewed.text
    shown = [item.url for item in todo.items(Scope.for_user(bob))]
    assert shown == [bought.get_absolute_url(), row.get_absolute_url()]
    sku.units_available = 0
    sku.save()
    assert [item.url for item in todo.items(Scope.for_user(bob))] == [bought.get_absolute_url()]
    assert telling.tell() == 0
    Subscription.objects.filter(pk=estate.northwind_seats.pk).update(customer=row.customer)
    Notification.objects.all().delete()
    TermAlert.objects.filter(subscription=row).delete()
    sku.units_available = 3
    sku.save()
    assert telling.tell() == 1
    assert len(told(alice)) == 1
    assert told(bob) == [], "they may be another seller's"
    Subscription.objects.filter(pk=estate.northwind_seats.pk).update(customer=estate.of_northwind)
    TermAlert.objects.filter(subscription=row).delete()
    assert telling.tell() == 1
    mail = digests.write(bob.pk, now + dt.timedelta(days=2))
    assert mail is not None
    assert "3 seats are idle." in mail.text


def test_many_are_told_as_a_number(
    estate: Estate, soon: Subscription, bob: User, alice: User, monkeypatch: Any
) -> None:
    User.objects.filter(pk=bob.pk).update(language="fr")
    actions.choose(alice, {"renewal.undecided": "mail"})
    monkeypatch.setattr(telling, "EACH", 1)
    ending(estate, "Second", 8)
    assert telling.tell() == 2
    assert told(bob) == ["2 terms end soon, nothing is decided"]
    row = Notification.objects.get(user=bob)
    assert row.url == "/renewals/?within=30&decision=none"
    assert row.awaits_digest, "once a day unless somebody chose otherwise"
    assert [mail.to for mail in Mail.objects.all()] == [alice.email]

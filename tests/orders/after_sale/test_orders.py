"""What becomes of an order: billed otherwise, extended, cancelled, followed; and the list over all customers."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.models import Offer, Order, Subscription
from portal.access import search
from portal.access.models import User
from portal.emulator import offers
from portal.mirror.models import DirtyMark, Question
from portal.outbox.models import Command
from tests.customers.users.conftest import Upstream
from tests.orders.after_sale.conftest import Confirm, look_again
from tests.people import Estate, make_order, make_person

ClientOf = Callable[[User], Client]
ADDON = "c94271d8-b431-4a25-a3c5-a57737a1c909"  # Audio Conferencing


def order_of(row: Subscription) -> Order:
    return Order.objects.get(pc_id=row.order_pc_id)


def make_addon(customer: Customer) -> Offer:
    told = offers.offer(ADDON)
    return Offer.objects.create(
        connection=customer.connection,
        market=customer.country,
        pc_id=ADDON,
        name=told["name"],
        minimum=1,
        maximum=1000,
        is_add_on=True,
        is_available=True,
        prerequisite_offers=[one.lower() for one in told["prerequisiteOffers"]],
    )


def test_a_legacy_order_is_billed_otherwise_and_new_commerce_is_not(
    customer: Customer,
    legacy: Subscription,
    upstream: Upstream,
    alice: User,
    client_of: ClientOf,
    confirm: Confirm,
) -> None:
    row = order_of(legacy)
    page = client_of(alice).get(row.get_absolute_url()).content.decode()
    assert reverse("order_billing", args=[row.pk]) in page
    assert reverse("order_cancel", args=[row.pk]) not in page, "seats are cancelled elsewhere"
    url = reverse("order_billing", args=[row.pk])
    same = client_of(alice).post(url, {"cycle": "monthly"})
    assert (same.status_code, "It is billed so already" in same.content.decode()) == (422, True)
    command = confirm(alice, url, {"cycle": "annual"})
    row.refresh_from_db()
    assert (command.state, row.billing_cycle) == ("succeeded", "annual")
    assert command.result == {"billing_cycle": "annual"}
    assert (upstream.calls("CHANGE_BILLING_CYCLE"), upstream.calls("GET_ORDER")) == (1, 2)
    marks = DirtyMark.objects.filter(family="subscriptions", parent=customer.pc_id)
    assert marks.exists(), "the subscriptions of the order are read again"
    seats = Subscription.objects.get(
        customer=customer, product_type="OnlineServicesNCE", quantity=8
    )
    refused = client_of(alice).get(reverse("order_billing", args=[order_of(seats).pk]))
    assert refused.status_code == 422
    assert "legacy orders alone" in refused.content.decode()


def test_an_add_on_is_bought_once_though_the_answer_was_lost(
    customer: Customer,
    legacy: Subscription,
    upstream: Upstream,
    alice: User,
    client_of: ClientOf,
    confirm: Confirm,
) -> None:
    row, offer = order_of(legacy), make_addon(customer)
    url = reverse("order_addon", args=[row.pk])
    page = client_of(alice).get(url).content.decode()
    assert "Audio Conferencing" in page
    values = {"base": legacy.pk, "offer": offer.pk, "quantity": 3}
    told = client_of(alice).post(url, values).content.decode()
    assert "Add 3 × Audio Conferencing to Office 365 Enterprise E3?" in told
    upstream.fault("PURCHASE_ADDON", "lost_reply")
    command = confirm(alice, url, values)
    assert command.state == "in_doubt"
    look_again(command)
    row.refresh_from_db()
    assert command.state == "succeeded"
    assert [(line["name"], line["quantity"]) for line in row.lines][1:] == [
        ("Audio Conferencing", 3)
    ]
    bought = [one for one in upstream.api.subscriptions(customer.pc_id) if one["offerId"] == ADDON]
    assert [one["parentSubscriptionId"] for one in bought] == [legacy.pc_id], "once, not twice"


def test_software_is_cancelled_within_its_window_and_seats_never(
    customer: Customer, upstream: Upstream, alice: User, client_of: ClientOf, confirm: Confirm
) -> None:
    software = Subscription.objects.get(customer=customer, product_type="SoftwareSubscription")
    url = reverse("order_cancel", args=[order_of(software).pk])
    assert "It can be cancelled until" in client_of(alice).post(url, {}).content.decode()
    _account, there = upstream.emulator.store.subscription(customer.pc_id, software.pc_id)
    until, there.cancel_until = there.cancel_until, there.created
    late = confirm(alice, url)
    assert (late.state, late.error["code"]) == ("failed", "900117")
    there.cancel_until = until
    command = confirm(alice, url)
    assert command.state == "succeeded"
    assert order_of(software).status == "cancelled"
    assert upstream.calls("CANCEL_SANDBOX_ORDER") == 2
    seats = Subscription.objects.filter(customer=customer, product_type="OnlineServicesNCE").first()
    assert seats is not None
    page = client_of(alice).get(order_of(seats).get_absolute_url()).content.decode()
    assert "Cancel order" not in page
    refused = client_of(alice).post(
        reverse("order_cancel", args=[order_of(seats).pk]), {"confirmed": "1"}
    )
    assert refused.status_code == 422
    assert "Cancel or suspend its subscription" in refused.content.decode()
    assert Command.objects.count() == 2


def test_progress_and_activation_links_are_asked_live_and_links_are_for_few(
    customer: Customer,
    legacy: Subscription,
    alice: User,
    client_of: ClientOf,
    api_of: Callable[..., Client],
    answered: Callable[[], None],
    caplog: Any,
) -> None:
    row, browser = order_of(legacy), client_of(alice)
    progress, links = (
        reverse("order_progress", args=[row.pk]),
        reverse("order_links", args=[row.pk, 0]),
    )
    assert "being asked" in browser.post(progress).content.decode()
    assert "being asked" in browser.post(links).content.decode()
    answered()
    assert "Fulfilled" in browser.post(progress).content.decode()
    told = browser.post(links)
    assert f"https://activate.example/{row.pc_id}/0" in told.content.decode()
    assert told["Cache-Control"] == "no-store"
    assert "activate.example" not in caplog.text
    assert Question.objects.filter(operation="GET_ORDER_PROVISIONING_STATUS").count() == 1
    kept = Question.objects.get(operation="LIST_ACTIVATION_LINKS")
    assert (kept.expires_at - kept.created_at).total_seconds() <= 121
    assert browser.post(reverse("order_links", args=[row.pk, 9])).status_code == 404
    helper = make_person("helper", "helpdesk", customer.connection)
    assert client_of(helper).post(links).status_code == 403
    caller = api_of(alice, read_only=False)
    url = f"/api/v1/orders/{row.pk}/lines/0/activation-links/"
    assert caller.post(url, {}, "application/json").json()["links"][0].endswith("/0")
    url = f"/api/v1/orders/{row.pk}/check-progress/"
    assert caller.post(url, {}, "application/json").json()["lines"][0]["status"] == "fulfilled"


def test_the_api_asks_for_the_same_changes(
    customer: Customer, legacy: Subscription, alice: User, api_of: Callable[..., Client]
) -> None:
    make_addon(customer)
    row, caller = order_of(legacy), api_of(alice, read_only=False)
    base = f"/api/v1/orders/{row.pk}/"
    sent = {"billing_cycle": "annual"}
    told = caller.post(f"{base}change-billing-cycle/", sent, "application/json")
    assert (told.status_code, told.json()["verb"]) == (202, "order.change_billing_cycle")
    wanted: dict[str, Any] = {"subscription": legacy.pk, "offer_id": "x", "quantity": 3}
    unknown = caller.post(f"{base}buy-add-on/", wanted, "application/json")
    assert unknown.json()["code"] == "offer_unknown"
    wanted["offer_id"] = ADDON.upper()
    assert caller.post(f"{base}buy-add-on/", wanted, "application/json").status_code == 202
    refused = caller.post(f"{base}cancel/", {}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "of_subscriptions")
    assert Command.objects.count() == 2


def test_all_orders_stand_in_one_list_that_a_reseller_sees_its_own_of(
    estate: Estate, alice: User, bob: User, client_of: ClientOf, api_of: Callable[..., Client]
) -> None:
    cache.clear()
    mine, theirs = make_order(estate.fabrikam_seats), make_order(estate.northwind_seats)
    search.reindex("order", [mine.pk, theirs.pk])
    url = reverse("orders")
    page = client_of(alice).get(url).content.decode()
    assert all(one.get_absolute_url() in page for one in (mine, theirs))
    assert f'<a href="{estate.of_fabrikam.get_absolute_url()}">Adatum</a>' in page
    own = client_of(bob).get(url).content.decode()
    assert mine.get_absolute_url() in own
    assert theirs.get_absolute_url() not in own
    assert "Northwind" not in own
    for query, found in (
        ({"q": "wingtip"}, [theirs]),
        ({"q": mine.pc_id}, [mine]),
        ({"q": "customer:adatum"}, [mine]),
        ({"reseller": estate.northwind.pk}, [theirs]),
        ({"cycle": "annual"}, []),
        ({"status": "completed", "cycle": "monthly"}, [mine, theirs]),
        ({"since": "2200-01-01"}, []),
    ):
        text = client_of(alice).get(url, query).content.decode()
        shown = [one for one in (mine, theirs) if one.get_absolute_url() in text]
        assert shown == found, query
    file = client_of(bob).get(url, {"export": "csv"})
    text = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined] # a stream
    assert mine.pc_id in text
    assert theirs.pc_id not in text
    of_theirs = f"/api/v1/orders/?reseller={estate.northwind.pk}"
    assert api_of(alice).get(f"{of_theirs}&ordered_from=x").status_code == 400
    assert api_of(alice).get(f"{of_theirs}&ordered_from=2200-01-01").json()["results"] == []
    rows = api_of(alice).get(of_theirs).json()["results"]
    assert [one["pc_id"] for one in rows] == [theirs.pc_id]

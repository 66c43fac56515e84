"""A checkout orders once: by page and API, through a lost answer, with lines refused, followed to active seats."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Agreement, Customer
from orders.carts import actions, contents, delivery, following, problems, queries
from orders.carts.models import Cart, LineState
from orders.carts.part import CHECK, CHECKOUT, PLACE
from orders.models import Order, Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror.models import DirtyMark, Question
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.partnercenter.operations.carts import (
    CHECKOUT_CART,
    CREATE_CART,
    CREATE_CART_WITH_ADDONS,
    UPDATE_CART,
)
from portal.partnercenter.operations.orders import (
    CREATE_ORDER,
    CREATE_ORDER_FOR_RESELLER,
    GET_ORDER,
    LIST_ORDERS,
)
from portal.partnercenter.operations.purchasing import GET_CART
from portal.partnercenter.operations.subscriptions import LIST_SUBSCRIPTIONS_OF_ORDER
from tests.customers.users.conftest import Upstream, deliver
from tests.orders.carts.conftest import E3, PHONE, PREMIUM, filled, put
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


def asked(client: Client, cart: Cart, **more: str) -> Command:
    """Order it as its page does."""
    url = reverse("cart_checkout", args=[cart.pk])
    form = client.get(url).context["form"]
    sent = {"seen": form["seen"].value(), "submission": form["submission"].value(), **more}
    for _click in range(2):
        assert client.post(url, sent).status_code == 302
    return Command.objects.get(verb=CHECKOUT, target_id=cart.pk)


def looked(cart: Cart) -> list[str]:
    """Follow it once, and tell the states of its lines."""
    following.look(cart.pk)
    cart.refresh_from_db()
    return [line.state for line in contents.lines(cart)]


def test_a_cart_goes_through_checkout_to_active_subscriptions_with_the_reseller_on_record(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream, estate: Estate
) -> None:
    upstream.api.control("POST", "sales", {"subscriptions": 300})
    client, cart = client_of(seller), filled(seller, buyer)
    shown = client.get(reverse("cart_checkout", args=[cart.pk])).content.decode()
    assert "Fabrikam is on record as indirect reseller." in shown
    assert "Partner Center will refuse" not in shown
    assert "Cost" not in shown.partition("<main")[2]
    refused = client.post(reverse("cart_checkout", args=[cart.pk]), {})
    assert refused.status_code == 422
    assert not Command.objects.exists()
    command = deliver(asked(client, cart, attested="on"))
    assert command.state == State.SUCCEEDED, command.error
    assert command.result == {"lines": 3, "quantity": 6, "reseller": "Fabrikam"}
    assert upstream.calls(CREATE_CART_WITH_ADDONS.name) == 1
    assert upstream.calls(CHECKOUT_CART.name) == 1
    cart.refresh_from_db()
    assert cart.state == "ordered"
    orders = Order.objects.filter(customer=buyer, reseller=estate.fabrikam)
    assert {line["offer_id"] for one in orders for line in one.lines} >= {
        line.catalog_item_id for line in contents.lines(cart)
    }
    assert looked(cart) == [LineState.ORDERED] * 3
    assert cart.next_look_at is not None
    waiting = client.get(cart.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 5s"' in waiting
    assert all(one.get_absolute_url() in waiting for one in orders)
    upstream.api.control("POST", "clock", {"advance_seconds": 301})
    assert looked(cart) == [LineState.ACTIVE] * 3
    assert cart.next_look_at is None
    assert upstream.calls(GET_ORDER.name) == 4
    assert upstream.calls(LIST_SUBSCRIPTIONS_OF_ORDER.name) == 4
    sold = Subscription.objects.filter(customer=buyer, status="active", reseller=estate.fabrikam)
    assert set(sold.values_list("pc_id", flat=True)) >= {
        line.subscription_pc_id for line in contents.lines(cart)
    }
    assert "canary" not in str(client.get(f"/api/v1/carts/{cart.pk}/").json())


def test_a_lost_answer_makes_one_order(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream
) -> None:
    cart = filled(seller, buyer)
    before = len(upstream.api.get(f"/v1/customers/{buyer.pc_id}/orders").json["items"])
    upstream.fault(CHECKOUT_CART.name, "html")
    command = deliver(asked(client_of(seller), cart, attested="on"))
    assert command.state == State.IN_DOUBT
    command = deliver(command)
    assert command.state == State.SUCCEEDED
    assert upstream.calls(GET_CART.name) == 1
    after = len(upstream.api.get(f"/v1/customers/{buyer.pc_id}/orders").json["items"])
    assert after == before + 2
    assert Cart.objects.get().state == "ordered"


def test_a_cart_that_is_gone_is_in_doubt_while_the_list_of_orders_may_lag(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream
) -> None:
    cart = filled(seller, buyer)
    upstream.fault(CHECKOUT_CART.name, "html")
    command = deliver(asked(client_of(seller), cart, attested="on"))
    for _again in range(2):
        upstream.fault(GET_CART.name, "status", status=404, body={"code": 800018})
        upstream.fault(LIST_ORDERS.name, "empty_list")
        command = deliver(command)
        assert command.state == State.IN_DOUBT
    upstream.fault(GET_CART.name, "status", status=404, body={"code": 800018})
    command = deliver(command)
    assert command.state == State.SUCCEEDED, command.error
    assert upstream.calls(CHECKOUT_CART.name) == 1
    assert Cart.objects.get().state == "ordered"


def test_refused_lines_are_told_before_anything_is_ordered_and_mended_in_the_same_cart(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream
) -> None:
    client, cart = client_of(seller), filled(seller, buyer)
    line = contents.lines(cart)[0]
    spoilt = {"line_errors": {line.catalog_item_id: "quota_not_available"}}
    upstream.api.control("POST", "sales", spoilt)
    command = deliver(asked(client, cart, attested="on"))
    assert (command.state, upstream.calls(CHECKOUT_CART.name)) == (State.FAILED, 0)
    shown = client.get(cart.get_absolute_url()).content.decode()
    assert problems.words("quota_not_available") in shown.replace("&#x27;", "'")
    assert command.error_line == "Refused lines: 1."
    assert not Order.objects.filter(customer=buyer).exists()
    upstream.api.control("POST", "sales", {"line_errors": {line.catalog_item_id: ""}})
    client.post(reverse("cart_check", args=[cart.pk]))
    check = deliver(Command.objects.get(verb=CHECK))
    assert check.state == State.SUCCEEDED
    assert upstream.calls(UPDATE_CART.name) == 1
    assert not any(one.error_code for one in contents.lines(cart))


def test_a_missing_base_is_said_before_and_no_longer_once_it_is_in_the_cart(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream
) -> None:
    client, cart = client_of(seller), filled(seller, buyer)
    base, phone, _plan = contents.lines(cart)
    client.post(reverse("cart_line_remove", args=[cart.pk, base.pk]))
    url, words = reverse("cart_line", args=[cart.pk, phone.pk]), "none of the products"
    shown = client.get(url).content.decode()
    assert words in shown
    assert base.sku is not None
    assert base.sku.get_absolute_url() in shown, "the way to one of them"
    upstream.api.control("POST", "sales", {"line_errors": {phone.catalog_item_id: problems.BASE}})
    client.post(reverse("cart_check", args=[cart.pk]))
    check = deliver(Command.objects.get(verb=CHECK))
    assert check.summary.endswith(" · 1 line refused")
    phone.refresh_from_db()
    assert phone.error_code == problems.BASE
    put(cart, seller, E3, "0001", 5, "P1Y", "annual")
    phone.refresh_from_db()
    assert phone.error_code == ""
    assert words not in client.get(url).content.decode()
    shown = client.get(reverse("cart_checkout", args=[cart.pk])).content.decode()
    assert "Partner Center will refuse" not in shown


def test_a_group_left_out_at_the_checkout_goes_into_a_new_cart(
    buyer: Customer,
    seller: User,
    client_of: ClientOf,
    upstream: Upstream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, cart = client_of(seller), filled(seller, buyer)
    command = asked(client, cart, attested="on")
    plan = contents.lines(cart)[2]
    sent = delivery.checkout

    def spoiling(attempt: Attempt) -> verbs.Delivered:
        """Between the check and the checkout something becomes wrong."""
        spoilt = {"line_errors": {plan.catalog_item_id: "inventory_not_available"}}
        upstream.api.control("POST", "sales", spoilt)
        return sent(attempt)

    steps = verbs.get(CHECKOUT).steps
    buying = verbs.Step(name=steps[1].name, deliver=spoiling, settle=steps[1].settle)
    monkeypatch.setitem(
        verbs._verbs,
        CHECKOUT,
        replace(verbs.get(CHECKOUT), steps=(steps[0], buying)),
    )
    command = deliver(command)
    assert command.state == State.SUCCEEDED
    cart.refresh_from_db()
    states = [line.state for line in contents.lines(cart)]
    assert states == [LineState.ORDERED, LineState.ORDERED, LineState.REFUSED]
    assert cart.state == "partly"
    response = client.post(reverse("cart_repair", args=[cart.pk]))
    made = Cart.objects.exclude(pk=cart.pk).get()
    assert response.headers["Location"] == made.get_absolute_url()
    assert [line.title for line in contents.lines(made)] == [plan.title]
    assert client.post(reverse("cart_line_remove", args=[cart.pk, plan.pk])).status_code == 302
    assert len(contents.lines(cart)) == 3


def test_what_is_sold_no_more_stops_it_and_a_changed_cart_is_not_ordered(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream
) -> None:
    client, cart = client_of(seller), filled(seller, buyer)
    body = {"code": 400019, "description": "gone", "data": [], "source": "PartnerFD"}
    upstream.fault("GET_AVAILABILITY", "status", status=404, body=body)
    command = deliver(asked(client, cart, attested="on"))
    assert command.state == State.FAILED
    assert upstream.calls(CREATE_CART_WITH_ADDONS.name) == 0
    assert {line.error_code for line in contents.lines(cart)} == {problems.GONE, ""}
    url = reverse("cart_checkout", args=[cart.pk])
    seen = client.get(url).context["form"]["seen"].value()
    put(cart, seller, PREMIUM, "0002", 1, "P1M", "monthly")
    refused = client.post(url, {"seen": seen, "attested": "on"})
    assert refused.status_code == 422
    assert "has changed since you opened it" in refused.content.decode()
    url = reverse("cart_agreement", args=[cart.pk])
    assert "has accepted the Customer Agreement" in client.post(url).content.decode()
    Agreement.objects.all().delete()
    assert "Reading the customer" in client.post(url).content.decode()
    assert DirtyMark.objects.filter(parent=buyer.pc_id).exists()
    assert Question.objects.get(operation="GET_PARTNER_AGREEMENT_STATUS")


def test_what_does_not_come_is_late_and_found_when_its_task_is_lost(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream
) -> None:
    upstream.api.control("POST", "sales", {"subscriptions": 3_000})
    cart = filled(seller, buyer)
    deliver(asked(client_of(seller), cart, attested="on"))
    Cart.objects.update(ordered_at=timezone.now() - timedelta(minutes=16))
    assert looked(cart) == [LineState.LATE] * 3
    assert cart.pk not in following.due()
    Cart.objects.update(next_look_at=timezone.now() - timedelta(minutes=1))
    assert following.due() == [cart.pk]
    upstream.api.control("POST", "clock", {"advance_seconds": 3_001})
    assert looked(cart) == [LineState.ACTIVE] * 3


def test_a_distributor_orders_without_a_reseller_and_over_the_api(
    buyer: Customer, client_of: ClientOf, upstream: Upstream, estate: Estate
) -> None:
    person = make_person("dora", "distributor-admin", estate.connection)
    client = client_of(person)
    made = client.post("/api/v1/carts/", {"customer": buyer.pk, "name": "API"}, "application/json")
    assert made.status_code == 201, made.content
    cart = made.json()["id"]
    assert made.json()["reseller"] == estate.fabrikam.pk
    client.patch(f"/api/v1/carts/{cart}/", {"reseller": None}, "application/json")
    item = {"catalog_item_id": "CFQ7TTC0LF8R:0001:CFQ7TTC0KCSV", "term": "P1M", "quantity": 2}
    url = f"/api/v1/carts/{cart}/add-line/"
    wrong = client.post(url, item | {"billing_cycle": "annual"}, "application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "catalog_item_id")
    added = client.post(url, item | {"billing_cycle": "monthly"}, "application/json")
    assert added.status_code == 200, added.content
    answer = client.post(
        f"/api/v1/carts/{cart}/check-out/", {}, "application/json", headers={"Idempotency-Key": "1"}
    )
    assert answer.status_code == 202, answer.content
    command = deliver(Command.objects.get(pk=answer.json()["id"]))
    assert command.state == State.SUCCEEDED, command.error
    assert upstream.calls(CREATE_CART.name) == 1
    scope = Scope.for_user(person)
    assert queries.carts(scope).get().state == "ordered"


def test_all_lines_or_none_are_one_order_that_is_found_again_after_a_lost_answer(
    buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream, estate: Estate
) -> None:
    cart = actions.create(Actor.for_user(seller), Scope.for_user(seller), buyer)
    put(cart, seller, E3, "0001", 2, "P1Y", "annual")
    put(cart, seller, PHONE, "0001", 2, "P1Y", "annual")
    client = client_of(seller)
    client.post(reverse("cart_check", args=[cart.pk]))
    check = deliver(Command.objects.get(verb=CHECK))
    assert (check.state, check.result) == (State.SUCCEEDED, {"lines": 2})
    upstream.fault(CREATE_ORDER_FOR_RESELLER.name, "html")
    url = reverse("cart_checkout", args=[cart.pk])
    client.post(url, {"attested": "on", "whole": "on"})
    command = deliver(Command.objects.get(verb=PLACE))
    assert command.state == State.IN_DOUBT
    upstream.fault("LIST_ORDERS", "empty_list")
    command = deliver(command)
    assert command.state == State.IN_DOUBT
    command = deliver(command)
    assert command.state == State.SUCCEEDED, command.error
    assert upstream.calls(CREATE_ORDER_FOR_RESELLER.name) == 1
    order = Order.objects.get(customer=buyer)
    assert (len(order.lines), order.reseller) == (2, estate.fabrikam)
    dora = client_of(make_person("dora", "distributor-admin", estate.connection))
    dora.post(reverse("cart_copy", args=[cart.pk]), {"customers": buyer.pc_id})
    other = Cart.objects.exclude(pk=cart.pk).get()
    dora.patch(f"/api/v1/carts/{other.pk}/", {"reseller": None}, "application/json")
    dora.post(f"/api/v1/carts/{other.pk}/check-out/", {"whole": True}, "application/json")
    command = deliver(Command.objects.filter(verb=PLACE).latest("pk"))
    assert command.state == State.SUCCEEDED, command.error
    assert upstream.calls(CREATE_ORDER.name) == 1

"""More than seats: several resellers, savings plans, a customer under review, an order's purchase order."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.carts import actions, choices, contents, following, totals, wire
from orders.carts.actions import Wish
from orders.carts.models import Cart
from orders.catalogue.models import Product, Sku
from orders.catalogue.part import AVAILABILITIES, SKUS
from orders.entitled.models import AzureSubscription
from orders.models import Order, OrderPaper, Subscription
from orders.prices.quoting import Side
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.models import StoredFile
from portal.mirror import questions
from portal.mirror.models import Question
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.partnercenter.operations.purchasing import (
    ATTACH_PURCHASE_ORDER,
    GET_VALIDATION_STATUS,
    LIST_ORDER_ATTACHMENTS,
)
from portal.reference.errors import CODES
from tests.customers.users.conftest import Upstream, deliver
from tests.orders.carts.conftest import AZURE, E3, filled, put, sku_at
from tests.orders.carts.test_checkout import asked
from tests.orders.catalogue.conftest import Read
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
PLAN = f"{AZURE}/DZH318Z09V6F"
PDF = b"%PDF-1.7 a purchase order"


@pytest.fixture
def dora(estate: Estate) -> User:
    """A distributor's admin, who sees the whole connection."""
    return make_person("dora", "distributor-admin", estate.connection)


def test_several_resellers_are_named_by_the_partners_own_staff_in_europe(
    buyer: Customer, seller: User, dora: User, client_of: ClientOf, upstream: Upstream
) -> None:
    cart = actions.create(Actor.for_user(seller), Scope.for_user(seller), buyer)
    line = put(cart, seller, E3, "0001", 2, "P1Y", "annual")
    url = reverse("cart_line", args=[cart.pk, line.pk])
    form = client_of(seller).get(url).context["form"]
    assert "more_partner_ids" not in form.fields
    sent = {"choice": form["choice"].value(), "quantity": "2"}
    page = client_of(dora)
    for text, told in (
        ("12a4", "is no PartnerID"),
        ("1 2 3 4 5 6", "At most 5 additional resellers."),
        (buyer.reseller_links.get().reseller.mpns.get().mpn_id, "is named already"),
    ):
        refused = page.post(url, sent | {"more_partner_ids": text})
        assert refused.status_code == 422
        assert told in refused.content.decode()
    assert page.post(url, sent | {"more_partner_ids": "517285, 5357563"}).status_code == 302
    shown = client_of(seller).get(cart.get_absolute_url()).content.decode()
    assert "Additional resellers: 517285, 5357563" in shown
    # Who may not choose them keeps them.
    assert client_of(seller).post(url, sent | {"quantity": "3"}).status_code == 302
    line.refresh_from_db()
    assert (line.quantity, line.more_partner_ids) == (3, ["517285", "5357563"])
    api = f"/api/v1/carts/{cart.pk}/lines/{line.pk}/change/"
    item: dict[str, object] = {
        "catalog_item_id": line.catalog_item_id,
        "term": "P1Y",
        "billing_cycle": "annual",
    }
    item |= {"quantity": 3, "more_partner_ids": ["1"]}
    assert client_of(seller).post(api, item, "application/json").json()["code"] == "participants"
    command = deliver(asked(client_of(dora), cart, attested="on"))
    assert command.state == State.SUCCEEDED, command.error
    order = Order.objects.get(customer=buyer)
    (sold,) = client_of(dora).get(f"/api/v1/orders/{order.pk}/").json()["lines"]
    assert sold["more_partner_ids"] == ["517285", "5357563"]
    assert "Additional resellers: 517285, 5357563" in (
        client_of(dora).get(order.get_absolute_url()).content.decode()
    )
    body = wire.order_body(cart, contents.lines(cart), "7")["lineItems"][0]
    assert body["additionalPartnerIdsOnRecord"] == ["517285", "5357563"]
    Customer.objects.filter(pk=buyer.pk).update(country="US")
    buyer.refresh_from_db()
    elsewhere = Cart.objects.create(
        connection=cart.connection,
        customer=buyer,
        reseller=cart.reseller,
        name="US",
        author=seller,
    )
    Sku.objects.filter(pk=line.sku_id).update(place=E3.replace("FR/", "US/"))
    form = page.get(reverse("cart_line_add", args=[elsewhere.pk, line.sku_id])).context["form"]
    assert "more_partner_ids" not in form.fields


@pytest.fixture
def savings(buyer: Customer, read: Read) -> Sku:
    """The savings plan of a year in the catalogue of France."""
    shelf, _slash, pc_id = PLAN.rpartition("/")
    Product.objects.create(
        connection=buyer.connection,
        pc_id=pc_id,
        title="Azure savings plan",
        product_type="Azure",
        product_subtype="SavingsPlan",
        market="FR",
        shelf=shelf,
        view="MicrosoftAzure",
    )
    read(buyer.connection, SKUS, PLAN)
    read(buyer.connection, AVAILABILITIES, f"{PLAN}/0001")
    return sku_at(PLAN, "0001")


def test_a_savings_plan_is_bought_by_the_hour(
    buyer: Customer,
    seller: User,
    dora: User,
    savings: Sku,
    client_of: ClientOf,
    upstream: Upstream,
) -> None:
    assert savings.least_commitment == {"amount": "0.001", "currency": "EUR", "grain": "hourly"}
    found = choices.of_sku(savings, contents.sold(savings))
    assert [(one.term, one.cycle) for one in found] == [("P1Y", "monthly"), ("P1Y", "one_time")]
    cart = actions.create(Actor.for_user(seller), Scope.for_user(seller), buyer)
    client, url = client_of(seller), reverse("cart_line_add", args=[cart.pk, savings.pk])
    first = client.get(url).content.decode()
    assert "At least 0.001 EUR." in first
    sent = {"choice": found[1].key, "quantity": "1", "with_scope": "shared"}
    lacking = client.post(url, sent).content.decode()
    assert "Say how much by the hour." in lacking
    sent |= {"commitment": "0.05"}
    assert "needs an Azure plan" in client.post(url, sent).content.decode()
    # The customer buys its plan; the Azure subscriptions under it are known from then on.
    other = filled(seller, buyer)
    deliver(asked(client, other, attested="on"))
    (plan,) = (
        one["id"]
        for one in upstream.api.subscriptions(buyer.pc_id)
        if one["offerId"].startswith("DZH318Z0BPS6")
    )
    place = f"/v1/customers/{buyer.pc_id}/subscriptions/{plan}/azureEntitlements"
    under = upstream.api.get(place).json["items"][0]
    AzureSubscription.objects.create(
        connection=buyer.connection,
        pc_id=under["id"],
        name="Production",
        status="active",
        customer=buyer,
        customer_pc_id=buyer.pc_id,
        plan_pc_id=plan,
        reseller=cart.reseller,
    )
    assert client.post(url, sent).status_code == 302
    (line,) = contents.lines(cart)
    assert line.provisioning == {"scope": "shared", "subscriptionId": plan}
    single = reverse("cart_line", args=[cart.pk, line.pk])
    assert "Production" in client.get(single).content.decode()
    sent |= {"with_scope": "single"}
    assert client.post(single, sent).status_code == 422
    assert client.post(single, sent | {"with_entitlementid": under["id"]}).status_code == 302
    (body,) = wire.body(cart, contents.lines(cart), "")["lineItems"]
    told = {"amount": Decimal("0.05"), "grain": "hourly", "currency": "eur"}
    assert body["purchaseCommitment"] == told
    assert body["provisioningContext"] == {"scope": "single", "entitlementId": under["id"]}
    assert "0.05 EUR by the hour" in client.get(cart.get_absolute_url()).content.decode()
    priced = totals.price(Scope.for_user(dora), cart, contents.lines(cart)).totals
    assert {one.side: one.sums[0].amount for one in priced if one.sums} == {Side.COST: 438}
    assert not any(one.sums for one in totals.price(Scope.for_user(seller), cart, [line]).totals)
    command = deliver(asked_again(client, cart))
    assert command.state == State.SUCCEEDED, command.error
    bought = Order.objects.filter(name__startswith="Compute savings plan").get()
    assert bought.customer == buyer
    following.look(cart.pk)
    plan_row = Subscription.objects.get(customer=buyer, unit_type="Benefit")
    shown = client.get(plan_row.get_absolute_url()).content.decode()
    assert "0.05 EUR by the hour" in shown
    assert under["id"] in shown
    assert reverse("subscription_rename", args=[plan_row.pk]) not in shown
    api = f"/api/v1/subscriptions/{plan_row.pk}/rename/"
    barred = client.post(api, {"name": "Other"}, "application/json")
    assert (barred.status_code, barred.json()["code"]) == (409, "savings_plan")
    with pytest.raises(RefusedError):
        actions.check(savings, Wish(choice=found[0], quantity=2, provisioning={"scope": "shared"}))


def asked_again(client: Client, cart: Cart) -> Command:
    """Order a second cart of the test."""
    asked(client, cart, attested="on")
    return Command.objects.filter(target_id=cart.pk).latest("pk")


def test_a_customer_under_review_is_told_of_before_and_after(
    buyer: Customer,
    seller: User,
    client_of: ClientOf,
    upstream: Upstream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "get_client", lambda _connection, _purpose: upstream.client)
    upstream.api.control("POST", "sales", {"customers": {buyer.pc_id: "under_review"}})
    client, cart = client_of(seller), filled(seller, buyer)
    url, api = reverse("cart_agreement", args=[cart.pk]), f"/api/v1/carts/{cart.pk}/standing/"
    assert client.post(api).json()["waits"]
    assert "Asking whether Microsoft is reviewing" in client.post(url).content.decode()
    questions.answer(Question.objects.get(operation=GET_VALIDATION_STATUS.name).pk)
    assert "Microsoft is reviewing the customer." in client.post(url).content.decode()
    told = client.post(api).json()
    assert (told["review"], told["bars"], told["waits"]) == ("underreview", True, False)
    command = deliver(asked(client, cart, attested="on"))
    assert (command.state, command.error["code"]) == (State.FAILED, "800073")
    assert CODES["800073"] in client.get(cart.get_absolute_url()).content.decode()
    assert not Order.objects.filter(customer=buyer).exists()


@pytest.fixture
def waiting(buyer: Customer, seller: User, client_of: ClientOf, upstream: Upstream) -> Order:
    """An order that waits for a purchase order."""
    upstream.api.control("POST", "sales", {"papers_for": ["CFQ7TTC0LF8R"]})
    cart = actions.create(Actor.for_user(seller), Scope.for_user(seller), buyer)
    put(cart, seller, E3, "0001", 2, "P1Y", "annual")
    Cart.objects.filter(pk=cart.pk).update(purchase_order="PO-4711")
    deliver(asked(client_of(seller), cart, attested="on"))
    return Order.objects.get(customer=buyer, status="pending_po_upload")


def test_the_purchase_order_of_an_order_is_handed_in(
    waiting: Order,
    seller: User,
    client_of: ClientOf,
    upstream: Upstream,
    estate: Estate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "get_client", lambda _connection, _purpose: upstream.client)
    client, url = client_of(seller), reverse("order_hand_in", args=[waiting.pk])
    page = client.get(waiting.get_absolute_url()).content.decode()
    assert url in page
    assert "PO-4711" in page
    sent = {"price": "156.87", "currency": "eur"}
    for more, told in (
        ({}, "Choose the customer&#x27;s purchase order."),
        ({"documents": SimpleUploadedFile("po.exe", PDF)}, "po.exe is not a PDF"),
        ({"documents": SimpleUploadedFile("po.pdf", b"<script>")}, "po.pdf is not a PDF"),
        ({"documents": SimpleUploadedFile("po.pdf", PDF + b"x" * 5_000_000)}, "larger than 5 MB"),
        ({"documents": SimpleUploadedFile("po.pdf", PDF), "is_tender": "on"}, "A tender needs"),
    ):
        refused = client.post(url, sent | more)
        assert refused.status_code == 422
        assert told in refused.content.decode()
    assert not StoredFile.objects.exists()
    files = [SimpleUploadedFile("../po 1.pdf", PDF), SimpleUploadedFile("po2.pdf", PDF + b"2")]
    assert client.post(url, sent | {"documents": files}).status_code == 302
    upstream.fault(ATTACH_PURCHASE_ORDER.name, "html")
    command = deliver(Command.objects.get(verb="order.hand_in_purchase_order"))
    assert command.state == State.IN_DOUBT
    command = deliver(command)
    assert command.state == State.SUCCEEDED, command.error
    assert upstream.calls(ATTACH_PURCHASE_ORDER.name) == 1
    waiting.refresh_from_db()
    assert waiting.status == "po_upload_complete"
    kept = list(OrderPaper.objects.order_by("pk"))
    assert [one.name for one in kept] == ["po 1.pdf", "po2.pdf"]
    shown = client.get(waiting.get_absolute_url()).content.decode()
    assert url not in shown
    (first, _second) = kept
    assert first.file is not None
    download = client.get(reverse("stored_file", args=[first.file.pk]))
    assert b"".join(download) == PDF
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    stranger = client_of(make_person("norma", "sales", estate.connection, estate.northwind))
    assert stranger.get(reverse("stored_file", args=[first.file.pk])).status_code == 404
    assert stranger.get(url).status_code == 404
    attachments = reverse("order_attachments", args=[waiting.pk])
    assert "Partner Center is being asked." in client.post(attachments).content.decode()
    questions.answer(Question.objects.get(operation=LIST_ORDER_ATTACHMENTS.name).pk)
    assert "po2.pdf" in client.post(attachments).content.decode()
    api = f"/api/v1/orders/{waiting.pk}/check-attachments/"
    assert [one["name"] for one in client.post(api).json()["attachments"]] == [
        "po 1.pdf",
        "po2.pdf",
    ]
    assert client.post(url, sent | {"documents": files}).status_code == 422


def test_a_refused_purchase_order_is_handed_in_again_over_the_api(
    waiting: Order, seller: User, client_of: ClientOf, upstream: Upstream
) -> None:
    client, url = client_of(seller), f"/api/v1/orders/{waiting.pk}/hand-in-purchase-order/"

    def sent(**more: object) -> Any:
        told = {"price": "10.00", "currency": "EUR", **more}
        return client.post(url, told | {"documents": [SimpleUploadedFile("po.pdf", PDF)]})

    answer = sent(is_tender="true", tender_link="https://tenders.example/1")
    assert answer.status_code == 202, answer.content
    command = Command.objects.get(pk=answer.json()["id"])
    assert command.parameters["tender_link"] == "https://tenders.example/1"
    assert deliver(command).state == State.SUCCEEDED
    refused = sent()
    assert (refused.status_code, refused.json()["code"]) == (409, "not_waiting")
    upstream.api.control("POST", "sales", {"reviewed": {waiting.pc_id: False}})
    Order.objects.filter(pk=waiting.pk).update(status="po_review_rejected")
    command = deliver(Command.objects.get(pk=sent().json()["id"]))
    assert command.state == State.SUCCEEDED, command.error
    assert OrderPaper.objects.exclude(pc_id="").count() == 2

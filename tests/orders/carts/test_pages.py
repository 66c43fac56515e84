"""Carts on their pages: put together, copied, priced by side, seen by those who may, every error in words."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.carts import contents, totals, wire
from orders.carts.models import Cart
from orders.carts.part import CHECKOUT
from orders.catalogue.models import Product, Sku
from orders.prices import quoting
from orders.prices.quoting import Amount, Side
from portal.access.models import User
from portal.activity.models import Entry
from portal.connections.models import Connection
from portal.mirror import questions
from portal.mirror.models import Question
from portal.outbox.approvals.models import Rule
from portal.partnercenter.operations.purchasing import (
    GET_PROMOTION,
    LIST_PROMOTIONS,
    LIST_TERM_END_DATES,
    VERIFY_PROMOTIONS,
)
from portal.ui import formats
from tests.customers.users.conftest import Upstream
from tests.orders.carts.conftest import PHONE, PREMIUM, filled, sku_at
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


def test_a_cart_begins_in_the_catalogue_and_is_put_together_on_its_page(
    buyer: Customer, seller: User, client_of: ClientOf
) -> None:
    client, sku = client_of(seller), sku_at(PREMIUM, "0002")
    assert reverse("cart_put", args=[sku.pk]) in client.get(sku.get_absolute_url()).content.decode()
    unknown = client.post(reverse("cart_put", args=[sku.pk]), {"customer": "nobody"})
    assert unknown.status_code == 422
    chosen = client.post(reverse("cart_put", args=[sku.pk]), {"customer": buyer.domain})
    cart = Cart.objects.get()
    url = reverse("cart_line_add", args=[cart.pk, sku.pk])
    assert chosen.headers["Location"] == url
    choice = client.get(url).context["form"].fields["choice"].choices[0][0]
    assert client.post(url, {"choice": choice, "quantity": "301"}).status_code == 422
    assert client.post(url, {"choice": choice, "quantity": "12"}).status_code == 302
    (line,) = contents.lines(cart)
    other = reverse("cart_line", args=[cart.pk, line.pk])
    assert (
        client.post(other, {"choice": choice, "quantity": "9", "name": "Sales"}).status_code == 302
    )
    line.refresh_from_db()
    assert (line.quantity, line.name) == (9, "Sales")
    row, swap = reverse("cart_row", args=[cart.pk, line.pk]), {"HX-Request": "true"}
    refused = client.post(row, {"quantity": "301"}, headers=swap)
    assert refused.status_code == 422
    assert f'aria-describedby="wrong-{line.pk}"' in refused.content.decode()
    assert "<html" not in refused.content.decode()
    saved = client.post(row, {"choice": choice, "quantity": "11"}, headers=swap)
    assert f'id="seats-{line.pk}" name="quantity" value="11"' in saved.content.decode()
    assert "What placing this order does" in saved.content.decode()
    assert '<p id="said" hx-swap-oob="innerHTML">' in saved.content.decode()
    assert client.post(row, {"quantity": "11"}).status_code == 302
    line.refresh_from_db()
    assert (line.quantity, line.name) == (11, "Sales")
    put = client.get(reverse("cart_put", args=[sku.pk])).content.decode()
    assert cart.name in put
    sent = {"name": "Spring", "purchase_order": "PO-7"}
    assert client.post(reverse("cart_edit", args=[cart.pk]), sent).status_code == 302
    found = client.get(reverse("carts"), {"q": "PO-7"}).content.decode()
    assert "Spring" in found
    assert "Spring" in client.get(reverse("customer_carts", args=[buyer.pk])).content.decode()
    client.post(reverse("cart_line_remove", args=[cart.pk, line.pk]))
    assert client.post(reverse("cart_delete", args=[cart.pk])).status_code == 302
    assert not Cart.objects.exists()
    kinds = Entry.objects.filter(kind__startswith="cart.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "cart.created",
        "cart.line_added",
        "cart.line_changed",
        "cart.line_changed",
        "cart.line_removed",
        "cart.deleted",
    ]


def test_add_ons_are_offered_and_an_id_finds_its_line(
    buyer: Customer, seller: User, client_of: ClientOf
) -> None:
    client, cart = client_of(seller), filled(seller, buyer)
    client.post(reverse("cart_line_remove", args=[cart.pk, contents.lines(cart)[1].pk]))
    phone = reverse("cart_line_add", args=[cart.pk, sku_at(PHONE, "0001").pk])
    assert phone in client.get(cart.get_absolute_url()).content.decode()
    url = reverse("cart_find", args=[cart.pk])
    assert client.post(url, {"item": "cfq7ttc0lh0t:0001"}).headers["Location"] == phone
    assert client.post(url, {"item": "x"}).headers["Location"] == cart.get_absolute_url()
    where = {"market": "FR", "shelf": "FR/OnlineServices", "view": "OnlineServices"}
    unread = Product.objects.create(connection=cart.connection, pc_id="CFQ7TTC0LH18", **where)
    found = client.post(url, {"item": "CFQ7TTC0LH18:0001"})
    page = f"{unread.get_absolute_url()}?cart={cart.pk}"
    assert found.headers["Location"] == page, "where its SKUs are read"
    _carried_along(client, cart)


def _carried_along(client: Client, cart: Cart) -> None:
    """From the cart through the catalogue back into it, without choosing it again."""
    start = f"{reverse('catalogue')}?market=FR&amp;cart={cart.pk}"
    assert f'href="{start}"' in client.get(cart.get_absolute_url()).content.decode()
    sku = sku_at(PREMIUM, "0002")
    assert sku.product is not None
    pages = (start.replace("&amp;", "&"), f"{sku.product.get_absolute_url()}?cart={cart.pk}")
    steps = (pages[1], f"{sku.get_absolute_url()}?cart={cart.pk}")
    for url, onward in zip(pages, steps, strict=True):
        text = client.get(url).content.decode()
        assert (f'href="{onward}"' in text, cart.get_absolute_url() in text) == (True, True)
        assert f'<input type="hidden" name="cart" value="{cart.pk}">' in text, "a filter keeps it"
    add = reverse("cart_line_add", args=[cart.pk, sku.pk])
    text = client.get(steps[1]).content.decode()
    assert 0 < text.index(add) < text.index(reverse("cart_put", args=[sku.pk]))
    assert add not in client.get(f"{sku.get_absolute_url()}?cart=x").content.decode()
    Sku.objects.filter(pk=sku.pk).update(place=sku.place.replace("FR/", "DE/"))
    assert client.get(add).headers["Location"] == sku.get_absolute_url(), "another market"


def test_what_is_sold_to_a_customer_begins_on_its_page(
    estate: Estate, seller: User, client_of: ClientOf
) -> None:
    customer = estate.of_fabrikam
    url = f"{reverse('cart_new')}?customer={customer.pk}"
    helper = make_person("hilda", "helpdesk", estate.connection, estate.fabrikam)
    for name in ("customer", "customer_subscriptions"):
        page = reverse(name, args=[customer.pk])
        assert url in client_of(seller).get(page).content.decode()
        assert url not in client_of(helper).get(page).content.decode()


def test_what_a_sku_asks_for_is_told_with_the_line_and_goes_along(
    buyer: Customer, seller: User, client_of: ClientOf
) -> None:
    sku, client, cart = sku_at(PREMIUM, "0002"), client_of(seller), filled(seller, buyer)
    names = ["Scope", "SubscriptionId", "Duration"]
    Sku.objects.filter(pk=sku.pk).update(provisioning_variables=names, is_attested=True)
    url = reverse("cart_line_add", args=[cart.pk, sku.pk])
    form = client.get(url).context["form"]
    sent = {"choice": form.fields["choice"].choices[0][0], "quantity": "1", "attested": "on"}
    sent |= {"with_scope": "shared", "with_duration": form["with_duration"].value()}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"with_subscriptionid": "sub-1"}).status_code == 302
    line = contents.lines(cart)[-1]
    told = {"scope": "shared", "subscriptionId": "sub-1", "duration": "1Year"}
    (body,) = wire.body(cart, [line], "")["lineItems"]
    assert (body["provisioningContext"], body["attestationAccepted"]) == (told, True)
    item = {"catalog_item_id": line.catalog_item_id, "term": line.term, "quantity": 1}
    api = f"/api/v1/carts/{cart.pk}/lines/{line.pk}/change/"
    lacking = item | {"billing_cycle": line.cycle, "attested": True}
    refused = client.post(api, lacking, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "provisioning")
    changed = client.post(api, lacking | {"provisioning": told}, "application/json")
    assert changed.status_code == 200, changed.content
    gone = client.post(f"/api/v1/carts/{cart.pk}/lines/{line.pk}/remove/")
    assert len(gone.json()["lines"]) == 3


def test_others_do_not_see_it_and_readers_do_not_change_it(
    buyer: Customer, seller: User, client_of: ClientOf, estate: Estate
) -> None:
    cart = filled(seller, buyer)
    other = client_of(make_person("norma", "sales", estate.connection, estate.northwind))
    assert other.get(cart.get_absolute_url()).status_code == 404
    assert other.post(reverse("cart_check", args=[cart.pk])).status_code == 404
    helper = client_of(make_person("hilda", "helpdesk", estate.connection, estate.fabrikam))
    page = helper.get(cart.get_absolute_url())
    assert page.status_code == 200
    assert reverse("cart_checkout", args=[cart.pk]) not in page.content.decode()
    assert helper.get(reverse("cart_checkout", args=[cart.pk])).status_code == 403
    assert helper.post(reverse("cart_delete", args=[cart.pk])).status_code == 403


def test_what_placing_it_does_and_what_stops_it_are_told_on_top(
    buyer: Customer, seller: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until when what can be given back, who must approve it, what is missing; the checkout says the second too."""
    now = datetime(2026, 11, 26, 9, 30, 20, tzinfo=UTC)
    monkeypatch.setattr(Connection, "now", lambda _connection: now)
    cart, client = filled(seller, buyer), client_of(seller)
    urls = (cart.get_absolute_url(), reverse("cart_checkout", args=[cart.pk]))
    rule = Rule.objects.create(
        name="Many", connection=cart.connection, verb=CHECKOUT, least_seats=7
    )

    def shown() -> list[str]:
        return [client.get(url).content.decode() for url in urls]

    words = "A second person must approve it before it is sent."
    assert [words in text for text in shown()] == [False, False], "there are six"
    Rule.objects.filter(pk=rule.pk).update(least_seats=6)
    page, checkout = shown()
    assert (words in page, words in checkout) == (True, True)
    until = now.replace(second=0) + timedelta(days=7)
    table = page.partition("What can be undone, and until when")[2].partition("</table>")[0]
    (told, *more) = re.findall(r'<th scope="row">(.*?)</th><td class="num">(.*?)</td>', table)
    assert told[0] == "Lines 1, 2"
    assert formats.local(until) in told[1]
    assert more == [("Line 3", '<span class="mute">the catalogue does not say</span>')]
    assert "this order</" not in page
    base, add_on, *_more = contents.lines(cart)
    base.delete()
    page, _checkout = shown()
    head, _, rest = page.partition("1 thing stops this order")
    assert 'id="cart-lines"' not in head
    assert f'href="#line-{add_on.pk}"' in rest.partition('id="cart-lines"')[0]


def test_totals_have_sides_and_a_reseller_is_told_no_cost(
    buyer: Customer,
    seller: User,
    client_of: ClientOf,
    estate: Estate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cart = filled(seller, buyer)
    canary = {
        Side.COST: Amount(Decimal("77.77"), "EUR", "sheet"),
        Side.RESELLER: Amount(Decimal("10.00"), "EUR", "book"),
    }

    def priced(scope: object, items: list[object], on: object) -> list[object]:
        del scope, on
        return [canary if n < 2 else {} for n, _item in enumerate(items)]

    monkeypatch.setattr(quoting, "quote", priced)
    assert totals.NAMES[Side.COST]
    for person, sees in (
        (seller, False),
        (make_person("dora", "distributor-admin", estate.connection), True),
    ):
        client = client_of(person)
        told = [
            client.get(url).content.decode()
            for url in (
                cart.get_absolute_url(),
                reverse("cart_checkout", args=[cart.pk]),
                f"/api/v1/carts/{cart.pk}/",
            )
        ]
        assert all(("77.77" in text or "388.85" in text) == sees for text in told)
        assert all("50.00" in text for text in told)
        sku = sku_at(PREMIUM, "0002")
        add = client.get(reverse("cart_line_add", args=[cart.pk, sku.pk]))
        url = reverse("cart_line_prices", args=[cart.pk, sku.pk])
        assert url in add.content.decode()
        sent = {"choice": add.context["choices"][0].key, "quantity": "3"}
        typed = client.get(url, sent).content.decode()
        assert ("233.31" in typed, "30.00" in typed) == (sees, True), "as it is typed"
        assert "30.00" not in client.get(url, sent | {"quantity": ""}).content.decode()
    body = client_of(seller).get(f"/api/v1/carts/{cart.pk}/").json()
    (only,) = [one for one in body["totals"] if one["side"] == "reseller"]
    assert (only["unknown"], only["sums"][0]["term"]) == (0, "50.00"), "an Azure plan has no price"
    page = client_of(seller).get(cart.get_absolute_url()).content.decode()
    assert ("billed by use" in page, "3 lines without a price" in page) == (True, False)


def test_days_and_promotions_are_asked_and_chosen(
    buyer: Customer,
    seller: User,
    client_of: ClientOf,
    upstream: Upstream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "get_client", lambda _connection, _purpose: upstream.client)
    client, cart, sku = client_of(seller), filled(seller, buyer), sku_at(PREMIUM, "0002")
    found = client.get(reverse("cart_line_add", args=[cart.pk, sku.pk])).context["choices"]
    yearly = next(one for one in found if (one.term, one.cycle) == ("P1Y", "monthly"))
    sent = {"choice": yearly.key, "quantity": "12", "promotion_id": "OLD:0001:X"}
    url = reverse("cart_options", args=[cart.pk, sku.pk])
    assert "Partner Center is being asked." in client.post(url, sent).content.decode()
    asked = set()
    while waiting := Question.objects.filter(state="waiting").first():
        asked.add(waiting.operation)
        questions.answer(waiting.pk)
        client.post(url, sent)
    names = (LIST_TERM_END_DATES, VERIFY_PROMOTIONS, LIST_PROMOTIONS, GET_PROMOTION)
    assert asked == {one.name for one in names}
    options = client.post(url, sent).context["options"]
    assert options.days
    assert not options.promotions[0].problems
    assert options.promotions[0].discount.startswith("15")
    item = {"catalog_item_id": yearly.item_id, "term": "P1Y", "billing_cycle": "monthly"}
    api = f"/api/v1/carts/{cart.pk}/options/"
    told = client.post(api, item | {"quantity": 12}, "application/json").json()
    assert (told["waits"], len(told["days"])) == (False, len(options.days))
    line = reverse("cart_line_add", args=[cart.pk, sku.pk])
    day = f"{options.days[0].day:%Y-%m-%d}"
    client.post(line, sent | {"promotion_id": options.promotions[0].id, "end_date": day})
    made = contents.lines(cart)[-1]
    assert (made.promotion_id, f"{made.end_date:%Y-%m-%d}") == (options.promotions[0].id, day)
    Question.objects.all().delete()
    row = reverse("cart_row", args=[cart.pk, made.pk])
    assert client.post(row, {"quantity": "13"}).status_code == 302
    _costs_less(client, client_of(make_person("dora", "distributor-admin", cart.connection)), cart)


def _costs_less(theirs: Client, own: Client, cart: Cart) -> None:
    """The promotion is off the cost alone, with what it was beside; on other terms it is off nothing."""
    prices = {
        Side.COST: Amount(Decimal("20.10"), "EUR", "sheet"),
        Side.RESELLER: Amount(Decimal("30.00"), "EUR", "book"),
    }
    (line,) = cart.lines.exclude(promotion_id="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quoting, "quote", lambda _scope, items, _on: [prices for _one in items])
        page = own.get(cart.get_absolute_url())
        (unit, *_more) = page.context["rows"][-1].units
        assert unit.shown == "€17.09"
        assert unit.note.startswith("was €20.10, promotion −15%, until ")
        assert unit.note in page.content.decode()
        (monthly,) = [one for one in page.context["totals"][0].sums if one.cycle == "monthly"]
        assert monthly.amount == Decimal("17.09") * 13
        seen = theirs.get(cart.get_absolute_url()).content.decode()
        assert ("390.00" in seen, "was €" in seen, "17.09" in seen) == (True, False, False)
        for changed, words in (
            ({"cycle": "annual"}, "list price: the promotion is not for these terms, or is over"),
            ({"promotion": None}, "list price: what the promotion takes off has not been asked"),
        ):
            cart.lines.filter(pk=line.pk).update(**changed)
            (unit, *_more) = own.get(cart.get_absolute_url()).context["rows"][-1].units
            assert (unit.shown, unit.note) == ("€20.10", words)


def test_a_cart_is_copied_to_other_customers_or_to_none(
    buyer: Customer, seller: User, client_of: ClientOf, estate: Estate
) -> None:
    client, cart = client_of(seller), filled(seller, buyer)
    url = reverse("cart_copy", args=[cart.pk])
    wrong = client.post(url, {"customers": f"{estate.shared.domain}\nnobody.example"})
    assert wrong.status_code == 422
    assert "nobody.example: No such customer here." in wrong.content.decode()
    client.post(url, {"customers": estate.shared.domain})
    made = Cart.objects.exclude(pk=cart.pk).get()
    assert (made.customer, made.reseller) == (estate.shared, estate.fabrikam)
    assert made.name == f"Cart of {estate.shared.name}", "not after the other customer"
    assert [one.title for one in contents.lines(made)] == [
        one.title for one in contents.lines(cart)
    ]
    Customer.objects.filter(pk=estate.shared.pk).update(country="DE")
    refused = client.post(url, {"customers": estate.shared.domain})
    assert refused.status_code == 422
    assert Cart.objects.count() == 2

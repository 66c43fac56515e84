"""The catalogue's pages: found and filtered, read on demand, said before, and asked live."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orders.catalogue import queries, reading
from orders.catalogue.models import Availability, Product, Sku
from orders.catalogue.part import AVAILABILITIES, PRODUCTS, SKUS
from portal.access.models import User
from portal.connections.models import Connection
from portal.mirror import questions
from portal.mirror.models import DirtyMark, Question
from tests.customers.users.conftest import Upstream
from tests.orders.catalogue.conftest import Read, e3, machine, of_e3
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


@pytest.fixture
def seller(estate: Estate) -> User:
    """Sales at the indirect reseller Fabrikam."""
    return make_person("sella", "sales", estate.connection, estate.fabrikam)


def titles(client: Client, **asked: str) -> set[str]:
    body = client.get("/api/v1/products/", {"size": "200", **asked}).json()
    return {row["title"] for row in body["results"]}


def test_a_reseller_finds_products_and_never_a_price(
    stocked: Connection, client_of: ClientOf, seller: User, read: Read
) -> None:
    client = client_of(seller)
    text = client.get(reverse("catalogue"), {"q": "office 365 e3"}).content.decode()
    assert e3().get_absolute_url() in text
    assert "Reserved VM Instance" not in text
    assert "1 month, 1 year" in text

    def count(**asked: str) -> int:
        return int(client.get(reverse("catalogue"), asked).context["listing"].total)

    assert count(term="P1M") == count(billing="annual") == 1
    assert (
        count(segment="nonprofit")
        == Product.objects.filter(segments__contains=["nonprofit"]).count()
    )
    assert count(kind="AzureReservations") == 4
    assert count(kind="AzureReservations", billing="one_time") == 1
    assert count(sold="base") == 2
    assert count(sold="trial") == count(sold="addon") == 0
    assert count(q="CFQ7TTC0LF8R:0001:ANY") == 1
    assert count(market="US") == 0
    file: Any = client.get(reverse("catalogue"), {"export": "csv", "q": "office 365 e3"})
    assert b"1 month, 1 year" in b"".join(file.streaming_content)
    hits = client.get(reverse("palette"), {"q": "CFQ7TTC0LF8R"}).content.decode()
    assert e3().get_absolute_url() in hits
    assert titles(client, segment="education") & {"Microsoft 365 A3 for faculty"}
    one = client.get(f"/api/v1/products/{e3().pk}/").json()
    (sku,) = one["skus"]
    assert sku["availabilities"][0]["catalog_item_id"] == of_e3().catalog_item_id
    assert one["skus_read_at"]
    assert "price" not in str(one).lower()


def test_another_connections_catalogue_is_not_seen(
    stocked: Connection, client_of: ClientOf, estate: Estate
) -> None:
    stranger = client_of(make_person("alpin", "sales", estate.other, estate.foreign))
    assert titles(stranger) == set()
    assert stranger.get(e3().get_absolute_url()).status_code == 404
    assert stranger.get(machine().get_absolute_url()).status_code == 404
    assert stranger.post(reverse("product_read", args=[e3().pk])).status_code == 404
    found = stranger.get(reverse("catalogue")).content.decode()
    assert "Office 365 E3" not in found


def test_an_opened_product_has_its_skus_read(
    stocked: Connection, client_of: ClientOf, seller: User
) -> None:
    client = client_of(seller)
    product = Product.objects.get(shelf="FR/OnlineServices", pc_id="CFQ7TTC0LCHC")
    url = reverse("product_read", args=[product.pk])
    page = client.get(product.get_absolute_url()).content.decode()
    assert f'hx-post="{url}" hx-trigger="load"' in page
    assert "Not read from Partner Center yet" in page
    assert not DirtyMark.objects.exists()
    assert client.post(url).status_code == 302
    assert DirtyMark.objects.get().parent == product.place
    again = client.get(product.get_absolute_url()).content.decode()
    assert 'hx-trigger="load"' not in again.partition("<main")[2].partition('id="list"')[0]
    client.post(reverse("product_read", args=[e3().pk]))
    asked = DirtyMark.objects.exclude(parent=product.place).values_list("family", "parent")
    assert set(asked) == {(SKUS, e3().place), (AVAILABILITIES, f"{e3().place}/0001")}
    known = client.get(e3().get_absolute_url()).content.decode()
    assert reverse("product_read", args=[e3().pk]) not in known  # it is being read
    auditor = client_of(make_person("audi", "auditor"))
    assert url not in auditor.get(product.get_absolute_url()).content.decode()
    assert auditor.post(url).status_code == 403


def test_what_it_takes_is_said_before(
    stocked: Connection, client_of: ClientOf, seller: User, read: Read
) -> None:
    client = client_of(seller)
    phone = Product.objects.get(shelf="FR/OnlineServices", pc_id="CFQ7TTC0LH0T")
    read(stocked, SKUS, phone.place)
    addon = Sku.objects.get(product=phone)
    read(stocked, AVAILABILITIES, addon.below)
    text = client.get(addon.get_absolute_url()).content.decode()
    assert "the customer must own one of the products below" in text
    assert Sku.objects.get(product=e3()).get_absolute_url() in text
    assert "<li>Office 365 E1</li>" in text, "named, though its product was not read"
    assert "not sold in this market" not in text
    student = Product.objects.get(shelf="FR/OnlineServices", pc_id="CFQ7TTC0LHPL")
    read(stocked, SKUS, student.place)
    sku = Sku.objects.filter(product=student).first()
    assert sku is not None
    read(stocked, AVAILABILITIES, sku.below)
    assert "qualified for education" in client.get(sku.get_absolute_url()).content.decode()
    text = client.get(machine().get_absolute_url()).content.decode()
    assert "must be registered for it first" in text
    assert "Check stock" in text
    Availability.objects.filter(sku=sku).update(is_purchasable=False)
    assert "not sold any more" in client.get(sku.get_absolute_url()).content.decode()


@pytest.fixture
def asked(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Answer the questions that wait, as a worker does."""
    monkeypatch.setattr(questions, "get_client", lambda connection, purpose: upstream.client)

    def go() -> None:
        for question in Question.objects.filter(state="waiting"):
            questions.answer(question.pk)

    return go


def test_stock_and_an_availability_are_asked_live(
    stocked: Connection,
    client_of: ClientOf,
    seller: User,
    estate: Estate,
    upstream: Upstream,
    asked: Callable[[], None],
) -> None:
    client = client_of(seller)
    theirs = next(iter(upstream.emulator.store.customers))
    estate.of_fabrikam.pc_id = theirs
    estate.of_fabrikam.save()
    url = reverse("product_sku_stock", args=[machine().product_id, machine().pk])
    form = {"customer": estate.of_fabrikam.domain, "azure_subscription": "a", "region": "japanwest"}
    other = client.post(url, form | {"customer": estate.of_northwind.pc_id})
    assert other.status_code == 422
    assert not Question.objects.exists()
    assert "every 2s" in client.post(url, form).content.decode()
    asked()
    text = client.post(url, form, headers={"HX-Request": "true"}).content.decode()
    assert "values &#x27;japanwest&#x27;" in text
    assert "every 2s" not in text
    told = {**form, "sku": machine().pk, "region": "westus2"}
    api = f"/api/v1/products/{machine().product_id}/check-inventory/"
    assert client.post(api, told, "application/json").json()["waits"]
    asked()
    assert client.post(api, told, "application/json").json() | {"restrictions": 0} == {
        "waits": False,
        "known": True,
        "restricted": False,
        "restrictions": 0,
    }
    one = of_e3()
    check = reverse("product_sku_check", args=[e3().pk, one.sku_id])
    client.post(check, {"availability": one.pk})
    asked()
    assert "Sold as of now" in client.post(check, {"availability": one.pk}).content.decode()
    assert client.post(check, {"availability": 0}).status_code == 404
    api = f"/api/v1/products/{e3().pk}/skus/{one.sku_id}/check/"
    told = client.post(api, {"availability": one.pk}, "application/json").json()
    assert told == {"waits": False, "sold": True}
    assert client.post(api, {"availability": 0}, "application/json").status_code == 404
    assert (upstream.calls("CHECK_INVENTORY"), upstream.calls("GET_AVAILABILITY")) == (2, 1)


def test_an_id_that_is_not_here_is_looked_up(
    stocked: Connection,
    client_of: ClientOf,
    seller: User,
    upstream: Upstream,
    asked: Callable[[], None],
) -> None:
    client, url = client_of(seller), reverse("catalogue_look_up")
    form = {"market": "FR", "product_id": "dg7gmgf0d5rk:0001"}
    client.post(url, form)
    asked()
    text = client.post(url, form).content.decode()
    assert "Windows Server 2022 Standard - 8 Core" in text
    assert "The mirror does not have it yet" in text
    form["product_id"] = "NONE"
    client.post(url, form)
    asked()
    assert "Partner Center does not sell this product." in client.post(url, form).content.decode()
    api = "/api/v1/look-up-product/"
    refused = client.post(api, form, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (502, "400013")
    assert refused.json()["message"] == "Partner Center does not sell this product."
    assert refused.json()["correlation_id"]
    assert client.post(api, form | {"market": "ZZ"}, "application/json").status_code == 400
    form["product_id"] = "CFQ7TTC0LF8R"
    client.post(url, form)
    asked()
    assert e3().get_absolute_url() in client.post(url, form).content.decode()
    assert (upstream.calls("GET_PRODUCT"), upstream.calls("GET_SKU")) == (2, 1)


def test_a_market_that_was_never_read_is_asked_for_by_its_page(
    market: Connection, client_of: ClientOf, seller: User, read: Read
) -> None:
    client, url = client_of(seller), f"{reverse('catalogue_read')}?market=FR"
    asks = f'hx-post="{url}" hx-trigger="load"'
    assert asks in client.get(reverse("catalogue"), {"market": "FR"}).content.decode()
    client.post(url)
    text = client.get(reverse("catalogue"), {"market": "FR"}).content.decode()
    assert "Reading…" in text
    assert asks not in text
    for shelf in DirtyMark.objects.values_list("parent", flat=True):
        read(market, PRODUCTS, shelf)
    text = client.get(reverse("catalogue"), {"market": "FR"}).content.decode()
    assert "Read from Partner Center" in text
    assert asks not in text


def test_a_sku_that_is_read_meanwhile_is_not_said_to_be_unsold(
    stocked: Connection,
    client_of: ClientOf,
    seller: User,
    read: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    product = Product.objects.get(shelf="FR/OnlineServices", pc_id="CFQ7TTC0LCHC")
    read(stocked, SKUS, product.place)
    sku = Sku.objects.filter(product=product).first()
    assert sku is not None

    order: list[str] = []

    def noted(name: str, real: Callable[..., Any], *sent: Any) -> Any:
        order.append(name)
        return real(*sent)

    for module, name in ((reading, "of"), (queries, "availabilities")):
        monkeypatch.setattr(module, name, partial(noted, name, getattr(module, name)))
    text = client_of(seller).get(sku.get_absolute_url()).content.decode()
    assert "Not read from Partner Center yet." in text
    assert order == ["of", "availabilities"], "rows that come in between belong to a known reading"

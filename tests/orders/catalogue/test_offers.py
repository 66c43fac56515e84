"""Legacy offers: mirrored by market, found, told with their add-ons, and asked live."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from orders.catalogue import mapping
from orders.catalogue.models import Offer
from orders.catalogue.part import OFFERS
from portal.access.models import User
from portal.connections.models import Connection
from portal.mirror import aging, families, questions, verifying
from portal.mirror.families import Reading
from portal.mirror.fetching import Pool
from portal.mirror.models import DirtyMark, Question
from tests.contract.documents import DATA, load
from tests.customers.users.conftest import Upstream
from tests.orders.catalogue.conftest import Read
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
E3 = "796b6b5f-613c-4e24-a17c-eba730d49c02"


def test_offers_come_by_market_and_verify_finds_no_difference(
    market: Connection, read: Read, upstream: Upstream
) -> None:
    family = families.get(OFFERS)
    assert aging.mark(market, family) == 1
    assert DirtyMark.objects.get(family=OFFERS).parent == "FR"
    read(market, OFFERS, "FR")
    assert Offer.objects.count() == 274
    listed = upstream.calls("LIST_OFFERS"), upstream.calls("LIST_OFFER_CATEGORIES")
    assert listed == (1, 1)
    one = Offer.objects.get(pc_id=E3)
    assert (one.market, one.category, one.is_add_on) == ("FR", "Enterprise", False)
    with Pool(market, threads=1) as pool:
        assert verifying._verify(market, family, pool).differences == []
    assert aging.mark(market, family) == 0


def test_pages_and_api_tell_what_it_takes(
    market: Connection,
    read: Read,
    client_of: ClientOf,
    estate: Estate,
    upstream: Upstream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read(market, OFFERS, "FR")
    client = client_of(make_person("sella", "sales", estate.connection, estate.fabrikam))
    one = Offer.objects.get(pc_id=E3)
    added = Offer.objects.filter(prerequisite_offers__contains=[E3]).order_by("name")[0]

    def count(**asked: str) -> int:
        return int(client.get(reverse("offers"), asked).context["listing"].total)

    assert count(q=E3.upper()) == 1
    assert (count(sold="addon"), count(sold="trial")) == (75, 17)
    assert count(market="US") == 0
    text = client.get(one.get_absolute_url()).content.decode()
    assert added.get_absolute_url() in text
    text = client.get(added.get_absolute_url()).content.decode()
    assert "must own one of these" in text
    assert one.get_absolute_url() in text
    listed = client.get("/api/v1/offers/", {"q": E3, "market": "FR"}).json()["results"]
    assert [row["pc_id"] for row in listed] == [E3]
    monkeypatch.setattr(questions, "get_client", lambda connection, purpose: upstream.client)
    url = reverse("offer_check", args=[one.pk])
    assert "every 2s" in client.post(url).content.decode()
    for question in Question.objects.all():
        questions.answer(question.pk)
    fragment = {"HX-Request": "true"}
    text = client.post(url, headers=fragment).content.decode()
    assert "Sold as of now" in text
    assert added.name not in text
    told = client.post(f"/api/v1/offers/{one.pk}/check/").json()
    assert (told["waits"], told["sold"]) == (False, True)
    assert added.pc_id in {row["id"].lower() for row in told["add_ons"]}
    assert (upstream.calls("GET_OFFER"), upstream.calls("LIST_ADDON_OFFERS")) == (1, 1)
    Offer.objects.filter(pk=added.pk).update(gone_at=added.list_observed_at)
    assert added.name in client.post(url, headers=fragment).content.decode()
    DirtyMark.objects.all().delete()
    client.post(f"{reverse('offers_read')}?market=FR")
    assert DirtyMark.objects.get().family == OFFERS
    stranger = client_of(make_person("alpin", "sales", estate.other, estate.foreign))
    assert stranger.get(one.get_absolute_url()).status_code == 404
    assert stranger.post(url).status_code == 404


def test_the_documented_example_becomes_columns(estate: Estate) -> None:
    body = load(DATA / "examples" / "get-an-offer-by-id.json")["response"]["body"]
    now = estate.connection.now()
    reading = Reading(connection=estate.connection, observed_at=now, parent="US")
    found = mapping.offer(body, reading)
    assert found["pc_id"] == "031c9e47-4802-4248-838e-778fb1d2cc05"
    assert (found["category"], found["maximum"]) == ("Small Business", 300)
    assert (found["is_add_on"], found["is_available"]) == (False, True)

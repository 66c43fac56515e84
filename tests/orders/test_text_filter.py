"""The text field over a list: found by the narrow table, or by reading along when it stands everywhere."""

from collections.abc import Callable

import pytest
from django.test import Client

from customers import queries as customers
from orders import queries as orders
from portal.access import search
from portal.access.models import User
from portal.access.scope import Scope
from tests.people import Estate

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def indexed(estate: Estate) -> None:
    for kind in search.kinds():
        search.reindex(kind)


def subscriptions(user: User, text: str) -> set[str]:
    scope = Scope.for_user(user)
    rows = orders.matching(orders.subscriptions(scope), text, orders.found(scope, text))
    return {row.friendly_name for row in rows}


@pytest.fixture(params=["few", "many"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "many":
        monkeypatch.setattr(orders, "FOUND", 0)
        monkeypatch.setattr(customers, "FOUND", 0)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("proseware", {"E3 of Proseware"}),
        ("  PROSEWARE ", {"E3 of Proseware"}),
        ("e3 of", {"E3 of Proseware", "E3 of Adatum"}),
        ("microsoft 365", {"E3 of Proseware", "E3 of Adatum"}),
        ("wingtip", set()),
        ("%%%", set()),
    ],
)
def test_subscriptions_by_name_product_and_customer(
    text: str, expected: set[str], bob: User
) -> None:
    assert subscriptions(bob, text.strip()) == expected


@pytest.mark.usefixtures("either_way")
def test_customers_by_name_domain_and_tenant(bob: User, estate: Estate) -> None:
    scope = Scope.for_user(bob)
    for text in ("datu", "tum.exam", estate.of_fabrikam.pc_id.upper()):
        found = customers.matching(customers.customers(scope), text, customers.found(scope, text))
        assert [row.name for row in found] == ["Adatum"], text


def test_two_letters_are_looked_for_without_the_index(bob: User, estate: Estate) -> None:
    assert orders.found(Scope.for_user(bob), "ad") is None
    assert subscriptions(bob, "ad") == {"E3 of Adatum"}


def test_count_stops_early_where_the_text_stands_everywhere(
    alice: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "FOUND", 1)
    monkeypatch.setattr("orders.filters.COUNTED_ALONG", 2)
    body = client_of(alice).get("/subscriptions/?q=microsoft").content.decode()
    assert "2+" in body
    assert "E5 of Proseware" in body


def test_pages_by_customer_meet_every_row_once(
    alice: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, estate: Estate
) -> None:
    """The leading bound of a sorting over two tables loses no row, forwards and backwards."""
    estate.direct_seats.customer = None
    estate.direct_seats.save()
    monkeypatch.setattr("portal.ui.listing.SIZES", (1, 25))
    client = client_of(alice)
    for sort in ("customer", "-customer"):
        seen, url = [], f"/subscriptions/?sort={sort}&size=1"
        listing = client.get(url).context["listing"]
        while True:
            seen += [row.pk for row in listing.page.rows]
            if not listing.next_url:
                break
            listing = client.get(listing.next_url).context["listing"]
        assert len(seen) == len(set(seen)) == 5
        back = []
        while listing.previous_url:
            listing = client.get(listing.previous_url).context["listing"]
            back += [row.pk for row in listing.page.rows]
        assert back == seen[-2::-1]

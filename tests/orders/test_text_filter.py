"""The text field over a list: found by the narrow table, or by reading along when it stands everywhere."""

from collections.abc import Callable

import pytest
from django.test import Client

from customers import queries as customers
from orders import finding
from orders import queries as orders
from portal.access import search
from portal.access.entering import entered
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
    rows = finding.matching(orders.subscriptions(scope), text, finding.find(scope, text))
    return {row.friendly_name for row in rows}


@pytest.fixture(params=["few", "many"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "many":
        monkeypatch.setattr(finding, "FEW", 0)
        monkeypatch.setattr(customers, "FEW", 0)


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
def test_customers_by_name_and_domain(bob: User) -> None:
    scope = Scope.for_user(bob)
    for text in ("datu", "tum.exam"):
        ids = search.ids(scope, "customer", text, customers.FEW)
        found = customers.matching(customers.customers(scope), text, ids)
        assert [row.name for row in found] == ["Adatum"], text


def test_customers_by_tenant(bob: User, estate: Estate) -> None:
    text = estate.of_fabrikam.pc_id.upper()
    scope = Scope.for_user(bob)
    ids = search.ids(scope, "customer", text, customers.FEW)
    assert ids == [estate.of_fabrikam.pk]
    found = customers.matching(customers.customers(scope), text, ids)
    assert [row.name for row in found] == ["Adatum"]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FEW", 0)


@pytest.mark.usefixtures("many")
def test_a_text_in_names_alone_is_found_by_the_names(bob: User, estate: Estate) -> None:
    """Also where somebody renamed the subscription and only its product holds the text."""
    scope = Scope.for_user(bob)
    row = estate.fabrikam_seats
    row.friendly_name, row.offer_name = "Drawing room", "Visio Plan 2"
    row.save()
    search.reindex("subscription")
    found = finding.find(scope, "visio")
    assert found == finding.Found(1, names=["Drawing room"])
    assert list(finding.matching(orders.subscriptions(scope), "visio", found)) == [row]


@pytest.mark.usefixtures("many")
def test_a_name_that_two_products_share_tells_nothing(bob: User, estate: Estate) -> None:
    scope = Scope.for_user(bob)
    for row, product in (
        (estate.fabrikam_seats, "Visio Plan 2"),
        (estate.shared_fabrikam, "Other"),
    ):
        row.friendly_name, row.offer_name = "Drawing room", product
        row.save()
    search.reindex("subscription")
    found = finding.find(scope, "visio")
    assert found == finding.Found(1)
    assert list(finding.matching(orders.subscriptions(scope), "visio", found)) == [
        estate.fabrikam_seats
    ]


@pytest.mark.usefixtures("many")
def test_a_text_in_a_customers_name_too_is_read_for_row_by_row(bob: User) -> None:
    found = finding.find(Scope.for_user(bob), "proseware")
    assert found == finding.Found(1)


@pytest.mark.usefixtures("many")
def test_too_many_names_are_not_read(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    scope = Scope.for_user(bob)
    assert finding.find(scope, "e3 of").names
    monkeypatch.setattr(finding, "NAMES", 1)
    assert finding.find(scope, "e3 of") == finding.Found(1)
    assert subscriptions(bob, "e3 of") == {"E3 of Proseware", "E3 of Adatum"}


@pytest.mark.usefixtures("many")
def test_names_are_those_of_the_reader(bob: User, alice: User) -> None:
    names = {}
    for user in (bob, alice):
        with entered(Scope.for_user(user)):
            names[user] = finding.find(Scope.for_user(user), "microsoft").names or []
    assert set(names[bob]) == {"E3 of Proseware", "E3 of Adatum"}
    assert set(names[bob]) < set(names[alice])


@pytest.mark.usefixtures("many")
def test_names_of_every_connection_count_and_of_no_other(
    alice: User, auditor: User, estate: Estate
) -> None:
    """A name that tells enough within one connection may not over two of them."""
    for row, product in (
        (estate.fabrikam_seats, "Visio Plan 2"),
        (estate.elsewhere_seats, "Other"),
    ):
        row.friendly_name, row.offer_name = "Drawing room", product
        row.save()
    search.reindex("subscription")
    names = {}
    for user in (alice, auditor):
        scope = Scope.for_user(user)
        with entered(scope):
            found = finding.find(scope, "visio")
            names[user] = found.names
            rows = finding.matching(orders.subscriptions(scope), "visio", found)
            assert list(rows) == [estate.fabrikam_seats]
    assert names == {alice: ["Drawing room"], auditor: None}


def test_two_letters_are_looked_for_without_the_index(bob: User, estate: Estate) -> None:
    for text in ("ad", " ad ", "ad\x00"):
        assert finding.find(Scope.for_user(bob), text) == finding.Found(), text
    assert subscriptions(bob, "ad") == {"E3 of Adatum"}


def test_count_stops_early_where_the_text_stands_everywhere(
    alice: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", 3)
    monkeypatch.setattr("portal.ui.filters.COUNTED_ALONG", 2)
    client = client_of(alice)
    # The text alone: more than three are known of, nothing was counted.
    body = client.get("/subscriptions/?q=microsoft").content.decode()
    assert "3+" in body
    assert "E5 of Proseware" in body
    body = client.get("/subscriptions/?q=microsoft&status=active").content.decode()
    assert "2+" in body
    monkeypatch.setattr(finding, "FEW", 100)
    monkeypatch.setattr("portal.ui.filters.COUNTED_ALONG", 100)
    whole = client.get("/subscriptions/?q=microsoft").context["listing"]
    assert whole.total == len(whole.page.rows) > 3


def test_text_over_one_customers_subscriptions_counts_those(
    alice: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, estate: Estate
) -> None:
    monkeypatch.setattr(finding, "FEW", 3)
    monkeypatch.setattr("portal.ui.filters.COUNTED_ALONG", 1)
    url = f"/customers/{estate.of_fabrikam.pk}/subscriptions/?q=microsoft"
    listing = client_of(alice).get(url).context["listing"]
    assert listing.total == len(listing.page.rows) == 1


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

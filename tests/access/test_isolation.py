"""Nothing of another reseller shows anywhere: every page, export, search and API answer is read for it."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Cart, Order
from portal.access import search
from portal.access.models import ApiToken, User
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.outbox.models import Command
from tests.access.test_matrix import ids, people  # noqa: F401 - fixtures
from tests.access.url_map import addresses
from tests.billing.world import make_invoice, make_line
from tests.orders.prices.conftest import BASIC, make_price
from tests.people import Estate, make_cart, make_change, make_person, make_product

# Names that stand only in what Fabrikam does not see.
FOREIGN = ("Wingtip", "Lucerne", "Alpine", "Northwind", "Tailspin", "E5 of Proseware", "litware")
# What Fabrikam's own things cost: no reseller's person is told any of these amounts, however written.
COSTS = re.compile(r"777[.,]77|7.?777[.,]7")
QUERIES = ("", "?export=csv", "?sort=-name", "?size=100")


@pytest.fixture
def rita(estate: Estate) -> User:
    return make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)


@pytest.fixture
def whole(estate: Estate, charlie: User) -> Estate:
    """Changes, entries and search rows of everybody, so that there is something to leak."""
    for subscription in (
        estate.northwind_seats,
        estate.shared_northwind,
        estate.direct_seats,
        estate.elsewhere_seats,
    ):
        make_change(subscription, charlie)
        record(
            "user.changed",
            actor=Actor.for_user(charlie),
            connection=subscription.connection,
            reseller_id=subscription.reseller_id,
            target=subscription,
            customer_pc_id=subscription.customer_pc_id,
        )
    cart = make_cart(estate.of_northwind, make_product(estate.connection, "n"), charlie).cart
    Cart.objects.filter(pk=cart.pk).update(name="Northwind")
    for kind in search.kinds():
        search.reindex(kind)
    return estate


def leaks(body: str) -> list[str]:
    return [word for word in FOREIGN if word in body] + COSTS.findall(body)


@pytest.fixture
def costly(whole: Estate, ids: dict[str, object]) -> Estate:  # noqa: F811
    """Once every address has its row: what those of Fabrikam cost."""
    seed_costs(whole)
    return whole


def seed_costs(estate: Estate) -> None:
    """Amounts on every thing of Fabrikam's that costs something: invoices, orders, price sheets."""
    seats, amount = estate.fabrikam_seats, Decimal("777.77")
    seats.product_id, seats.sku_id, seats.billing_cycle = BASIC, "0001", "monthly"
    seats.term_duration, seats.effective_start_date = "P1M", timezone.now()
    seats.save()
    line: dict[str, Any] = {
        "charge_type": "cycleCharge",
        "billing_frequency": "monthly",
        "quantity": 10,
    }
    bill = make_invoice(estate.connection, "G777", total="7777.70")
    make_line(
        bill,
        subscription=seats,
        reseller=estate.fabrikam,
        customer=estate.of_fabrikam,
        unit_price=amount,
        subtotal=amount * 10,
        total=amount * 10,
        **line,
    )
    pricing = {"price": 777.77, "extendedPrice": 7777.7}
    payload = {"lineItems": [{"subscriptionId": seats.pc_id, "pricing": pricing}]}
    Order.objects.filter(customer=seats.customer).update(currency="USD", list_payload=payload)
    make_price(estate.connection, "777.77", term="P1M", market=seats.customer.country)


def urls(ids: dict[str, object]) -> Iterator[str]:  # noqa: F811
    for address in addresses():
        if address.name not in {"/sign-out/", "/api/v1/schema/", "/api/v1/docs/"}:
            yield address.url(ids)


def test_no_page_shows_another_resellers_part(
    costly: Estate,
    rita: User,
    ids: dict[str, object],  # noqa: F811
    client_of: Callable[[User], Client],
) -> None:
    client, read = client_of(rita), 0
    for url in urls(ids):
        for query in QUERIES if url.count("/") == 2 else ("",):
            answer = client.get(url + query)
            body = answer.getvalue().decode()
            assert leaks(body) == [], (url + query, leaks(body))
            read += answer.status_code == 200
    assert read > 25
    assert "Adatum" in client.get("/customers/").content.decode()
    boss = client_of(make_person("boss", "distributor-admin", costly.connection))
    cart = f"/carts/{ids['carts.pk']}/"
    seats = costly.fabrikam_seats.get_absolute_url()
    chosen = "/subscriptions/?cols=name,monthly_cost,monthly_reseller&export=csv"
    for url in (seats, f"{seats}what-if/", "/price-sheets/", cart, chosen):
        assert leaks(boss.get(url).getvalue().decode()), "there is something to hide"
    assert leaks(client.get(chosen).getvalue().decode()) == []


def test_no_api_answer_shows_another_resellers_part(
    costly: Estate,
    rita: User,
    ids: dict[str, object],  # noqa: F811
) -> None:
    _row, token = ApiToken.objects.create(rita, name="x")
    client = Client(headers={"Authorization": f"Token {token}"})
    for url in urls(ids):
        if url.startswith("/api/"):
            body = client.get(url).getvalue().decode(errors="replace")
            assert leaks(body) == [], (url, leaks(body))
    assert "Adatum" in client.get("/api/v1/customers/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "customers/?q=Wing",
        "customers/?reseller={northwind}",
        "customers/?reseller={foreign}",
        "subscriptions/?q=Wing",
        "subscriptions/?reseller={northwind}",
        "subscriptions/?customer={customer}",
        "changes/?q=Wing",
        "activity/?customer={pc_id}",
        "activity/?person={charlie}",
        "search/?q=wing",
        "search/?q={pc_id}",
        "api/v1/customers/?q=Wing",
        "api/v1/subscriptions/?customer={pc_id}",
        "api/v1/activity/?customer={pc_id}",
        "api/v1/changes/?q=Wing",
    ],
)
@pytest.mark.parametrize("export", ["", "&export=csv"])
def test_filters_do_not_reach_further(
    query: str,
    export: str,
    whole: Estate,
    rita: User,
    charlie: User,
    client_of: Callable[[User], Client],
) -> None:
    asked = query.format(
        northwind=whole.northwind.pk,
        foreign=whole.foreign.pk,
        customer=whole.of_northwind.pk,
        pc_id=whole.of_northwind.pc_id,
        charlie=charlie.pk,
    )
    body = client_of(rita).get(f"/{asked}{export}").getvalue().decode()
    assert "Wingtip" not in body
    assert "Northwind" not in body


def test_shared_customer_looks_different_to_each(
    whole: Estate, rita: User, client_of: Callable[[User], Client]
) -> None:
    nina = make_person("nina", "reseller-admin", whole.connection, whole.northwind)
    url = f"/customers/{whole.shared.pk}/subscriptions/"
    mine, theirs = (client_of(user).get(url).content.decode() for user in (rita, nina))
    assert "E3 of Proseware" in mine
    assert "E5 of Proseware" not in mine
    assert "E5 of Proseware" in theirs
    assert "E3 of Proseware" not in theirs


def test_counts_are_of_ones_own_part(
    whole: Estate, rita: User, client_of: Callable[[User], Client]
) -> None:
    """The list of customers counts seats: 10 of the shared customer's 20 are Fabrikam's."""
    rows = client_of(rita).get("/api/v1/customers/").json()["results"]
    seats = {row["name"]: (row["subscriptions"], row["seats"], row["resellers"]) for row in rows}
    assert seats == {"Adatum": (1, 10, ["Fabrikam"]), "Proseware": (1, 10, ["Fabrikam"])}


def test_nobody_acts_on_another_resellers_things(
    whole: Estate, rita: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(rita)
    before = Command.objects.count()
    theirs = Command.objects.get(target_id=whole.northwind_seats.pk)
    for url in (
        f"/subscriptions/{whole.northwind_seats.pk}/suspend/",
        f"/subscriptions/{whole.shared_northwind.pk}/quantity/",
        f"/subscriptions/{whole.direct_seats.pk}/refresh/",
        f"/customers/{whole.of_northwind.pk}/refresh/",
        f"/changes/{theirs.pk}/retry/",
        f"/changes/{theirs.pk}/give-up/",
        f"/changes/{theirs.pk}/cancel/",
        f"/changes/{theirs.pk}/approve/",
    ):
        assert client.post(url, {"quantity": "1"}).status_code == 404, url
    assert Command.objects.count() == before
    state = theirs.state
    theirs.refresh_from_db()
    assert theirs.state == state

"""How many queries each page costs: a reviewed table, bars, and no growth with the number of rows.

``UPDATE_QUERY_COUNTS=1`` writes the table anew, as counted with few rows; the test then asks with many.
A reviewer reads the difference. Counted is what a running portal asks: the small values that it keeps
for some seconds are warm.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from orders.models import CartLine
from portal.access import search
from portal.access.models import User
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.administration import banners
from tests.access.test_matrix import Ids, ids, people  # noqa: F401 - fixtures
from tests.access.url_map import addresses
from tests.people import (
    Estate,
    make_cart,
    make_change,
    make_customer,
    make_offer,
    make_person,
    make_product,
    make_reseller,
    make_sku,
    make_subscription,
)

TABLE = Path(__file__).parent / "query_counts.json"
HOME, DETAIL, LIST = 10, 12, 6
LISTS = {
    "/activity/",
    "/azure-subscriptions/",
    "/changes/",
    "/customers/",
    "/customers/?q=ada",
    "/customers/?sort=-country",
    "/customers/<pk>/subscriptions/",
    "/customers/licences/",
    "/carts/",
    "/catalogue/",
    "/price-books/",
    "/price-sheets/",
    "/migrations/",
    "/migrations/legacy/",
    "/orders/",
    "/planned-migrations/",
    "/transfers/",
    "/renewals/",
    "/renewals/decisions/",
    "/renewals/renewed/",
    "/renewals/unchosen/",
    "/settings/connections/",
    "/settings/users/",
    "/subscriptions/",
    "/subscriptions/?q=ada",
    "/subscriptions/?sort=customer&status=active",
    "/api/v1/activity/",
    "/api/v1/carts/",
    "/api/v1/changes/",
    "/api/v1/customers/",
    "/api/v1/products/",
    "/api/v1/renewals/",
    "/api/v1/subscriptions/",
}
Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(autouse=True)
def warm(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a running portal: the lines above the page are kept, the cache starts empty."""
    kept = banners._read()
    monkeypatch.setattr(banners, "_rows", lambda request: kept)
    cache.clear()
    yield
    cache.clear()


def pages(ids: Ids) -> dict[str, str]:  # noqa: F811
    """Every address with real ids, and lists as people filter and sort them."""
    found = {address.name: address.url(ids) for address in addresses()}
    return found | {name: name for name in LISTS if "?" in name}


def counts(
    client: Client, urls: dict[str, str], counting: Counting, known: dict[str, int]
) -> dict[str, int]:
    """The queries of each page that answers, asked when it is warm: again, and once more.

    What two caches kept at one moment ends at two, and one may end between two requests.

    Where ``known`` has no more than a page asks now, it was warm still and is not asked again.
    """
    found = {}
    for name, url in sorted(urls.items()):
        if name in {"/sign-out/", "/api/v1/schema/"}:
            continue
        status, asked = queries(client, url, counting)
        for _again in range(2):
            if status == 200 and asked > known.get(name, 0):
                status, asked = queries(client, url, counting)
        if status == 200:
            found[name] = asked
    return found


def queries(client: Client, url: str, counting: Counting) -> tuple[int, int]:
    with counting() as seen:
        answer = client.get(url)
    if answer.streaming:
        b"".join(answer)  # or its file stays open
    return answer.status_code, len(seen)


@pytest.fixture
def asked(
    people: dict[str, User],  # noqa: F811
    ids: Ids,  # noqa: F811
    queries_of: Counting,
    client_of: Callable[[User], Client],
) -> Callable[..., dict[str, dict[str, int]]]:
    """Counts for somebody who sees everything and for staff of one reseller."""
    urls = pages(ids)

    def ask(known: dict[str, dict[str, int]] | None = None) -> dict[str, dict[str, int]]:
        return {
            role: counts(client_of(people[role]), urls, queries_of, (known or {}).get(role, {}))
            for role in ("administrator", "reseller-admin")
        }

    return ask


def test_no_page_is_over_its_bar() -> None:
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    assert LISTS - set(table["administrator"]) == set()
    for role, found in table.items():
        for name, count in found.items():
            bar = HOME if name == "/" else LIST if name in LISTS else DETAIL
            assert count <= bar, (role, name, count)


def test_counts_are_those_reviewed_and_do_not_grow_with_rows(
    asked: Callable[..., dict[str, dict[str, int]]],
    estate: Estate,
    people: dict[str, User],  # noqa: F811
) -> None:
    grow(estate, people["sales"], 3, "few")
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        TABLE.write_text(json.dumps(asked(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    reviewed = json.loads(TABLE.read_text(encoding="utf-8"))
    grow(estate, people["sales"], 30, "many")
    many = asked(reviewed)
    assert {role: set(found) for role, found in many.items()} == {
        role: set(found) for role, found in reviewed.items()
    }
    # A sorted list may cost one query less when its first page is full.
    other = {
        (role, name): (count, many[role][name])
        for role, found in reviewed.items()
        for name, count in found.items()
        if many[role][name] not in {count, count - 1}
    }
    assert other == {}


def grow(estate: Estate, actor: User, rows: int, word: str) -> None:
    """More of everything that Fabrikam's staff see in lists."""
    for number in range(rows):
        name = f"Ada {word} {number}"
        partner = make_reseller(estate.connection, name, f"{word}-{number}")
        customer = make_customer(estate.connection, name, estate.fabrikam, partner)
        subscription = make_subscription(customer, estate.fabrikam, name)
        make_subscription(estate.of_fabrikam, estate.fabrikam, name)
        make_sku(customer)
        make_offer(estate.connection, f"{word}{number}")
        goods = make_product(estate.connection, f"{word}{number}")
        line = make_cart(estate.of_fabrikam, goods, actor)
        if (first := CartLine.objects.exclude(cart=line.cart).order_by("pk").first()) is not None:
            CartLine.objects.filter(pk=line.pk).update(cart=first.cart, position=number + 1)
        failed = {"code": "1", "message": name}
        make_change(subscription, actor, state="failed", error=failed, settled_at=timezone.now())
        make_person(f"{word}{number}", "sales", estate.connection, estate.fabrikam)
        record(
            "user.changed",
            actor=Actor.for_user(actor),
            connection=estate.connection,
            reseller_id=estate.fabrikam.pk,
            target=subscription,
            customer_pc_id=customer.pc_id,
        )
    for kind in search.kinds():
        search.reindex(kind)

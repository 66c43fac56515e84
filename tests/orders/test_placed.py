"""Orders of a customer: read by two calls, listed with their lines, cost shown to nobody at a reseller."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.models import Order
from orders.placed import mapping
from orders.placed.part import BY_CYCLE, ORDERS
from portal.access.models import User
from portal.activity.mapping import touched
from portal.mirror import aging, families, refresh, rereading, runs, verifying
from portal.mirror.families import Reading
from portal.mirror.fetching import Pool
from portal.mirror.models import DirtyMark
from portal.partnercenter.operations.orders import LIST_ORDERS, LIST_ORDERS_BY_BILLING_CYCLE
from portal.partnercenter.testing import StubPartner
from tests.contract.documents import DATA, load
from tests.customers.users.conftest import Upstream, customer, upstream  # noqa: F401 - fixtures
from tests.people import Estate

ClientOf = Callable[[User], Client]
NAMES = (
    "get-all-of-a-customer-s-orders",
    "get-a-list-of-orders-by-customer-and-billing-cycle-type",
)


def wire(number: str, *lines: dict[str, Any], cycle: str = "monthly") -> dict[str, Any]:
    return {
        "id": number,
        "billingCycle": cycle,
        "currencyCode": "EUR",
        "lineItems": list(lines),
        "creationDate": "2026-03-15T02:17:15.6455674Z",
        "status": "completed",
        "attributes": {"objectType": "Order"},
    }


def line(subscription: str = "", partner: str = "1000001", **more: Any) -> dict[str, Any]:
    priced = {"price": 12.5, "extendedPrice": 125.0}
    return {
        "lineItemNumber": 0,
        "offerId": "CFQ7TTC0LH18:0001:CFQ7TTC0K971",
        "friendlyName": "Microsoft 365 E3",
        "subscriptionId": subscription,
        "quantity": 10,
        "termDuration": "P1Y",
        "partnerIdOnRecord": partner,
        "pricing": priced,
        **more,
    }


def read(estate: Estate, *items: dict[str, Any], cycle: str = "", by: str = "") -> None:
    """Read the list of the shared customer, or one billing cycle of it, as a worker does."""
    pc_id = by or estate.shared.pc_id
    name, parent = (BY_CYCLE, f"{pc_id}:{cycle}") if cycle else (ORDERS, pc_id)
    operation = LIST_ORDERS_BY_BILLING_CYCLE if cycle else LIST_ORDERS
    narrowed = {"billingType": cycle.replace("_", "")} if cycle else {}
    mark = refresh.request(estate.connection, name, "", parent=parent)
    with StubPartner() as made:
        query = narrowed | {"include_price": "True"}
        made.expect(
            operation, {"totalCount": len(items), "items": [*items]}, query=query, customer_id=pc_id
        )
        family = families.get(name)
        found = rereading.read_mark(made.client, estate.connection, family, mark)
    rereading.keep(estate.connection, family, [found])


@pytest.fixture
def known(estate: Estate) -> Estate:
    """Orders of a customer that buys from two resellers: one of each, one of both, and a reservation."""
    for row in (estate.shared_fabrikam, estate.shared_northwind):
        row.order_pc_id = f"order-{row.pk}"
        row.save()
    one, other = estate.shared_fabrikam, estate.shared_northwind
    read(
        estate,
        wire(one.order_pc_id, line(one.pc_id)),
        wire(other.order_pc_id, line(other.pc_id, "1000002")),
        wire("both", line(), line(partner="1000002", quantity=2)),
        wire("once", line(friendlyName="Reserved_VM_Instance"), cycle="one_time"),
    )
    return estate


def test_the_documented_examples_become_columns(estate: Estate) -> None:
    at = estate.connection.now()
    reading = Reading(connection=estate.connection, observed_at=at, parent="c:one_time")
    for name in NAMES:
        for payload in load(DATA / "examples" / f"{name}.json")["response"]["body"]["items"]:
            columns = mapping.of_cycle(payload, reading)
            (first,) = payload["lineItems"]
            assert (columns["pc_id"], columns["customer_pc_id"]) == (payload["id"], "c")
            assert columns["name"] == first["friendlyName"]
            assert columns["lines"][0]["subscription"] == first.get("subscriptionId", "").lower()
            assert columns["billing_cycle"] == payload["billingCycle"]
            assert columns["creation_date"] is not None


def test_each_reseller_has_its_own_orders_and_what_both_sold_is_the_distributors(
    known: Estate,
) -> None:
    owners = {row.pc_id: row.reseller for row in Order.objects.select_related("reseller")}
    one, other = known.shared_fabrikam.order_pc_id, known.shared_northwind.order_pc_id
    assert owners == {
        one: known.fabrikam,
        other: known.northwind,
        "both": None,
        "once": known.fabrikam,
    }
    both = Order.objects.get(pc_id="both")
    assert [kept["quantity"] for kept in both.lines] == [10, 2]
    assert "12.5" not in json.dumps(both.lines), "no cost in what everybody reads"


def test_a_billing_cycle_is_read_alone_and_sweeps_nothing_else(
    known: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Order.objects.get(pc_id="once")
    read(known, wire("new", line(), cycle="one_time"), cycle="one_time")
    gone.refresh_from_db()
    assert gone.gone_at is not None
    assert Order.objects.get(pc_id="new").customer == known.shared
    assert Order.objects.filter(gone_at=None, billing_cycle="monthly").count() == 3
    assert not aging.mark(known.connection, families.get(BY_CYCLE)), "never by age"
    assert BY_CYCLE not in families.names()
    with pytest.raises(KeyError, match="a part of orders"):
        runs.start(known.connection, wanted=[BY_CYCLE])
    told = {
        "customerId": known.shared.pc_id,
        "resourceType": "order",
        "operationStatus": "succeeded",
    }
    assert (ORDERS, known.shared.pc_id, "") in touched(told)
    compared: list[str] = []
    monkeypatch.setattr(verifying, "_verdict", lambda _connection, one: compared.append(one.name))
    assert [*verifying.verify(known.connection)] == []
    assert ORDERS in compared
    assert BY_CYCLE not in compared


def test_the_mirror_holds_what_the_source_says_by_either_call(
    upstream: Upstream,  # noqa: F811
    customer: Customer,  # noqa: F811
) -> None:
    def reading(name: str, parent: str) -> rereading.Tally:
        mark = refresh.request(customer.connection, name, "", parent=parent)
        family = families.get(name)
        found = rereading.read_mark(upstream.client, customer.connection, family, mark)
        with transaction.atomic():
            return rereading.store(customer.connection, family, [found])

    assert reading(ORDERS, customer.pc_id).counts.inserted > 1
    for cycle in ("monthly", "annual"):
        again = reading(BY_CYCLE, f"{customer.pc_id}:{cycle}")
        assert (again.counts.inserted, again.counts.updated, again.gone) == (0, 0, 0)
        assert again.counts.unchanged == Order.objects.filter(billing_cycle=cycle).count()
    with Pool(customer.connection, threads=1) as pool:
        verdict = verifying._verify(customer.connection, families.get(ORDERS), pool)
    assert (verdict.differences, verdict.compared) == ([], Order.objects.count())


def test_the_tab_lists_lines_links_them_and_tells_cost_to_who_may_see_it(
    known: Estate, alice: User, bob: User, client_of: ClientOf
) -> None:
    tab = reverse("customer_orders", args=[known.shared.pk])
    page = client_of(alice).get(tab).content.decode()
    sold = reverse("subscription", args=[known.shared_fabrikam.pk])
    assert f'10 × <a href="{sold}">Microsoft 365 E3</a>' in page
    assert "10 × Reserved_VM_Instance" in page
    assert page.count("125.00") == 3
    assert "250.00" in page
    theirs = client_of(bob).get(tab).content.decode()
    assert known.shared_fabrikam.order_pc_id in theirs
    assert ">both<" not in theirs
    assert known.shared_northwind.order_pc_id not in theirs
    assert "125" not in theirs
    assert "cost" not in theirs.partition("<main")[2].lower()
    once = client_of(alice).get(tab, {"cycle": "one_time"}).content.decode()
    assert "Reserved_VM_Instance" in once
    assert "Microsoft 365 E3" not in once
    file = client_of(bob).get(tab, {"export": "csv"})
    text = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined] # a stream
    assert "10 × Microsoft 365 E3" in text
    assert "125" not in text


def test_an_order_and_its_subscription_lead_to_each_other(
    known: Estate, alice: User, bob: User, client_of: ClientOf
) -> None:
    row = Order.objects.get(pc_id=known.shared_fabrikam.order_pc_id)
    page = client_of(alice).get(row.get_absolute_url()).content.decode()
    assert reverse("subscription", args=[known.shared_fabrikam.pk]) in page
    assert "12.50" in page
    assert "12.50" not in client_of(bob).get(row.get_absolute_url()).content.decode()
    back = client_of(bob).get(reverse("subscription", args=[known.shared_fabrikam.pk]))
    assert row.get_absolute_url() in back.content.decode()
    other = Order.objects.get(pc_id=known.shared_northwind.order_pc_id)
    assert client_of(bob).get(other.get_absolute_url()).status_code == 404
    found = client_of(bob).get(reverse("search"), {"q": row.pc_id})
    assert (found.status_code, found.headers.get("Location")) == (302, row.get_absolute_url())


def test_a_person_has_a_billing_cycle_read_where_it_is_shown(
    known: Estate, bob: User, auditor: User, client_of: ClientOf
) -> None:
    cache.clear()
    tab, url = (
        reverse(name, args=[known.shared.pk])
        for name in ("customer_orders", "customer_orders_read")
    )
    page = client_of(bob).get(tab, {"cycle": "monthly"}).content.decode()
    assert f"{url}?cycle=monthly" in page
    rows = client_of(bob).get(tab, {"cycle": "monthly"}, headers={"HX-Request": "true"})
    assert f'action="{url}?cycle=monthly"' in rows.content.decode(), "the line follows the filter"
    assert client_of(bob).post(f"{url}?cycle=weekly").status_code == 404
    assert client_of(auditor).post(f"{url}?cycle=monthly").status_code == 403
    assert not DirtyMark.objects.filter(family=BY_CYCLE).exists()
    assert client_of(bob).post(f"{url}?cycle=monthly").status_code == 302
    mark = DirtyMark.objects.get(family=BY_CYCLE)
    assert (mark.parent, mark.key) == (f"{known.shared.pc_id}:monthly", "")
    row = Order.objects.get(pc_id="once")
    assert client_of(bob).post(reverse("order_refresh", args=[row.pk])).status_code == 302
    assert DirtyMark.objects.get(family=ORDERS).parent == known.shared.pc_id


def test_the_api_lists_them_scoped_and_without_cost_for_resellers(
    known: Estate, alice: User, bob: User, api_of: Callable[..., Client]
) -> None:
    query = {"customer": str(known.shared.pk), "billing_cycle": "monthly"}
    mine = api_of(bob).get("/api/v1/orders/", query).json()["results"]
    assert [one["pc_id"] for one in mine] == [known.shared_fabrikam.order_pc_id]
    assert mine[0]["cost"] is None
    (bought,) = mine[0]["lines"]
    assert (bought["subscription"], bought["price"]) == (known.shared_fabrikam.pk, None)
    every = api_of(alice).get("/api/v1/orders/", {"q": "both"}).json()["results"]
    assert [(one["cost"], one["lines"][1]["quantity"]) for one in every] == [("250.0", 2)]
    row = Order.objects.get(pc_id="both")
    assert api_of(bob).get(f"/api/v1/orders/{row.pk}/").status_code == 404
    caller = api_of(bob, read_only=False)
    url = f"/api/v1/customers/{known.shared.pk}/read-orders/"
    assert caller.post(url, {"billing_cycle": "weekly"}, "application/json").status_code == 400
    told = caller.post(url, {"billing_cycle": "annual"}, "application/json")
    assert (told.status_code, told.json()["state"]) == (202, "known")
    assert DirtyMark.objects.get().parent == f"{known.shared.pc_id}:annual"
    assert caller.post(url, {}, "application/json").json()["state"] == "asking"
    theirs = f"/api/v1/customers/{known.of_northwind.pk}/read-orders/"
    assert caller.post(theirs, {}, "application/json").status_code == 404

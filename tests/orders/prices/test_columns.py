"""What running terms come to a month, in lists and files: by side, each to whom it may be told."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from orders.models import Subscription
from orders.prices.models import PriceBook
from portal.access.models import User
from portal.lists import writing
from portal.lists.models import ExportJob
from tests.billing.world import make_invoice, make_line
from tests.orders.prices.conftest import BASIC, SKU, make_price, make_rule
from tests.people import Estate, make_person, make_subscription

Browser = Callable[[User], Client]
COLUMNS = "cols=name,monthly_cost,monthly_reseller,monthly_customer"
COST, RESELLER, CUSTOMER = (
    f"{side} a month, net" for side in ("Cost", "Charge to the reseller", "Charge to the customer")
)
START = dt.datetime(2026, 1, 9, tzinfo=dt.UTC)


def sold(row: Subscription, **fields: object) -> Subscription:
    """A running term of Business Basic in France."""
    told = {"product_id": BASIC, "sku_id": SKU, "effective_start_date": START}
    for name, value in (told | fields).items():
        setattr(row, name, value)
    row.save()
    return row


@pytest.fixture
def priced(estate: Estate, book: PriceBook, own: PriceBook) -> Subscription:
    """Ten seats, billed by the month; the invoice says 5.30, the sheet 5.60, of which the rules make charges."""
    cache.clear()
    estate.of_fabrikam.country = "FR"
    estate.of_fabrikam.save()
    row = sold(estate.fabrikam_seats)
    make_price(estate.connection, month=START.date().replace(day=1))
    make_line(
        make_invoice(estate.connection),
        subscription=row,
        charge_type="cycleCharge",
        unit_price=Decimal("5.30"),
        currency="EUR",
        billing_frequency="monthly",
    )
    make_rule(book, "markup", "12.5")
    make_rule(own, "markup", "10")
    return row


def table(client: Client, query: str) -> list[dict[str, str]]:
    text = client.get(f"/subscriptions/?{query}").getvalue().decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_and_its_files_tell_each_side_to_whom_it_may(
    estate: Estate, priced: Subscription, boss: User, rita: User, client_of: Browser
) -> None:
    page = client_of(boss).get(f"/subscriptions/?{COLUMNS}").content.decode()
    assert "€53.00<small>last invoice line, October 2026</small>" in page
    assert "€63.00" in page
    plain = client_of(boss).get("/subscriptions/").content.decode()
    assert "€53.00" not in plain, "hidden until somebody chooses it"
    assert COST not in str(table(client_of(boss), "export=csv")), "nor in a file of all columns"
    (row,) = [one for one in table(client_of(boss), f"export=csv&{COLUMNS}") if one[COST]]
    assert (row[COST], row[f"{COST} (currency)"]) == ("53.00", "EUR")
    assert (row[RESELLER], row[f"{RESELLER} (currency)"], row[CUSTOMER]) == ("63.00", "EUR", "")
    address = f"/subscriptions/?{COLUMNS}"
    mine = client_of(rita).get(address).content.decode()
    assert "€63.00" in mine
    assert "€69.30" in mine
    theirs = table(client_of(rita), f"export=csv&{COLUMNS}&columns=visible")
    assert [name for name in theirs[0] if COST in name] == []
    assert {row[CUSTOMER] for row in theirs} == {"69.30", ""}
    for text in (mine, str(theirs), str(table(client_of(rita), f"export=csv&{COLUMNS}"))):
        for word in (COST, "53.00", "invoice line"):
            assert word not in text, "cost is not even offered"
    helper = make_person("helper", "helpdesk", estate.connection)
    seen = client_of(helper).get(address).content.decode()
    assert "a month, net" not in seen
    tab = f"/customers/{priced.customer_id}/subscriptions/?{COLUMNS}"
    assert "€53.00" in client_of(boss).get(tab).content.decode()
    ends = timezone.now() + dt.timedelta(days=9)
    Subscription.objects.filter(pk=priced.pk).update(commitment_end_date=ends)
    due = client_of(boss).get(f"/renewals/?{COLUMNS}").content.decode()
    assert ("€53.00" in due, "€63.00" in due) == (True, True)
    assert "€53.00" not in client_of(rita).get(f"/renewals/?{COLUMNS}").content.decode()
    job = ExportJob.objects.create(
        user=rita, list_slug="subscriptions", format="csv", query=COLUMNS, language="en"
    )
    writing.write(writing.claim(job.pk))
    job.refresh_from_db()
    assert job.file is not None
    written = job.file.path.read_text(encoding="utf-8")
    assert "69.30" in written
    assert "53.00" not in written


def test_a_page_of_any_length_asks_for_all_prices_at_once(
    estate: Estate,
    priced: Subscription,
    boss: User,
    client_of: Browser,
    queries_of: Any,
    api_of: Any,
) -> None:
    client, lengths = client_of(boss), []
    for more in (0, 12):
        for number in range(more):
            sold(make_subscription(estate.of_fabrikam, estate.fabrikam, f"N{number}"))
        client.get(f"/subscriptions/?{COLUMNS}")
        with queries_of() as asked:
            client.get(f"/subscriptions/?{COLUMNS}")
        lengths.append(len(asked))
    assert lengths[0] == lengths[1] <= 6
    found = api_of(boss).get("/api/v1/subscriptions/", {"prices": "monthly"}).json()["results"]
    told = {one["id"]: one["monthly"] for one in found}
    assert told[priced.pk] == [
        {
            "side": "cost",
            "amount": "53.00",
            "currency": "EUR",
            "source": "last invoice line, October 2026",
        },
        {"side": "reseller", "amount": "63.00", "currency": "EUR", "source": "price book"},
    ]
    (first,) = [one for pk, one in told.items() if pk == estate.direct_seats.pk]
    assert [(one["side"], one["amount"]) for one in first] == [("cost", None), ("customer", None)]
    bare = api_of(boss).get("/api/v1/subscriptions/").json()["results"]
    assert {one["monthly"] for one in bare} == {None}
    assert api_of(boss).get("/api/v1/subscriptions/", {"prices": "all"}).status_code == 400

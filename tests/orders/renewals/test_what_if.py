"""What each choice would come to: for whom, from which prices, and never a cost for a reseller."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orders.renewals import costing, whatif
from orders.renewals.whatif import Way
from portal.access.scope import Scope
from tests.orders.prices.conftest import BASIC, SKU, book, make_price, make_rule
from tests.orders.renewals.conftest import ending, midnight
from tests.people import Estate, make_person

if TYPE_CHECKING:
    from orders.models import Subscription
    from orders.prices.models import PriceBook
    from portal.access.models import User

__all__ = ["book"]


def priced(estate: Estate, **fields: object) -> "Subscription":
    """Ten seats of Business Basic, a year billed monthly, whose term ends in twenty days."""
    return ending(estate, "Basic", 20, product_id=BASIC, sku_id=SKU, **fields)


def amounts(scope: Scope, row: "Subscription", **told: Any) -> dict[Way, dict[str, Decimal]]:
    (line,) = whatif.compare(scope, [row], **told)
    return {way: {s.value: f.value for s, f in found.items()} for way, found in line.ways.items()}


def test_each_way_by_side(
    estate: Estate, alice: "User", bob: "User", book: "PriceBook", queries_of: Any, client_of: Any
) -> None:
    row = priced(estate)
    began = row.effective_start_date.date().replace(day=1)
    make_price(estate.connection, month=began)  # 67.20 a year: 5.60 a month
    make_price(estate.connection)
    make_price(estate.connection, "6.72", term="P1M")
    make_rule(book, "markup", "10")
    whole = amounts(Scope.for_user(alice), row)
    assert whole[Way.NOW] == {"cost": Decimal("56.00"), "reseller": Decimal("61.60")}
    assert whole[Way.MONTHLY]["cost"] == Decimal("67.20")
    assert whole[Way.EXTENDED]["cost"] == Decimal("69.22"), "three percent above the month"
    assert whole[Way.CANCEL] == {"cost": 0, "reseller": 0}
    assumed = amounts(Scope.for_user(alice), row, percent=Decimal(5))
    assert assumed[Way.RENEW]["cost"] == Decimal("58.80")
    assert assumed[Way.NOW]["cost"] == Decimal("56.00")
    sold = amounts(Scope.for_user(bob), row)
    assert sold[Way.RENEW] == {"reseller": Decimal("61.60")}
    for url in (
        f"/subscriptions/{row.pk}/what-if/",
        f"/customers/{row.customer_id}/what-if/",
        "/renewals/what-if/",
    ):
        told = client_of(bob).get(url).content.decode()
        assert "€61.60" in told, url
        assert "€56.00" not in told, url
        assert f"/subscriptions/{row.pk}/end-of-term/?choice=renew" in told, (
            "a choice leads to its verb"
        )
    due = client_of(alice).get("/renewals/").content.decode()
    assert "Cost a month, net" in due
    assert "Cost a month at renewal, net" in due
    assert "€56.00" in due
    assert "€61.60" not in due, "the side that the reader pays comes first"
    resold = client_of(bob).get("/renewals/").content.decode()
    assert "Charge to the reseller a month at renewal, net" in resold
    assert "€61.60" in resold
    assert "€56.00" not in resold
    reads = make_person("reads", "auditor", estate.connection)
    assert "?choice=" not in client_of(reads).get("/renewals/what-if/").content.decode()
    month = client_of(bob).get(f"/renewals/calendar/?month={midnight(20):%Y-%m}").content.decode()
    assert "€61.60" in month
    assert "€56.00" not in month
    with queries_of() as few:
        whatif.compare(Scope.for_user(alice), [row])
    more = [row, ending(estate, "Other", 70), ending(estate, "Third", 40)]
    with queries_of() as many:
        whatif.compare(Scope.for_user(alice), more)
    assert len(many) == len(few)


def test_a_price_that_is_announced_is_taken_as_it_is(
    estate: Estate, alice: "User", api_of: Any
) -> None:
    row = priced(estate)
    next_day = whatif._next(row)
    make_price(estate.connection, ends_on=next_day - dt.timedelta(days=1))
    make_price(estate.connection, "72.00", starts_on=next_day)
    found = amounts(Scope.for_user(alice), row, percent=Decimal(50))
    assert found[Way.RENEW]["cost"] == Decimal("60.00")
    url = f"/api/v1/subscriptions/{row.pk}/what-if/"
    told = api_of(alice).get(url).json()
    sums = {(one["way"], one["side"]): one["amount"] for one in told["totals"]}
    assert sums[("renew", "cost")] == "60.00"
    assert (told["unpriced"], told["cut"]) == (0, False)
    assert api_of(alice).get(url, {"percent": "much"}).status_code == 400


def test_without_a_price_nothing_is_made_up(
    estate: Estate, bob: "User", client_of: Any, monkeypatch: Any
) -> None:
    row = priced(estate, effective_start_date=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    (line,) = whatif.compare(Scope.for_user(bob), [row])
    assert not any(line.ways.values())
    told = client_of(bob).get("/renewals/what-if/", {"within": "30"}).content.decode()
    assert "No price is known" in told
    assert "Of 1 subscription an amount is not known" in told
    assert 'class="btn btn-sm" href="/price-books/"' in told, "where it is mended"
    assert "/price-sheets/" not in told, "which is not for a reseller"
    ending(estate, "Second", 21)
    monkeypatch.setattr(costing, "MOST", 1)
    cut = client_of(bob).get("/renewals/what-if/").content.decode()
    assert "these are the first 1." in cut

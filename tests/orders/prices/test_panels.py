"""What a panel says of money before anything is asked: of the sides that its reader sees, a reseller never of cost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Subscription
from orders.prices.models import PriceBook
from portal.access.models import User
from tests.orders.prices.conftest import BASIC, SKU, make_price, make_rule
from tests.orders.renewals.conftest import ending
from tests.people import Estate

Browser = Callable[[User], Client]


@pytest.fixture
def row(estate: Estate, book: PriceBook, own: PriceBook) -> Subscription:
    """Ten seats at 5.60 a month, charged on at 6.30 and 6.93; a month's term costs 7.00."""
    estate.of_fabrikam.country = "FR"
    estate.of_fabrikam.save()
    until = timezone.now() + timedelta(days=1)
    found = ending(
        estate,
        "Basic",
        20,
        product_id=BASIC,
        sku_id=SKU,
        offer_id=f"{BASIC}:{SKU}:CFQ7TTC0K971",
        cancellation_allowed_until=until,
    )
    assert found.effective_start_date is not None
    make_price(estate.connection, month=found.effective_start_date.date().replace(day=1))
    make_price(estate.connection, "84.00", cycle="annual")
    make_price(estate.connection, "7.00", term="P1M")
    make_rule(book, "markup", "12.5")
    make_rule(own, "markup", "10")
    return found


def test_each_panel_tells_the_sides_of_its_reader(
    row: Subscription, boss: User, rita: User, client_of: Browser
) -> None:
    def told(user: User, end: str, **typed: str) -> str:
        url = f"/subscriptions/{row.pk}/{end}"
        client = client_of(user)
        return (client.post(url, typed) if typed else client.get(url)).content.decode()

    asked = {
        "quantity/?quantity=%2B5": {},
        "suspend/": {},
        "end-of-term/?choice=cancel": {},
        "cancel/": {"typed_name": str(row)},
        "schedule/": {"seats": "20", "terms": "P1M|monthly"},
        "billing/": {"terms": "P1Y|annual"},
    }
    of_boss = {end: told(boss, end, **typed) for end, typed in asked.items()}
    of_rita = {end: told(rita, end, **typed) for end, typed in asked.items()}
    source = f"price sheet, {row.effective_start_date:%B %Y}"
    more = "quantity/?quantity=%2B5"
    assert f"Change of cost, net: +€28.00, billed monthly ({source})" in of_boss[more]
    assert "Change of the charge to the reseller, net: +€31.50, billed monthly" in of_boss[more]
    assert "Change of the charge to the customer, net: +€34.65, billed monthly" in of_rita[more]
    for end in ("suspend/", "end-of-term/?choice=cancel", "cancel/"):
        assert f"Cost of these seats, net: €56.00, billed monthly ({source})" in of_boss[end], end
        assert "Charge to the reseller for these seats, net: €63.00" in of_rita[end], end
    now = f"price sheet, {timezone.now():%B %Y}"
    next_term = f"Cost a month, net: €56.00 now, €140.00 then ({now})"
    assert next_term in of_boss["schedule/"]
    assert "Charge to the customer a month, net: €69.30 now, €173.40 then" in of_rita["schedule/"]
    assert "Cost a month, net: €56.00 now, – then" in of_boss["billing/"], "not on that sheet"
    for end, text in of_rita.items():
        for word in ("Cost a month", "Cost of these", "Change of cost", "price sheet", "€56.00"):
            assert word not in text, (end, word)
        assert "harge to the reseller" in text, end
        assert "€34" not in of_boss[end], "what a reseller charges is its own affair"

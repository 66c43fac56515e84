"""The home page's money: by month from the sync's totals, for those who may see cost alone."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from billing.models import InvoiceTotal
from portal.access.models import User
from portal.access.scope import Scope
from portal.dashboard.spending import figures
from tests.billing.world import make_invoice
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


@pytest.fixture
def spent(estate: Estate) -> None:
    """Two months in dollars, the second also in euros; and the other connection's invoice."""
    months = [(9, "USD", "100.10"), (10, "USD", "120.20"), (10, "EUR", "7.00")]
    for number, (month, currency, total) in enumerate(months):
        add(estate.connection, f"G{number}", month, currency, total)
    add(estate.other, "G9", 10, "USD", "9999.00")


def add(connection, number: str, month: int, currency: str, total: str) -> None:
    InvoiceTotal.objects.create(
        connection=connection,
        invoice=make_invoice(connection, number),
        currency=currency,
        month=dt.date(2026, month, 1),
        lines=3,
        seats=10 * month,
        recurring=Decimal(total) - 10,
        subtotal=Decimal(total) - 5,
        tax=5,
        total=Decimal(total),
    )


def test_months_by_currency_the_largest_first(spent: None, estate: Estate) -> None:
    found = figures(Scope.for_user(make_person("cashier", "billing", estate.connection)))
    assert found is not None
    assert [one.currency for one in found.spend] == ["USD", "EUR"]
    dollars = found.spend[0]
    assert [[value for value, _text in point.values] for point in dollars.points] == [
        [Decimal("90.10"), Decimal("100.10")],
        [Decimal("110.20"), Decimal("120.20")],
    ]
    assert dollars.total == "US$120.20"
    assert [point.values[0][0] for point in found.seats] == [90, 200]


def test_charts_stand_on_tables_under_a_strict_policy(
    spent: None, alice: User, client_of: ClientOf
) -> None:
    answer = client_of(alice).get(reverse("home"))
    text = answer.content.decode()
    assert text.count("data-chart=") == 3
    assert 'data-value="120.20"' in text
    assert "charts.js" in text
    assert "style=" not in text
    assert "9,999" not in text


def test_resellers_and_sellers_see_no_cost(
    spent: None, estate: Estate, bob: User, client_of: ClientOf
) -> None:
    seller = make_person("seller", "sales", estate.connection)
    inside = make_person("inside", "billing", estate.connection, estate.fabrikam)
    for person in (bob, seller, inside):
        text = client_of(person).get(reverse("home")).content.decode()
        assert "data-chart" not in text
        assert "120.20" not in text
        assert "Invoice lines" not in text

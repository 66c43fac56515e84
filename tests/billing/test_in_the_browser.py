"""Invoices and the home page's charts in Chromium, under the strict policy of the pages."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from billing.models import InvoiceTotal
from tests.billing.world import make_invoice, make_line
from tests.people import make_connection, make_person


@pytest.fixture
def invoice(transactional_db: None) -> Any:
    connection = make_connection("contoso")
    made: Any = None
    for month in (8, 9, 10):
        made = make_invoice(connection, f"G{month}", total=str(month * 100))
        InvoiceTotal.objects.create(
            connection=connection,
            invoice=made,
            currency="USD",
            month=dt.date(2026, month, 1),
            lines=60,
            seats=month,
            recurring=Decimal(month),
            subtotal=Decimal(month),
            tax=1,
            total=Decimal(month + 1),
        )
    for number in range(60):
        make_line(made, number, total=Decimal("0.10"), product_name=f"Product {number % 4}")
    return made


def test_from_the_chart_to_the_lines(open_for: Callable[..., Page], invoice):
    admin = make_person("admin", "administrator")
    page = open_for(admin, viewport={"width": 1280, "height": 900})
    page.goto(reverse("home"))
    chart = page.locator("figure[data-chart=bar] canvas")
    chart.wait_for()
    # Something is painted on it, and it is painted anew in another theme.
    painted = "canvas => canvas.toDataURL()"
    light = chart.evaluate(painted)
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    page.wait_for_function(
        "old => document.querySelector('figure[data-chart=bar] canvas').toDataURL() !== old",
        arg=light,
    )
    figure = page.locator("figure[data-chart=bar]")
    assert not figure.locator("table").is_visible(), "folded away once it is drawn"
    figure.get_by_text("Show as a table").click()
    figure.get_by_role("cell", name="US$11.00").wait_for()

    page.get_by_role("link", name="Billing").click()
    page.get_by_role("link", name="G10").click()
    page.get_by_text("1–50 of 60").wait_for()
    page.get_by_role("link", name="Next").click()
    page.get_by_text("51–60 of 60").wait_for()
    page.get_by_role("link", name="By product").click()
    page.get_by_role("columnheader", name="Product").wait_for()
    assert page.get_by_text("US$6.00").first.is_visible()

"""Numbers, money, dates and lengths in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from portal.ui import formats
from tests.ui.conftest import NOON

NB, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("en", Decimal("1234.5"), "EUR", "€1,234.50"),
        ("en", Decimal("-76.56"), "EUR", "−€76.56"),
        ("en", Decimal(10), "USD", "US$10.00"),
        ("en", Decimal(1500), "JPY", "JP¥1,500"),
        ("fr", Decimal("1234.5"), "EUR", f"1{NARROW}234,50{NB}€"),
        ("fr", Decimal("-76.56"), "EUR", f"−76,56{NB}€"),
        ("en", None, "EUR", "–"),
        ("en", Decimal(5), "", "5.00 (no currency)"),
        ("en", Decimal(5), "XXZ", "XXZ5.00"),
    ],
)
def test_money_always_names_its_currency(language, amount, currency, text):
    with translation.override(language):
        shown = formats.money(amount, currency)
    assert shown.replace(NB, " ") == text.replace(NB, " ")


def test_counts_and_numbers():
    assert formats.count(10_000, capped=True) == "10,000+"
    assert formats.count(None) == "–"
    assert formats.number(Decimal("-1.250")) == "−1.25"
    assert formats.number(Decimal("35.7"), least=2) == "35.70"
    assert formats.number(Decimal("0.001234"), least=2) == "0.001234"
    assert formats.percent(Decimal("0.912")) == "91.2%"
    with translation.override("fr"):
        assert formats.count(1234) == f"1{NARROW}234"
        assert formats.percent(Decimal("0.912")) == f"91,2{NB}%"


def test_days_and_moments_are_local_with_utc_beside():
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert formats.date_short(late) == "25 Nov 2026"
    assert formats.when(late) == "25 Nov 2026 00:30 (24 Nov 23:30 UTC)"
    assert formats.when(NOON) == "24 Nov 2026 13:00 (12:00 UTC)"
    with timezone.override("UTC"):
        assert formats.when(NOON) == "24 Nov 2026 12:00 UTC"
    september = date(2026, 9, 24)
    assert formats.date_short(september) == "24 Sep 2026"
    assert formats.month(september) == "Sep 2026"
    with translation.override("fr"):
        assert formats.date_short(date(2026, 11, 24)) == "24 nov. 2026"
        assert formats.month(september) == "sept. 2026"


@pytest.mark.parametrize(
    ("old", "text"),
    [
        (timedelta(seconds=5), "now"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(hours=3, minutes=59), "3 h"),
        (timedelta(days=5), "5 d"),
        (timedelta(seconds=-30), "now"),
    ],
)
def test_ages_have_one_unit(old, text):
    assert formats.ago(NOON - old, NOON) == text


@pytest.mark.parametrize(
    ("rest", "text", "css"),
    [
        (timedelta(days=6), "6 d 0 h", "is-ok"),
        (timedelta(hours=72), "3 d 0 h", "is-ok"),
        (timedelta(hours=71), "2 d 23 h", "is-warn"),
        (timedelta(hours=3, minutes=18), "3 h 18 min", "is-bad"),
        (timedelta(seconds=12), "12 s", "is-bad"),
        (timedelta(0), "closed", "is-off"),
    ],
)
def test_time_left_has_two_units_and_a_class(rest, text, css):
    assert formats.left(NOON + rest, NOON) == text
    assert formats.left_class(NOON + rest, NOON) == css


def test_days_away():
    today = date(2026, 11, 24)
    words = [formats.days_away(today + timedelta(days=n), today) for n in (-3, -1, 0, 1, 6)]
    assert words == ["3 d ago", "yesterday", "today", "tomorrow", "in 6 d"]
    assert formats.days_away(None) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("P1Y", "1 year"),
        ("P3Y", "3 years"),
        ("P1M", "1 month"),
        ("P1Y6M", "1 year 6 months"),
        ("p30d", "30 days"),
        ("P1W", "P1W"),
        ("P", "P"),
        ("none", "none"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_terms_read_as_words_and_unknown_ones_verbatim(value, text):
    assert formats.term(value) == text


def test_billing_cycles():
    assert formats.billing("Monthly") == "billed monthly"
    assert formats.billing("Fortnightly") == "Fortnightly"


@pytest.mark.parametrize(
    ("code", "english", "french"),
    [("fr", "French", "Français"), ("en-US", "English (United States)", "Anglais (États-Unis)")],
)
def test_a_language_has_a_name(code: str, english: str, french: str) -> None:
    assert formats.language(code) == english
    with translation.override("fr"):
        assert formats.language(code) == french


@pytest.mark.parametrize("code", ["", "zz-top-quality", "tlh!"])
def test_a_tag_that_names_no_language_stays(code: str) -> None:
    assert formats.language(code) == code

"""Numbers of seats as people write them."""

import pytest

from orders.forms import QuantityForm
from orders.quantities import Quantity, misread, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", Quantity(12)),
        (" 12 ", Quantity(12)),
        ("+5", Quantity(5, relative=True)),
        ("-3", Quantity(-3, relative=True)),
        ("− 3", Quantity(-3, relative=True)),
        ("0", Quantity(0)),
    ],
)
def test_totals_and_differences(text: str, expected: Quantity) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize("text", ["", "twelve", "1.5", "1,5", "1e3", "5+", "++5", "١٢", "9" * 10])
def test_anything_else_is_no_number(text: str) -> None:
    assert parse(text) is None


def test_what_is_wrong_is_told_by_its_own_name() -> None:
    assert misread("twelve") == misread("1.5") == "digits"
    assert misread("99999999999") == misread("+ 1000000000") == "too_many"
    form = QuantityForm({"quantity": "99999999999"})
    assert form.errors["quantity"] == ["A number of seats has at most nine digits."]


def test_a_quantity_reads_as_it_was_written() -> None:
    assert [str(parse(text)) for text in ("12", "+5", "-3")] == ["12", "+5", "-3"]

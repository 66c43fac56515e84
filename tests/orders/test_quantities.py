"""Numbers of seats as people write them."""

import pytest

from orders.quantities import Quantity, parse


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


def test_a_quantity_reads_as_it_was_written() -> None:
    assert [str(parse(text)) for text in ("12", "+5", "-3")] == ["12", "+5", "-3"]

"""Lenient reading of wire values, and what counts as a change."""

import datetime as dt
from decimal import Decimal

import pytest

from portal.mirror import values
from portal.mirror.copying import line
from portal.mirror.digests import digest, encoded

UTC = dt.UTC


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("2021-01-14T16:57:15.0966728Z", dt.datetime(2021, 1, 14, 16, 57, 15, 96672, UTC)),
        ("2015-11-25T06: 41: 12Z", dt.datetime(2015, 11, 25, 6, 41, 12, tzinfo=UTC)),
        ("2019-01-09T00:21:45.9263727+02:00", dt.datetime(2019, 1, 8, 22, 21, 45, 926372, UTC)),
        ("2019-01-09T00:21:45", dt.datetime(2019, 1, 9, 0, 21, 45, tzinfo=UTC)),
        ("2017-06-01", dt.datetime(2017, 6, 1, tzinfo=UTC)),
        ("6/1/2017 12:00:00 AM", dt.datetime(2017, 6, 1, tzinfo=UTC)),
        ("06/01/2017 13:14:15", dt.datetime(2017, 6, 1, 13, 14, 15, tzinfo=UTC)),
        ("9999-12-31T23:59:59-05:00", None),
        ("soon", None),
        ("", None),
        (None, None),
        ({}, None),
    ],
)
def test_instants(raw: object, found: dt.datetime | None) -> None:
    assert values.moment(raw) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (5, 5),
        ("5", 5),
        (Decimal("5.0"), 5),
        (Decimal("5.5"), None),
        (2**63, None),
        (True, None),
        ("many", None),
        (None, None),
        ([1], None),
        (float("inf"), None),
    ],
)
def test_whole_numbers(raw: object, found: int | None) -> None:
    assert values.whole(raw) == found


def test_flags_and_texts() -> None:
    assert [values.flag(raw) for raw in (True, "False", "yes", None, 1)] == [
        True,
        False,
        None,
        None,
        None,
    ]
    assert values.text("a\x00b") == "a\ufffdb"
    assert values.text({"a": 1}) == ""
    assert values.text(True) == "true"
    guid = "A356AC8C-E310-44F4-BF85-C7F29044AF99"
    assert values.identifier(guid) == guid.lower()
    assert values.identifier("ImxjLNL4_fOc-2KoyOxGTZcrlIquzls11") == (
        "ImxjLNL4_fOc-2KoyOxGTZcrlIquzls11"
    )


def test_order_links_and_etags_are_no_change() -> None:
    one = {"a": 1, "b": {"c": 2, "attributes": {"etag": "x", "objectType": "T"}}, "links": {"s": 1}}
    two = {"b": {"attributes": {"objectType": "T", "etag": "y"}, "c": 2}, "a": 1}
    assert digest(one, 1) == digest(two, 1)
    assert digest(one, 1) != digest(one, 2), "a new mapping writes every row once"
    assert digest(one, 1) != digest(one | {"a": 2}, 1)
    assert digest({"a": [{"etag": 1}]}, 1) == digest({"a": [{"etag": 2}]}, 1)


def test_json_that_postgres_accepts() -> None:
    assert encoded({"money": Decimal("1.10"), "nul": "a\x00"}) == '{"money":1.10,"nul":"a\\ufffd"}'


def test_copy_lines() -> None:
    at = dt.datetime(2026, 1, 2, tzinfo=UTC)
    row = ["a\tb\\c\nd\r", None, True, 3, at, b"\x01\xff", {"k": "\\"}, [1]]
    assert line(row) + line([""]) == (
        "a\\tb\\\\c\\nd\\r\t\\N\tt\t3\t2026-01-02T00:00:00+00:00\t\\\\x01ff"
        '\t{"k":"\\\\\\\\"}\t[1]\n\n'
    )
    with pytest.raises(KeyError):
        line([object()])

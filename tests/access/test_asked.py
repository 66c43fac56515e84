"""A list of the API refuses what it does not know, by name and with what it knows instead."""

from typing import Any

import pytest
from django.urls import reverse

from tests.people import Estate

LISTS = (
    *("customer", "subscription", "external-id", "invoice", "invoice-line", "change", "batch"),
    *("activity", "timeline", "connection"),
)


@pytest.fixture
def api(estate: Estate, administrator: Any, api_of: Any) -> Any:
    return api_of(administrator)


def refused(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 400, answer.content
    told = answer.json()
    assert told["code"] == "invalid"
    return dict(told["fields"])


@pytest.mark.parametrize("name", LISTS)
def test_a_misspelt_parameter_is_named_with_the_ones_there_are(api, name):
    url = reverse(f"api-{name}-list")
    assert api.get(url).status_code == 200
    fields = refused(api.get(url, {"stauts": "active"}))
    assert list(fields) == ["stauts"]
    assert "size" in fields["stauts"][0]


@pytest.mark.parametrize("name", LISTS)
def test_a_bad_place_or_size_is_a_bad_request(api, name):
    url = reverse(f"api-{name}-list")
    for cursor in ("nowhere", "cj0xJnA9", "\x00", "é"):
        assert list(refused(api.get(url, {"after": cursor}))) == ["after"]
    for size in ("0", "-1", "201", "many", "٣", "9" * 5000):
        assert list(refused(api.get(url, {"size": size}))) == ["size"]
    assert api.get(url, {"size": "1"}).status_code == 200
    assert api.get(url, {"size": "", "after": ""}).status_code == 200


@pytest.mark.parametrize(
    ("name", "parameter", "known"),
    [
        ("subscription", "status", "suspended"),
        ("change", "state", "in_doubt"),
        ("timeline", "source", "not_by_us"),
    ],
)
def test_an_unknown_value_is_told_the_known_ones(api, name, parameter, known):
    url = reverse(f"api-{name}-list")
    assert known in refused(api.get(url, {parameter: "actve"}))[parameter][0]
    assert api.get(url, {parameter: known}).status_code == 200
    assert api.get(url, {parameter: ""}).status_code == 200


def test_one_row_takes_no_filter(api, estate):
    url = reverse("api-customer-detail", args=[estate.direct.pk])
    assert api.get(url).status_code == 200
    assert "q" in refused(api.get(url, {"q": "x"}))


def test_a_page_after_the_first_is_found_by_its_address(api, estate):
    first = api.get(reverse("api-subscription-list"), {"size": "2", "status": "active"}).json()
    second = api.get(first["next"]).json()
    assert second["previous"]
    assert {row["id"] for row in first["results"]}.isdisjoint(
        row["id"] for row in second["results"]
    )


def test_what_is_no_number_and_no_day_is_refused_instead_of_finding_nothing(api):
    orders = reverse("api-order-list")
    for parameter, value in (
        ("customer", "abc"),
        ("customer", "9" * 5000),
        ("reseller", "-1"),
        ("ordered_from", "2026-13-01"),
        ("ordered_until", "soon"),
    ):
        assert list(refused(api.get(orders, {parameter: value}))) == [parameter]
    assert api.get(orders, {"customer": "7", "ordered_from": "2026-11-01"}).status_code == 200
    for name in ("cart", "transfer", "migration", "planned-migration", "azure-subscription"):
        url = reverse(f"api-{name}-list")
        assert list(refused(api.get(url, {"customer": "x"}))) == ["customer"]
        assert api.get(url, {"customer": "7"}).status_code == 200
    assert list(refused(api.get(reverse("api-price-rule-list"), {"book": "x"}))) == ["book"]
    assert list(refused(api.get(reverse("api-sheet-price-list"), {"month": "11"}))) == ["month"]
    assert list(refused(api.get(reverse("api-renewals-what-if"), {"precent": "5"}))) == ["precent"]

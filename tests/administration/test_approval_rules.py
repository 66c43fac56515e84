"""Approval rules in the Settings: made, edited into versions, ended, and only where one manages them."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from portal.access.models import User
from portal.activity.models import Entry
from portal.outbox.approvals.models import Rule
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


@pytest.fixture
def data(estate: Estate) -> dict[str, object]:
    return {
        "name": "Large ones",
        "connection": estate.connection.pk,
        "reseller": estate.fabrikam.pk,
        "verb": "subscription.suspend",
        "role": "",
        "least_seats": "10",
        "hours": "48",
    }


def test_a_rule_is_made_edited_and_ended(
    alice: User, client_of: ClientOf, data: dict[str, object], estate: Estate
) -> None:
    client = client_of(alice)
    assert client.post("/settings/approval-rules/new/", data).status_code == 302
    first = Rule.objects.get()
    assert (first.version, first.least_seats, first.author) == (1, 10, alice)
    assert "Large ones" in client.get("/settings/approval-rules/").content.decode()

    client.post(f"/settings/approval-rules/{first.pk}/", data | {"least_seats": "20"})
    first.refresh_from_db()
    assert (first.is_current, first.least_seats) == (False, 10)
    second = Rule.objects.get(is_current=True)
    assert (second.version, second.least_seats) == (2, 20)
    page = client.get(f"/settings/approval-rules/{second.pk}/").content.decode()
    assert "from 10 seats" in page
    assert client.get(f"/settings/approval-rules/{first.pk}/").status_code == 404

    client.post(f"/settings/approval-rules/{second.pk}/end/")
    assert not Rule.objects.filter(is_current=True).exists()
    kinds = list(Entry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["approval_rule.created", "approval_rule.changed", "approval_rule.ended"]


def test_an_amount_of_money_is_kept_and_named_in_every_version(
    alice: User, client_of: ClientOf, data: dict[str, object]
) -> None:
    client = client_of(alice)
    money = {"least_seats": "", "least_amount": "1234.5", "currency": "eur"}
    assert client.post("/settings/approval-rules/new/", data | money).status_code == 302
    first = Rule.objects.get()
    assert (first.least_amount, first.currency) == (Decimal("1234.50"), "EUR")
    assert "€1,234.50" in client.get("/settings/approval-rules/").content.decode()
    client.post(f"/settings/approval-rules/{first.pk}/", data | money | {"least_amount": "99"})
    second = Rule.objects.get(is_current=True)
    assert (second.version, second.least_amount) == (2, Decimal(99))
    page = client.get(f"/settings/approval-rules/{second.pk}/").content.decode()
    assert "from €1,234.50 a month" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"least_seats": "-1"},
        {"hours": "0"},
        {"hours": "100000"},
        {"name": ""},
        {"verb": "nothing"},
        {"least_amount": "100"},
        {"currency": "EUR"},
        {"least_amount": "0", "currency": "EUR"},
        {"least_amount": "100", "currency": "ABC"},
        {"least_amount": "100", "currency": "EUR", "verb": "subscription.rename"},  # costs nothing
    ],
)
def test_a_wrong_value_is_refused(
    alice: User, client_of: ClientOf, data: dict[str, object], wrong: dict[str, object]
) -> None:
    assert client_of(alice).post("/settings/approval-rules/new/", data | wrong).status_code == 422
    assert not Rule.objects.exists()


def test_another_connections_things_cannot_be_named(
    alice: User, client_of: ClientOf, data: dict[str, object], estate: Estate
) -> None:
    client = client_of(alice)
    for wrong in ({"connection": estate.other.pk}, {"reseller": estate.foreign.pk}):
        answer = client.post("/settings/approval-rules/new/", data | wrong)
        assert answer.status_code == 422
    foreign = Rule.objects.create(name="Theirs", connection=estate.other)
    assert client.post(f"/settings/approval-rules/{foreign.pk}/end/").status_code == 404
    assert "Theirs" not in client.get("/settings/approval-rules/").content.decode()
    foreign.refresh_from_db()
    assert foreign.is_current


def test_a_resellers_admin_makes_no_rules(
    estate: Estate, client_of: ClientOf, data: dict[str, object]
) -> None:
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)
    assert client_of(carol).post("/settings/approval-rules/new/", data).status_code == 403
    assert not Rule.objects.exists()

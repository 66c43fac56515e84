"""What the demo is given beside its first sync: price books of both owners, and lists to be read first."""

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from customers.licences.sync import SKUS
from orders.prices.models import PriceBook, PriceRule, PriceSheet
from orders.prices.part import SHEETS
from portal.embedded import example
from portal.mirror import tasks
from portal.mirror.models import DirtyMark
from tests.people import Estate, make_person

if TYPE_CHECKING:
    from portal.access.models import User


def test_both_owners_have_their_books_once_and_prices_are_read_soon(
    estate: Estate, alice: "User", monkeypatch: pytest.MonkeyPatch
) -> None:
    own, fabrikam = estate.connection, estate.fabrikam
    seller = make_person("seller", "reseller-admin", own, fabrikam)
    emails = {"distributor": alice.email, "reseller": seller.email}
    example.price_books(own, **emails)
    example.price_books(own, **emails)
    books = PriceBook.objects.order_by("pk").values_list("side", "reseller")
    assert list(books) == [("reseller", None), ("customer", None), ("customer", fabrikam.pk)]
    assert set(PriceRule.objects.values_list("kind", flat=True)) == {"markup"}

    asked: list[int] = []
    monkeypatch.setattr(tasks.drip, "delay", asked.append)
    month = {"market": "FR", "view": "software", "month": dt.date(2026, 11, 1)}
    PriceSheet.objects.create(connection=own, pc_id="FR/software/202611", **month)
    own.refresh_token = "canary-token"
    own.save()
    example.read_soon(own)
    assert asked == [own.pk]
    assert set(DirtyMark.objects.values_list("family", flat=True)) == {SHEETS, SKUS}
    assert DirtyMark.objects.filter(priority__gte=0).count() == 0, "a run does not wait for them"

"""What "refresh now" tells on a page: that it reads, then the new age, or what failed."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Invoice
from portal.access.models import User
from portal.connections.models import Connection
from portal.mirror import dirty, fetching, refresh, tasks
from portal.mirror.models import DirtyMark
from portal.partnercenter.errors import BadAnswer, TokenRefused
from tests.billing.world import wire_invoice
from tests.factories import store
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
IN_A_PAGE = {"HX-Request": "true", "HX-Target": "age"}
POLLS = 'hx-trigger="every 2s" hx-select="#age"'
RENEWS = 'hx-select="#main"'


@pytest.fixture(autouse=True)
def forgotten(db: None) -> None:
    cache.clear()


@pytest.fixture
def boss(estate: Estate) -> User:
    return make_person("boss", "administrator")


@pytest.fixture
def addresses(estate: Estate) -> dict[str, str]:
    """Each page with "Refresh now", and where that goes."""
    store("invoices", estate.connection, wire_invoice("G000024135", "120.40"))
    invoice, seats = Invoice.objects.get(), estate.fabrikam_seats
    type(seats).objects.filter(pk=seats.pk).update(detail_observed_at=timezone.now())
    rows = {"customer": estate.of_fabrikam.pk, "subscription": seats.pk, "invoice": invoice.pk}
    found = {
        reverse(name, args=[pk]): reverse(f"{name}_refresh", args=[pk]) for name, pk in rows.items()
    }
    return found | {reverse("invoices"): reverse("invoices_refresh")}


def test_a_page_tells_that_it_reads_then_renews_itself_then_is_quiet(
    addresses: dict[str, str], boss: User, client_of: ClientOf
) -> None:
    client = client_of(boss)
    for page, again in addresses.items():
        DirtyMark.objects.all().delete()
        before = client.get(page).content.decode()
        assert "Reading…" not in before, page
        assert POLLS not in before, page
        client.post(again)
        text = client.get(page).content.decode()
        assert "Reading…" in text, page
        assert f'hx-get="{page}" {POLLS}' in text, page
        assert "Refresh now" not in text, page
        asked = client.get(page, headers=IN_A_PAGE).content.decode()
        assert "<!doctype html>" in asked, "the line is taken out of the whole page"
        assert RENEWS not in asked, page
        DirtyMark.objects.all().delete()
        ended = client.get(page, headers=IN_A_PAGE).content.decode()
        assert RENEWS in ended, page
        assert POLLS not in ended, page
        assert RENEWS not in client.get(page).content.decode(), page


def test_every_page_tells_a_failure_with_code_and_correlation(
    addresses: dict[str, str], boss: User, client_of: ClientOf
) -> None:
    client = client_of(boss)
    for page, again in addresses.items():
        DirtyMark.objects.all().delete()
        client.post(again)
        for mark in DirtyMark.objects.all():
            dirty.postpone(mark, BadAnswer("no <b>JSON", correlation_id="cafe-1"))
        text = client.get(page, headers=IN_A_PAGE).content.decode()
        assert (
            "The last reading failed: The answer did not come from Partner Center, or only in part. · BadAnswer · no &lt;b&gt;JSON"
            in text
        ), page
        assert "cafe-1" in text, page
        assert POLLS not in text, page
        assert RENEWS not in text, page
        assert "Refresh now" in text, page


def test_a_page_does_not_wait_for_ever(
    addresses: dict[str, str], boss: User, client_of: ClientOf
) -> None:
    client = client_of(boss)
    page = next(iter(addresses))
    client.post(addresses[page])
    DirtyMark.objects.update(marked_at=timezone.now() - dt.timedelta(minutes=3))
    text = client.get(page).content.decode()
    assert "Asked for 3 min ago, not read yet" in text
    assert POLLS not in text
    assert "Refresh now" in text


def test_the_age_is_that_of_a_reading_that_changed_nothing(
    addresses: dict[str, str], estate: Estate, boss: User, client_of: ClientOf
) -> None:
    client = client_of(boss)
    row = estate.of_fabrikam
    old = timezone.now() - dt.timedelta(days=3)
    type(row).objects.filter(pk=row.pk).update(list_observed_at=old)
    page = row.get_absolute_url()
    client.post(addresses[page])
    first, second = DirtyMark.objects.filter(priority=dirty.VIEWED).order_by("pk")
    refresh.remember(first, timezone.now())
    first.delete()
    assert "3 d ago" in client.get(page).content.decode(), "one of two is not all"
    refresh.remember(second, timezone.now())
    second.delete()
    assert "just now" in client.get(page).content.decode()


def test_a_refused_sign_in_is_told_too(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_named: object) -> None:
        raise TokenRefused("consent withdrawn", code="AADSTS50173")

    monkeypatch.setattr(fetching, "make_clients", refused)
    mark = refresh.request(estate.connection, "customers", estate.of_fabrikam.pc_id)
    with pytest.raises(TokenRefused):
        tasks.refresh_one(mark.pk)
    target = refresh.Target(estate.connection, "customers", estate.of_fabrikam.pc_id)
    age = refresh.age(None, [target])
    assert "AADSTS50173 · consent withdrawn" in str(age.note)
    assert not age.reading


def test_what_nobody_asked_for_costs_no_query(
    estate: Estate, django_assert_num_queries: Callable[[int], object]
) -> None:
    connection = Connection.objects.get(pk=estate.connection.pk)
    with django_assert_num_queries(0):  # type: ignore[attr-defined] # a context manager
        refresh.age(None, [refresh.Target(connection, "customers", "a b")])

"""Search: identifiers first, then text, always within the scope, never slow."""

import statistics
import time

import pytest
from django.db import connection

from customers.models import Customer
from portal.access import search
from portal.access.entering import entered
from portal.access.models import SearchEntry, User
from portal.access.scope import Scope
from tests.people import Estate


@pytest.fixture
def indexed(estate: Estate) -> Estate:
    for kind in search.kinds():
        search.reindex(kind)
    return estate


def found(scope: Scope, text: str) -> set[str]:
    return {hit.title for hit in search.search(scope, text, limit=50)}


def test_domains_fill_the_registry() -> None:
    assert {"customer", "subscription"} <= set(search.kinds())


def test_each_finds_their_own_part(
    indexed: Estate, alice: User, bob: User, charlie: User, auditor: User
) -> None:
    assert "Adatum" in found(Scope.for_user(bob), "adatum")
    assert found(Scope.for_user(charlie), "adatum") == set()
    assert found(Scope.for_user(alice), "alpine") == set()
    assert "Alpine" in found(Scope.for_user(auditor), "ALPINE")
    assert "Proseware" in found(Scope.for_user(bob), "rosewar")
    assert "Proseware" in found(Scope.for_user(charlie), "rosewar")


def test_shared_customers_subscriptions_stay_apart(
    indexed: Estate, bob: User, charlie: User
) -> None:
    assert "E3 of Proseware" in found(Scope.for_user(bob), "of proseware")
    assert "E5 of Proseware" not in found(Scope.for_user(bob), "of proseware")
    assert "E5 of Proseware" in found(Scope.for_user(charlie), "of proseware")


def test_identifier_opens_its_record_alone(indexed: Estate, bob: User, charlie: User) -> None:
    pasted = f"  {indexed.of_fabrikam.pc_id.upper()} "
    (hit,) = search.search(Scope.for_user(bob), pasted, kinds=["customer"])
    assert (hit.object_id, hit.exact) == (indexed.of_fabrikam.pk, True)
    assert search.search(Scope.for_user(charlie), pasted) == []


@pytest.mark.parametrize("text", ["", "  ", "a", "ad", "\x00", "%%%", "___", "\\\\\\", "'; --"])
def test_short_and_hostile_text_finds_nothing(text: str, indexed: Estate, auditor: User) -> None:
    assert search.search(Scope.for_user(auditor), text) == []


def test_renamed_and_gone_records_follow(indexed: Estate, auditor: User) -> None:
    scope, customer = Scope.for_user(auditor), indexed.of_fabrikam
    Customer.objects.filter(pk=customer.pk).update(name="Fourth Coffee")
    assert search.reindex("customer", [customer.pk]) == 1
    assert search.reindex("customer") == 0
    assert "Fourth Coffee" in found(scope, "fourth coffee")
    Customer.objects.filter(pk=customer.pk).update(gone_at="2026-01-01T00:00Z")
    search.reindex("customer", [customer.pk])
    assert "Fourth Coffee" not in found(scope, "fourth coffee")


def test_web_role_without_scope_finds_nothing_whatever_it_passes(indexed: Estate) -> None:
    with entered(Scope.nobody()):
        assert search.search(Scope.system(), "adatum") == []
    assert search.search(Scope.system(), "adatum") != []


def test_wall_bounds_a_scope_that_was_mixed_up(indexed: Estate, bob: User, charlie: User) -> None:
    with entered(Scope.for_user(charlie)):
        assert found(Scope.for_user(bob), "adatum") == set()


def test_search_stays_quick_among_many(indexed: Estate, bob: User) -> None:
    """The index is used through the function; the benchmark measures a million."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_searchentry"
            " (kind, object_id, connection_id, reseller_ids, title, subtitle, keys, text)"
            " SELECT 'customer', 1000000 + i, %s, ARRAY[%s]::bigint[], md5(i::text), '',"
            " ARRAY[md5(i::text)], md5(i::text) || ' company' FROM generate_series(1, 20000) i",
            [indexed.connection.pk, indexed.northwind.pk],
        )
        cursor.execute("ANALYZE access_searchentry")
    assert SearchEntry.objects.count() > 20000
    spent = []
    with entered(Scope.for_user(bob)):
        for _ in range(20):
            start = time.perf_counter()
            assert "Adatum" in found(Scope.for_user(bob), "adatum")
            spent.append(time.perf_counter() - start)
    assert statistics.median(spent) < 0.05

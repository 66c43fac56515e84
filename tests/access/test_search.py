"""Search: identifiers first, then text, always within the scope, never slow."""

import statistics
import time

import pytest
from django.db import connection

from customers.models import Customer
from portal.access import search
from portal.access.entering import entered
from portal.access.models import Membership, SearchEntry, User
from portal.access.scope import Scope
from tests.people import Estate, make_customer


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


def test_a_connection_and_a_reseller_of_another_are_seen_together(
    indexed: Estate, alice: User, auditor: User
) -> None:
    Membership.objects.create(
        user=alice, role="sales", connection=indexed.other, reseller=indexed.foreign
    )
    unseen = make_customer(indexed.other, "Alpine Direct")
    search.reindex("customer")
    scope = Scope.for_user(alice)
    with entered(scope):
        assert {"Alpine", "E3 of Alpine"} <= found(scope, "alpine")
        assert "Lucerne" in found(scope, "lucerne")
        assert unseen.name not in found(scope, "alpine")
    assert unseen.name in found(Scope.for_user(auditor), "alpine")


def test_one_kind_is_found_as_among_all(
    indexed: Estate, alice: User, bob: User, charlie: User, auditor: User
) -> None:
    for person in (alice, bob, charlie, auditor):
        scope = Scope.for_user(person)
        for text in ("proseware", "microsoft", "alpine", "e3 of"):
            with entered(scope):
                every = set(search.search(scope, text, limit=50))
                for kind in search.kinds():
                    alone = search.search(scope, text, limit=50, kinds=[kind])
                    assert set(alone) == {hit for hit in every if hit.kind == kind}, (person, text)


def test_whoever_asks_for_everything_gets_what_the_wall_lets_through(
    indexed: Estate, alice: User, charlie: User
) -> None:
    for person in (alice, charlie):
        own = Scope.for_user(person)
        with entered(own):
            for text in ("adatum", "proseware", "alpine"):
                for kinds in (None, ["customer"]):
                    asked = search.search(Scope.system(), text, limit=50, kinds=kinds)
                    assert set(asked) == set(search.search(own, text, limit=50, kinds=kinds))


@pytest.mark.parametrize("everything", [True, False])
def test_a_text_of_one_kind_costs_another_kind_nothing(
    everything: bool, indexed: Estate, alice: User
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_searchentry"
            " (kind, object_id, connection_id, reseller_ids, title, subtitle, keys, text)"
            " SELECT 'subscription', 1000000 + i, %s, '{}', 'Visio', '', '{}',"
            " 'visio ' || md5(i::text) FROM generate_series(1, 5000) i",
            [indexed.connection.pk],
        )
        cursor.execute("ANALYZE access_searchentry")

    def read() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
                " WHERE relname = 'access_searchentry'"
            )
            rows: int = cursor.fetchone()[0]
        return rows

    scope = Scope.system() if everything else Scope.for_user(alice)
    before = read()
    assert search.search(scope, "visio", limit=1, kinds=["customer"]) == []
    assert read() - before < 50
    assert search.search(scope, "visio", limit=1, kinds=["subscription"])


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

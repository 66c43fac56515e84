"""Paging by the last row: nothing lost, nothing doubled, in any order and in both ways."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access.models import User
from portal.ui.keyset import BadCursorError, ChunkReader, Keyset
from tests.ui.conftest import NOON

hours = st.one_of(st.none(), st.integers(0, 4))
populations = st.lists(hours, max_size=24)


def _fill(values) -> None:
    User.objects.bulk_create(
        User(
            email=f"{n:02}@x.example",
            last_login=None if hour is None else NOON + timedelta(hours=hour, microseconds=7),
        )
        for n, hour in enumerate(values)
    )


def _expected(descending: bool) -> list[int]:
    """The whole order, worked out in Python: values first, then the rows without one."""
    users = list(User.objects.all())
    some = [user for user in users if user.last_login is not None]
    none = [user for user in users if user.last_login is None]
    some.sort(key=lambda user: (user.last_login, user.pk), reverse=descending)
    none.sort(key=lambda user: user.pk, reverse=descending)
    return [user.pk for user in some + none]


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(population=populations, size=st.integers(1, 7), descending=st.booleans())
def test_forwards_and_backwards_meet_every_row_once(population, size, descending):
    with transaction.atomic():
        _fill(population)
        expected = _expected(descending)
        keyset = Keyset(User.objects.all(), ["last_login"], descending=descending)
        pages = [keyset.page(None, size)]
        while pages[-1].next:
            pages.append(keyset.page(pages[-1].next, size))
        assert [user.pk for page in pages for user in page.rows] == expected
        assert [page.start for page in pages] == list(range(0, max(len(expected), 1), size))

        back = [pages[-1]]
        while back[-1].previous:
            back.append(keyset.page(back[-1].previous, size))
        assert [u.pk for page in reversed(back) for u in page.rows] == expected
        assert back[-1].start == 0
        transaction.set_rollback(True)


def test_rows_added_and_removed_meanwhile_shift_nothing(people):
    keyset = Keyset(User.objects.all(), ["email"])
    first = keyset.page(None, 50)
    User.objects.create(email="a-new-first@x.example")
    people[49].delete()  # the very row that the cursor stands on
    second = keyset.page(first.next, 50)
    assert second.rows[0].email == "p050@x.example"


def test_a_path_over_a_relation_sorts_without_a_query_per_row(db):
    keyset = Keyset(Permission.objects.select_related("content_type"), ["content_type__model"])
    with CaptureQueriesContext(connection) as queries:
        page = keyset.page(None, 5)
        following = keyset.page(page.next, 5)
    assert len(queries) == 2
    names = [row.content_type.model for row in page.rows + following.rows]
    assert names == sorted(names)


def test_a_page_within_the_values_costs_one_query(people, django_assert_num_queries):
    keyset = Keyset(User.objects.all(), ["last_login"])
    with django_assert_num_queries(1):
        page = keyset.page(None, 20)
    with django_assert_num_queries(1):
        keyset.page(page.next, 20)


def test_the_comparison_is_one_an_index_can_answer(people):
    keyset = Keyset(User.objects.all(), ["email"])
    page = keyset.page(None, 10)
    with CaptureQueriesContext(connection) as queries:
        keyset.page(page.next, 10)
    sql = queries[0]["sql"]
    assert '("access_user"."email", "access_user"."id") > (' in sql
    assert "OFFSET" not in sql
    assert " OR " not in sql


@pytest.mark.parametrize("cursor", ["x", "", "WzAsMCw0OV0:forged", "\x00", "a" * 5000, "é:é"])
def test_a_cursor_that_is_not_ours_is_refused(people, cursor):
    keyset = Keyset(User.objects.all(), ["email"])
    if not cursor:
        assert keyset.page(cursor, 5).start == 0
        return
    with pytest.raises(BadCursorError):
        keyset.page(cursor, 5)


def test_a_cursor_of_another_order_is_refused(people):
    by_mail = Keyset(User.objects.all(), ["email"]).page(None, 5).next
    for other in (
        Keyset(User.objects.all(), ["name"]),
        Keyset(User.objects.all(), ["email"], descending=True),
    ):
        with pytest.raises(BadCursorError):
            other.page(by_mail, 5)


def test_a_second_column_that_may_be_null_is_refused_at_once():
    with pytest.raises(ValueError, match="may be null"):
        Keyset(User.objects.all(), ["email", "last_login"])


def test_an_unknown_column_is_refused_at_once():
    with pytest.raises(ValueError, match="cannot sort by"):
        Keyset(User.objects.all(), ["no_such_thing"])


def test_chunks_read_everything_and_then_nothing(people):
    reader = ChunkReader(Keyset(User.objects.all(), ["last_login"]), 50)
    sizes = [len(reader.read()) for _round in range(4)]
    assert sizes == [50, 50, 20, 0]

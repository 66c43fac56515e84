"""Reading by age stays within its part of the budget, and no family starves another."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from customers.users.part import ROLES, USERS
from portal.mirror import aging, rounds, schedule, tasks
from portal.mirror.models import DirtyMark
from tests.people import Estate


@pytest.mark.parametrize(
    ("budget", "needs", "given"),
    [
        (100, {"few": (10, 2), "many": (9999, 1)}, {"few": 10, "many": 80}),
        (100, {"two": (9999, 2), "one": (9999, 1)}, {"two": 25, "one": 50}),
        (
            100,
            {"dear": (50, 8), "cheap": (50, 2), "none": (0, 1)},
            {"dear": 6, "cheap": 25, "none": 0},
        ),
        (0, {"some": (3, 1)}, {"some": 0}),
    ],
)
def test_a_budget_is_shared_equally_and_what_one_does_not_need_goes_on(
    budget: int, needs: dict[str, tuple[int, int]], given: dict[str, int]
) -> None:
    assert aging.shared_out(budget, needs) == given


def test_a_minute_marks_no_more_than_its_part_and_waits_for_what_is_left(
    estate: Estate, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MIRROR_AGED_PERCENT = 10
    connection = estate.connection
    connection.limits, connection.refresh_token = {"other": 200, "customers": 10}, "canary-token"
    connection.save()
    marked = aging.mark_due(connection, {USERS, ROLES})
    assert marked == {USERS: 4, ROLES: 1}, (
        "ten requests for each: four customers at two, one at eight"
    )
    again = aging.mark_due(connection, {USERS, ROLES})
    assert again == {USERS: 0, ROLES: 0}, (
        "16 of 20 wait, and 4 are too few for another list of roles"
    )
    DirtyMark.objects.filter(family=ROLES).delete()
    assert aging.mark_due(connection, {USERS, ROLES}) == {USERS: 0, ROLES: 1}
    with CaptureQueriesContext(database) as asked:
        assert rounds.rounds(connection) == [], "a page counts nothing"
    assert not asked
    monkeypatch.setattr(schedule, "drip", lambda *_given: None)
    assert tasks.SLICE < tasks.HELD < 60, "the clock asks every minute, and none may be lost"
    tasks.drip(connection.pk)
    row = next(one for one in rounds.rounds(connection) if one.family == USERS)
    assert (row.lists, row.unread, row.requests) == (4, 4, 20)
    assert aging.old_after() < row.at_most

"""The history of a subscription says in a title what changed."""

import pytest

from orders import history
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from tests.people import Estate


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"quantity": 12}, "Seats changed"),
        ({"status": "suspended"}, "Status changed"),
        ({"friendly_name": "Other"}, "Renamed"),
        ({"promotion_id": "X"}, "Promotion"),
        ({"quantity": 12, "status": "suspended"}, "Several values"),
    ],
)
def test_one_change_has_the_title_of_its_field(
    estate: Estate, bob: User, changes: dict[str, object], title: str
) -> None:
    row = estate.fabrikam_seats
    Subscription.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
    (event,) = history.of_subscription(Scope.for_user(bob), row)
    assert event.title == title
    assert len(event.rows) == len(changes)

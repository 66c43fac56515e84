"""The overviews of a customer and of an indirect reseller: what ends, changes and happened, to whom it is shown."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import Subscription
from portal.access.models import User
from portal.activity.actors import Actor
from portal.activity.log import record
from tests.people import Estate, make_change, make_person, make_subscription

ClientOf = Callable[[User], Client]
REFUSED = {"code": "1", "message": "No"}


def ends(row: Subscription, days: int, term: str = "P1Y") -> None:
    end = timezone.now() + dt.timedelta(days=days)
    Subscription.objects.filter(pk=row.pk).update(
        commitment_end_date=end, term_duration=term, auto_renew=True
    )


@pytest.fixture
def busy(estate: Estate, bob: User) -> Estate:
    """Fabrikam's part of a shared customer ends soon and failed to change; Northwind's ends sooner."""
    ends(estate.shared_fabrikam, 5)
    ends(estate.shared_northwind, 3)
    monthly = make_subscription(estate.shared, estate.fabrikam, "Monthly seats")
    ends(monthly, 1, "P1M")
    make_change(
        estate.shared_fabrikam, bob, state="failed", error=REFUSED, settled_at=timezone.now()
    )
    make_change(estate.shared_northwind, bob, state="queued")
    record(
        "user.changed",
        actor=Actor.for_user(bob),
        connection=estate.connection,
        reseller_id=estate.fabrikam.pk,
        target=estate.shared_fabrikam,
        customer_pc_id=estate.shared.pc_id,
    )
    return estate


def test_a_customer_tells_what_ends_next_and_what_changes(
    busy: Estate, alice: User, client_of: ClientOf
) -> None:
    answer = client_of(alice).get(reverse("customer", args=[busy.shared.pk]))
    text = answer.content.decode()
    part = text.split('id="ending"')[1].split("</section>")[0]
    names = [busy.shared_northwind.friendly_name, busy.shared_fabrikam.friendly_name]
    assert all(name in part for name in names)
    assert part.index(names[0]) < part.index(names[1])
    assert "Monthly seats" not in part
    below = text.split('id="under-way"')[1].split("</section>")[0]
    assert "Failed" in below
    assert all(name in below for name in names)
    assert "Recent activity" in text


def test_a_reseller_sees_its_own_part_of_a_shared_customer(
    busy: Estate, bob: User, client_of: ClientOf
) -> None:
    text = client_of(bob).get(reverse("customer", args=[busy.shared.pk])).content.decode()
    assert busy.shared_fabrikam.friendly_name in text
    assert busy.shared_northwind.friendly_name not in text
    assert "Recent activity" not in text


def test_a_resellers_page_tells_its_figures_staff_and_changes(
    busy: Estate, alice: User, bob: User, client_of: ClientOf
) -> None:
    text = client_of(alice).get(reverse("reseller", args=[busy.fabrikam.pk])).content.decode()
    assert busy.shared_fabrikam.friendly_name in text
    assert busy.shared_northwind.friendly_name not in text
    assert busy.shared.name in text.split('id="ending"')[1]
    staff = text.split('id="staff"')[1].split("</section>")[0]
    assert bob.email in staff
    assert alice.email not in staff
    assert "Recent activity" in text


def test_who_manages_nobody_sees_no_staff(busy: Estate, bob: User, client_of: ClientOf) -> None:
    colleague = make_person("colleague", "sales", busy.connection, busy.fabrikam)
    text = client_of(bob).get(reverse("reseller", args=[busy.fabrikam.pk])).content.decode()
    assert "Seats bought" in text
    assert colleague.email not in text
    assert 'id="staff"' not in text

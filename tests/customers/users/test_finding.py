"""Finding a user among all customers: the search, the list, and who may know of whom."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer, CustomerUser, ResellerLink
from portal.access import search
from portal.access.models import Membership, User
from portal.access.scope import Scope
from portal.dashboard.search_sources import SOURCES
from portal.mirror import hooks
from tests.customers.users.conftest import one_of
from tests.people import Estate

ClientOf = Callable[[User], Client]


@pytest.fixture
def ada(known: Customer) -> CustomerUser:
    """A user of Fabrikam's customer."""
    row = one_of(known)
    CustomerUser.objects.filter(pk=row.pk).update(display_name="Ada Lovelace")
    search.reindex("customer_user", [row.pk])
    row.refresh_from_db()
    return row


def found(client: Client, text: str) -> str:
    return client.get(reverse("search"), {"q": text}).content.decode()


def test_a_read_puts_users_into_the_search_and_a_gone_one_leaves_it(known: Customer) -> None:
    row = one_of(known)
    (hit,) = search.search(Scope.system(), row.user_principal_name, kinds=["customer_user"])
    assert (hit.object_id, hit.exact) == (row.pk, True)
    CustomerUser.objects.filter(pk=row.pk).update(gone_at="2026-01-01 00:00Z")
    hooks.changed("customer_users", known.connection, [row.pk])
    assert search.search(Scope.system(), row.user_principal_name, kinds=["customer_user"]) == []


def test_users_follow_their_customer_to_another_reseller(
    estate: Estate, ada: CustomerUser, helper: User, charlie: User
) -> None:
    def seen_by(user: User) -> bool:
        return bool(search.search(Scope.for_user(user), "lovelace", kinds=["customer_user"]))

    assert (seen_by(helper), seen_by(charlie)) == (True, False)
    link = ResellerLink.objects.get(customer=ada.customer, gone_at=None)
    link.reseller, link.reseller_pc_id = estate.northwind, estate.northwind.pc_id
    link.save()
    hooks.changed("relationships", estate.connection, [link.pk])
    assert (seen_by(helper), seen_by(charlie)) == (False, True)


def test_the_search_and_the_list_show_people_only_where_the_right_holds(
    estate: Estate, ada: CustomerUser, bob: User, client_of: ClientOf
) -> None:
    url = reverse("all_customer_users")
    assert "Ada Lovelace" in found(client_of(bob), "lovelace")
    assert "Ada Lovelace" in client_of(bob).get(url).content.decode()
    # Billing there, helpdesk elsewhere: the customer is seen, its people are not.
    Membership.objects.filter(user=bob).update(role="billing")
    Membership.objects.create(
        user=bob, role="helpdesk", connection=estate.connection, reseller=estate.northwind
    )
    client = client_of(User.objects.get(pk=bob.pk))
    assert "Ada Lovelace" not in found(client, "lovelace")
    assert "Ada Lovelace" not in client.get(url).content.decode()
    assert client.get(ada.get_absolute_url()).status_code == 404
    listed = client.get(reverse("customer_users", args=[ada.customer_id])).content.decode()
    assert "Ada Lovelace" not in listed


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "lovelace"}, True),
        ({"q": "ada"}, True),
        ({"q": "nobody"}, False),
        ({"q": "customer:nobody"}, False),
        ({"state": "inactive"}, False),
    ],
)
def test_the_list_over_all_customers_filters(
    ada: CustomerUser, helper: User, client_of: ClientOf, query: dict[str, str], shown: bool
) -> None:
    page = client_of(helper).get(reverse("all_customer_users"), query).content.decode()
    assert ("Ada Lovelace" in page) == shown


def test_every_source_asks_for_its_right() -> None:
    assert all(source.right for source in SOURCES)

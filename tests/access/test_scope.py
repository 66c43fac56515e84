"""A person sees what their memberships cover, and a right holds only where its membership does."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from customers.models import Customer
from orders.models import Subscription
from portal.access.guard import require
from portal.access.models import Membership, Reseller, User
from portal.access.roles import ALL_RIGHTS, RIGHTS, Role
from portal.access.scope import Scope
from tests.people import Estate, make_person


def names(scope: Scope) -> set[str]:
    return {c.name for c in scope.filter(Customer.objects.all())}


def seats(scope: Scope) -> set[str]:
    return {s.friendly_name for s in scope.filter(Subscription.objects.all())}


def test_distributor_sees_their_connection_whole_and_no_other(estate: Estate, alice: User) -> None:
    scope = Scope.for_user(alice)
    assert names(scope) == {"Adatum", "Wingtip", "Proseware", "Lucerne"}
    assert "E3 of Lucerne" in seats(scope)
    assert "E3 of Alpine" not in seats(scope)


def test_reseller_sees_its_part_of_a_shared_customer(
    estate: Estate, bob: User, charlie: User
) -> None:
    assert names(Scope.for_user(bob)) == {"Adatum", "Proseware"}
    assert seats(Scope.for_user(bob)) == {"E3 of Adatum", "E3 of Proseware"}
    assert names(Scope.for_user(charlie)) == {"Wingtip", "Proseware"}
    assert seats(Scope.for_user(charlie)) == {"E3 of Wingtip", "E5 of Proseware"}


def test_customer_with_two_resellers_is_one_row(estate: Estate, bob: User) -> None:
    Membership.objects.create(
        user=bob, role="sales", connection=estate.connection, reseller=estate.northwind
    )
    found = Scope.for_user(bob).filter(Customer.objects.filter(name="Proseware"))
    assert found.count() == 1


def test_link_that_is_gone_opens_nothing(estate: Estate, bob: User) -> None:
    estate.of_fabrikam.reseller_links.update(gone_at="2026-01-01T00:00Z")
    scope = Scope.for_user(bob)
    assert names(scope) == {"Proseware"}
    assert not scope.covers(estate.of_fabrikam)


def test_reseller_model_is_scoped_by_itself(estate: Estate, bob: User, alice: User) -> None:
    assert list(Scope.for_user(bob).filter(Reseller.objects.all())) == [estate.fabrikam]
    assert set(Scope.for_user(alice).filter(Reseller.objects.all())) == {
        estate.fabrikam,
        estate.northwind,
    }


def test_rights_of_different_memberships_never_add_up(estate: Estate) -> None:
    dora = make_person("dora", "sales", estate.connection, estate.fabrikam)
    Membership.objects.create(
        user=dora, role="billing", connection=estate.connection, reseller=estate.northwind
    )
    scope = Scope.for_user(dora)
    assert scope.can("subscriptions.suspend", estate.fabrikam_seats)
    assert scope.covers(estate.northwind_seats)
    assert not scope.can("subscriptions.suspend", estate.northwind_seats)
    with pytest.raises(PermissionDenied):
        require(scope, "subscriptions.suspend", estate.northwind_seats)
    with pytest.raises(Http404):
        require(scope, "subscriptions.suspend", estate.direct_seats)


def test_without_membership_nothing_is_seen(estate: Estate) -> None:
    scope = Scope.for_user(make_person("nora"))
    assert names(scope) == set()
    assert not any(scope.can(right) for right in ALL_RIGHTS)
    assert scope.read_only


def test_barred_person_sees_nothing(estate: Estate, alice: User) -> None:
    alice.is_active = False
    assert names(Scope.for_user(alice)) == set()


def test_auditor_reads_everything_and_changes_nothing(estate: Estate, auditor: User) -> None:
    scope = Scope.for_user(auditor)
    assert scope.read_only
    assert "Alpine" in names(scope)
    assert scope.can("activity.view")
    assert not scope.can("subscriptions.suspend", estate.fabrikam_seats)


def test_read_only_token_takes_every_write_away(estate: Estate, administrator: User) -> None:
    scope = Scope.for_user(administrator, read_only=True)
    assert scope.can("subscriptions.view", estate.fabrikam_seats)
    assert not scope.can("subscriptions.suspend", estate.fabrikam_seats)
    assert not scope.can("connections.manage")


def test_system_may_everything(estate: Estate) -> None:
    scope = Scope.system()
    assert all(scope.can(right, estate.fabrikam_seats) for right in ALL_RIGHTS)


def test_model_without_scope_path_is_refused(alice: User) -> None:
    with pytest.raises(TypeError, match="scope_path"):
        Scope.for_user(alice).filter(Membership.objects.all())


def test_memberships_come_with_the_person(
    estate: Estate, bob: User, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator] # a pytest-django fixture
        scope = Scope.for_user(User.objects.with_memberships().get(pk=bob.pk))
    assert scope.reseller_ids == {estate.fabrikam.pk}


def test_every_role_has_rights_and_none_beyond_the_administrator() -> None:
    assert set(RIGHTS) == set(Role)
    assert all(rights <= RIGHTS[Role.ADMINISTRATOR] for rights in RIGHTS.values())

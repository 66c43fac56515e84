"""Users and roles come when somebody looks, deleted ones too; a refusal is that customer's state alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from customers import demand
from customers.models import Customer, CustomerUser, DirectoryRole
from customers.users import directory as known_of
from customers.users import mapping
from customers.users.part import PART, ROLES, USERS
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.mapping import summary, touched
from portal.mirror import aging, families, rereading, verifying
from portal.mirror.families import Reading
from portal.mirror.fetching import Pool
from portal.mirror.models import DirtyMark
from portal.mirror.upsert import mark_gone
from tests.contract.documents import DATA, load
from tests.customers.users.conftest import Read, Upstream, admin_of, left
from tests.people import Estate

ClientOf = Callable[[User], Client]


def test_active_and_deleted_users_and_the_members_of_roles_are_mirrored(
    customer: Customer, upstream: Upstream, read: Read
) -> None:
    read(customer)
    theirs = upstream.emulator.store.directories.of(customer.pc_id)
    rows = {row.pc_id: row for row in CustomerUser.objects.all()}
    assert rows.keys() == theirs.users.keys()
    assert {row.customer for row in rows.values()} == {customer}
    gone = left(customer)
    told = theirs.users[gone.pc_id]
    assert gone.soft_deleted_at == told.deleted_at
    assert gone.user_principal_name == told.upn != told.current_upn
    assert known_of.administrators(customer) == [admin_of(customer).pc_id]
    names = set(DirectoryRole.objects.values_list("name", flat=True))
    assert {"Company Administrator", "Helpdesk Administrator"} < names
    assert demand.reading(customer, PART).state == "known"


def test_a_second_reading_changes_nothing_and_a_purged_user_is_gone(
    known: Customer, upstream: Upstream, read: Read
) -> None:
    before = list(CustomerUser.objects.order_by("pk").values("pk", "list_observed_at"))
    read(known)
    assert list(CustomerUser.objects.order_by("pk").values("pk", "list_observed_at")) == before
    purged = left(known)
    del upstream.emulator.store.directories.of(known.pc_id).users[purged.pc_id]
    read(known)
    purged.refresh_from_db()
    assert purged.gone_at is not None
    assert CustomerUser.objects.filter(gone_at=None).count() == len(before) - 1


def test_many_may_leave_at_once_but_an_empty_list_is_not_believed(
    known: Customer, upstream: Upstream, read: Read
) -> None:
    directory = upstream.emulator.store.directories.of(known.pc_id)
    kept = dict(directory.users)
    directory.users = {admin_of(known).pc_id: kept[admin_of(known).pc_id]}
    read(known, USERS)
    assert CustomerUser.objects.filter(gone_at=None).count() == 1
    directory.users = kept
    read(known, USERS)
    assert CustomerUser.objects.filter(gone_at=None).count() == len(kept)
    directory.users = {}
    read(known, USERS)
    assert CustomerUser.objects.filter(gone_at=None).count() == len(kept)
    assert demand.reading(known, PART).state == "failed"


def test_a_customer_that_grants_no_access_says_so_at_itself(
    customer: Customer, upstream: Upstream, client_of: ClientOf, helper: User
) -> None:
    closed = list(upstream.emulator.store.customers)[4]
    customer.pc_id = closed
    customer.save()
    demand.ask(Scope.system(), customer, PART)
    family = families.get(USERS)
    with Pool(customer.connection, threads=1) as pool:
        reader = rereading.Reader(customer.connection, family, pool)
        assert list(reader.batches([*DirtyMark.objects.filter(family=USERS)])) == []
    found = demand.reading(customer, PART)
    assert (found.state, found.error["code"]) == ("failed", "900308")
    page = client_of(helper).get(reverse("customer_users", args=[customer.pk])).content.decode()
    assert "has not given access to its directory" in page


def test_the_tab_asks_by_itself_and_age_does_the_rest(
    customer: Customer, client_of: ClientOf, helper: User, settings: Settings
) -> None:
    settings.MIRROR_AGED_PER_MINUTE = 10
    url = reverse("customer_read", args=[customer.pk, "users"])
    browser = client_of(helper)
    page = browser.get(reverse("customer_users", args=[customer.pk])).content.decode()
    assert f'hx-post="{url}" hx-trigger="load"' in page
    browser.post(url, headers={"HX-Request": "true"})
    asked = DirtyMark.objects.filter(parent=customer.pc_id).values_list("family", "key")
    assert set(asked) == {(USERS, ""), (ROLES, "")}
    assert aging.mark(customer.connection, families.get(USERS)) == 3
    assert not DirtyMark.objects.filter(parent=customer.pc_id, reason="age").exists()


def test_the_mirror_holds_what_the_source_says(known: Customer, upstream: Upstream) -> None:
    def differences() -> list[tuple[str, str]]:
        with Pool(known.connection, threads=1) as pool:
            verdicts = [
                verifying._verify(known.connection, families.get(name), pool)
                for name in (USERS, ROLES)
            ]
        return [(one.kind, one.column) for v in verdicts for one in v.differences or []]

    for name in ("LIST_USERS", "LIST_DELETED_USERS", "LIST_DIRECTORY_ROLES"):
        assert upstream.calls(name) == 1
    assert upstream.calls("LIST_MEMBERS_OF_ROLE") > 1, "one for each role"
    assert differences() == []
    CustomerUser.objects.filter(pk=admin_of(known).pk).update(display_name="Somebody")
    assert differences() == [("column", "display_name")]


def test_a_record_of_a_user_has_the_lists_read_and_keeps_no_name(known: Customer) -> None:
    payload = {
        "customerId": known.pc_id,
        "resourceType": "customer_user",
        "operationType": "update_customer_user",
        "operationStatus": "succeeded",
        "resourceOldValue": '{"Id": "1", "DisplayName": "Ana", "State": "active"}',
        "resourceNewValue": '{"Id": "1", "DisplayName": "Anna", "State": "inactive"}',
    }
    assert touched(payload) == [(USERS, known.pc_id, "")]
    assert summary(payload)["changes"] == {"state": ["active", "inactive"]}
    payload["resourceType"] = "customer_directory_role"
    assert touched(payload) == [(ROLES, known.pc_id, "")]


def test_when_a_customer_goes_its_users_go_too(known: Customer) -> None:
    family = families.get("customers")
    mark_gone(family, known.connection, [known.pc_id], observed_at=known.connection.now())
    assert not CustomerUser.objects.filter(gone_at=None).exists()
    assert not DirectoryRole.objects.filter(gone_at=None).exists()


@pytest.mark.parametrize("name", ["view-a-deleted-user", "get-a-user-account-by-id"])
def test_the_documented_examples_become_columns(estate: Estate, name: str) -> None:
    body = load(DATA / "examples" / f"{name}.json")["response"]["body"]
    payload = body["items"][0] if "items" in body else body
    columns = mapping.user(
        payload,
        Reading(connection=estate.connection, observed_at=estate.connection.now(), parent="c"),
    )
    assert columns["user_principal_name"] == payload["userPrincipalName"]
    assert columns["usage_location"] == "US"
    assert columns["state"] == payload["state"]
    assert (columns["soft_deleted_at"] is None) == (payload["state"] == "active")
    assert columns["customer_pc_id"] == "c"

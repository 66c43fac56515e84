"""A customer's profiles: read on demand, the billing profile changed by consequence, never over somebody else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers import demand
from customers.models import BillingProfile, Customer
from customers.profiles import actions, mapping
from customers.profiles.part import BILLING, COMPANY, PART
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry, EntryPersonal
from portal.activity.personal import reveal
from portal.mirror import aging, families, refresh, rereading
from portal.mirror.models import DirtyMark
from portal.outbox import engine, tasks
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.customers import (
    GET_CUSTOMER_BILLING_PROFILE,
    UPDATE_CUSTOMER_BILLING_PROFILE,
)
from portal.partnercenter.testing import StubPartner
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def wire(**changes: Any) -> dict[str, Any]:
    return {
        "id": "billing-1",
        "firstName": "Tania",
        "lastName": "Carr",
        "email": "tania@adatum.example",
        "language": "fr",
        "companyName": "Adatum",
        "defaultAddress": {
            "country": "FR",
            "city": "Nantes",
            "addressLine1": "1 quai",
            "postalCode": "44000",
            "firstName": "Tania",
            "lastName": "Carr",
        },
        "attributes": {"etag": "etag-1", "objectType": "CustomerBillingProfile"},
        **changes,
    }


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubPartner]:
    with StubPartner() as made:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: made.client)
        yield made


@pytest.fixture
def customer(estate: Estate) -> Customer:
    """Adatum, of a connection to which a person has consented."""
    found = estate.of_fabrikam
    found.connection.consented_at = timezone.now()
    found.connection.save()
    return found


@pytest.fixture
def read(customer: Customer) -> Customer:
    """Its billing profile has been read."""
    store(customer, BILLING, wire())
    return customer


def store(customer: Customer, name: str, payload: dict[str, Any]) -> None:
    """Read one list of the customer as a worker does."""
    family = families.get(name)
    mark = refresh.request(customer.connection, name, "", parent=customer.pc_id)
    with StubPartner() as made:
        made.expect(family.listing.operation, payload, customer_id=customer.pc_id)
        found = rereading.read_mark(made.client, customer.connection, family, mark)
    rereading.keep(customer.connection, family, [found])


def ask(customer: Customer, by: User, **values: str) -> Command:
    scope = Scope.for_user(by)
    return actions.update_billing_profile(Actor.for_user(by), scope, customer, values, Asked())


def test_both_profiles_are_read_when_the_tab_opens_and_then_no_more(
    customer: Customer, bob: User, client_of: ClientOf
) -> None:
    browser = client_of(bob)
    tab = reverse("customer_profile", args=[customer.pk])
    url = reverse("customer_read", args=[customer.pk, "profile"])
    assert f'hx-post="{url}" hx-trigger="load"' in browser.get(tab).content.decode()
    text = browser.post(url, headers=HTMX).content.decode()
    assert "every 2s" in text
    marks = DirtyMark.objects.filter(connection=customer.connection, parent=customer.pc_id)
    assert set(marks.values_list("family", "key")) == {(COMPANY, ""), (BILLING, "")}
    company = {
        "companyName": "Adatum SA",
        "domain": "adatum.example",
        "address": {"city": "Nantes", "region": "Pays de la Loire"},
    }
    store(customer, COMPANY, company)
    store(customer, BILLING, wire())
    status = browser.get(reverse("customer_read_status", args=[customer.pk, "profile"]))
    assert 'hx-select="#main"' in status.content.decode()
    page = browser.get(tab).content.decode()
    assert "Adatum SA" in page
    assert "Pays de la Loire" in page
    assert "tania@adatum.example" in page
    assert "hx-trigger" not in page.split('id="main"')[1].split("</main>")[0]
    row = BillingProfile.objects.get()
    assert (row.customer, row.pc_id) == (customer, customer.pc_id)
    assert demand.reading(customer, PART).state == "known"


def test_without_consent_the_rest_is_read_and_an_outsider_finds_nothing(
    customer: Customer, bob: User, charlie: User, client_of: ClientOf
) -> None:
    customer.connection.consented_at = None
    customer.connection.save()
    url = reverse("customer_read", args=[customer.pk, "profile"])
    client_of(bob).post(url, headers=HTMX)
    assert set(DirtyMark.objects.values_list("family", flat=True)) == {BILLING}
    for name in ("customer_profile", "customer_billing_profile"):
        answer = client_of(charlie).get(reverse(name, args=[customer.pk]))
        assert answer.status_code == 404
    assert client_of(charlie).post(url).status_code == 404


def test_the_oldest_are_marked_by_age_within_a_budget(
    customer: Customer, estate: Estate, settings: Any
) -> None:
    settings.MIRROR_AGED_PER_MINUTE = 2
    family = families.get(BILLING)
    store(customer, BILLING, wire())
    assert aging.mark(estate.connection, family) == 2
    assert aging.mark(estate.connection, family) == 1
    marked = set(DirtyMark.objects.filter(family=BILLING).values_list("parent", "priority"))
    others = {estate.of_northwind, estate.shared, estate.direct}
    assert marked == {(one.pc_id, -2) for one in others}


def test_a_change_is_told_asked_once_and_sent_whole(
    read: Customer, bob: User, client_of: ClientOf, stub: StubPartner
) -> None:
    browser, url = client_of(bob), reverse("customer_billing_profile", args=[read.pk])
    typed = mapping.values(wire()) | {"first_name": "Odile", "city": "Rezé"}
    typed["submission"] = "7d9f9f7a-4bd4-4d02-a29a-0a0b30d6f0a1"
    told = browser.post(url, typed).content.decode()
    assert "<del>Nantes</del>" in told
    assert "<ins>Rezé</ins>" in told
    assert Command.objects.count() == 0
    for _click in range(2):
        assert browser.post(url, typed | {"confirmed": "1"}).status_code == 302
    command = Command.objects.get()
    assert command.after == {"first_name": "Odile", "city": "Rezé"}
    assert command.reseller_id == read.reseller_links.get().reseller_id
    sent = wire(firstName="Odile")
    sent["defaultAddress"] = sent["defaultAddress"] | {"city": "Rezé", "firstName": "Odile"}
    stub.expect(GET_CUSTOMER_BILLING_PROFILE, wire(), customer_id=read.pc_id)
    stub.expect(UPDATE_CUSTOMER_BILLING_PROFILE, sent, body=sent, customer_id=read.pc_id)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "succeeded"
    assert mapping.values(BillingProfile.objects.get().list_payload or {})["city"] == "Rezé"
    entry = Entry.objects.filter(kind=f"{actions.CHANGE_BILLING_PROFILE}.requested").get()
    assert (entry.before or {})["first_name"] == (entry.after or {})["first_name"] == "…"
    apart = EntryPersonal.objects.filter(entry=entry, subject__subject=f"customer:{read.pc_id}")
    assert reveal(apart.select_related("subject"))["first_name"] == "Tania → Odile"


def test_a_lost_update_is_refused_with_what_the_other_wrote(
    read: Customer, bob: User, stub: StubPartner
) -> None:
    command = ask(read, bob, city="Rezé")
    theirs = wire()
    theirs["defaultAddress"] = theirs["defaultAddress"] | {"addressLine1": "9 rue"}
    stub.expect(GET_CUSTOMER_BILLING_PROFILE, theirs, customer_id=read.pc_id)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "failed"
    assert (command.error or {})["difference"] == {"address_line1": ["1 quai", "9 rue"]}
    assert mapping.values(BillingProfile.objects.get().list_payload or {})["city"] == "Nantes"


def test_the_form_tells_what_changed_meanwhile_and_keeps_what_was_typed(
    read: Customer, bob: User, client_of: ClientOf
) -> None:
    browser, url = client_of(bob), reverse("customer_billing_profile", args=[read.pk])
    seen = browser.get(url).context["form"]["seen"].value()
    store(read, BILLING, wire(firstName="Odile", companyName="Adatum SA"))
    typed = mapping.values(wire()) | {"first_name": "Anna", "city": "Rezé", "seen": seen}
    answer = browser.post(url, typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed this meanwhile to: Odile" in text
    assert "<ins>Adatum SA</ins>" in text
    assert 'value="Anna"' in text
    again = {one.name: one.value() or "" for one in answer.context["form"]}
    told = browser.post(url, again).content.decode()
    assert "<del>Odile</del>" in told
    assert "<ins>Anna</ins>" in told
    assert "<del>Adatum SA</del>" not in told, "the other's change is not undone"
    assert browser.post(url, again | {"confirmed": "1"}).status_code == 302
    command = Command.objects.get()
    assert command.after == {"first_name": "Anna", "city": "Rezé"}
    assert "A change was not sent" not in browser.get(url).content.decode()
    difference = {"difference": {"city": ["Nantes", "Lyon"]}}
    Command.objects.filter(pk=command.pk).update(
        state="failed", error=difference, settled_at=timezone.now()
    )
    text = browser.get(url).content.decode()
    assert "A change was not sent" in text
    assert 'value="Anna"' in text


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"email": "nobody"}, "email", "email"),
        ({"first_name": " "}, "missing", "first_name"),
        ({"postal_code": ""}, "postal_code", "postal_code"),
        ({"city": "Nantes"}, "unchanged", ""),
    ],
)
def test_what_is_known_to_be_refused_is_not_sent(
    read: Customer, bob: User, values: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(RefusedError) as found:
        ask(read, bob, **values)
    assert (found.value.code, found.value.field) == (code, field)
    assert Command.objects.count() == 0


def test_only_who_may_and_only_ones_own(read: Customer, charlie: User, estate: Estate) -> None:
    helper = make_person("helper", "helpdesk", estate.connection, estate.fabrikam)
    with pytest.raises(PermissionDenied):
        ask(read, helper, city="Rezé")
    with pytest.raises(Http404):
        ask(read, charlie, city="Rezé")


def test_the_api_shows_and_changes_it(
    read: Customer, bob: User, api_of: Callable[..., Client]
) -> None:
    caller = api_of(bob, read_only=False)
    found = caller.get(f"/api/v1/customers/{read.pk}/profile/").json()
    assert found["billing"]["companyName"] == "Adatum"
    assert found["company"] is None
    url = f"/api/v1/customers/{read.pk}/update-billing-profile/"
    answer = caller.post(url, {"city": "Rezé"}, "application/json")
    assert answer.status_code == 202
    assert Command.objects.get().after == {"city": "Rezé"}
    refused = caller.post(url, {"postal_code": ""}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "postal_code")
    assert caller.post(url, {"email": "nobody"}, "application/json").status_code == 400

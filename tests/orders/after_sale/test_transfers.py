"""Transfers: approved as the source, asked for as the target, and what a transferred subscription is called."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.models import Subscription, Transfer
from orders.transfers.part import TRANSFERS
from portal.access.models import User
from portal.outbox.models import Command
from tests.customers.users.conftest import Upstream
from tests.orders.after_sale.conftest import Confirm, Read, look_again
from tests.orders.after_sale.world import make_transfer
from tests.people import Estate

ClientOf = Callable[[User], Client]
MINUTES = 60
OTHER = "11111111-1111-4111-8111-111111111111"


def test_what_is_given_away_leaves_as_transferred(
    customer: Customer,
    upstream: Upstream,
    read: Read,
    alice: User,
    client_of: ClientOf,
    confirm: Confirm,
) -> None:
    read(customer, TRANSFERS)
    row = Transfer.objects.get(customer=customer)
    assert (row.is_source, row.other_name, row.status) == (
        True,
        "Woodgrove Cloud Services",
        "pending",
    )
    given = Subscription.objects.filter(customer=customer, product_type="OnlineServicesNCE").first()
    legacy = Subscription.objects.filter(customer=customer, product_type="").first()
    assert given is not None
    assert legacy is not None
    url = reverse("transfer_accept", args=[row.pk])
    page = client_of(alice).get(url).content.decode()
    assert f'value="{given.pk}"' in page
    assert f'value="{legacy.pk}"' not in page, "legacy cannot go"
    wrong = client_of(alice).post(url, {"subscriptions": [legacy.pk]})
    assert wrong.status_code == 422
    command = confirm(alice, url, {"subscriptions": [given.pk]})
    row.refresh_from_db()
    assert (command.state, row.status) == ("succeeded", "inprogress")
    assert [line["subscription"] for line in row.lines] == [given.pc_id]
    assert (upstream.calls("GET_TRANSFER"), upstream.calls("UPDATE_TRANSFER")) == (2, 1)
    upstream.emulator.clock.advance(11 * MINUTES)
    read(customer, "subscriptions", TRANSFERS)
    given.refresh_from_db()
    assert given.gone_at is not None
    assert given.left_as == "transferred"
    page = client_of(alice).get(given.get_absolute_url()).content.decode()
    assert "Transferred to another partner" in page
    assert "No longer in Partner Center" not in page
    over = client_of(alice).get(reverse("transfer_reject", args=[row.pk]))
    assert (over.status_code, "no longer pending" in over.content.decode()) == (422, True)


def test_what_is_asked_of_another_partner_comes_once_it_approves(
    customer: Customer,
    upstream: Upstream,
    read: Read,
    alice: User,
    client_of: ClientOf,
    confirm: Confirm,
) -> None:
    url = reverse("transfer_create", args=[customer.pk])
    values = {
        "source_tenant": OTHER,
        "source_name": "Old partner",
        "email": "it@adatum.example",
        "kinds": ["OnlineServicesNCE"],
        "partner": "1000001",
    }
    wrong = client_of(alice).post(url, values | {"source_tenant": "old"})
    assert (wrong.status_code, "looks like" in wrong.content.decode()) == (422, True)
    upstream.fault("CREATE_TRANSFER", "lost_reply")
    command = confirm(alice, url, values)
    assert command.state == "in_doubt"
    look_again(command)
    assert command.state == "succeeded"
    assert (upstream.calls("CREATE_TRANSFER"), upstream.calls("LIST_TRANSFERS")) == (1, 1)
    row = Transfer.objects.get(other_pc_id=OTHER)
    assert (row.is_source, row.status, row.partner_mpn_id) == (False, "pending", "1000001")
    twice = client_of(alice).post(url, values)
    assert (twice.status_code, "asked already" in twice.content.decode()) == (422, True)
    upstream.emulator.clock.advance(21 * MINUTES)
    read(customer, "subscriptions", TRANSFERS)
    row.refresh_from_db()
    assert row.status == "complete"
    came = Subscription.objects.get(pc_id=row.lines[0]["subscription"])
    assert came.reseller == customer.reseller_links.get().reseller, "the partner on record"


def test_transfers_are_the_partners_and_no_resellers(
    estate: Estate,
    alice: User,
    bob: User,
    auditor: User,
    client_of: ClientOf,
    api_of: Callable[..., Client],
) -> None:
    row = make_transfer(estate.of_fabrikam)
    assert row.get_absolute_url() in client_of(alice).get(reverse("transfers")).content.decode()
    assert client_of(auditor).get(row.get_absolute_url()).status_code == 200
    assert client_of(auditor).get(reverse("transfer_accept", args=[row.pk])).status_code == 403
    assert client_of(bob).get(reverse("transfers")).status_code == 403
    assert client_of(bob).get(row.get_absolute_url()).status_code == 403
    caller = api_of(alice, read_only=False)
    query = {"customer": estate.of_fabrikam.pk}
    listed = caller.get("/api/v1/transfers/", query).json()["results"]
    assert [one["id"] for one in listed] == [row.pk]
    base = f"/api/v1/transfers/{row.pk}/"
    refused = caller.post(f"{base}cancel/", {}, "application/json")
    assert refused.json()["code"] == "other_side"
    none = caller.post(f"{base}approve/", {"subscriptions": [1]}, "application/json")
    assert none.json()["code"] == "not_movable"
    assert caller.post(f"{base}reject/", {}, "application/json").status_code == 202
    url = f"/api/v1/customers/{estate.of_fabrikam.pk}/ask-for-transfer/"
    sent = {"source_tenant": OTHER, "source_name": "Old", "email": "it@adatum.example"}
    assert caller.post(url, sent, "application/json").status_code == 202
    assert Command.objects.count() == 2

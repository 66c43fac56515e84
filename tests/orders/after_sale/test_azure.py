"""Azure subscriptions of a plan: mirrored by plan, cancelled as compromised, brought back, and whose they are."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.entitled.part import AZURE
from orders.models import AzureSubscription, Subscription
from portal.access.models import User
from portal.mirror import aging, families, hooks
from portal.outbox.models import Command
from tests.customers.users.conftest import Upstream
from tests.orders.after_sale.conftest import Confirm, Read
from tests.orders.after_sale.world import make_azure
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


def test_they_are_mirrored_by_plan_cancelled_and_brought_back(
    customer: Customer,
    upstream: Upstream,
    read: Read,
    alice: User,
    client_of: ClientOf,
    confirm: Confirm,
    api_of: Callable[..., Client],
) -> None:
    assert aging.mark(customer.connection, families.get(AZURE)) == 1, "the customer with a plan"
    read(customer, AZURE)
    plan = Subscription.objects.get(customer=customer, product_type="Azure")
    rows = AzureSubscription.objects.filter(customer=customer)
    assert rows.count() > 1
    assert {(row.subscription, row.status) for row in rows} == {(plan, "active")}
    tab = client_of(alice).get(reverse("customer_azure", args=[customer.pk])).content.decode()
    assert all(row.get_absolute_url() in tab for row in rows)
    link = f'href="{reverse("customer_azure", args=[customer.pk])}">Azure subscriptions'
    assert link in client_of(alice).get(plan.get_absolute_url()).content.decode()
    row = rows.order_by("pk").first()
    assert row is not None
    url = reverse("azure_cancel", args=[row.pk])
    unsaid = client_of(alice).post(url, {"confirmed": "1"})
    assert unsaid.status_code == 422, "only what is compromised is cancelled"
    assert Command.objects.count() == 0
    command = confirm(alice, url, {"compromised": "on"})
    row.refresh_from_db()
    assert (command.state, row.status) == ("succeeded", "inactive")
    assert upstream.calls("LIST_AZURE_ENTITLEMENTS") == 1, "one plan, and no other subscription"
    assert upstream.calls("CANCEL_AZURE_ENTITLEMENT") == 1
    assert upstream.calls("GET_AZURE_ENTITLEMENT") == 2, "before and after"
    again = client_of(alice).get(url)
    assert (again.status_code, "Only an active" in again.content.decode()) == (422, True)
    assert confirm(alice, reverse("azure_reactivate", args=[row.pk])).state == "succeeded"
    assert upstream.calls("REACTIVATE_AZURE_ENTITLEMENT") == 1
    caller = api_of(alice, read_only=False)
    base = f"/api/v1/azure-subscriptions/{row.pk}/"
    assert caller.get(base).json()["status"] == "active"
    refused = caller.post(f"{base}cancel/", {"compromised": False}, "application/json")
    assert refused.json()["code"] == "not_compromised"
    sent = caller.post(f"{base}cancel/", {"compromised": True}, "application/json")
    assert sent.status_code == 202
    url = f"/api/v1/customers/{customer.pk}/read-azure-subscriptions/"
    assert caller.post(url, {}, "application/json").json()["state"] == "asking"


def test_they_are_the_resellers_of_their_plan_and_leave_with_it(
    estate: Estate, bob: User, charlie: User, client_of: ClientOf
) -> None:
    row, plan = make_azure(estate.shared_fabrikam), estate.shared_fabrikam
    assert client_of(bob).get(row.get_absolute_url()).status_code == 200
    assert client_of(charlie).get(row.get_absolute_url()).status_code == 404
    assert client_of(bob).get(reverse("azure_cancel", args=[row.pk])).status_code == 403
    chief = make_person("chief", "reseller-admin", estate.connection, estate.fabrikam)
    assert client_of(chief).get(reverse("azure_cancel", args=[row.pk])).status_code == 200
    Subscription.objects.filter(pk=plan.pk).update(reseller=estate.northwind)
    hooks.changed("subscriptions", estate.connection, [plan.pk])
    row.refresh_from_db()
    assert row.reseller == estate.northwind
    Subscription.objects.filter(pk=plan.pk).update(gone_at=estate.connection.now())
    hooks.changed("subscriptions", estate.connection, [plan.pk])
    row.refresh_from_db()
    assert row.gone_at is not None

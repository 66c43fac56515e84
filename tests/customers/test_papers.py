"""The papers of a customer against an emulator in this process: read, changed, on record at Partner Center."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from customers import demand
from customers.agreements import actions as agreements
from customers.agreements.part import PART as AGREEMENTS
from customers.domains import actions as domains
from customers.models import (
    Agreement,
    BillingProfile,
    CompanyProfile,
    Customer,
    DirectSignature,
    Entitlement,
    Qualification,
    UsageBudget,
)
from customers.profiles import actions as profiles
from customers.profiles.part import PART as PROFILE
from customers.spending import actions as spending
from customers.spending.part import PART as SPENDING
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import families, rereading
from portal.mirror.models import DirtyMark
from portal.outbox import tasks
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from tests.customers.users.conftest import Upstream, customer, upstream  # noqa: F401 - fixtures

PARTS = (PROFILE, AGREEMENTS, SPENDING)
READ = ("GET_CUSTOMER_COMPANY_PROFILE", "GET_DIRECT_SIGNED_STATUS", "LIST_ENTITLEMENTS")


def read_all(upstream: Upstream, customer: Customer) -> None:  # noqa: F811
    """Have every part read, as the tabs do, and work the marks off as a worker does."""
    for part in PARTS:
        demand.ask(Scope.system(), customer, part, again=True)
        for mark in DirtyMark.objects.filter(family__in=part.families):
            family = families.get(mark.family)
            found = rereading.read_mark(upstream.client, customer.connection, family, mark)
            rereading.keep(customer.connection, family, [found])
        assert demand.reading(customer, part).state == "known"


def done(command: Command) -> None:
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "succeeded", command.error


def test_every_part_is_read_and_every_verb_arrives(
    upstream: Upstream,  # noqa: F811
    customer: Customer,  # noqa: F811
    alice: User,
) -> None:
    read_all(upstream, customer)
    for name in READ:
        assert upstream.calls(name) == 1
    for model in (CompanyProfile, BillingProfile, DirectSignature, UsageBudget, Agreement):
        assert model.objects.get().customer == customer
    assert Qualification.objects.get().status == "Approved", "the second customer is a school"
    assert Entitlement.objects.count() == 0
    who = Actor.for_user(alice), Scope.for_user(alice), customer
    done(profiles.update_billing_profile(*who, {"email": "new@example.com"}, Asked()))
    person = {"first_name": "Tania", "last_name": "Carr", "email": "t@example.com", "phone": ""}
    day = {"agreed_on": dt.date(2026, 1, 2)}
    # Somebody else's, newer one stands already; the person has seen it.
    assert Agreement.objects.get().agreed_at is not None
    done(agreements.confirm_agreement(*who, person | day, Asked()))
    code = {"qualification": "GovernmentCommunityCloud", "code": "12345"}
    done(agreements.set_qualification(*who, code, Asked()))
    done(spending.set_budget(*who, {"budget": Decimal(250)}, Asked()))
    assert Agreement.objects.count() == 2
    assert Qualification.objects.filter(kind="GovernmentCommunityCloud").exists()
    assert UsageBudget.objects.get().amount == Decimal(250)
    read_all(upstream, customer)
    assert (Agreement.objects.filter(gone_at=None).count(), Qualification.objects.count()) == (2, 2)
    records = upstream.api.get("/v1/auditrecords").json["items"]
    mine = [one["operationType"] for one in records if one["customerId"] == customer.pc_id]
    assert mine[:4] == [
        "update_customer_spending_budget",
        "update_customer_qualification",
        "create_agreement",
        "update_customer_billing_profile",
    ]


def test_a_verified_domain_is_added_with_its_federation(
    upstream: Upstream,  # noqa: F811
    customer: Customer,  # noqa: F811
    bob: User,
    client_of: Callable[[User], Client],
    api_of: Callable[..., Client],
) -> None:
    who = Actor.for_user(bob), Scope.for_user(bob), customer
    wanted = {"domain": "Adatum-Group.com", "authentication": "Federated"}
    for values, code in (
        (wanted, "missing"),
        (wanted | {"domain": "nothing"}, "domain"),
        (wanted | {"domain": customer.domain}, "domain"),
    ):
        with pytest.raises(RefusedError) as found:
            domains.add_domain(*who, values, Asked())
        assert found.value.code == code
    form = client_of(bob).get(reverse("customer_domain_add", args=[customer.pk])).content.decode()
    apart = form.partition('<fieldset class="federated">')[2].partition("</fieldset>")[0]
    assert all(f'name="{name}"' in apart for name in domains.SETTINGS)
    assert form.count('name="domain"') == form.count('name="reason"') == 1
    federation = {
        "issuer_uri": "https://sts.adatum.example",
        "passive_log_on_uri": "https://sts.adatum.example/in",
        "log_off_uri": "https://sts.adatum.example/out",
        "signing_certificate": "MIIC",
    }
    url = f"/api/v1/customers/{customer.pk}/add-domain/"
    sent = api_of(bob, read_only=False).post(url, wanted | federation, "application/json")
    assert sent.status_code == 202
    done(Command.objects.get())
    assert upstream.calls("ADD_VERIFIED_DOMAIN") == 1
    page = client_of(bob).get(reverse("customer_domains", args=[customer.pk])).content.decode()
    assert "adatum-group.com" in page
    customer.refresh_from_db()
    with pytest.raises(RefusedError) as again:
        domains.add_domain(*who, wanted | federation, Asked())
    assert again.value.code == "there"

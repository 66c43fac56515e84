"""What a national cloud lacks is not offered, and the API refuses it with the reason before anything is kept."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, CustomerUser
from portal.access.models import User
from portal.connections.models import Connection
from portal.outbox.clouds import REASONS
from portal.outbox.models import Command
from portal.partnercenter.operations import REGISTRY
from portal.partnercenter.spec import Cloud
from tests.people import Estate, make_person

NOT_HERE = "The cloud of this connection does not have this."
READ_ONLY = "In this cloud the users of customers can only be read."
NEW = {"display_name": "Ann", "user_principal_name": "ann@x.example", "usage_location": "FR"}


@pytest.fixture
def person(estate: Estate) -> User:
    return make_person("boss", "distributor-admin", estate.connection)


@pytest.fixture
def customer(estate: Estate) -> Customer:
    return estate.direct


@pytest.mark.parametrize(
    ("cloud", "verb", "sent", "why"),
    [
        (Cloud.CHINA, "set-budget", {"budget": "10"}, "This cloud has no Azure subscriptions"),
        (Cloud.US_GOV, "create-user", NEW, READ_ONLY),
        (Cloud.CHINA, "create-user", NEW, NOT_HERE),
        (Cloud.US_GOV, "set-qualification", {"qualification": "Education"}, NOT_HERE),
        (Cloud.CHINA, "end-relationship", {}, NOT_HERE),
    ],
)
def test_the_api_refuses_a_customers_verb_with_the_reason(
    customer: Customer,
    person: User,
    api_of: Callable[..., Client],
    cloud: Cloud,
    verb: str,
    sent: dict[str, str],
    why: str,
) -> None:
    Connection.objects.filter(pk=customer.connection_id).update(cloud=cloud)
    url = f"/api/v1/customers/{customer.pk}/{verb}/"
    answer = api_of(person, read_only=False).post(url, sent, "application/json")
    assert answer.status_code == 409, answer.content
    assert why in answer.json()["message"]
    assert not Command.objects.exists()


@pytest.mark.parametrize(
    ("verb", "sent", "why"),
    [
        ("update", {"display_name": "Annie"}, READ_ONLY),
        ("delete", {}, READ_ONLY),
        ("reset-password", {}, "In this cloud passwords cannot be reset from here."),
    ],
)
def test_the_api_refuses_a_users_verb_with_the_reason(
    customer: Customer,
    person: User,
    api_of: Callable[..., Client],
    verb: str,
    sent: dict[str, str],
    why: str,
) -> None:
    Connection.objects.filter(pk=customer.connection_id).update(cloud=Cloud.US_GOV)
    user = CustomerUser.objects.create(
        connection=customer.connection,
        customer=customer,
        customer_pc_id=customer.pc_id,
        pc_id="ann",
        display_name="Ann",
        user_principal_name="ann@x.example",
        usage_location="FR",
        state="active",
    )
    url = f"/api/v1/customer-users/{user.pk}/{verb}/"
    answer = api_of(person, read_only=False).post(url, sent, "application/json")
    assert answer.status_code == 409, answer.content
    assert why in answer.json()["message"]
    assert not Command.objects.exists()


def test_no_page_of_a_customer_offers_what_its_cloud_lacks(
    customer: Customer, person: User, client_of: Callable[[User], Client]
) -> None:
    offered = {
        "customer_spending": "customer_budget",
        "customer_users": "customer_user_create",
        "customer_agreements": "customer_qualification",
        "customer": "customer_end",
    }
    browser = client_of(person)
    Connection.objects.filter(pk=customer.connection_id).update(consented_at=timezone.now())

    def found() -> set[str]:
        return {
            verb
            for page, verb in offered.items()
            if reverse(verb, args=[customer.pk])
            in browser.get(reverse(page, args=[customer.pk])).content.decode()
        }

    assert found() == set(offered.values())
    Connection.objects.filter(pk=customer.connection_id).update(cloud=Cloud.CHINA)
    assert found() == set()
    budget = browser.get(reverse("customer_budget", args=[customer.pk]))
    assert (budget.status_code, "no Azure subscriptions" in budget.content.decode()) == (422, True)


def test_every_gap_that_is_known_has_words() -> None:
    assert {gap for one in REGISTRY.values() for gap in one.national_gaps.values()} <= set(REASONS)

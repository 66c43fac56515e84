"""What follows a new customer: agreement and qualification, sent once it is there, stopped by what fails."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.agreements.actions import ASK_QUALIFICATION, CONFIRM_AGREEMENT
from customers.creating import actions, delivery
from customers.models import Customer, NewCustomer
from portal.access.models import Membership, User
from portal.activity.models import Entry, EntryPersonal
from portal.connections.models import Connection
from portal.outbox import engine
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.partnercenter.errors import InvalidInput
from portal.partnercenter.operations.agreements import (
    ADD_QUALIFICATION,
    CONFIRM_CONSENT,
    LIST_AGREEMENT_TEMPLATES,
    LIST_CONSENTS,
    LIST_QUALIFICATIONS,
)
from portal.partnercenter.operations.customers import CREATE_CUSTOMER_FOR_RESELLER, GET_CUSTOMER
from portal.partnercenter.operations.utilities import VERIFY_DOMAIN
from portal.partnercenter.testing import StubPartner
from tests.customers.test_creating import (
    DOMAIN,
    NEW,
    VALUES,
    ApiOf,
    ClientOf,
    asked,
    partner,  # noqa: F401 - a fixture
    posted,
    wire,
)
from tests.people import Estate

DAY = "2026-03-02"
MORE: dict[str, Any] = {"agreed_on": DAY, "qualification": "Education", "segment": "K12"}
CONSENT = {"agreementType": "MicrosoftCustomerAgreement"}
AGREED = {
    "type": "MicrosoftCustomerAgreement",
    "dateAgreed": f"{DAY}T00:00:00Z",
    "templateId": "t-1",
    "primaryContact": {"firstName": "Camille", "email": VALUES["email"]},
}
VETTED = {"qualification": "Education", "vettingStatus": "InReview"}


@pytest.fixture(autouse=True)
def consented(estate: Estate) -> None:
    Connection.objects.filter(pk=estate.connection.pk).update(consented_at=timezone.now())


def chain() -> list[Command]:
    return list(Command.objects.order_by("pk"))


def created(stub: StubPartner, command: Command) -> None:
    stub.expect(VERIFY_DOMAIN, answer=False, domain=DOMAIN)
    stub.expect(CREATE_CUSTOMER_FOR_RESELLER, wire())
    stub.expect(GET_CUSTOMER, wire(), customer_id=NEW)
    engine.deliver(command.pk)


def test_each_step_goes_out_once_the_one_before_is_confirmed(
    estate: Estate,
    bob: User,
    client_of: ClientOf,
    partner: StubPartner,  # noqa: F811
) -> None:
    client = client_of(bob)
    asked(client, estate, **MORE)
    create, agreement, qualification = chain()
    assert [agreement.verb, qualification.verb] == [CONFIRM_AGREEMENT, ASK_QUALIFICATION]
    assert (agreement.follows_id, qualification.follows_id) == (create.pk, agreement.pk)
    assert (agreement.after["email"], agreement.reseller) == (VALUES["email"], estate.fabrikam)
    assert engine.deliver(agreement.pk) is None
    page = client.get(agreement.get_absolute_url()).content.decode()
    assert f"change {create.pk} is confirmed" in page
    assert f"/customers/{agreement.target_id}/" not in page
    assert VALUES["email"] not in "".join(str(entry.after) for entry in Entry.objects.all())
    about = EntryPersonal.objects.filter(subject__subject__contains="customer:")
    assert about.get().subject.subject == f"new_customer:{create.target_id}"

    created(partner, create)
    customer = Customer.objects.get(pc_id=NEW)
    create, agreement, qualification = chain()
    assert (create.target_type, create.target_id) == ("new_customer", NewCustomer.objects.get().pk)
    for command in (agreement, qualification):
        assert (command.target_type, command.target_id) == ("customer", customer.pk)
        assert (command.customer_pc_id, command.target_pc_id) == (NEW, NEW)
    assert (agreement.state, qualification.state) == (State.QUEUED, State.WAITING)

    listing: dict[str, Any] = {"customer_id": NEW, "query": CONSENT}
    partner.expect(LIST_CONSENTS, {"items": []}, **listing)
    partner.expect(LIST_AGREEMENT_TEMPLATES, {"items": [{"templateId": "t-1"}]}, query=CONSENT)
    partner.expect(CONFIRM_CONSENT, AGREED, customer_id=NEW)
    partner.expect(LIST_CONSENTS, {"items": [AGREED]}, **listing)
    engine.deliver(agreement.pk)
    partner.expect(LIST_QUALIFICATIONS, {"items": []}, customer_id=NEW)
    partner.expect(ADD_QUALIFICATION, VETTED, customer_id=NEW, query={})
    partner.expect(LIST_QUALIFICATIONS, {"items": [VETTED]}, customer_id=NEW)
    engine.deliver(qualification.pk)
    assert [command.state for command in chain()] == [State.SUCCEEDED] * 3


def test_a_failed_step_stops_the_rest_and_the_page_says_what_stands(
    estate: Estate,
    bob: User,
    client_of: ClientOf,
    partner: StubPartner,  # noqa: F811
) -> None:
    client = client_of(bob)
    asked(client, estate, **MORE)
    created(partner, chain()[0])
    _create, agreement, qualification = chain()
    partner.expect(LIST_CONSENTS, InvalidInput(status=400), customer_id=NEW, query=CONSENT)
    engine.deliver(agreement.pk)
    create, agreement, qualification = chain()
    states = (create.state, agreement.state, qualification.state)
    assert states == (State.SUCCEEDED, State.FAILED, State.WAITING)
    assert engine.deliver(qualification.pk) is None
    page = client.get(qualification.get_absolute_url()).content.decode()
    assert f"change {agreement.pk} has not gone through" in page
    answer = client.get(reverse("new_customer", args=[create.target_id]))
    assert answer["Location"] == Customer.objects.get(pc_id=NEW).get_absolute_url()


def test_a_creation_that_comes_to_nothing_takes_the_rest_with_it(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    client = client_of(bob)
    create = asked(client, estate, **MORE)
    client.post(reverse("change_cancel", args=[create.pk]))
    assert [command.state for command in chain()] == [State.CANCELLED] * 3


def test_what_has_lost_its_customer_is_not_sent_to_another_one(
    estate: Estate,
    bob: User,
    client_of: ClientOf,
    partner: StubPartner,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def faulty(*_arguments: Any) -> Any:
        def save() -> None:
            raise RuntimeError

        return save

    monkeypatch.setattr(delivery, "_saver", faulty)
    asked(client_of(bob), estate, **MORE)
    created(partner, chain()[0])
    create, agreement, _qualification = chain()
    assert (create.state, agreement.state) == (State.SUCCEEDED, State.QUEUED)
    engine.deliver(agreement.pk)
    agreement.refresh_from_db()
    assert (agreement.state, (agreement.error or {})["kind"]) == (State.FAILED, "gone")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"agreed_on": "2999-01-01"}, "The day cannot be in the future."),
        ({"agreed_first_name": "Ada"}, "Write the day of the agreement."),
        ({"agreed_on": DAY, "agreed_first_name": "Ada"}, "Write who accepted the agreement."),
        ({"qualification": "Education"}, "Choose the kind of school."),
        ({"qualification": "GovernmentCommunityCloud"}, "Write the validation code."),
    ],
)
def test_what_lacks_something_is_told_before_anything_is_asked(
    estate: Estate, bob: User, client_of: ClientOf, more: dict[str, Any], field: str
) -> None:
    answer = client_of(bob).post(reverse("customer_new"), posted(estate, **VALUES, **more))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert field in page
    assert '<details class="mb-3" open>' in page


def test_who_may_not_confirm_agreements_is_not_asked_about_them(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    url, sent = reverse("customer_new"), posted(estate, **VALUES)
    back = {"back": "1"}
    assert 'name="agreed_on"' in client_of(bob).post(url, sent | back).content.decode()
    Connection.objects.update(consented_at=None)
    page = client_of(bob).post(url, sent | back).content.decode()
    assert 'name="agreed_on"' not in page
    assert 'name="qualification"' not in page
    command = asked(client_of(bob), estate, **MORE)
    assert chain() == [command]
    assert Membership.objects.filter(user=bob).exists()


def test_the_chain_over_the_api(estate: Estate, bob: User, api_of: ApiOf) -> None:
    client = api_of(bob, read_only=False)
    body = VALUES | MORE | {"connection": "contoso", "reseller": estate.fabrikam.pk}
    body |= {"country": "FR", "agreed_on": dt.date(2026, 3, 2).isoformat()}
    for _again in range(2):
        answer = client.post(
            "/api/v1/customers/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )
        assert answer.status_code == 202, answer.json()
    assert [command.verb for command in chain()] == [
        actions.CREATE,
        CONFIRM_AGREEMENT,
        ASK_QUALIFICATION,
    ]

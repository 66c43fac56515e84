"""An invitation with its mail; a relationship ends once nothing is active, a sandbox's customer is deleted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.creating.places import Place
from customers.models import Customer, ResellerLink
from customers.relationships import actions
from customers.relationships.letters import LETTERS
from orders.models import Subscription
from portal.access.models import User
from portal.connections.models import Connection
from portal.mirror.models import Question, QuestionState
from portal.outbox import engine
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.partnercenter.errors import NoAnswer, NotFound
from portal.partnercenter.operations.customers import (
    DELETE_SANDBOX_CUSTOMER,
    GET_CUSTOMER,
    REMOVE_CUSTOMER_RELATIONSHIP,
)
from portal.partnercenter.operations.subscriptions import LIST_SUBSCRIPTIONS
from portal.partnercenter.testing import StubPartner
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
NONE: dict[str, Any] = {"items": []}


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubPartner]:
    with StubPartner() as stub:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: stub.client)
        yield stub


@pytest.fixture
def rita(estate: Estate) -> User:
    """Admin of the reseller Fabrikam."""
    return make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)


def suspended(customer: Customer) -> Customer:
    Subscription.objects.filter(customer=customer).update(status="suspended")
    return customer


def asked(client: Client, customer: Customer, page: str = "customer_end") -> Command:
    answer = client.post(reverse(page, args=[customer.pk]), {"confirmed": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return Command.objects.get()


def test_what_is_active_is_named_and_bars(
    estate: Estate, rita: User, client_of: ClientOf, api_of: Callable[..., Client]
) -> None:
    customer = estate.of_fabrikam
    page = client_of(rita).post(reverse("customer_end", args=[customer.pk]), {"confirmed": "1"})
    assert page.status_code == 422
    assert estate.fabrikam_seats.friendly_name in page.content.decode()
    url = f"/api/v1/customers/{customer.pk}/end-relationship/"
    assert (
        api_of(rita, read_only=False).post(url, {}, content_type="application/json").json()["code"]
        == "active_subscriptions"
    )
    assert Command.objects.count() == 0


def test_it_ends_and_the_customer_is_gone_with_its_links(
    estate: Estate, rita: User, client_of: ClientOf, partner: StubPartner
) -> None:
    customer = suspended(estate.of_fabrikam)
    command = asked(client_of(rita), customer)
    partner.expect(
        LIST_SUBSCRIPTIONS, {"items": [{"id": "x", "status": "suspended"}]}, **ids(customer)
    )
    body = {"relationshipToPartner": "none", "attributes": {"objectType": "Customer"}}
    partner.expect(REMOVE_CUSTOMER_RELATIONSHIP, {}, body=body, **ids(customer))
    engine.deliver(command.pk)
    command.refresh_from_db()
    customer.refresh_from_db()
    assert command.state == State.SUCCEEDED
    assert customer.gone_at is not None
    assert not ResellerLink.objects.filter(customer=customer, gone_at=None).exists()


def ids(customer: Customer) -> dict[str, Any]:
    return {"customer_id": customer.pc_id}


def test_the_worker_counts_again_and_sends_nothing(
    estate: Estate, rita: User, client_of: ClientOf, partner: StubPartner
) -> None:
    command = asked(client_of(rita), suspended(estate.of_fabrikam))
    active = {"items": [{"id": "x", "status": "active"}]}
    partner.expect(LIST_SUBSCRIPTIONS, active, **ids(estate.of_fabrikam))
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert "Suspend what is active" in command.error_line or command.error is not None
    assert len(partner.asked) == 1


def test_one_of_two_resellers_does_not_end_it_for_both(
    estate: Estate, rita: User, client_of: ClientOf, partner: StubPartner
) -> None:
    command = asked(client_of(rita), suspended(estate.shared))
    partner.expect(LIST_SUBSCRIPTIONS, NONE, **ids(estate.shared))
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert len(partner.asked) == 1


def test_a_lost_answer_is_settled_by_a_read(
    estate: Estate, rita: User, client_of: ClientOf, partner: StubPartner
) -> None:
    customer = suspended(estate.of_fabrikam)
    command = asked(client_of(rita), customer)
    partner.expect(LIST_SUBSCRIPTIONS, NONE, **ids(customer))
    partner.expect(REMOVE_CUSTOMER_RELATIONSHIP, NoAnswer(), **ids(customer))
    engine.deliver(command.pk)
    Command.objects.update(not_before=None)
    partner.expect(GET_CUSTOMER, NotFound(status=404), **ids(customer))
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED


def test_only_a_sandbox_deletes(
    estate: Estate, alice: User, client_of: ClientOf, partner: StubPartner
) -> None:
    client, customer = client_of(alice), estate.direct
    Connection.objects.update(environment="production")
    url = reverse("customer_delete", args=[customer.pk])
    assert client.post(url, {"confirmed": "1"}).status_code == 422
    assert url not in client.get(customer.get_absolute_url()).content.decode()
    Connection.objects.update(environment="sandbox")
    assert url in client.get(customer.get_absolute_url()).content.decode()
    command = asked(client, customer, "customer_delete")
    Connection.objects.update(environment="production")
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert (command.state, partner.asked) == (State.FAILED, [])
    Connection.objects.update(environment="sandbox")
    Command.objects.all().delete()
    command = asked(client, customer, "customer_delete")
    partner.expect(DELETE_SANDBOX_CUSTOMER, None, **ids(customer))
    engine.deliver(command.pk)
    customer.refresh_from_db()
    assert customer.gone_at is not None


def test_sales_may_not_end_and_outsiders_find_nothing(
    estate: Estate, bob: User, rita: User, client_of: ClientOf
) -> None:
    url = reverse("customer_end", args=[estate.of_fabrikam.pk])
    assert client_of(bob).post(url).status_code == 403
    other = reverse("customer_end", args=[estate.of_northwind.pk])
    assert client_of(rita).post(other).status_code == 404
    assert actions.RIGHT == "customers.remove"


def test_an_invitation_comes_with_its_mail_in_the_customers_language(
    estate: Estate, alice: User, client_of: ClientOf
) -> None:
    client, url = client_of(alice), reverse("relationship_request")
    sent = {"place": Place(estate.connection, None).key, "language": "de"}
    assert "being asked" in client.post(url, sent).content.decode()
    assert Question.objects.get().operation == "GET_RELATIONSHIP_REQUEST"
    link = "https://admin.microsoft.com/?invType=ResellerRelationship&partnerId=1"
    Question.objects.update(state=QuestionState.ANSWERED, answer={"url": link})
    page = client.post(url, sent).content.decode()
    assert "invType=ResellerRelationship" in page
    assert "mailto:?subject=Einladung" in page
    assert 'data-copy="Einladung: ' in page


def test_the_mail_is_in_its_own_language() -> None:
    link = "https://example.com/x"
    written = {code: one.written(link=link) for code, one in LETTERS.items()}
    assert len({subject for subject, _body in written.values()}) == len(LETTERS) == 8
    assert all(body.count(link) == 1 for _subject, body in written.values())
    assert "Globaler" in written["de"][1] or "globaler" in written["de"][1]


def test_the_link_over_the_api(
    estate: Estate, alice: User, rita: User, api_of: Callable[..., Client]
) -> None:
    def post(user: User, language: str = "en") -> Any:
        client = api_of(user, read_only=False)
        body = {"connection": "contoso", "language": language}
        url = "/api/v1/customers/relationship-request/"
        return client.post(url, body, content_type="application/json")

    assert post(alice).json()["waits"] is True
    Question.objects.update(state=QuestionState.ANSWERED, answer={"url": "https://x.example/y"})
    assert post(alice).json()["url"] == "https://x.example/y"
    assert "Zustimmung" in post(alice, "de").json()["body"]
    assert post(rita).status_code == 404

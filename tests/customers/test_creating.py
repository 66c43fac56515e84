"""A new customer: rules before anything is asked, checks, one Command, one customer, a password shown once."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers import tasks
from customers.creating import actions, checks, delivery, rules
from customers.creating.forms import NewCustomerForm
from customers.creating.places import Place, places
from customers.models import Customer, CustomerUser, NewCustomer, ResellerLink
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.models import Entry
from portal.mirror.models import Question, QuestionState
from portal.outbox import engine, secrets
from portal.outbox.models import Command, CommandSecret
from portal.outbox.states import State
from portal.partnercenter.errors import NoAnswer
from portal.partnercenter.operations.customers import (
    CREATE_CUSTOMER,
    CREATE_CUSTOMER_FOR_RESELLER,
    GET_CUSTOMER,
    SEARCH_CUSTOMERS,
)
from portal.partnercenter.operations.utilities import VERIFY_DOMAIN
from portal.partnercenter.testing import StubPartner
from tests.people import Estate

WORD = "Qw3=canary-of-the-first-user"
NEW = "0b1e7d2c-5a44-4a57-9d0e-6f1c2b3a4d5e"
DOMAIN = "tailspintoys.onmicrosoft.com"
VALUES: dict[str, Any] = {
    "company_name": "Tailspin Toys",
    "domain": "TailspinToys",
    "first_name": "Camille",
    "last_name": "Lefèvre",
    "email": "camille@tailspin.example",
    "address_line1": "3 rue Voltaire",
    "postal_code": "44000",
    "city": "Nantes",
    "language": "fr",
    "culture": "fr-FR",
}
ClientOf = Callable[[User], Client]
ApiOf = Callable[..., Client]


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubPartner]:
    with StubPartner() as stub:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: stub.client)
        yield stub


def posted(estate: Estate, *, reseller: bool = True, **more: Any) -> dict[str, str]:
    place = Place(estate.connection, estate.fabrikam if reseller else None)
    return {"place": place.key, "country": "FR", **more}


def answer_all(**answers: Any) -> None:
    """Let the worker have answered every question, with these or with the best."""
    best: dict[str, Any] = {
        "VALIDATE_ADDRESS": {"status": "Verified"},
        "VERIFY_DOMAIN": False,
        "GET_PARTNER_BY_MPN_ID": {"mpnId": "1000001"},
        "GET_PARTNER_AGREEMENT_STATUS": {"isAgreementSigned": True},
        "GET_COUNTRY_VALIDATION_RULES": {"iso2Code": "FR", "defaultCulture": "fr-FR"},
    }
    for question in Question.objects.filter(state=QuestionState.WAITING):
        question.state = QuestionState.ANSWERED
        question.answer = answers.get(question.operation, best[question.operation])
        question.save()


def wire(**more: Any) -> dict[str, Any]:
    return {
        "id": NEW,
        "companyProfile": {"tenantId": NEW, "domain": DOMAIN, "companyName": "Tailspin Toys"},
        "billingProfile": {
            "email": "camille@tailspin.example",
            "defaultAddress": {"city": "Nantes"},
        },
        "relationshipToPartner": "reseller",
        **more,
    }


def asked(client: Client, estate: Estate, *, reseller: bool = True, **more: str) -> Command:
    """Through the pages: the form, the checks, the confirmation."""
    url, sent = reverse("customer_new"), posted(estate, reseller=reseller, **VALUES | more)
    client.post(url, sent)
    answer_all()
    answer = client.post(url, sent | {"confirmed": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return Command.objects.get(verb=actions.CREATE)


def test_for_whom_is_what_the_person_may(estate: Estate, alice: User, bob: User) -> None:
    def of(user: User) -> list[str]:
        return [place.label for place in places(Scope.for_user(user))]

    assert of(bob) == ["Fabrikam (contoso)"]
    assert of(alice) == ["Ourselves, in contoso", "Fabrikam (contoso)", "Northwind (contoso)"]


def test_rules_of_the_country_are_asked_and_shape_the_form(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    client, url = client_of(bob), reverse("customer_new")
    sent = posted(estate) | {"country": "US"}
    assert "being asked" in client.post(url, sent).content.decode()
    states = {"value": ["WA", "OR"]}
    answer_all(GET_COUNTRY_VALIDATION_RULES={"isStateRequired": True, "states": states})
    page = client.post(url, sent).content.decode()
    assert '<option value="OR">' in page
    lacking = client.post(url, sent | VALUES | {"postal_code": "98052"})
    assert lacking.status_code == 422
    assert Command.objects.count() == 0
    assert not Question.objects.filter(operation="VALIDATE_ADDRESS").exists()


@pytest.mark.parametrize(
    ("country", "change", "field"),
    [
        ("FR", {"email": "nobody"}, "email"),
        ("FR", {"postal_code": "4400"}, "postal_code"),
        ("FR", {"domain": "no domain"}, "domain"),
        ("FR", {"city": ""}, "city"),
        ("US", {"postal_code": "98052"}, "state"),
        ("HU", {"postal_code": "1011", "phone": "+36 1 234"}, "registration_number"),
        ("HU", {"postal_code": "1011", "registration_number": "1234"}, "phone"),
    ],
)
def test_what_can_be_known_is_told_before_anything_is_asked(
    country: str, change: dict[str, str], field: str
) -> None:
    known = rules.reference(country)
    values = VALUES | {"culture": known.culture, "language": known.culture[:2]} | change
    form = NewCustomerForm(values, known)
    assert list(form.errors) == [field]


def test_a_registration_number_is_not_sent_where_it_is_refused() -> None:
    form = NewCustomerForm(VALUES | {"registration_number": "1234"}, rules.reference("FR"))
    assert form.is_valid()
    assert "registration_number" not in form.values
    assert form.values["domain"] == DOMAIN


def test_checks_wait_suggest_and_bar(estate: Estate, bob: User, client_of: ClientOf) -> None:
    client, url, sent = client_of(bob), reverse("customer_new"), posted(estate, **VALUES)
    waiting = client.post(url, sent | {"confirmed": "1"}).content.decode()
    assert "The domain is being checked" in waiting
    assert 'name="confirmed"' not in waiting
    better = {"addressLine1": "3 rue Voltaire", "city": "Nantes", "postalCode": "44100"}
    told = {"status": "InteractionRequired", "suggestedAddresses": [better | {"country": "FR"}]}
    answer_all(VALIDATE_ADDRESS=told, VERIFY_DOMAIN=True)
    page = client.post(url, sent | {"confirmed": "1"}).content.decode()
    assert "The domain is taken" in page
    assert 'name="postal_code" value="44100"' in page
    assert "PartnerID 1000001 is valid" in page
    assert 'name="confirmed"' not in page
    assert Command.objects.count() == 0


def test_a_failed_check_is_told_and_not_asked_for_ever(estate: Estate, bob: User) -> None:
    place = Place(estate.connection, estate.fabrikam)
    values = VALUES | {"domain": DOMAIN, "country": "FR"}
    assert all(check.waits for check in checks.run(place, values, bob.pk))
    Question.objects.update(
        state=QuestionState.FAILED, error={"code": "x"}, answered_at="2099-01-01 00:00Z"
    )
    assert [check.state for check in checks.run(place, values, bob.pk)] == ["is-warn"] * 3
    assert Question.objects.count() == 3


def test_the_older_answer_about_an_address_is_read_too() -> None:
    inner = {"corrected_address": {"address_line1": "One Way", "city": "BELLEVUE", "region": "WA"}}
    error = {"code": "2007", "message": json.dumps(inner)}
    check = checks.address(Question(state=QuestionState.REFUSED, error=error))
    assert check.suggestions[0]["city"] == "BELLEVUE"
    assert check.suggestions[0]["state"] == "WA"
    assert checks.address(Question(state=QuestionState.ANSWERED, answer={})).state == "is-ok"


def test_created_for_a_reseller_with_its_link_and_its_password_apart(
    estate: Estate, bob: User, client_of: ClientOf, partner: StubPartner
) -> None:
    client = client_of(bob)
    command = asked(client, estate)
    assert (command.reseller, command.after["domain"]) == (estate.fabrikam, DOMAIN)
    partner.expect(VERIFY_DOMAIN, answer=False, domain=DOMAIN)
    told = wire(userCredentials={"userName": "admin", "password": WORD})
    partner.expect(CREATE_CUSTOMER_FOR_RESELLER, told)
    partner.expect(GET_CUSTOMER, wire(), customer_id=NEW)
    engine.deliver(command.pk)
    sent = partner.asked[1][1].body
    assert sent["associatedPartnerId"] == estate.fabrikam.pc_id
    assert sent["billingProfile"]["defaultAddress"]["postalCode"] == "44000"
    command.refresh_from_db()
    assert (command.state, command.customer_pc_id) == (State.SUCCEEDED, NEW)
    customer = Customer.objects.get(pc_id=NEW)
    assert (customer.name, customer.city) == ("Tailspin Toys", "Nantes")
    link = ResellerLink.objects.get(customer=customer, gone_at=None)
    assert link.reseller == estate.fabrikam
    assert NewCustomer.objects.get().details == {}
    for row in (customer, command, *Entry.objects.all()):
        assert WORD not in json.dumps({k: str(v) for k, v in vars(row).items()}, ensure_ascii=False)
    shown = client.post(reverse("change_secret", args=[command.pk])).content.decode()
    assert WORD in shown
    assert f"admin@{DOMAIN}" in shown
    assert CommandSecret.objects.count() == 0
    page = client.get(command.get_absolute_url()).content.decode()
    assert "password was not received" not in page
    answer = client.get(reverse("new_customer", args=[command.target_id]))
    assert answer["Location"] == customer.get_absolute_url()


def test_a_lost_answer_is_settled_by_the_domain(
    estate: Estate, bob: User, client_of: ClientOf, partner: StubPartner
) -> None:
    command = asked(client_of(bob), estate)
    partner.expect(VERIFY_DOMAIN, answer=False, domain=DOMAIN)
    partner.expect(CREATE_CUSTOMER_FOR_RESELLER, NoAnswer())
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.IN_DOUBT
    Command.objects.update(not_before=None)
    wanted = '{"Field":"Domain","Value":"' + DOMAIN + '","Operator":"starts_with"}'
    query = {"size": 20, "filter": wanted}
    near = wire(id="x", companyProfile={"domain": f"{DOMAIN}.example"})
    partner.expect(SEARCH_CUSTOMERS, {"items": [near, wire()]}, query=query)
    partner.expect(GET_CUSTOMER, wire(), customer_id=NEW)
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED
    assert Customer.objects.filter(pc_id=NEW).count() == 1
    assert len([op for op, _ask in partner.asked if op is CREATE_CUSTOMER_FOR_RESELLER]) == 1
    customer = Customer.objects.get(pc_id=NEW)
    page = client_of(bob).get(command.get_absolute_url()).content.decode()
    assert "password was not received" in page
    assert f'href="{reverse("customer_users", args=[customer.pk])}"' in page
    user = CustomerUser.objects.create(
        connection=estate.connection,
        pc_id="u-1",
        customer=customer,
        customer_pc_id=NEW,
        user_principal_name=f"Admin@{DOMAIN}",
    )
    page = client_of(bob).get(command.get_absolute_url()).content.decode()
    assert f'href="{reverse("customer_user_password", args=[user.pk])}"' in page


def test_a_domain_taken_meanwhile_sends_nothing(
    estate: Estate, alice: User, client_of: ClientOf, partner: StubPartner
) -> None:
    command = asked(client_of(alice), estate, reseller=False)
    partner.expect(VERIFY_DOMAIN, answer=True, domain=DOMAIN)
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert "taken" in command.error_line
    assert CREATE_CUSTOMER not in [operation for operation, _ask in partner.asked]


def test_a_domain_that_is_ours_or_under_way_is_refused(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    client, url = client_of(bob), reverse("customer_new")
    asked(client, estate)
    again = client.post(url, posted(estate, **VALUES))
    assert "is being created" in again.content.decode()
    ours = VALUES | {"domain": estate.of_fabrikam.domain}
    assert "has this domain" in client.post(url, posted(estate, **ours)).content.decode()
    assert Command.objects.count() == 1


def test_a_place_that_is_not_theirs_is_no_choice(
    estate: Estate, charlie: User, client_of: ClientOf
) -> None:
    answer = client_of(charlie).post(reverse("customer_new"), posted(estate, **VALUES))
    assert answer.status_code == 422
    assert NewCustomer.objects.count() == 0


def test_over_the_api(
    estate: Estate, bob: User, charlie: User, api_of: ApiOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = api_of(bob, read_only=False), "/api/v1/customers/"
    body = VALUES | {"connection": "contoso", "reseller": estate.fabrikam.pk, "country": "FR"}

    def post(one: Client, values: dict[str, Any], **headers: str) -> Any:
        return one.post(url, values, content_type="application/json", headers=headers)

    wrong = post(client, body | {"postal_code": "1"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["postal_code"])
    assert post(client, body | {"reseller": None}).status_code == 404
    assert post(api_of(charlie, read_only=False), body).status_code == 404
    assert post(api_of(bob), body).status_code == 403
    first = post(client, body, **{"Idempotency-Key": "one"})
    assert first.status_code == 202
    assert post(client, body, **{"Idempotency-Key": "one"}).json()["id"] == first.json()["id"]
    assert post(client, body).json()["code"] == "domain_asked"
    # Sent twice at once: the second one meets the first only when it is kept.
    known, looked = actions._earlier, [None]
    monkeypatch.setattr(actions, "check_domain", lambda *_place: None)
    monkeypatch.setattr(actions, "_earlier", lambda *told: looked.pop() if looked else known(*told))
    again = post(client, body, **{"Idempotency-Key": "one"})
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert Command.objects.count() == NewCustomer.objects.count() == 1
    assert secrets.offered(Scope.for_user(bob), Command.objects.get()) is None


def test_checks_over_the_api(estate: Estate, bob: User, api_of: ApiOf) -> None:
    client, url = api_of(bob, read_only=False), "/api/v1/customers/check/"
    names = ("address_line1", "postal_code", "city")
    body = {name: VALUES[name] for name in names} | {"domain": DOMAIN, "country": "FR"}
    body |= {"connection": "contoso", "reseller": estate.fabrikam.pk}

    def states() -> dict[str, str]:
        answer = client.post(url, body, content_type="application/json")
        assert answer.status_code == 200, answer.json()
        return {one["name"]: one["state"] for one in answer.json()}

    assert states() == dict.fromkeys(("address", "domain", "partner"), "waiting")
    answer_all(VERIFY_DOMAIN=True)
    assert states() == {"address": "is-ok", "domain": "is-bad", "partner": "is-ok"}
    elsewhere = body | {"reseller": estate.northwind.pk}
    assert client.post(url, elsewhere, content_type="application/json").status_code == 404


def test_the_rules_of_a_country_over_the_api(estate: Estate, bob: User, api_of: ApiOf) -> None:
    client, url = api_of(bob, read_only=False), "/api/v1/customers/country-rules/"
    body = {"connection": "contoso", "reseller": estate.fabrikam.pk, "country": "US"}
    told = client.post(url, body, content_type="application/json").json()
    assert (told["waits"], told["is_own"], told["state_required"]) == (True, False, True)
    question = Question.objects.get(operation="GET_COUNTRY_VALIDATION_RULES")
    question.state, question.answer = "answered", {"isStateRequired": False}
    question.save()
    told = client.post(url, body, content_type="application/json").json()
    assert (told["waits"], told["is_own"], told["country"]) == (False, True, "US")
    elsewhere = body | {"reseller": estate.northwind.pk}
    assert client.post(url, elsewhere, content_type="application/json").status_code == 404


def test_contacts_of_requests_that_came_to_nothing_are_emptied(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    command = asked(client_of(bob), estate)
    NewCustomer.objects.update(created_at="2026-01-01 00:00Z")
    assert tasks.tidy() == 0
    Command.objects.update(state=State.CANCELLED, settled_at="2026-01-02 00:00Z")
    assert delivery.target(command) is not None
    assert tasks.tidy() == 1
    assert delivery.target(command) is None
    assert tasks.tidy() == 0

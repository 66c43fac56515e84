"""Agreements and qualifications: read on demand, confirmed once, customers without one found."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.agreements import actions
from customers.agreements.part import (
    AGREEMENTS,
    CLOUD_AGREEMENTS,
    CUSTOMER_AGREEMENT,
    QUALIFICATIONS,
    SIGNATURES,
)
from customers.models import Agreement, CloudAgreement, Customer, Qualification
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import families, refresh, rereading
from portal.mirror.models import Question, QuestionState
from portal.outbox import engine, tasks
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.errors import NotFound
from portal.partnercenter.operations.agreements import (
    ADD_QUALIFICATION,
    CONFIRM_CONSENT,
    GET_QUALIFICATION,
    LIST_AGREEMENT_TEMPLATES,
    LIST_CONSENTS,
    LIST_QUALIFICATIONS,
    SET_QUALIFICATION,
)
from portal.partnercenter.testing import StubPartner
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
CURRENT = {"agreementType": CUSTOMER_AGREEMENT}
TEMPLATE = "117a77b0-9360-443b-8795-c6dedc750cf9"
VALUES = {"first_name": "Tania", "last_name": "Carr", "email": "t@example.com", "phone": ""}


def wire(day: str = "2026-11-20", email: str = "t@example.com") -> dict[str, Any]:
    return {
        "primaryContact": {"firstName": "Tania", "lastName": "Carr", "email": email},
        "templateId": TEMPLATE,
        "dateAgreed": f"{day}T00:00:00",
        "type": CUSTOMER_AGREEMENT,
        "agreementLink": "https://aka.ms/customeragreement",
    }


def many(*items: dict[str, Any]) -> dict[str, Any]:
    return {"totalCount": len(items), "items": list(items)}


@pytest.fixture
def customer(estate: Estate) -> Customer:
    """Adatum, of a connection to which a person has consented."""
    found = estate.of_fabrikam
    found.connection.consented_at = timezone.now()
    found.connection.save()
    return found


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubPartner]:
    with StubPartner() as made:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: made.client)
        yield made


def store(customer: Customer, name: str, payload: Any) -> None:
    """Read one list of the customer as a worker does."""
    family = families.get(name)
    mark = refresh.request(customer.connection, name, "", parent=customer.pc_id)
    with StubPartner() as made:
        query = family.listing.query(customer.connection, customer.pc_id)
        made.expect(
            family.listing.operation, payload, query=dict(query), customer_id=customer.pc_id
        )
        found = rereading.read_mark(made.client, customer.connection, family, mark)
    rereading.keep(customer.connection, family, [found])


def consents(stub: StubPartner, customer: Customer, *items: dict[str, Any]) -> None:
    stub.expect(LIST_CONSENTS, many(*items), query=CURRENT, customer_id=customer.pc_id)


def confirm(customer: Customer, by: User, day: str = "2026-11-20") -> Command:
    values = VALUES | {"agreed_on": dt.date.fromisoformat(day)}
    return actions.confirm_agreement(
        Actor.for_user(by), Scope.for_user(by), customer, values, Asked()
    )


def qualify(customer: Customer, by: User, **values: str) -> Command:
    return actions.set_qualification(
        Actor.for_user(by), Scope.for_user(by), customer, values, Asked()
    )


def test_the_tab_tells_what_stands_and_keeps_the_old_agreement_apart(
    customer: Customer, bob: User, charlie: User, client_of: ClientOf
) -> None:
    tab = reverse("customer_agreements", args=[customer.pk])
    assert "Not confirmed" not in client_of(bob).get(tab).content.decode(), "nobody knows yet"
    store(customer, AGREEMENTS, many())
    store(customer, CLOUD_AGREEMENTS, many(wire("2018-07-28")))
    store(customer, SIGNATURES, {"isSigned": False})
    store(customer, QUALIFICATIONS, [{"qualification": "Education", "vettingStatus": "InReview"}])
    page = client_of(bob).get(tab).content.decode()
    assert "Not confirmed" in page
    assert "Microsoft Cloud Agreement" in page
    assert "Under review" in page
    assert (Agreement.objects.count(), CloudAgreement.objects.count()) == (0, 1)
    store(customer, SIGNATURES, {"isSigned": True})
    page = client_of(bob).get(tab).content.decode()
    assert "Not confirmed" not in page
    assert "Signed by the customer" in page
    assert client_of(charlie).get(tab).status_code == 404


def test_customers_without_an_agreement_are_a_filter_away(
    customer: Customer, estate: Estate, alice: User, client_of: ClientOf
) -> None:
    store(customer, AGREEMENTS, many(wire()))
    store(estate.direct, AGREEMENTS, many())
    store(estate.shared, AGREEMENTS, many())
    store(estate.shared, SIGNATURES, {"isSigned": True})
    browser = client_of(alice)

    def names(query: str) -> set[str]:
        text = browser.get(f"{reverse('customers')}?{query}").content.decode()
        known = ("Adatum", "Lucerne", "Proseware", "Wingtip")
        return {name for name in known if f">{name}<" in text}

    assert names("agreement=missing") == names("q=agreement:missing") == {"Lucerne"}
    assert names("agreement=confirmed") == {"Adatum", "Proseware"}
    assert names("agreement=unread") == {"Wingtip"}
    assert "?agreement=missing" in browser.get(reverse("customers")).content.decode()
    wrong = browser.get(f"{reverse('customers')}?q=agreement:never").content.decode()
    assert "agreement:missing" in wrong


def test_a_confirmation_is_told_then_sent_with_the_present_template(
    customer: Customer, bob: User, client_of: ClientOf, stub: StubPartner
) -> None:
    browser, url = client_of(bob), reverse("customer_confirm_agreement", args=[customer.pk])
    page = browser.get(url).content.decode()
    ask = reverse("customer_agreement_template", args=[customer.pk])
    assert f'hx-post="{ask}"' in page
    assert "every 2s" in browser.post(ask, headers={"HX-Request": "true"}).content.decode()
    assert Question.objects.get().operation == "LIST_AGREEMENT_TEMPLATES"
    typed = VALUES | {"agreed_on": "2026-11-20"}
    assert "Cannot be undone" in browser.post(url, typed).content.decode()
    assert Command.objects.count() == 0
    assert browser.post(url, typed | {"confirmed": "1"}).status_code == 302
    command = Command.objects.get()
    consents(stub, customer)
    templates = many(
        {"templateId": "old", "versionRank": 0}, {"templateId": TEMPLATE, "versionRank": 1}
    )
    stub.expect(LIST_AGREEMENT_TEMPLATES, templates, query=CURRENT)
    body = {
        "primaryContact": {"firstName": "Tania", "lastName": "Carr", "email": "t@example.com"},
        "templateId": TEMPLATE,
        "dateAgreed": "2026-11-20T00:00:00.000Z",
        "type": CUSTOMER_AGREEMENT,
    }
    stub.expect(CONFIRM_CONSENT, body, body=body, customer_id=customer.pc_id)
    consents(stub, customer, wire())
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "succeeded"
    assert Agreement.objects.get().contact == "Tania Carr <t@example.com>"


def test_somebody_elses_confirmation_is_shown_and_not_doubled(
    customer: Customer, bob: User, stub: StubPartner
) -> None:
    command = confirm(customer, bob)
    consents(stub, customer, wire("2026-11-01", "other@example.com"))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "failed"
    assert (command.error or {})["difference"] == {"agreed_on": [None, "2026-11-01"]}


def test_a_qualification_is_asked_for_and_its_vetting_kept(
    customer: Customer, bob: User, stub: StubPartner
) -> None:
    command = qualify(customer, bob, qualification="Education", segment="K12", website="")
    ids: Any = {"customer_id": customer.pc_id}
    stub.expect(LIST_QUALIFICATIONS, [], **ids)
    body = {"qualification": "Education", "educationSegment": "K12"}
    review = {"qualification": "Education", "vettingStatus": "InReview"}
    day = {"vettingCreateDate": "2026-11-20T20:54:24Z"}
    stub.expect(ADD_QUALIFICATION, review | day, body=body, **ids)
    stub.expect(LIST_QUALIFICATIONS, [review], **ids)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "succeeded"
    assert (command.result or {})["status"] == "InReview"
    assert Qualification.objects.get().status == "InReview"
    with pytest.raises(RefusedError) as found:
        qualify(customer, bob, qualification="Education", segment="K12")
    assert found.value.code == "in_review"
    command = qualify(customer, bob, qualification="GovernmentCommunityCloud", code="12345")
    stub.expect(LIST_QUALIFICATIONS, [review], **ids)
    body = {"qualification": "GovernmentCommunityCloud", "validationCode": "12345"}
    approved = {"qualification": body["qualification"], "vettingStatus": "Approved"}
    stub.expect(ADD_QUALIFICATION, approved | day, body=body, **ids)
    stub.expect(LIST_QUALIFICATIONS, [review, approved | day], **ids)
    tasks.deliver(command.pk)
    kept = Qualification.objects.get(kind="GovernmentCommunityCloud")
    assert str(kept.asked_at)[:10] == "2026-11-20"


def test_where_partner_center_has_only_the_call_of_before_2021_that_one_is_used(
    customer: Customer, bob: User, stub: StubPartner
) -> None:
    ids: Any = {"customer_id": customer.pc_id}
    missing = NotFound("no such place", status=404)
    command = qualify(customer, bob, qualification="GovernmentCommunityCloud", code="12345")
    stub.expect(LIST_QUALIFICATIONS, missing, **ids)
    stub.expect(GET_QUALIFICATION, "none", **ids)
    stub.expect(ADD_QUALIFICATION, missing, **ids)
    word = "governmentcommunitycloud"
    stub.expect(SET_QUALIFICATION, word, query={"code": "12345"}, body=3, **ids)
    stub.expect(LIST_QUALIFICATIONS, missing, **ids)
    stub.expect(GET_QUALIFICATION, word, **ids)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert (command.state, (command.result or {})["status"]) == ("succeeded", "Approved")
    row = Qualification.objects.get()
    assert (row.kind, row.status) == ("GovernmentCommunityCloud", "Approved")
    mark = refresh.request(customer.connection, QUALIFICATIONS, "", parent=customer.pc_id)
    family = families.get(QUALIFICATIONS)
    stub.expect(LIST_QUALIFICATIONS, missing, **ids)
    stub.expect(GET_QUALIFICATION, "education", **ids)
    found = rereading.read_mark(stub.client, customer.connection, family, mark)
    rereading.keep(customer.connection, family, [found])
    assert Qualification.objects.get(gone_at=None).kind == "Education"
    # What that call cannot set is refused in Partner Center's own words.
    command = qualify(customer, bob, qualification="StateOwnedEntity")
    stub.expect(LIST_QUALIFICATIONS, [], **ids)
    stub.expect(ADD_QUALIFICATION, missing, **ids)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "failed"


def test_what_is_known_to_be_refused_is_not_sent(customer: Customer, bob: User) -> None:
    for values, code in (
        ({"qualification": "Education"}, "segment"),
        ({"qualification": "GovernmentCommunityCloud"}, "code"),
    ):
        with pytest.raises(RefusedError) as found:
            qualify(customer, bob, **values)
        assert found.value.code == code
    with pytest.raises(RefusedError) as later:
        confirm(customer, bob, "2999-01-01")
    assert later.value.field == "agreed_on"
    customer.connection.cloud = "china"
    with pytest.raises(RefusedError) as cloud:
        confirm(customer, bob)
    assert cloud.value.code == "cloud"
    assert Command.objects.count() == 0


def test_helpdesk_may_do_neither(customer: Customer, estate: Estate) -> None:
    helper = make_person("helper", "helpdesk", estate.connection, estate.fabrikam)
    with pytest.raises(PermissionDenied):
        confirm(customer, helper)
    with pytest.raises(PermissionDenied):
        qualify(customer, helper, qualification="StateOwnedEntity")


def test_the_api_shows_and_asks(
    customer: Customer, bob: User, api_of: Callable[..., Client]
) -> None:
    store(customer, AGREEMENTS, many(wire()))
    caller = api_of(bob, read_only=False)
    found = caller.get(f"/api/v1/customers/{customer.pk}/agreements/").json()
    assert found["customer_agreements"][0]["contact"] == "Tania Carr <t@example.com>"
    assert found["state"] == "unread", "the other lists are"
    url = f"/api/v1/customers/{customer.pk}/confirm-agreement/"
    answer = caller.post(url, VALUES | {"agreed_on": "2026-11-21"}, "application/json")
    assert answer.status_code == 202
    url = f"/api/v1/customers/{customer.pk}/set-qualification/"
    refused = caller.post(url, {"qualification": "Education"}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "segment")


def answered(operation: str, answer: Any, **more: Any) -> Question:
    """Let a worker have answered the question; returns it."""
    found = Question.objects.get(operation=operation)
    Question.objects.filter(pk=found.pk).update(
        state=QuestionState.ANSWERED, answer=answer, answered_at=timezone.now(), **more
    )
    return found


def test_the_text_comes_in_the_customers_language(
    customer: Customer, bob: User, client_of: ClientOf, api_of: Callable[..., Client]
) -> None:
    browser, fragment = client_of(bob), {"HX-Request": "true"}
    url = reverse("customer_agreement_document", args=[customer.pk])
    form = reverse("customer_agreement_template", args=[customer.pk])
    browser.post(form, headers=fragment)
    templates = many(
        {"templateId": "old", "versionRank": 0}, {"templateId": TEMPLATE, "versionRank": 1}
    )
    answered("LIST_AGREEMENT_TEMPLATES", templates)
    page = browser.post(form, headers=fragment).content.decode()
    assert '<option value="fr-FR" selected>' in page
    waiting = browser.post(url, {"language": "de-DE"}, headers=fragment).content.decode()
    assert "every 2s" in waiting
    assert '<option value="de-DE" selected>' in waiting
    links = {"displayUri": "https://x.example/de.html", "downloadUri": "https://x.example/de.docx"}
    question = answered("GET_AGREEMENT_DOCUMENT", links)
    assert question.parameters["path"] == {"template_id": TEMPLATE}
    assert question.parameters["query"] == {"language": "de-DE", "country": "FR"}
    assert question.expires_at < timezone.now() + dt.timedelta(minutes=5)
    page = browser.post(url, {"language": "de-DE"}, headers=fragment).content.decode()
    assert 'data-copy="https://x.example/de.docx"' in page
    caller = api_of(bob, read_only=False)
    told = f"/api/v1/customers/{customer.pk}/agreement-document/"
    found = caller.post(told, {"language": "de-DE"}, "application/json").json()
    assert found == {
        "waits": False,
        "display_uri": links["displayUri"],
        "download_uri": links["downloadUri"],
    }
    Question.objects.filter(operation="GET_AGREEMENT_DOCUMENT").update(
        state=QuestionState.REFUSED, error={"code": "3000", "message": "no"}
    )
    assert caller.post(told, {"language": "de-DE"}, "application/json").status_code == 502


def test_validation_codes_stand_on_the_tab_and_in_the_api(
    customer: Customer, bob: User, charlie: User, client_of: ClientOf, api_of: Callable[..., Client]
) -> None:
    for name, payload in (
        (AGREEMENTS, many()),
        (CLOUD_AGREEMENTS, many()),
        (SIGNATURES, {"isSigned": False}),
        (QUALIFICATIONS, []),
    ):
        store(customer, name, payload)
    page = client_of(bob).get(reverse("customer_agreements", args=[customer.pk]))
    assert reverse("customer_validation_codes", args=[customer.pk]) in page.content.decode()
    url = f"/api/v1/customers/{customer.pk}/validation-codes/"
    assert api_of(bob, read_only=False).post(url).json() == {"waits": True, "codes": []}
    codes = [{"validationId": "12345", "organizationName": "Contoso", "remainingCreates": 4}]
    answered("LIST_VALIDATION_CODES", codes)
    assert api_of(bob, read_only=False).post(url).json()["codes"] == [
        {"code": "12345", "organization": "Contoso", "remaining": 4}
    ]
    assert api_of(charlie, read_only=False).post(url).status_code == 404

"""The first user of a new customer: typed in the wizard, made once the customer is there, its password told once."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from customers.creating import actions, first_role, rules
from customers.creating.more import GROUPS, WizardForm
from customers.creating.permission import YES
from customers.models import Customer, CustomerUser, NewCustomer
from customers.users.actions import CREATE as CREATE_USER
from portal.access.models import User
from portal.activity.models import Entry
from portal.emulator.permissions import BY_DEFAULT
from portal.outbox.models import Command, CommandSecret
from portal.outbox.states import State
from tests.customers.test_creating import DOMAIN, VALUES, ApiOf, ClientOf, answer_all, asked, posted
from tests.customers.users.conftest import (  # noqa: F401 - fixtures
    Upstream,
    customer,
    deliver,
    upstream,
)
from tests.people import Estate

HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
ADELE: dict[str, str] = {
    "permission": "on",
    "user_display_name": "Adèle Roux",
    "user_name": "adele",
    "user_role": HELPDESK,
    "user_must_change": "on",
}


def chain() -> list[Command]:
    return list(Command.objects.order_by("pk"))


def test_it_follows_the_customer_with_its_role_and_its_password_is_told_once(
    upstream: Upstream,  # noqa: F811
    customer: Customer,  # noqa: F811
    estate: Estate,
    alice: User,
    client_of: ClientOf,
) -> None:
    client = client_of(alice)
    asked(client, estate, reseller=False, **ADELE)
    create, user, role = chain()
    assert [user.verb, role.verb] == [CREATE_USER, first_role.GIVE]
    assert (user.follows_id, role.follows_id) == (create.pk, user.pk)
    assert create.after["permission"] == YES
    assert user.after["usage_location"] == "FR"
    for command in chain():
        assert deliver(command).state == State.SUCCEEDED, command.error
    made = Customer.objects.get(domain=DOMAIN)
    (found,) = CustomerUser.objects.filter(customer=made)
    assert found.user_principal_name == f"adele@{DOMAIN}"
    store = upstream.emulator.store
    assert found.pc_id in store.directories.of(made.pc_id).members[HELPDESK]
    (given,) = store.permissions.of(store.customers[made.pc_id])
    assert (given.status, given.roles) == ("active", BY_DEFAULT)
    records = upstream.api.get("/v1/auditrecords").json["items"]
    mine = [one["operationType"] for one in records if one["customerId"] == made.pc_id]
    assert mine == [
        *("add_user_member", "create_customer_user"),
        *("granular_admin_relationship_activated", "add_customer"),
    ]
    assert "adele" not in "".join(str(entry.after) for entry in Entry.objects.all())

    kept = CommandSecret.objects.get(command=user).value.reveal()
    assert kept not in client.get(user.get_absolute_url()).content.decode()
    url = reverse("change_secret", args=[user.pk])
    page = client.post(url)
    page.charset = "utf-8"
    assert f'data-copy="{kept}"' in page.content.decode().replace("&amp;", "&")
    assert client.post(url).status_code == 404
    _create, user, role = chain()
    page = client.get(role.get_absolute_url())
    assert "Helpdesk Administrator" in page.content.decode()


def test_a_role_for_who_is_gone_by_then_is_not_given(
    upstream: Upstream,  # noqa: F811
    customer: Customer,  # noqa: F811
    estate: Estate,
    alice: User,
    client_of: ClientOf,
) -> None:
    asked(client_of(alice), estate, reseller=False, **ADELE)
    for command in chain()[:2]:
        deliver(command)
    CustomerUser.objects.update(gone_at="2026-01-01 00:00Z")
    assert deliver(chain()[2]).state == State.FAILED
    assert upstream.calls("ADD_ROLE_MEMBER") == 0


def test_without_the_permission_microsoft_gives_none_and_nobody_is_created(
    upstream: Upstream,  # noqa: F811
    customer: Customer,  # noqa: F811
    estate: Estate,
    alice: User,
    client_of: ClientOf,
) -> None:
    client = client_of(alice)
    without = posted(estate, reseller=False, **VALUES | ADELE)
    del without["permission"]
    answer = client.post(reverse("customer_new"), without)
    assert answer.status_code == 422
    assert "Without it, Microsoft refuses." in answer.content.decode()
    create = asked(client, estate, reseller=False)
    assert deliver(create).state == State.SUCCEEDED, create.error
    store = upstream.emulator.store
    pc_id = Customer.objects.get(domain=DOMAIN).pc_id
    assert store.permissions.of(store.customers[pc_id]) == []


WRONG: list[tuple[str, dict[str, str], str, str]] = [
    ("FR", {"user_name": "adele"}, "user_display_name", "Write the name to show."),
    ("FR", ADELE | {"user_name": "a@b.example"}, "user_name", "%(domain)s is no known domain"),
    ("FR", {"postal_code": "4400"}, "postal_code", "This is no postal code of the country."),
    ("US", {"postal_code": "98052"}, "state", "This field is required."),
    ("HU", {"postal_code": "1011", "phone": "+36 1 234"}, "registration_number", "This field"),
]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_can_be_known_is_told_in_the_form_in_both_languages(
    estate: Estate, alice: User, client_of: ClientOf, language: str
) -> None:
    told = set()
    for country, change, field, english in WRONG:
        known = rules.reference(country)
        values = VALUES | {"culture": known.culture, "language": known.culture[:2]}
        with translation.override(language):
            form = WizardForm(values | {"permission": "on"} | change, known, frozenset(GROUPS))
            assert list(form.errors) == [field], (country, change)
            told.add(form.errors[field][0])
        if language == "en":
            assert str(form.errors[field][0]).startswith(english) or field == "user_name"
    assert len(told) == len(WRONG) - 1, "two fields are just required"
    User.objects.filter(pk=alice.pk).update(language=language)
    client, url = client_of(alice), reverse("customer_new")
    sent = posted(estate, reseller=False, **VALUES)
    client.post(url, sent)
    answer_all(VERIFY_DOMAIN=True)
    page = client.post(url, sent | {"confirmed": "1"}).content.decode()
    assert {"en": "The domain is taken", "fr": "Le domaine est déjà pris"}[language] in page
    assert 'name="confirmed"' not in page
    assert (Command.objects.count(), NewCustomer.objects.count()) == (0, 0)


def test_over_the_api(
    estate: Estate,
    customer: Customer,  # noqa: F811
    alice: User,
    bob: User,
    api_of: ApiOf,
) -> None:
    body = VALUES | {"connection": "contoso", "country": "FR", "user_display_name": "Adèle"}

    def post(user: User, **more: Any) -> Any:
        client = api_of(user, read_only=False)
        sent = body | more
        return client.post("/api/v1/customers/", sent, content_type="application/json")

    wrong = post(alice, user_name="ad ele")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["user_name"])
    none = post(alice, user_name="adele", permission=False)
    assert list(none.json()["fields"]) == ["permission"]
    assert post(alice, user_name=f"adele@{DOMAIN}").status_code == 202
    create, user = chain()
    assert (create.verb, user.verb) == (actions.CREATE, CREATE_USER)
    assert user.parameters == {"must_change": True}
    # Sales may create customers and not users: the user is left out.
    sales = post(bob, reseller=estate.fabrikam.pk, user_name="adele", domain="another")
    assert sales.status_code == 202
    assert Command.objects.filter(verb=CREATE_USER).count() == 1


@pytest.mark.parametrize(("told", "barred"), [(True, False), (False, True), (None, False)])
def test_the_resellers_partner_agreement_is_checked(
    estate: Estate,
    customer: Customer,  # noqa: F811
    bob: User,
    client_of: ClientOf,
    told: bool | None,
    barred: bool,
) -> None:
    client, url, sent = client_of(bob), reverse("customer_new"), posted(estate, **VALUES)
    client.post(url, sent)
    answer_all(GET_PARTNER_AGREEMENT_STATUS={} if told is None else {"isAgreementSigned": told})
    page = client.post(url, sent).content.decode()
    words = {True: "agreement is signed", False: "is not signed", None: "could not be checked"}
    assert words[told] in page
    assert ('name="confirmed"' not in page) == barred

"""Customers come and go as documented: created, refused, ended, deleted, each on record in the audit."""

from typing import Any

import pytest

from tests.emulator.tools import Api

BODY: dict[str, Any] = {
    "CompanyProfile": {"Domain": "tailspintoys.onmicrosoft.com"},
    "BillingProfile": {
        "Culture": "FR-FR",
        "Email": "camille@tailspintoys.example",
        "Language": "fr",
        "CompanyName": "Tailspin Toys",
        "DefaultAddress": {
            "FirstName": "Camille",
            "LastName": "Lefèvre",
            "AddressLine1": "3 rue Voltaire",
            "City": "Nantes",
            "PostalCode": "44000",
            "Country": "FR",
        },
    },
}


def changed(**parts: Any) -> dict[str, Any]:
    """The body with other values: of the address by name, of the profiles by their own names."""
    billing = dict(BODY["BillingProfile"])
    address = dict(billing["DefaultAddress"])
    company = dict(BODY["CompanyProfile"])
    for name, value in parts.items():
        target = company if name in {"Domain", "OrganizationRegistrationNumber"} else address
        target = billing if name in {"Email", "Culture", "CompanyName"} else target
        target[name] = value
    return {
        "CompanyProfile": company,
        "BillingProfile": {**billing, "DefaultAddress": address},
    }


def newest(api: Api) -> dict[str, Any]:
    """The newest record that does not tell of a permission, which a new customer brings along."""
    found: list[dict[str, Any]] = api.get("/v1/auditrecords?startDate=2026-11-25").json["items"]
    return next(one for one in found if not one["operationType"].startswith("granular_"))


def test_created_it_is_listed_and_its_password_is_told_once(user: Api) -> None:
    reply = user.call("POST", "/v1/customers", BODY)
    assert reply.status == 201
    made = reply.json
    assert made["userCredentials"]["userName"] == "admin"
    assert made["id"] in user.customers()
    again = user.get(f"/v1/customers/{made['id']}")
    assert again.json["companyProfile"]["companyName"] == "Tailspin Toys"
    assert again.json["billingProfile"]["defaultAddress"]["city"] == "Nantes"
    assert made["userCredentials"]["password"] not in again.text
    assert "associatedPartnerId" not in made
    assert user.subscriptions(made["id"]) == []
    assert user.get(f"/v1/customers/{made['id']}/relationships").json["items"] == []
    record = newest(user)
    assert (record["operationType"], record["customerName"]) == ("add_customer", "Tailspin Toys")
    assert made["userCredentials"]["password"] not in str(record)


def test_the_same_request_id_makes_one_customer(user: Api) -> None:
    before = len(user.customers())
    sent = {"Authorization": f"Bearer {user.token}", "MS_RequestId": "one-and-the-same"}
    first = user.call("POST", "/v1/customers", BODY, **sent)
    assert user.call("POST", "/v1/customers", BODY, **sent).json == first.json
    assert len(user.customers()) == before + 1


def test_the_usual_permission_comes_with_it_unless_it_is_not_wanted(user: Api) -> None:
    def first_user(domain: str, **more: Any) -> int:
        made = user.call("POST", "/v1/customers", changed(Domain=domain) | more).json
        profile = {"password": "Qw3=canary-9", "forceChangePassword": True}
        one = {"displayName": "A", "userPrincipalName": f"zoe@{domain}", "passwordProfile": profile}
        return user.call("POST", f"/v1/customers/{made['id']}/users", one).status

    assert first_user("one.onmicrosoft.com") == 200
    assert first_user("two.onmicrosoft.com", enableGDAPByDefault=True) == 200
    assert first_user("three.onmicrosoft.com", EnableGDAPByDefault=False) == 403


def test_a_resellers_partner_agreement_is_asked_for_by_one_of_two_ids(user: Api) -> None:
    kind = "relationship_type=IsIndirectCloudSolutionProviderOf"
    reseller = user.get(f"/v1/relationships?{kind}").json["items"][0]
    url = "/v1/compliance/csp/agreementstatus"
    assert user.get(f"{url}?tenantId={reseller['id']}").json == {"isAgreementSigned": True}
    assert user.get(f"{url}?mpnId={reseller['mpnId']}").json == {"isAgreementSigned": True}
    assert user.get(f"{url}?mpnId=1&tenantId={reseller['id']}").code == 3000
    assert user.get(f"{url}?mpnId=1").status == 404


def test_made_for_a_reseller_it_is_the_resellers(user: Api) -> None:
    kind = "relationship_type=IsIndirectCloudSolutionProviderOf"
    reseller = user.get(f"/v1/relationships?{kind}").json["items"][0]
    body = {**BODY, "AssociatedPartnerId": reseller["id"]}
    made = user.call("POST", "/v1/customers", body).json
    assert made["associatedPartnerId"] == reseller["id"]
    links = user.get(f"/v1/customers/{made['id']}/relationships").json["items"]
    assert [link["id"] for link in links] == [reseller["id"]]
    wrong = {**changed(Domain="other.onmicrosoft.com"), "AssociatedPartnerId": made["id"]}
    assert user.call("POST", "/v1/customers", wrong).code == 3000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Email": "nobody"}, 3000),
        ({"Domain": "no domain"}, 3000),
        ({"CompanyName": ""}, 3000),
        ({"Country": "US", "PostalCode": "98052"}, 3000),
        ({"Country": "US", "State": "ZZ", "PostalCode": "98052"}, 3000),
        ({"PostalCode": "440"}, 3000),
        ({"City": ""}, 3000),
        ({"Country": "QQ"}, 3000),
        ({"OrganizationRegistrationNumber": "123456"}, 600002),
        ({"Country": "HU", "PostalCode": "1011"}, 600049),
        ({"Country": "HU", "PostalCode": "1011", "OrganizationRegistrationNumber": "?"}, 600050),
        ({"Country": "HU", "PostalCode": "1011", "OrganizationRegistrationNumber": "1234"}, 600051),
    ],
)
def test_refusals(user: Api, change: dict[str, str], code: int) -> None:
    before = user.customers()
    reply = user.call("POST", "/v1/customers", changed(**change))
    assert (reply.status, reply.code) == (400, code)
    assert user.customers() == before


def test_a_domain_is_taken_once_it_is_used(user: Api) -> None:
    address = "/v1/domains/tailspintoys.onmicrosoft.com"
    assert user.call("HEAD", address).status == 404
    user.call("POST", "/v1/customers", BODY)
    assert user.call("HEAD", address).status == 200
    assert user.call("POST", "/v1/customers", BODY).code == 3000


def test_an_address_is_verified_corrected_or_found_wrong(user: Api) -> None:
    def check(**parts: str) -> dict[str, Any]:
        address = {"AddressLine1": "3 rue Voltaire", "Country": "FR", **parts}
        reply = user.call("POST", "/v1/validations/address", address)
        assert reply.status == 200
        found: dict[str, Any] = reply.json
        return found

    assert check(City="Nantes", PostalCode="44000")["status"] == "VerifiedShippable"
    corrected = check(City="Nantes", PostalCode="44999")
    assert corrected["status"] == "InteractionRequired"
    assert corrected["suggestedAddresses"][0]["postalCode"] == "44000"
    assert check(City="Hambourg", PostalCode="1")["status"] == "NotValidated"
    assert user.call("POST", "/v1/validations/address", {"City": "Nantes"}).code == 3000


def test_rules_of_a_market(user: Api) -> None:
    rules = user.get("/v1/countryvalidationrules/US").json
    assert "WA" in rules["states"]["value"]
    assert (rules["isStateRequired"], rules["defaultCulture"]) == (True, "en-US")
    assert user.get("/v1/countryvalidationrules/HU").json["isRegistrationNumberSupported"]
    assert user.get("/v1/countryvalidationrules/QQ").status == 404


def test_a_relationship_ends_once_nothing_is_active(user: Api) -> None:
    end = {"relationshipToPartner": "none", "attributes": {"objectType": "Customer"}}
    seeded = user.customers()[0]
    assert user.patch(f"/v1/customers/{seeded}", end).code == 800002
    assert newest(user)["operationStatus"] == "failed"
    assert seeded in user.customers()
    made = user.call("POST", "/v1/customers", BODY).json["id"]
    assert user.patch(f"/v1/customers/{made}", {"relationshipToPartner": "reseller"}).code == 3000
    assert user.patch(f"/v1/customers/{made}", end).json["relationshipToPartner"] == "none"
    assert user.get(f"/v1/customers/{made}").code == 60003
    assert newest(user)["operationType"] == "remove_partner_customer_relationship"


def test_an_account_of_the_sandbox_is_deleted(user: Api) -> None:
    made = user.customers()[3]
    assert user.call("DELETE", f"/v1/customers/{made}").status == 204
    assert user.get(f"/v1/customers/{made}").code == 60003
    assert newest(user)["operationType"] == "delete_tip_customer"


def test_an_invitation_names_the_partner(user: Api) -> None:
    assert "partnerId=" in user.get("/v1/customers/relationshiprequests").json["url"]

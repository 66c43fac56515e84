"""Agreements and qualifications: who has what, what a confirmation must say, vetting that takes its time."""

from typing import Any

import pytest

from tests.emulator.tools import Api, Reply

TEMPLATE = "117a77b0-9360-443b-8795-c6dedc750cf9"
CURRENT = "MicrosoftCustomerAgreement"


@pytest.fixture
def customer(robot: Api) -> str:
    """The fourth customer of the seed, which has agreed to nothing."""
    return f"/v1/customers/{robot.control('GET', 'dump')['customer_ids'][3]}"


def agreement(**changes: Any) -> dict[str, Any]:
    contact = {"firstName": "Tania", "lastName": "Carr", "email": "t@example.com"}
    return {
        "primaryContact": contact,
        "templateId": TEMPLATE,
        "dateAgreed": "2026-11-20T00:00:00.000Z",
        "type": CURRENT,
        **changes,
    }


def confirm(user: Api, customer: str, **changes: Any) -> Reply:
    return user.call("POST", f"{customer}/agreements", agreement(**changes))


def last_record(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/v1/auditrecords?startDate=2026-11-25").json["items"][0]
    return found


def test_the_template_of_today_is_asked_for_by_its_type(user: Api) -> None:
    (found,) = user.get(f"/v1/agreements?agreementType={CURRENT}").json["items"]
    assert found["templateId"] == TEMPLATE
    (old,) = user.get("/v1/agreements").json["items"]
    assert old["agreementType"] == "MicrosoftCloudAgreement"
    links = user.get(f"/v1/agreementtemplates/{TEMPLATE}/document?language=fr-FR&country=FR").json
    assert (links["language"], links["country"]) == ("fr-FR", "FR")
    assert links["downloadUri"].endswith("fr-FR-FR.docx")
    assert user.get("/v1/agreementtemplates/other/document").status == 404


def test_a_confirmation_stands_and_is_on_record(user: Api, robot: Api, customer: str) -> None:
    url = f"{customer}/agreements?agreementType={CURRENT}"
    assert user.get(url).json["items"] == []
    assert confirm(user, customer).status == 201
    (found,) = user.get(url).json["items"]
    assert found["primaryContact"]["firstName"] == "Tania"
    assert user.get(f"{customer}/agreements").json["items"] == []
    record = last_record(user)
    assert (record["operationType"], record["operationStatus"]) == ("create_agreement", "succeeded")
    assert robot.get(url).status == 403
    signed = user.get(f"{customer}/directSignedMicrosoftCustomerAgreementStatus").json
    assert signed["isSigned"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"type": "MicrosoftCloudAgreement"},
        {"templateId": "other"},
        {"dateAgreed": "2026-11-26T00:00:00Z"},
        {"dateAgreed": "soon"},
        {"primaryContact": {"firstName": "Tania", "lastName": "Carr"}},
    ],
)
def test_a_confirmation_that_lacks_something(
    user: Api, customer: str, change: dict[str, Any]
) -> None:
    reply = confirm(user, customer, **change)
    assert (reply.status, reply.code) == (400, 3000)
    assert user.get(f"{customer}/agreements?agreementType={CURRENT}").json["items"] == []
    assert last_record(user)["operationStatus"] == "failed"


@pytest.mark.parametrize(("site", "end"), [("https://school.example", "Approved"), ("", "Denied")])
def test_a_school_is_vetted_for_a_day(user: Api, customer: str, site: str, end: str) -> None:
    url = f"{customer}/qualifications"
    assert user.get(url).json == []
    body = {"Qualification": "Education", "EducationSegment": "K12", "Website": site}
    assert user.call("POST", url, body).status == 201
    assert user.get(url).json[0]["vettingStatus"] == "InReview"
    assert user.get(f"{customer}/qualification").json == "none"
    user.control("POST", "clock", {"advance_seconds": 86_400})
    user.token = user.control("POST", "tokens", {"action": "issue"})["user_token"]
    (found,) = user.get(url).json
    assert found["vettingStatus"] == end
    assert last_record(user)["operationType"] == "update_customer_qualification"


def test_government_needs_a_code_that_is_left(user: Api, customer: str) -> None:
    url, body = f"{customer}/qualifications", {"Qualification": "GovernmentCommunityCloud"}
    assert user.call("POST", url, body).code == 3000
    made = user.call("POST", url, body | {"validationCode": "987654"})
    assert (made.status, "vettingCreateDate" in made.json) == (201, True)
    assert user.get(f"{customer}/qualification").json == "governmentcommunitycloud"
    codes = {one["validationId"]: one for one in user.get("/v1/customers/all/validations").json}
    assert codes["987654"]["remainingCreates"] == 0
    assert user.call("POST", f"{url}?code=987654", body).code == 3000

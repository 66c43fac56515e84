"""Agreements and qualifications of a customer: what the seed gives each, and the rules for more."""

from datetime import UTC, datetime, timedelta

from portal.emulator.clock import iso
from portal.emulator.dossiers import Dossier
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Customer

CUSTOMER_AGREEMENT, CLOUD_AGREEMENT = "MicrosoftCustomerAgreement", "MicrosoftCloudAgreement"
TEMPLATES: dict[str, JSON] = {
    CUSTOMER_AGREEMENT: {
        "templateId": "117a77b0-9360-443b-8795-c6dedc750cf9",
        "agreementType": CUSTOMER_AGREEMENT,
        "agreementLink": "https://aka.ms/customeragreement",
        "versionRank": 0,
    },
    CLOUD_AGREEMENT: {
        "templateId": "998b88de-aa99-4388-a42c-1b3517d49490",
        "agreementType": CLOUD_AGREEMENT,
        "agreementLink": "https://docs.microsoft.com/partner-center/agreements",
        "versionRank": 0,
    },
}
DOCUMENTS = "https://agreements.example/documents"
EDUCATION, GOVERNMENT, STATE_OWNED = "Education", "GovernmentCommunityCloud", "StateOwnedEntity"
SEGMENTS = ("K12", "HigherEducation")
VETTING = timedelta(days=1)
CODES: tuple[JSON, ...] = (
    {"validationId": "12345", "organizationName": "Contoso, Inc.", "maxCreates": 5},
    {"validationId": "987654", "organizationName": "Contoso, Inc. Finance", "maxCreates": 1},
)
# customer index % 7 -> what a seeded customer has agreed to
_NONE, _OLD_ONLY = 3, 5
_SIGNED_ITSELF = 11
_SCHOOLS = 13
# One reseller in six has not signed the Microsoft Partner Agreement.
_UNSIGNED = 6


def agreements(dossier: Dossier, customer: Customer, profile: JSON, anchor: datetime) -> list[JSON]:
    """Return all confirmations: one of the present agreement for most, an old one or none for some."""
    if dossier.agreements is not None:
        return dossier.agreements
    kind = customer.index % 7
    if kind == _NONE:
        return []
    contact = {
        "firstName": profile["firstName"],
        "lastName": profile["lastName"],
        "email": profile["email"],
        "phoneNumber": profile["billingAddress"]["phoneNumber"],
    }
    old = _agreed(CLOUD_AGREEMENT, contact, anchor - timedelta(days=2_600))
    now = _agreed(CUSTOMER_AGREEMENT, contact, anchor - timedelta(days=200 + customer.index % 90))
    if kind == _OLD_ONLY:
        return [old]
    return [now, old] if kind == 0 else [now]


def _agreed(kind: str, contact: JSON, moment: datetime) -> JSON:
    template = TEMPLATES[kind]
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "primaryContact": contact,
        "templateId": template["templateId"],
        "dateAgreed": iso(day),
        "type": kind,
        "agreementLink": template["agreementLink"],
    }


def document(template_id: str, language: str, country: str) -> JSON:
    """The links of a template's text (agreement-document-resources)."""
    place = f"{DOCUMENTS}/{template_id}/{language}{'-' if country else ''}{country}"
    return {
        "country": country,
        "language": language,
        "displayUri": f"{place}.html",
        "downloadUri": f"{place}.docx",
        "attributes": {"objectType": "AgreementDocument"},
    }


def signed_directly(customer: Customer) -> bool:
    """Tell whether the customer has signed with Microsoft itself: a few have."""
    return customer.index % _SIGNED_ITSELF == _NONE


def partner_signed(place: int) -> bool:
    """Tell whether the reseller at a place of the list has signed the Microsoft Partner Agreement."""
    return place % _UNSIGNED != _UNSIGNED - 1


def agreement_wanted(body: object, now: datetime) -> JSON:
    """Read the body of a confirmation. Raise ``Refusal`` for what is missing, retired or in the future."""
    if not isinstance(body, dict):
        raise Refusal(800002)
    sent = _lower(body)
    if sent.get("type") != CUSTOMER_AGREEMENT:
        raise Refusal(3000, "Only the Microsoft Customer Agreement can be confirmed.")
    if sent.get("templateid") != TEMPLATES[CUSTOMER_AGREEMENT]["templateId"]:
        raise Refusal(3000, "The templateId is not the present one.")
    contact = _lower(sent.get("primarycontact") or {})
    for name in ("firstName", "lastName", "email"):
        if not contact.get(name.lower()):
            raise Refusal(3000, f"The property primaryContact.{name} is required.")
    moment = _moment(sent.get("dateagreed"))
    if moment.date() > now.date():
        raise Refusal(3000, "The date of an agreement cannot be in the future.")
    names = ("firstName", "lastName", "email", "phoneNumber")
    kept = {name: contact[name.lower()] for name in names if contact.get(name.lower())}
    return _agreed(CUSTOMER_AGREEMENT, kept, moment)


def qualifications(dossier: Dossier, customer: Customer, now: datetime) -> list[JSON]:
    """Return the qualifications; one under review is decided a day after it was asked for."""
    if dossier.qualifications is None:
        if customer.index % _SCHOOLS != 1:
            return []
        return [{"qualification": EDUCATION, "vettingStatus": "Approved"}]
    return [_vetted(one, now) for one in dossier.qualifications]


def _vetted(one: JSON, now: datetime) -> JSON:
    if one.get("vettingStatus") != "InReview":
        return one
    if _moment(one["vettingCreatedDate"]) + VETTING > now:
        return one
    if one.get("website"):
        return {**one, "vettingStatus": "Approved"}
    return {**one, "vettingStatus": "Denied", "vettingReason": "Not an Education Customer"}


def qualification_wanted(body: object, code: str, used: dict[str, int], now: datetime) -> JSON:
    """Read the body of a new qualification. Raise ``Refusal`` for what does not exist or lacks its proof."""
    if not isinstance(body, dict):
        raise Refusal(800002)
    sent = _lower(body)
    kind = sent.get("qualification")
    made: JSON = {"qualification": kind, "vettingCreatedDate": iso(now)}
    if kind == EDUCATION:
        if sent.get("educationsegment") not in SEGMENTS:
            raise Refusal(3000, "The educationSegment must be K12 or HigherEducation.")
        kept = {"educationSegment": sent["educationsegment"], "website": sent.get("website") or ""}
        return made | kept | {"vettingStatus": "InReview"}
    if kind == GOVERNMENT:
        # Today the code stands in the body; the contract before put it into the query.
        use_code(str(sent.get("validationcode") or code), used)
    elif kind != STATE_OWNED:
        raise Refusal(3000, "The qualification is not known.")
    return made | {"vettingStatus": "Approved"}


def use_code(code: str, used: dict[str, int]) -> None:
    """Count one use of a validation code. Raise ``Refusal`` for an unknown or exhausted one."""
    found = next((one for one in CODES if one["validationId"] == code), None)
    if found is None or used.get(code, 0) >= found["maxCreates"]:
        raise Refusal(3000, "The validation code is not valid.")
    used[code] = used.get(code, 0) + 1


def codes(partner_id: str, used: dict[str, int]) -> list[JSON]:
    """Return the partner's validation codes with what is left of each."""
    return [
        {
            "partnerId": partner_id,
            **one,
            "remainingCreates": one["maxCreates"] - used.get(one["validationId"], 0),
            "eTag": f'W/"{one["validationId"]}-{used.get(one["validationId"], 0)}"',
        }
        for one in CODES
    ]


def _lower(content: JSON) -> JSON:
    return {str(name).lower(): value for name, value in content.items()}


def _moment(text: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Refusal(3000, "The date of the agreement cannot be read.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)

"""What a new customer must bring, and what Partner Center keeps of it (create-a-customer).

Codes are documented for the registration number only; every other fault of the body is an invalid
property (3000), as Partner Center calls it.
"""

import re
from dataclasses import dataclass

from portal.emulator.errors import Refusal
from portal.emulator.ids import Ids
from portal.emulator.model import JSON, Customer, Reseller
from portal.reference.markets import countries, market

# Where the number is mandatory; it is refused elsewhere (errors 600002, 600049-600051).
REGISTERED = frozenset({"AM", "AZ", "BY", "HU", "KZ", "KG", "MD", "RU", "TJ", "UZ", "UA"})
_NEEDED = ("email", "culture", "language", "companyname", "defaultaddress")
_NEEDED_OF_ADDRESS = ("country", "city", "addressline1", "firstname", "lastname")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_NUMBER = re.compile(r"[A-Za-z0-9 ./-]{4,30}")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The body of a creation, read: names of the wire, values as they are kept."""

    name: str
    domain: str
    country: str
    billing: JSON
    registration: str
    reseller_id: str
    by_default: bool


def lower(content: object) -> JSON:
    """Names in lower case (README trap 2), nulls left out; Raise ``Refusal`` for what is no object."""
    if not isinstance(content, dict):
        raise Refusal(800002, "The body is not a JSON object.")
    return {str(name).lower(): value for name, value in content.items() if value is not None}


def read(body: object) -> Wanted:
    """Read a creation. Raise ``Refusal`` for what the address rules or the documented ones forbid."""
    sent = lower(body)
    company, billing = lower(sent.get("companyprofile", {})), lower(sent.get("billingprofile", {}))
    for name in _NEEDED:
        if not billing.get(name):
            raise Refusal(3000, f"The property BillingProfile.{name} is required.")
    if not _EMAIL.fullmatch(str(billing["email"])):
        raise Refusal(3000, "The property BillingProfile.Email is not a valid e-mail address.")
    domain = str(company.get("domain") or sent.get("domain") or "").lower()
    if not _DOMAIN.fullmatch(domain):
        raise Refusal(3000, "The property CompanyProfile.Domain is not a valid domain.")
    address = lower(billing["defaultaddress"])
    check_address(address)
    number = company.get("organizationregistrationnumber") or sent.get(
        "organizationregistrationnumber"
    )
    _check_number(str(address["country"]).upper(), str(number or ""), address)
    return Wanted(
        name=str(billing["companyname"]),
        domain=domain,
        country=str(address["country"]).upper(),
        billing=_billing(billing, address),
        registration=str(number or ""),
        reseller_id=str(sent.get("associatedpartnerid") or "").lower(),
        by_default=sent.get("enablegdapbydefault") is not False,
    )


def check_address(address: JSON) -> None:
    """Refuse an address that lacks what its market asks for, or whose postal code has another form."""
    for name in _NEEDED_OF_ADDRESS:
        if not address.get(name):
            raise Refusal(3000, f"The property DefaultAddress.{name} is required.")
    country = str(address["country"]).upper()
    if country not in countries():
        raise Refusal(3000, "The country of the address is not known.")
    if fault := fault_of(address):
        raise Refusal(3000, fault)


def fault_of(address: JSON) -> str:
    """What the market's rules find wrong with state and postal code, "" for nothing."""
    rules = market(str(address.get("country", "")))
    if rules is None:
        return ""
    state, code = str(address.get("state") or ""), str(address.get("postalcode") or "")
    if rules.state_required and not state:
        return "The property State is required in this country."
    if rules.states and state and state.upper() not in rules.states:
        return "The state is not one of this country."
    if rules.postal_code_required and not code:
        return "The property PostalCode is required in this country."
    if code and rules.postal_code_regex and not re.fullmatch(rules.postal_code_regex, code):
        return "The postal code does not have the form of this country."
    return ""


def _check_number(country: str, number: str, address: JSON) -> None:
    if country not in REGISTERED:
        if number:
            raise Refusal(600002)
        return
    if not number:
        raise Refusal(600049)
    if not _NUMBER.fullmatch(number):
        raise Refusal(600050)
    if not address.get("phonenumber"):
        raise Refusal(600051)


def _billing(billing: JSON, address: JSON) -> JSON:
    names = (
        *("country", "city", "state", "addressLine1", "addressLine2", "postalCode"),
        *("firstName", "lastName", "phoneNumber"),
    )
    return {
        "firstName": billing.get("firstname") or address["firstname"],
        "lastName": billing.get("lastname") or address["lastname"],
        "email": billing["email"],
        "culture": billing["culture"],
        "language": billing["language"],
        "companyName": billing["companyname"],
        "defaultAddress": {name: str(address.get(name.lower()) or "") for name in names},
    }


def customer(wanted: Wanted, index: int, ids: Ids, reseller: Reseller | None) -> Customer:
    """The customer as lists show it."""
    partners = () if reseller is None else (reseller,)
    return Customer(index, ids.guid(), wanted.name, wanted.domain, wanted.country, partners)


def profile(wanted: Wanted, ids: Ids) -> JSON:
    """What get-by-id shows of it, in the form of ``seeds.people.profile``."""
    billing = wanted.billing
    address = billing["defaultAddress"]
    names = ("country", "city", "addressLine1", "postalCode", "phoneNumber")
    return {
        "commerceId": ids.guid(),
        "billingProfileId": ids.guid(),
        **{name: billing[name] for name in ("firstName", "lastName", "email", "culture")},
        "language": billing["language"],
        "companyAddress": {"region": address["state"], **{name: address[name] for name in names}},
        "billingAddress": address,
        "customDomains": [wanted.domain],
        "allowDelegatedAccess": False,
        "organizationRegistrationNumber": wanted.registration,
    }

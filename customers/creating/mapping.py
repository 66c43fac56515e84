"""A request for a customer as the body of its creation (create-a-customer, -for-an-indirect-reseller)."""

from typing import TYPE_CHECKING, Any

from customers.creating import permission
from customers.models import NewCustomer
from portal.partnercenter.resources.customers import Customer, CustomerCompanyProfile

if TYPE_CHECKING:
    from portal.partnercenter.resources.common import Address

_ADDRESS = {
    "first_name": "firstName",
    "last_name": "lastName",
    "address_line1": "addressLine1",
    "address_line2": "addressLine2",
    "city": "city",
    "state": "state",
    "postal_code": "postalCode",
    "country": "country",
    "phone": "phoneNumber",
}


def body(row: NewCustomer) -> Customer:
    """The body; what is empty is left out, the reseller credited if there is one."""
    details = row.details | {"country": row.country}
    sent = {wire: details[name] for name, wire in _ADDRESS.items() if details.get(name)}
    address: Address = sent  # type: ignore[assignment] # names of the wire, by the table above
    company: CustomerCompanyProfile = {"domain": row.domain}
    if number := details.get("registration_number"):
        company["organizationRegistrationNumber"] = number
    made: Customer = {
        "companyProfile": company,
        "billingProfile": {
            "firstName": details["first_name"],
            "lastName": details["last_name"],
            "email": details["email"],
            "culture": details["culture"],
            "language": details["language"],
            "companyName": row.company_name,
            "defaultAddress": address,
        },
    }
    if row.reseller is not None:
        made["associatedPartnerId"] = row.reseller.pc_id
    by_default = permission.flag(row.connection, row.details)
    if by_default is not None:
        made["enableGDAPByDefault"] = by_default
    return made


def kept(answer: dict[str, Any], row: NewCustomer) -> dict[str, Any]:
    """The answer as the mirror may keep it: without credentials, and with the name where it lacks it."""
    payload = {name: value for name, value in answer.items() if name != "userCredentials"}
    company = dict(payload.get("companyProfile") or {})
    company["companyName"] = company.get("companyName") or row.company_name
    return payload | {"companyProfile": company}

"""The partner's own profiles, as a connection test reads them."""

from portal.emulator import papers, render
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON
from portal.emulator.settings import PARTNER_MPN_ID, PARTNER_NAME

_PHONE = "+33140550100"
_ADDRESS = {
    "country": "FR",
    "city": "Nantes",
    "state": "",
    "addressLine1": "12 quai de la Fosse",
    "addressLine2": "",
    "postalCode": "44000",
}
_PERSON = {"firstName": "Jeanne", "lastName": "Dupuis"}


def _profile(name: str, kind: str, content: JSON, *, has_etag: bool) -> JSON:
    attributes: JSON = {"objectType": kind}
    if has_etag:
        attributes = {"etag": render.etag(name, 1), **attributes}
    return {
        **content,
        "profileType": kind,
        "links": {"self": render.link(f"/profiles/{name}")},
        "attributes": attributes,
    }


@emulates("GET_ORGANIZATION_PROFILE")
def organization(call: Call) -> Answer:
    settings = call.store.settings
    content = {
        "id": settings.tenant_id,
        "companyName": PARTNER_NAME,
        "defaultAddress": {**_ADDRESS, **_PERSON, "phoneNumber": _PHONE},
        "tenantId": settings.tenant_id,
        "domain": settings.tenant_domain,
        "email": f"contact@{settings.tenant_domain}",
        "language": "fr",
        "culture": "fr-FR",
    }
    return ok(_profile("organization", "OrganizationProfile", content, has_etag=True))


@emulates("GET_LEGAL_BUSINESS_PROFILE")
def legal_business(call: Call) -> Answer:
    email = f"j.dupuis@{call.store.settings.tenant_domain}"
    content = {
        "companyName": f"{PARTNER_NAME} SAS",
        "address": {**_ADDRESS, **_PERSON, "phoneNumber": _PHONE},
        "primaryContact": {**_PERSON, "email": email, "phoneNumber": _PHONE},
        "companyApproverAddress": _ADDRESS,
        "companyApproverEmail": email,
        "vettingStatus": "authorized",
        "vettingSubStatus": "none",
    }
    return ok(_profile("legalbusiness", "LegalBusinessProfile", content, has_etag=False))


@emulates("GET_BILLING_PROFILE")
def billing(_call: Call) -> Answer:
    content = {
        "companyName": f"{PARTNER_NAME} SAS",
        "address": _ADDRESS,
        "primaryContact": {**_PERSON, "phoneNumber": _PHONE},
        "purchaseOrderNumber": "",
        "taxId": "FR40303265045",
        "billingCurrency": "EUR",
    }
    return ok(_profile("billing", "BillingProfile", content, has_etag=True))


@emulates("GET_PARTNER_NETWORK_PROFILE", "GET_PARTNER_BY_MPN_ID")
def partner_network(call: Call) -> Answer:
    """Answer the signed-in partner, or with ``mpnId`` whoever has it (404, 3000 if nobody)."""
    mpn_id = call.query.get("mpnid") or PARTNER_MPN_ID
    names = {reseller.mpn_id: reseller.name for reseller in call.store.resellers}
    name = names.get(mpn_id, PARTNER_NAME if mpn_id == PARTNER_MPN_ID else None)
    if name is None:
        raise Refusal(3000, "The MPN profile of the partner was not found.", status=404)
    content = {"partnerName": name, "mpnId": mpn_id}
    return ok(_profile("mpn", "MpnProfile", content, has_etag=False))


@emulates("GET_PARTNER_AGREEMENT_STATUS")
def partner_agreement(call: Call) -> Answer:
    """Whether a reseller has signed (verify-indirect-reseller-mpa-status): all but a few have."""
    mpn_id, tenant = call.query.get("mpnid", ""), call.query.get("tenantid", "").lower()
    if bool(mpn_id) == bool(tenant):
        raise Refusal(3000, "One of mpnId and tenantId is required.")
    for place, reseller in enumerate(call.store.resellers):
        if reseller.mpn_id == mpn_id or reseller.id == tenant:
            return ok({"isAgreementSigned": papers.partner_signed(place)})
    raise Refusal(3000, "The partner was not found.", status=404)

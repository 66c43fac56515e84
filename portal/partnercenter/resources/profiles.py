"""The partner's own profiles."""

from typing import TypedDict

from portal.partnercenter.resources.common import (
    Address,
    Contact,
    ResourceAttributes,
    ResourceLinks,
)


class OrganizationProfile(TypedDict, total=False):
    id: str
    companyName: str
    defaultAddress: Address
    tenantId: str
    domain: str
    email: str
    language: str
    culture: str
    profileType: str
    links: ResourceLinks
    attributes: ResourceAttributes


class LegalBusinessProfile(TypedDict, total=False):
    companyName: str
    address: Address
    primaryContact: Contact
    companyApproverAddress: Address
    companyApproverEmail: str
    vettingStatus: str
    vettingSubStatus: str
    profileType: str
    links: ResourceLinks
    attributes: ResourceAttributes


class BillingProfile(TypedDict, total=False):
    companyName: str
    address: Address
    primaryContact: Contact
    purchaseOrderNumber: str
    taxId: str
    billingCurrency: str
    profileType: str
    links: ResourceLinks
    attributes: ResourceAttributes


class SupportProfile(TypedDict, total=False):
    email: str
    telephone: str
    website: str
    profileType: str
    links: ResourceLinks
    attributes: ResourceAttributes


class MpnProfile(TypedDict, total=False):
    """What Microsoft now calls PartnerID keeps its old JSON name ``mpnId``."""

    partnerName: str
    mpnId: str
    profileType: str
    links: ResourceLinks
    attributes: ResourceAttributes

"""Customers and their two profiles."""

from typing import TypedDict

from portal.partnercenter.resources.common import (
    Address,
    ResourceAttributes,
    ResourceCollection,
    ResourceLinks,
)


class CustomerCompanyProfile(TypedDict, total=False):
    """``address`` and ``email`` come with one customer only, and only with delegated rights."""

    tenantId: str
    domain: str
    companyName: str
    organizationRegistrationNumber: str
    address: Address
    email: str
    links: ResourceLinks
    attributes: ResourceAttributes


class CustomerBillingProfile(TypedDict, total=False):
    id: str
    firstName: str
    lastName: str
    email: str
    culture: str
    language: str
    companyName: str
    defaultAddress: Address
    links: ResourceLinks
    attributes: ResourceAttributes


class UserCredentials(TypedDict, total=False):
    """The first administrator of a new customer; the password is shown once."""

    userName: str
    password: str


class Customer(TypedDict, total=False):
    """The list carries ``id``, ``companyProfile`` and ``relationshipToPartner``; the rest is detail.

    ``relationshipToPartner``: none, reseller, advisor, syndication, microsoft_support.
    """

    id: str
    commerceId: str
    companyProfile: CustomerCompanyProfile
    billingProfile: CustomerBillingProfile
    relationshipToPartner: str
    allowDelegatedAccess: bool
    userCredentials: UserCredentials
    customDomains: list[str]
    associatedPartnerId: str
    enableGDAPByDefault: bool
    domain: str
    organizationRegistrationNumber: str
    links: ResourceLinks
    attributes: ResourceAttributes


class CustomerCollection(ResourceCollection[Customer], total=False):
    pass


class RelationshipRequest(TypedDict, total=False):
    """The address that a customer opens to accept the partner as its reseller."""

    url: str
    attributes: ResourceAttributes

"""The partner's own profiles."""

from portal.partnercenter.operations.shared import NOT_CHINA, USER
from portal.partnercenter.resources.profiles import (
    BillingProfile,
    LegalBusinessProfile,
    MpnProfile,
    OrganizationProfile,
    SupportProfile,
)
from portal.partnercenter.spec import Effect, Method, Operation, Query

GET_ORGANIZATION_PROFILE = Operation(
    name="GET_ORGANIZATION_PROFILE",
    method=Method.GET,
    path="/v1/profiles/organization",
    scenario="get-an-organization-profile",
    returns=OrganizationProfile,
    effect=Effect.READ,
    auth=USER,
)

UPDATE_ORGANIZATION_PROFILE = Operation(
    name="UPDATE_ORGANIZATION_PROFILE",
    method=Method.PUT,
    path="/v1/profiles/organization",
    scenario="update-an-organization-profile",
    returns=OrganizationProfile,
    effect=Effect.WRITE,
    auth=USER,
    body=OrganizationProfile,
)

GET_LEGAL_BUSINESS_PROFILE = Operation(
    name="GET_LEGAL_BUSINESS_PROFILE",
    method=Method.GET,
    path="/v1/profiles/legalbusiness",
    scenario="get-legal-business-profile",
    returns=LegalBusinessProfile,
    effect=Effect.READ,
    query=(Query(name="vettingVersion"),),
)

UPDATE_LEGAL_BUSINESS_PROFILE = Operation(
    name="UPDATE_LEGAL_BUSINESS_PROFILE",
    method=Method.PUT,
    path="/v1/profiles/legalbusiness",
    scenario="update-legal-business-profile",
    returns=LegalBusinessProfile,
    effect=Effect.WRITE,
    auth=USER,
    body=LegalBusinessProfile,
)

GET_BILLING_PROFILE = Operation(
    name="GET_BILLING_PROFILE",
    method=Method.GET,
    path="/v1/profiles/billing",
    scenario="get-partner-billing-profile",
    returns=BillingProfile,
    effect=Effect.READ,
    auth=USER,
)

UPDATE_BILLING_PROFILE = Operation(
    name="UPDATE_BILLING_PROFILE",
    method=Method.PUT,
    path="/v1/profiles/billing",
    scenario="update-partner-billing-profile",
    returns=BillingProfile,
    effect=Effect.WRITE,
    auth=USER,
    body=BillingProfile,
)

GET_SUPPORT_PROFILE = Operation(
    name="GET_SUPPORT_PROFILE",
    method=Method.GET,
    path="/v1/profiles/support",
    scenario="get-support-profile",
    returns=SupportProfile,
    effect=Effect.READ,
    auth=USER,
    clouds=NOT_CHINA,
)

# Today's form: the SDK, and the self link of the answer.
UPDATE_SUPPORT_PROFILE = Operation(
    name="UPDATE_SUPPORT_PROFILE",
    method=Method.PUT,
    path="/v1/profiles/support",
    scenario="update-support-profile",
    returns=SupportProfile,
    effect=Effect.WRITE,
    auth=USER,
    body=SupportProfile,
)

# The path of the page of 2021.
UPDATE_SUPPORT_PROFILE_BY_PAGE = Operation(
    name="UPDATE_SUPPORT_PROFILE_BY_PAGE",
    method=Method.PUT,
    path="/v1/profiles/supportprofile",
    scenario="update-support-profile",
    returns=SupportProfile,
    effect=Effect.WRITE,
    auth=USER,
    body=SupportProfile,
)

GET_PARTNER_NETWORK_PROFILE = Operation(
    name="GET_PARTNER_NETWORK_PROFILE",
    method=Method.GET,
    path="/v1/profiles/mpn",
    scenario="get-partner-network-profile",
    returns=MpnProfile,
    effect=Effect.READ,
    auth=USER,
)

GET_PARTNER_BY_MPN_ID = Operation(
    name="GET_PARTNER_BY_MPN_ID",
    method=Method.GET,
    path="/v1/profiles/mpn",
    scenario="get-partner-by-mpn-id",
    returns=MpnProfile,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="mpnId"),),
)

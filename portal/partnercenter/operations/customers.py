"""Customers: the customer itself, its profiles, consent, qualification and domain."""

from portal.partnercenter.operations.shared import (
    NOT_CHINA,
    NOT_GERMANY,
    NOT_US_GOV,
    PUBLIC_ONLY,
    USER,
)
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.resources.customers import (
    Customer,
    CustomerBillingProfile,
    CustomerCollection,
    CustomerCompanyProfile,
    RelationshipRequest,
)
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Paging, Query, Throttle

LIST_CUSTOMERS = Operation(
    name="LIST_CUSTOMERS",
    method=Method.GET,
    path="/v1/customers",
    scenario="get-a-list-of-customers",
    returns=CustomerCollection,
    effect=Effect.READ,
    query=(Query(name="size"), Query(name="filter")),
    paging=Paging.CONTINUATION,
    throttle=Throttle.CUSTOMERS,
)

SEARCH_CUSTOMERS = Operation(
    name="SEARCH_CUSTOMERS",
    method=Method.GET,
    path="/v1/customers",
    scenario="get-a-customer-by-name",
    returns=CustomerCollection,
    effect=Effect.READ,
    query=(Query(name="size"), Query(name="filter", required=True)),
    paging=Paging.CONTINUATION,
    throttle=Throttle.CUSTOMERS,
)

GET_CUSTOMER = Operation(
    name="GET_CUSTOMER",
    method=Method.GET,
    path="/v1/customers/{customer_id}",
    scenario="get-a-customer-by-id",
    returns=Customer,
    effect=Effect.READ,
    throttle=Throttle.CUSTOMERS,
)

CREATE_CUSTOMER = Operation(
    name="CREATE_CUSTOMER",
    method=Method.POST,
    path="/v1/customers",
    scenario="create-a-customer",
    returns=Customer,
    effect=Effect.WRITE,
    body=Customer,
    throttle=Throttle.CUSTOMERS,
    clouds=NOT_GERMANY,
    success=(201,),
    national_gaps={Cloud.GERMANY: "no new customers accepted"},
)

CREATE_CUSTOMER_FOR_RESELLER = Operation(
    name="CREATE_CUSTOMER_FOR_RESELLER",
    method=Method.POST,
    path="/v1/customers",
    scenario="create-a-customer-for-an-indirect-reseller",
    returns=Customer,
    effect=Effect.WRITE,
    auth=USER,
    body=Customer,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
    success=(201,),
    national_gaps={Cloud.GERMANY: "no new customers accepted"},
)

GET_RELATIONSHIP_REQUEST = Operation(
    name="GET_RELATIONSHIP_REQUEST",
    method=Method.GET,
    path="/v1/customers/relationshiprequests",
    scenario="request-reseller-relationship",
    returns=RelationshipRequest,
    effect=Effect.READ,
    auth=USER,
    throttle=Throttle.CUSTOMERS,
    clouds=NOT_US_GOV,
    national_gaps={Cloud.US_GOV: "one partner per customer, no relationship request"},
)

REMOVE_CUSTOMER_RELATIONSHIP = Operation(
    name="REMOVE_CUSTOMER_RELATIONSHIP",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}",
    scenario="remove-a-reseller-relationship-with-a-customer",
    returns=Customer,
    effect=Effect.WRITE,
    auth=USER,
    body=Customer,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

DELETE_SANDBOX_CUSTOMER = Operation(
    name="DELETE_SANDBOX_CUSTOMER",
    method=Method.DELETE,
    path="/v1/customers/{customer_id}",
    scenario="delete-a-customer-account-from-the-integration-sandbox",
    returns=type(None),
    effect=Effect.WRITE,
    throttle=Throttle.CUSTOMERS,
    success=(204,),
)

GET_CUSTOMER_BILLING_PROFILE = Operation(
    name="GET_CUSTOMER_BILLING_PROFILE",
    method=Method.GET,
    path="/v1/customers/{customer_id}/profiles/billing",
    scenario="get-all-of-a-customer-s-billing-profiles",
    returns=CustomerBillingProfile,
    effect=Effect.READ,
    throttle=Throttle.CUSTOMERS,
)

UPDATE_CUSTOMER_BILLING_PROFILE = Operation(
    name="UPDATE_CUSTOMER_BILLING_PROFILE",
    method=Method.PUT,
    path="/v1/customers/{customer_id}/profiles/billing",
    scenario="update-a-customer-s-billing-profile",
    returns=CustomerBillingProfile,
    effect=Effect.WRITE,
    body=CustomerBillingProfile,
    throttle=Throttle.CUSTOMERS,
    etag=True,
)

GET_CUSTOMER_COMPANY_PROFILE = Operation(
    name="GET_CUSTOMER_COMPANY_PROFILE",
    method=Method.GET,
    path="/v1/customers/{customer_id}/profiles/company",
    scenario="get-a-customer-s-company-profile",
    returns=CustomerCompanyProfile,
    effect=Effect.READ,
    auth=USER,
    throttle=Throttle.CUSTOMERS,
)

UPDATE_SPENDING_BUDGET = Operation(
    name="UPDATE_SPENDING_BUDGET",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/usagebudget",
    scenario="update-a-customer-s-usage-spending-budget",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.CUSTOMERS,
    clouds=NOT_CHINA,
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

ADD_VERIFIED_DOMAIN = Operation(
    name="ADD_VERIFIED_DOMAIN",
    method=Method.POST,
    path="/v1/customers/{customer_id}/verifieddomain",
    scenario="add-a-verified-domain-for-a-customer",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.CUSTOMERS,
    success=(201,),
)

LIST_MANAGED_SERVICES = Operation(
    name="LIST_MANAGED_SERVICES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/managedservices",
    scenario="get-the-managed-services-for-a-customer-by-id",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=NOT_CHINA,
)

"""Calls about a customer that Microsoft documents on pages of their own, outside the list of scenarios."""

from portal.partnercenter.operations.shared import NOT_CHINA, PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Query, Throttle

# Whether the customer has signed the Microsoft Customer Agreement with Microsoft itself.
GET_DIRECT_SIGNED_STATUS = Operation(
    name="GET_DIRECT_SIGNED_STATUS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/directSignedMicrosoftCustomerAgreementStatus",
    scenario="get-customer-direct-signed-microsoft-customer-agreement-status",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

GET_SPENDING_BUDGET = Operation(
    name="GET_SPENDING_BUDGET",
    method=Method.GET,
    path="/v1/customers/{customer_id}/usagebudget",
    scenario="get-a-customer-s-usage-spending-budget",
    returns=JsonObject,
    effect=Effect.READ,
    throttle=Throttle.CUSTOMERS,
    clouds=NOT_CHINA,
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

# Whether an indirect reseller has signed the Microsoft Partner Agreement; one of the two ids is sent.
GET_PARTNER_AGREEMENT_STATUS = Operation(
    name="GET_PARTNER_AGREEMENT_STATUS",
    method=Method.GET,
    path="/v1/compliance/csp/agreementstatus",
    scenario="verify-indirect-reseller-mpa-status",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="mpnId"), Query(name="tenantId")),
    clouds=frozenset({Cloud.PUBLIC, Cloud.US_GOV}),
)

# Where the text of an agreement stands in one language, for customers of one country. The links live five minutes.
GET_AGREEMENT_DOCUMENT = Operation(
    name="GET_AGREEMENT_DOCUMENT",
    method=Method.GET,
    path="/v1/agreementtemplates/{template_id}/document",
    scenario="download-customer-agreement-template",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="language"), Query(name="country")),
    clouds=PUBLIC_ONLY,
)

# Every availability of a SKU in a market; without a segment, of all segments but nonprofit.
LIST_AVAILABILITIES = Operation(
    name="LIST_AVAILABILITIES",
    method=Method.GET,
    path="/v1/products/{product_id}/skus/{sku_id}/availabilities",
    scenario="get-a-list-of-availabilities-for-a-sku",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="country", required=True), Query(name="targetSegment")),
    clouds=PUBLIC_ONLY,
)

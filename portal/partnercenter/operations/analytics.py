"""Analytics. Most stand under ``/partner/v1``, and ask for a user."""

from portal.partnercenter.operations.shared import NOT_CHINA, PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Paging, Query

LIST_AZURE_ANALYTICS = Operation(
    name="LIST_AZURE_ANALYTICS",
    method=Method.GET,
    path="/partner/v1/analytics/usage/azure",
    scenario="get-all-azure-usage-analytics",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="top"),
        Query(name="skip"),
        Query(name="filter"),
        Query(name="aggregationLevel"),
        Query(name="orderby"),
        Query(name="groupby"),
    ),
    paging=Paging.NEXT_LINK,
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

LIST_RESELLER_ANALYTICS = Operation(
    name="LIST_RESELLER_ANALYTICS",
    method=Method.GET,
    path="/partner/v1/analytics/indirectresellers",
    scenario="get-all-indirect-resellers-analytics",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="top"),
        Query(name="skip"),
        Query(name="filter"),
        Query(name="aggregationLevel"),
        Query(name="orderby"),
        Query(name="groupby"),
    ),
    paging=Paging.NEXT_LINK,
)

LIST_REFERRAL_ANALYTICS = Operation(
    name="LIST_REFERRAL_ANALYTICS",
    method=Method.GET,
    path="/partner/v1/analytics/referrals",
    scenario="get-all-referrals-analytics",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="filter"),
        Query(name="groupby"),
        Query(name="aggregationLevel"),
        Query(name="top"),
        Query(name="skip"),
    ),
    paging=Paging.NEXT_LINK,
    clouds=NOT_CHINA,
)

LIST_SEARCH_ANALYTICS = Operation(
    name="LIST_SEARCH_ANALYTICS",
    method=Method.GET,
    path="/partner/v1/analytics/search",
    scenario="get-all-search-analytics",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="filter"),
        Query(name="groupby"),
        Query(name="aggregationLevel"),
        Query(name="top"),
        Query(name="skip"),
    ),
    paging=Paging.NEXT_LINK,
)

LIST_SUBSCRIPTION_ANALYTICS = Operation(
    name="LIST_SUBSCRIPTION_ANALYTICS",
    method=Method.GET,
    path="/partner/v1/analytics/subscriptions",
    scenario="get-all-subscription-analytics",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="top"),
        Query(name="skip"),
        Query(name="filter"),
        Query(name="aggregationLevel"),
        Query(name="groupBy"),
    ),
    paging=Paging.NEXT_LINK,
)

SEARCH_SUBSCRIPTION_ANALYTICS = Operation(
    name="SEARCH_SUBSCRIPTION_ANALYTICS",
    method=Method.GET,
    path="/partner/v1/analytics/subscriptions",
    scenario="get-subscription-analytics-by-search-query",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="filter", required=True),),
    paging=Paging.NEXT_LINK,
)

GROUP_SUBSCRIPTION_ANALYTICS = Operation(
    name="GROUP_SUBSCRIPTION_ANALYTICS",
    method=Method.GET,
    path="/partner/v1/analytics/subscriptions",
    scenario="get-subscription-analytics-grouped-by-dates-or-terms",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="groupby", required=True),
        Query(name="top"),
        Query(name="skip"),
        Query(name="filter"),
        Query(name="aggregationLevel"),
    ),
    paging=Paging.NEXT_LINK,
)

LIST_LICENSE_DEPLOYMENT = Operation(
    name="LIST_LICENSE_DEPLOYMENT",
    method=Method.GET,
    path="/v1/analytics/commercial/deployment/license",
    scenario="get-licenses-deployment-information",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="top"),
        Query(name="skip"),
        Query(name="filter"),
        Query(name="groupby"),
        Query(name="processedDateTime"),
    ),
    paging=Paging.NEXT_LINK,
    clouds=PUBLIC_ONLY,
)

LIST_LICENSE_USAGE = Operation(
    name="LIST_LICENSE_USAGE",
    method=Method.GET,
    path="/v1/analytics/commercial/usage/license",
    scenario="get-licenses-usage-information",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    query=(
        Query(name="top"),
        Query(name="skip"),
        Query(name="filter"),
        Query(name="groupby"),
        Query(name="processedDateTime"),
    ),
    paging=Paging.NEXT_LINK,
    clouds=PUBLIC_ONLY,
)

LIST_CUSTOMER_LICENSE_DEPLOYMENT = Operation(
    name="LIST_CUSTOMER_LICENSE_DEPLOYMENT",
    method=Method.GET,
    path="/v1/customers/{customer_id}/analytics/licenses/deployment",
    scenario="get-customer-licenses-deployment-information",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

LIST_CUSTOMER_LICENSE_USAGE = Operation(
    name="LIST_CUSTOMER_LICENSE_USAGE",
    method=Method.GET,
    path="/v1/customers/{customer_id}/analytics/licenses/usage",
    scenario="get-customer-licenses-usage-information",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

LIST_PARTNER_LICENSE_DEPLOYMENT = Operation(
    name="LIST_PARTNER_LICENSE_DEPLOYMENT",
    method=Method.GET,
    path="/v1/analytics/licenses/deployment",
    scenario="get-partner-licenses-deployment-information",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

LIST_PARTNER_LICENSE_USAGE = Operation(
    name="LIST_PARTNER_LICENSE_USAGE",
    method=Method.GET,
    path="/v1/analytics/licenses/usage",
    scenario="get-partner-licenses-usage-information",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

"""Azure prices and usage, and what a customer costs."""

from portal.partnercenter.operations.shared import NOT_CHINA, PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Paging, Query, Throttle

GET_AZURE_RATE_CARD = Operation(
    name="GET_AZURE_RATE_CARD",
    method=Method.GET,
    path="/v1/ratecards/azure",
    scenario="get-prices-for-microsoft-azure",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="currency"), Query(name="region")),
    headers=("X-Locale",),
    clouds=NOT_CHINA,
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

LIST_AZURE_UTILIZATION = Operation(
    name="LIST_AZURE_UTILIZATION",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/utilizations/azure",
    scenario="get-a-customer-s-utilization-record-for-azure",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(
        Query(name="start_time", required=True),
        Query(name="end_time", required=True),
        Query(name="granularity"),
        Query(name="show_details"),
        Query(name="size"),
    ),
    paging=Paging.SEEK,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=NOT_CHINA,
    success=(200, 204),
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

LIST_MONTHLY_USAGE = Operation(
    name="LIST_MONTHLY_USAGE",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/usagerecords/resources",
    scenario="get-all-monthly-usage-records-for-a-subscription",
    returns=JsonCollection,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=NOT_CHINA,
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

GET_USAGE_SUMMARY = Operation(
    name="GET_USAGE_SUMMARY",
    method=Method.GET,
    path="/v1/customers/{customer_id}/usagesummary",
    scenario="get-a-customer-usage-summary",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    clouds=NOT_CHINA,
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

GET_SERVICE_COSTS = Operation(
    name="GET_SERVICE_COSTS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/servicecosts/{billing_period}",
    scenario="get-a-customer-s-service-costs-summary",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

LIST_SERVICE_COST_LINES = Operation(
    name="LIST_SERVICE_COST_LINES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/servicecosts/{billing_period}/lineitems",
    scenario="get-a-customer-s-service-costs-line-items",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

"""Calls about a customer that Microsoft documents on pages of their own, outside the list of scenarios."""

from portal.partnercenter.operations.shared import NOT_CHINA, PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonObject
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Throttle

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

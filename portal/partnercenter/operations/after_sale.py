"""What happens to a purchase afterwards, documented on pages outside the list of scenarios.

How far an order is, the Azure subscriptions of a plan, transfers between partners, and the way from
legacy offers to new commerce.
"""

from portal.partnercenter.operations.shared import PUBLIC_ONLY
from portal.partnercenter.resources.common import JsonArray, JsonCollection, JsonObject
from portal.partnercenter.spec import Effect, Method, Operation, Paging, Query, Throttle

_PLAN = "/v1/customers/{customer_id}/subscriptions/{subscription_id}/azureEntitlements"
_TRANSFERS = "/v1/customers/{customer_id}/transfers"
_MIGRATIONS = "/v1/customers/{customer_id}/migrations/newcommerce"

GET_ORDER_PROVISIONING_STATUS = Operation(
    name="GET_ORDER_PROVISIONING_STATUS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/orders/{order_id}/provisioningstatus",
    scenario="get-order-provisioning-status",
    returns=JsonCollection,
    effect=Effect.READ,
    throttle=Throttle.ORDERS,
)

# --- Azure subscriptions under an Azure plan

LIST_AZURE_ENTITLEMENTS = Operation(
    name="LIST_AZURE_ENTITLEMENTS",
    method=Method.GET,
    path=_PLAN,
    scenario="get-a-list-of-azure-entitlements-for-a-subscription",
    returns=JsonCollection,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

GET_AZURE_ENTITLEMENT = Operation(
    name="GET_AZURE_ENTITLEMENT",
    method=Method.GET,
    path=f"{_PLAN}/{{entitlement_id}}",
    scenario="get-an-azure-entitlement-for-a-subscription",
    returns=JsonObject,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

CANCEL_AZURE_ENTITLEMENT = Operation(
    name="CANCEL_AZURE_ENTITLEMENT",
    method=Method.POST,
    path=f"{_PLAN}/{{entitlement_id}}/cancel",
    scenario="cancel-an-azure-subscription",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

REACTIVATE_AZURE_ENTITLEMENT = Operation(
    name="REACTIVATE_AZURE_ENTITLEMENT",
    method=Method.POST,
    path=f"{_PLAN}/{{entitlement_id}}/reactivate",
    scenario="reactivate-an-azure-subscription",
    returns=JsonObject,
    effect=Effect.WRITE,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

# --- Transfers between partners

LIST_TRANSFERS = Operation(
    name="LIST_TRANSFERS",
    method=Method.GET,
    path=_TRANSFERS,
    scenario="get-transfers-of-a-customer",
    returns=JsonCollection,
    effect=Effect.READ,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

GET_TRANSFER = Operation(
    name="GET_TRANSFER",
    method=Method.GET,
    path=f"{_TRANSFERS}/{{transfer_id}}",
    scenario="get-transfer-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

CREATE_TRANSFER = Operation(
    name="CREATE_TRANSFER",
    method=Method.POST,
    path=_TRANSFERS,
    scenario="create-a-transfer",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
    success=(200, 201),
)

# The source accepts or rejects, the target cancels: one PATCH, told apart by ``status``.
UPDATE_TRANSFER = Operation(
    name="UPDATE_TRANSFER",
    method=Method.PATCH,
    path=f"{_TRANSFERS}/{{transfer_id}}",
    scenario="update-a-transfer",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

# --- From legacy offers to new commerce

# A question, although it is posted: whether a subscription can go, and to what.
VALIDATE_MIGRATION = Operation(
    name="VALIDATE_MIGRATION",
    method=Method.POST,
    path=f"{_MIGRATIONS}/validate",
    scenario="validate-subscription-for-migration",
    returns=JsonObject,
    effect=Effect.READ,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
)

CREATE_MIGRATION = Operation(
    name="CREATE_MIGRATION",
    method=Method.POST,
    path=_MIGRATIONS,
    scenario="create-migration",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
    success=(200, 201),
)

GET_MIGRATION = Operation(
    name="GET_MIGRATION",
    method=Method.GET,
    path=f"{_MIGRATIONS}/{{migration_id}}",
    scenario="get-new-commerce-migration",
    returns=JsonObject,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
)

LIST_MIGRATIONS = Operation(
    name="LIST_MIGRATIONS",
    method=Method.GET,
    path="/v1/migrations/newcommerce",
    scenario="query-migrated-subscriptions",
    returns=JsonArray,
    effect=Effect.READ,
    query=(
        Query(name="CustomerTenantId"),
        Query(name="CurrentSubscriptionId"),
        Query(name="PageSize"),
    ),
    paging=Paging.HEADER,
    throttle=Throttle.SUBSCRIPTIONS,
)

LIST_MIGRATION_EVENTS = Operation(
    name="LIST_MIGRATION_EVENTS",
    method=Method.GET,
    path=f"{_MIGRATIONS}/events",
    scenario="get-migration-events",
    returns=JsonArray,
    effect=Effect.READ,
    query=(Query(name="MigrationId"), Query(name="CurrentSubscriptionId")),
    throttle=Throttle.SUBSCRIPTIONS,
)

SCHEDULE_MIGRATION = Operation(
    name="SCHEDULE_MIGRATION",
    method=Method.POST,
    path=f"{_MIGRATIONS}/schedules",
    scenario="schedule-a-new-commerce-migration",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
    success=(200, 201),
)

# The page prints a list with the one schedule in it.
GET_MIGRATION_SCHEDULE = Operation(
    name="GET_MIGRATION_SCHEDULE",
    method=Method.GET,
    path=f"{_MIGRATIONS}/schedules/{{schedule_id}}",
    scenario="get-a-new-commerce-migration-schedule",
    returns=JsonArray,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
)

UPDATE_MIGRATION_SCHEDULE = Operation(
    name="UPDATE_MIGRATION_SCHEDULE",
    method=Method.PUT,
    path=f"{_MIGRATIONS}/schedules/{{schedule_id}}",
    scenario="update-a-new-commerce-migration-schedule",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
)

CANCEL_MIGRATION_SCHEDULE = Operation(
    name="CANCEL_MIGRATION_SCHEDULE",
    method=Method.POST,
    path=f"{_MIGRATIONS}/schedules/{{schedule_id}}/cancel",
    scenario="cancel-a-new-commerce-migration-schedule",
    returns=JsonObject,
    effect=Effect.WRITE,
    throttle=Throttle.SUBSCRIPTIONS,
)

LIST_MIGRATION_SCHEDULES = Operation(
    name="LIST_MIGRATION_SCHEDULES",
    method=Method.GET,
    path="/v1/migrations/newcommerce/schedules",
    scenario="get-new-commerce-migration-schedules",
    returns=JsonArray,
    effect=Effect.READ,
    query=(Query(name="CustomerTenantId"), Query(name="CurrentSubscriptionId")),
    paging=Paging.HEADER,
    throttle=Throttle.SUBSCRIPTIONS,
)

"""Orders and what they entitle to."""

from portal.partnercenter.operations.shared import NOT_GERMANY, PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.spec import Effect, Method, Operation, Query, Throttle

LIST_ORDERS = Operation(
    name="LIST_ORDERS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/orders",
    scenario="get-all-of-a-customer-s-orders",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="include_price"),),
    throttle=Throttle.ORDERS,
)

LIST_ORDERS_BY_BILLING_CYCLE = Operation(
    name="LIST_ORDERS_BY_BILLING_CYCLE",
    method=Method.GET,
    path="/v1/customers/{customer_id}/orders",
    scenario="get-a-list-of-orders-by-customer-and-billing-cycle-type",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="billingType"), Query(name="include_price")),
    throttle=Throttle.ORDERS,
)

GET_ORDER = Operation(
    name="GET_ORDER",
    method=Method.GET,
    path="/v1/customers/{customer_id}/orders/{order_id}",
    scenario="get-an-order-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="include_price"),),
    throttle=Throttle.ORDERS,
)

CREATE_ORDER = Operation(
    name="CREATE_ORDER",
    method=Method.POST,
    path="/v1/customers/{customer_id}/orders",
    scenario="create-an-order",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.ORDERS,
    clouds=NOT_GERMANY,
    success=(201,),
)

CREATE_ORDER_FOR_RESELLER = Operation(
    name="CREATE_ORDER_FOR_RESELLER",
    method=Method.POST,
    path="/v1/customers/{customer_id}/orders",
    scenario="create-an-order-for-a-customer-of-an-indirect-reseller",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    throttle=Throttle.ORDERS,
    clouds=PUBLIC_ONLY,
    success=(201,),
)

PURCHASE_ADDON = Operation(
    name="PURCHASE_ADDON",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/orders/{order_id}",
    scenario="purchase-an-add-on-to-a-subscription",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.ORDERS,
    clouds=NOT_GERMANY,
)

CHANGE_BILLING_CYCLE = Operation(
    name="CHANGE_BILLING_CYCLE",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/orders/{order_id}",
    scenario="change-the-billing-cycle",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.ORDERS,
)

CANCEL_SANDBOX_ORDER = Operation(
    name="CANCEL_SANDBOX_ORDER",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/orders/{order_id}",
    scenario="cancel-an-order-from-the-integration-sandbox",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.ORDERS,
)

LIST_ACTIVATION_LINKS = Operation(
    name="LIST_ACTIVATION_LINKS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/orders/{order_id}/lineitems/{line_item_number}/activationlinks",
    scenario="get-activation-link-by-order-line-item",
    returns=JsonCollection,
    effect=Effect.READ,
    throttle=Throttle.ORDERS,
)

LIST_ENTITLEMENTS = Operation(
    name="LIST_ENTITLEMENTS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/entitlements",
    scenario="get-a-collection-of-entitlements",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    query=(Query(name="entitlementType"), Query(name="showExpiry")),
    clouds=PUBLIC_ONLY,
)

GET_ENTITLEMENT_ARTIFACT = Operation(
    name="GET_ENTITLEMENT_ARTIFACT",
    method=Method.GET,
    path="/v1/customers/{customer_id}/artifacts/{artifact_type}/groups/{group_id}/lineitems/{line_item_id}/resource/{resource_id}",
    scenario="get-a-collection-of-entitlements",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    clouds=PUBLIC_ONLY,
)

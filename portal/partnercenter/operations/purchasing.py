"""What a new-commerce purchase takes beside the cart.

Promotions, end dates to align with, the cart read back, the review of a new customer, the customer's purchase order.
"""

from portal.partnercenter.operations.shared import PUBLIC_ONLY
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.spec import Effect, Method, Multipart, Operation, Query, Throttle

GET_CART = Operation(
    name="GET_CART",
    method=Method.GET,
    path="/v1/customers/{customer_id}/carts/{cart_id}",
    scenario="get-a-cart",
    returns=JsonObject,
    effect=Effect.READ,
    throttle=Throttle.ORDERS,
    clouds=PUBLIC_ONLY,
)

LIST_PROMOTIONS = Operation(
    name="LIST_PROMOTIONS",
    method=Method.GET,
    path="/v1/productpromotions",
    scenario="get-promotions",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="country", required=True), Query(name="segment", required=True)),
    clouds=PUBLIC_ONLY,
)

GET_PROMOTION = Operation(
    name="GET_PROMOTION",
    method=Method.GET,
    path="/v1/productpromotions/{promotion_id}",
    scenario="get-promotion-by-id",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="country", required=True),),
    clouds=PUBLIC_ONLY,
)

# A question, although it is posted: which promotions the lines of a purchase would get.
VERIFY_PROMOTIONS = Operation(
    name="VERIFY_PROMOTIONS",
    method=Method.POST,
    path="/v1/customers/{customer_id}/promotionEligibilities",
    scenario="verify-promotion-eligibility",
    returns=JsonCollection,
    effect=Effect.READ,
    body=JsonObject,
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

# The days on which a new subscription of a term may end: those of others, and ends of months.
LIST_TERM_END_DATES = Operation(
    name="LIST_TERM_END_DATES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/customTermEndDates",
    scenario="custom-term-end-dates",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="term_duration", required=True),),
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

# Whether Microsoft has looked at a new customer: nothing is ordered for it before.
GET_VALIDATION_STATUS = Operation(
    name="GET_VALIDATION_STATUS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/validationStatus",
    scenario="retrieve-validation-status",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="type", constant="account"),),
    throttle=Throttle.CUSTOMERS,
    clouds=PUBLIC_ONLY,
)

# An order that waits in pending_po_upload takes the customer's purchase order, and a tender's papers.
ATTACH_PURCHASE_ORDER = Operation(
    name="ATTACH_PURCHASE_ORDER",
    method=Method.POST,
    path="/v1/customers/{customer_id}/orders/{order_id}/attachment",
    scenario="attaching-purchase-order-and-completing-po-details",
    returns=JsonCollection,
    effect=Effect.WRITE,
    body=Multipart,
    throttle=Throttle.ORDERS,
    clouds=PUBLIC_ONLY,
    success=(201,),
)

# What was handed in for an order, without the bytes.
LIST_ORDER_ATTACHMENTS = Operation(
    name="LIST_ORDER_ATTACHMENTS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/orders/{order_id}/attachments",
    scenario="attaching-purchase-order-and-completing-po-details",
    returns=JsonCollection,
    effect=Effect.READ,
    throttle=Throttle.ORDERS,
    clouds=PUBLIC_ONLY,
)

"""Carts: what is put together, and its checkout."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY
from portal.partnercenter.resources.common import JsonObject
from portal.partnercenter.spec import Effect, Method, Operation, Throttle

CREATE_CART = Operation(
    name="CREATE_CART",
    method=Method.POST,
    path="/v1/customers/{customer_id}/carts",
    scenario="create-a-cart",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.ORDERS,
    success=(201,),
)

CREATE_CART_WITH_ADDONS = Operation(
    name="CREATE_CART_WITH_ADDONS",
    method=Method.POST,
    path="/v1/customers/{customer_id}/carts",
    scenario="create-a-cart-with-add-ons",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.ORDERS,
    clouds=PUBLIC_ONLY,
    success=(201,),
)

UPDATE_CART = Operation(
    name="UPDATE_CART",
    method=Method.PUT,
    path="/v1/customers/{customer_id}/carts/{cart_id}",
    scenario="update-a-cart",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.ORDERS,
    clouds=PUBLIC_ONLY,
    success=(201,),
)

CHECKOUT_CART = Operation(
    name="CHECKOUT_CART",
    method=Method.POST,
    path="/v1/customers/{customer_id}/carts/{cart_id}/checkout",
    scenario="checkout-a-cart",
    returns=JsonObject,
    effect=Effect.WRITE,
    throttle=Throttle.ORDERS,
    success=(201,),
)

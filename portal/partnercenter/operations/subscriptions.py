"""Subscriptions. Every change is one PATCH of the whole resource, told apart by its body."""

from portal.partnercenter.operations.shared import NOT_CHINA, PUBLIC_ONLY, USER
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.resources.subscriptions import Subscription, SubscriptionCollection
from portal.partnercenter.spec import Cloud, Effect, Method, Operation, Query, Throttle

LIST_SUBSCRIPTIONS = Operation(
    name="LIST_SUBSCRIPTIONS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions",
    scenario="get-all-of-a-customer-s-subscriptions",
    returns=SubscriptionCollection,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
)

GET_SUBSCRIPTION = Operation(
    name="GET_SUBSCRIPTION",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}",
    scenario="get-a-subscription-by-id",
    returns=Subscription,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
)

LIST_SUBSCRIPTIONS_OF_ORDER = Operation(
    name="LIST_SUBSCRIPTIONS_OF_ORDER",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions",
    scenario="get-a-list-of-subscriptions-by-order",
    returns=SubscriptionCollection,
    effect=Effect.READ,
    query=(Query(name="order_id", required=True),),
    throttle=Throttle.SUBSCRIPTIONS,
)

LIST_SUBSCRIPTIONS_OF_PARTNER = Operation(
    name="LIST_SUBSCRIPTIONS_OF_PARTNER",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions",
    scenario="get-all-subscriptions-by-partner",
    returns=SubscriptionCollection,
    effect=Effect.READ,
    query=(Query(name="mpn_id", required=True),),
    throttle=Throttle.SUBSCRIPTIONS,
)

LIST_ADDONS_OF_SUBSCRIPTION = Operation(
    name="LIST_ADDONS_OF_SUBSCRIPTION",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/addons",
    scenario="get-a-list-of-add-ons-for-a-subscription",
    returns=SubscriptionCollection,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
)

CHANGE_QUANTITY = Operation(
    name="CHANGE_QUANTITY",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}",
    scenario="change-the-quantity-of-a-subscription",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
    success=(200, 202),
)

SUSPEND_SUBSCRIPTION = Operation(
    name="SUSPEND_SUBSCRIPTION",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}",
    scenario="suspend-a-subscription",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
    etag=True,
)

REACTIVATE_SUBSCRIPTION = Operation(
    name="REACTIVATE_SUBSCRIPTION",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}",
    scenario="reactivate-a-suspended-a-subscription",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
)

RENAME_SUBSCRIPTION = Operation(
    name="RENAME_SUBSCRIPTION",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}",
    scenario="update-the-nickname-for-a-subscription",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
)

SET_AUTO_RENEW = Operation(
    name="SET_AUTO_RENEW",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}",
    scenario="update-autorenew-for-an-azure-marketplace-subscription",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
    etag=True,
)

CANCEL_SUBSCRIPTION = Operation(
    name="CANCEL_SUBSCRIPTION",
    method=Method.PATCH,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}",
    scenario="cancel-an-azure-marketplace-subscription",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
    etag=True,
)

LIST_CONVERSIONS = Operation(
    name="LIST_CONVERSIONS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/conversions",
    scenario="get-a-list-of-trial-conversion-offers",
    returns=JsonCollection,
    effect=Effect.READ,
    auth=USER,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

CONVERT_TRIAL = Operation(
    name="CONVERT_TRIAL",
    method=Method.POST,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/conversions",
    scenario="convert-a-trial-subscription-to-paid",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

LIST_UPGRADES = Operation(
    name="LIST_UPGRADES",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/upgrades",
    scenario="transition-a-subscription",
    returns=JsonCollection,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
)

# Posted to the source subscription, as the SDK does; the target stands in the body.
UPGRADE_SUBSCRIPTION = Operation(
    name="UPGRADE_SUBSCRIPTION",
    method=Method.POST,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/upgrades",
    scenario="transition-a-subscription",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
)

REGISTER_SUBSCRIPTION = Operation(
    name="REGISTER_SUBSCRIPTION",
    method=Method.POST,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/registrations",
    scenario="register-a-subscription",
    returns=type(None),
    effect=Effect.WRITE,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
    success=(202,),
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

GET_REGISTRATION_STATUS = Operation(
    name="GET_REGISTRATION_STATUS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/registrationstatus",
    scenario="get-subscription-registration-status",
    returns=JsonObject,
    effect=Effect.READ,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
    national_gaps={Cloud.CHINA: "no Azure subscriptions"},
)

GET_PROVISIONING_STATUS = Operation(
    name="GET_PROVISIONING_STATUS",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/provisioningstatus",
    scenario="get-subscription-provisioning-status",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    throttle=Throttle.SUBSCRIPTIONS,
)

GET_SUPPORT_CONTACT = Operation(
    name="GET_SUPPORT_CONTACT",
    method=Method.GET,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/supportcontact",
    scenario="get-a-subscription-s-support-contact",
    returns=JsonObject,
    effect=Effect.READ,
    auth=USER,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=NOT_CHINA,
)

UPDATE_SUPPORT_CONTACT = Operation(
    name="UPDATE_SUPPORT_CONTACT",
    method=Method.PUT,
    path="/v1/customers/{customer_id}/subscriptions/{subscription_id}/supportcontact",
    scenario="update-a-subscription-s-support-contact",
    returns=JsonObject,
    effect=Effect.WRITE,
    auth=USER,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=NOT_CHINA,
)

"""What became of subscriptions with new commerce: scheduled changes, another term or cycle, transitions."""

from portal.partnercenter.operations.shared import PUBLIC_ONLY
from portal.partnercenter.resources.common import JsonCollection, JsonObject
from portal.partnercenter.resources.subscriptions import Subscription
from portal.partnercenter.spec import Effect, Method, Operation, Query, Throttle

_SUBSCRIPTION = "/v1/customers/{customer_id}/subscriptions/{subscription_id}"

# Written or dropped: the body is the whole resource with or without scheduledNextTermInstructions.
SCHEDULE_CHANGE = Operation(
    name="SCHEDULE_CHANGE",
    method=Method.PATCH,
    path=_SUBSCRIPTION,
    scenario="create-scheduled-changes",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
    etag=True,
)

# In mid-term a term can only get longer (rule term_change).
CHANGE_SUBSCRIPTION_TERM = Operation(
    name="CHANGE_SUBSCRIPTION_TERM",
    method=Method.PATCH,
    path=_SUBSCRIPTION,
    scenario="update-a-subscription-by-id",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
    etag=True,
)

# Takes effect with the next charge (rule billing_cycle_change); until then nextChargeInstructions tell of it.
CHANGE_SUBSCRIPTION_CYCLE = Operation(
    name="CHANGE_SUBSCRIPTION_CYCLE",
    method=Method.PATCH,
    path=_SUBSCRIPTION,
    scenario="manage-billing-frequency",
    returns=Subscription,
    effect=Effect.WRITE,
    body=Subscription,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
    etag=True,
)

# ``eligibilityType``: immediate or scheduled.
LIST_TRANSITION_ELIGIBILITIES = Operation(
    name="LIST_TRANSITION_ELIGIBILITIES",
    method=Method.GET,
    path=f"{_SUBSCRIPTION}/transitionEligibilities",
    scenario="transition-a-new-commerce-subscription",
    returns=JsonCollection,
    effect=Effect.READ,
    query=(Query(name="eligibilityType"),),
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

START_TRANSITION = Operation(
    name="START_TRANSITION",
    method=Method.POST,
    path=f"{_SUBSCRIPTION}/transitions",
    scenario="transition-a-new-commerce-subscription",
    returns=JsonObject,
    effect=Effect.WRITE,
    body=JsonObject,
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

# Its answer holds them under "transition", not "items".
LIST_TRANSITIONS = Operation(
    name="LIST_TRANSITIONS",
    method=Method.GET,
    path=f"{_SUBSCRIPTION}/transitions",
    scenario="get-transitions",
    returns=JsonObject,
    effect=Effect.READ,
    query=(Query(name="operationId"),),
    throttle=Throttle.SUBSCRIPTIONS,
    clouds=PUBLIC_ONLY,
)

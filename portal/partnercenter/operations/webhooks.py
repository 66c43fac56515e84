"""Webhooks: which events Partner Center sends where, and a test event.

They stand on the page partner-center-webhooks, outside the list of REST scenarios.
"""

from portal.partnercenter.resources.webhooks import (
    WebhookDelivery,
    WebhookRegistration,
    WebhookTest,
)
from portal.partnercenter.spec import Effect, Method, Operation

PAGE = "partner-center-webhooks"

LIST_WEBHOOK_EVENTS = Operation(
    name="LIST_WEBHOOK_EVENTS",
    method=Method.GET,
    path="/webhooks/v1/registration/events",
    scenario=PAGE,
    returns=list[str],
    effect=Effect.READ,
)

GET_WEBHOOK_REGISTRATION = Operation(
    name="GET_WEBHOOK_REGISTRATION",
    method=Method.GET,
    path="/webhooks/v1/registration",
    scenario=PAGE,
    returns=WebhookRegistration,
    effect=Effect.READ,
    may_be_empty=True,
)

CREATE_WEBHOOK_REGISTRATION = Operation(
    name="CREATE_WEBHOOK_REGISTRATION",
    method=Method.POST,
    path="/webhooks/v1/registration",
    scenario=PAGE,
    returns=WebhookRegistration,
    effect=Effect.WRITE,
    body=WebhookRegistration,
)

UPDATE_WEBHOOK_REGISTRATION = Operation(
    name="UPDATE_WEBHOOK_REGISTRATION",
    method=Method.PUT,
    path="/webhooks/v1/registration",
    scenario=PAGE,
    returns=WebhookRegistration,
    effect=Effect.WRITE,
    body=WebhookRegistration,
)

# A POST that changes nothing: it only asks for an event, at most two a minute.
SEND_WEBHOOK_TEST = Operation(
    name="SEND_WEBHOOK_TEST",
    method=Method.POST,
    path="/webhooks/v1/registration/validationEvents",
    scenario=PAGE,
    returns=WebhookTest,
    effect=Effect.READ,
)

GET_WEBHOOK_TEST = Operation(
    name="GET_WEBHOOK_TEST",
    method=Method.GET,
    path="/webhooks/v1/registration/validationEvents/{correlation_id}",
    scenario=PAGE,
    returns=WebhookDelivery,
    effect=Effect.READ,
)

"""Wire shapes of the webhook registration (page partner-center-webhooks)."""

from typing import TypedDict


class WebhookRegistration(TypedDict, total=False):
    """``SignatureTokenToMsSignatureHeader`` moves the signature to the header x-ms-signature."""

    SubscriberId: str
    WebhookUrl: str
    WebhookEvents: list[str]
    SignatureTokenToMsSignatureHeader: bool


class WebhookTest(TypedDict, total=False):
    """The answer to a test event: the id under which its delivery can be asked for."""

    correlationId: str


class WebhookTry(TypedDict, total=False):
    responseCode: str
    responseMessage: str
    systemError: bool
    dateTimeUtc: str


class WebhookDelivery(TypedDict, total=False):
    """How the delivery of one test event went; ``results`` holds one entry for each try."""

    correlationId: str
    partnerId: str
    status: str
    callbackUrl: str
    results: list[WebhookTry]

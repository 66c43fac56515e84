"""What Partner Center says about the registration of a connection: read by a worker, kept in one row."""

from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from portal.connections.clients import get_client
from portal.connections.models import Connection
from portal.mirror.dirty import described
from portal.mirror.models import WebhookRegistration
from portal.mirror.values import text
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import NotFound, PartnerError
from portal.partnercenter.operations.webhooks import (
    GET_WEBHOOK_REGISTRATION,
    LIST_WEBHOOK_EVENTS,
)


def request(connection: Connection) -> None:
    """Have a worker read the registration; joins the caller's transaction."""
    rows = WebhookRegistration.objects
    if not rows.filter(connection=connection).update(asked_at=timezone.now()):
        rows.bulk_create(
            [WebhookRegistration(connection=connection, asked_at=timezone.now())],
            ignore_conflicts=True,
        )
    transaction.on_commit(partial(_queue, connection.pk))


def _queue(connection_id: int) -> None:
    current_app.send_task(
        "portal.mirror.tasks.read_webhook_registration", args=[connection_id], queue="interactive"
    )


def read(connection: Connection) -> None:
    """Ask for the registration and the events on offer, and keep both, or what went wrong (worker side)."""
    at = timezone.now()
    try:
        client = get_client(connection, "question")
        supported = client.call(LIST_WEBHOOK_EVENTS)
        values = columns(registered(client))
    except PartnerError as error:
        keep(connection, {"error": described(error), "asked_at": None})
        return
    names = [text(name) for name in supported]
    keep(connection, values | {"supported": names, "observed_at": at})


def registered(client: PartnerClient) -> dict[str, Any]:
    """The registration as Partner Center has it; empty if there is none."""
    try:
        found = client.call(GET_WEBHOOK_REGISTRATION)
    except NotFound:
        return {}
    return dict(found)


def columns(payload: dict[str, Any]) -> dict[str, Any]:
    """The row's columns from the wire."""
    return {
        "url": text(payload.get("WebhookUrl")),
        "events": sorted(text(name) for name in payload.get("WebhookEvents") or []),
        "ms_signature": payload.get("SignatureTokenToMsSignatureHeader") is True,
        "error": None,
        "asked_at": None,
    }


def keep(connection: Connection, values: dict[str, Any]) -> None:
    """Write the row; the first time it is made."""
    WebhookRegistration.objects.update_or_create(connection=connection, defaults=values)

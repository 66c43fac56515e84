"""What the webhook pages show: the registration, the last change of it, the last test, the events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.administration.probes import Text, step_for
from portal.connections.models import Connection
from portal.mirror.models import (
    EventState,
    Question,
    QuestionState,
    WebhookEvent,
    WebhookRegistration,
)
from portal.mirror.webhooks import reasons
from portal.outbox.models import Command

REGISTER = "webhook.register"
SEND = "SEND_WEBHOOK_TEST"
RESULT = "GET_WEBHOOK_TEST"
PATIENCE = timedelta(minutes=3)
"""How long the page waits for a test event before it leaves the next look to the person."""

REASONS: dict[str, Text] = {
    reasons.UNSIGNED: _("a header of the signature is missing"),
    reasons.ALGORITHM: _("the algorithm is not rsa-sha256"),
    reasons.FOREIGN_HOST: _("the certificate stands on a foreign host; nothing was downloaded"),
    reasons.UNREADABLE: _("the body is no event"),
    reasons.TOO_LARGE: _("the body is too large"),
    reasons.CERTIFICATE: _("the certificate cannot be read"),
    reasons.UNREACHABLE: _("the certificate's host did not answer"),
    reasons.EXPIRED: _("the certificate has expired"),
    reasons.CHAIN: _("the certificate leads to no trusted root"),
    reasons.ORGANISATION: _("the certificate is not Microsoft's"),
    reasons.SIGNATURE: _("the signature does not fit the body"),
}
STATES: dict[str, tuple[str, Text]] = {
    EventState.RECEIVED: ("is-info", _("Being checked")),
    EventState.ACCEPTED: ("is-ok", _("Accepted")),
    EventState.DUPLICATE: ("is-off", _("Seen before")),
    EventState.REFUSED: ("is-bad", _("Refused")),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One connection in the list."""

    connection: Connection
    registration: WebhookRegistration | None
    last: datetime | None
    accepted: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class Test:
    """The last test event. ``ask`` is true while the page should ask for the result once more."""

    sent: Question
    correlation_id: str = ""
    arrived: WebhookEvent | None = None
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    step: Text = ""
    waiting: bool = False
    ask: bool = False

    @property
    def completed(self) -> bool:
        return (self.result or {}).get("status") == "completed"

    @property
    def tries(self) -> list[Mapping[str, Any]]:
        return list((self.result or {}).get("results") or [])


def rows(connections: QuerySet[Connection]) -> list[Row]:
    """Every connection with its registration and the events of the last week."""
    found = list(connections)
    week = timezone.now() - timedelta(days=7)
    counted = (
        WebhookEvent.objects.filter(connection__in=found, received_at__gt=week)
        .values("connection_id")
        .annotate(
            last=Max("received_at"),
            accepted=Count("pk", filter=Q(state=EventState.ACCEPTED)),
            refused=Count("pk", filter=Q(state=EventState.REFUSED)),
        )
    )
    by_id = {row["connection_id"]: row for row in counted}
    known = {r.connection_id: r for r in WebhookRegistration.objects.filter(connection__in=found)}
    return [_row(connection, by_id.get(connection.pk), known) for connection in found]


def _row(
    connection: Connection,
    counted: Mapping[str, Any] | None,
    known: Mapping[int, WebhookRegistration],
) -> Row:
    told = counted or {"last": None, "accepted": 0, "refused": 0}
    return Row(
        connection=connection,
        registration=known.get(connection.pk),
        last=told["last"],
        accepted=told["accepted"],
        refused=told["refused"],
    )


def registration(connection: Connection) -> WebhookRegistration:
    """What Partner Center said last; an empty one before it was asked."""
    found = WebhookRegistration.objects.filter(connection=connection).first()
    return found or WebhookRegistration(connection=connection)


def is_asking(found: WebhookRegistration) -> bool:
    """Whether a worker is about to read it."""
    return found.asked_at is not None and found.asked_at > timezone.now() - PATIENCE


def command(connection: Connection) -> Command | None:
    """The last change of the registration, while it is fresh or still under way."""
    rows = Command.objects.filter(
        connection=connection, target_type="connection", target_id=connection.pk, verb=REGISTER
    )
    found = rows.order_by("-pk").first()
    settled = found.settled_at if found else None
    return None if settled and settled < timezone.now() - timedelta(days=1) else found


def events(connection: Connection) -> QuerySet[WebhookEvent]:
    """The requests to the receiver, without their bodies."""
    return WebhookEvent.objects.filter(connection=connection).defer("body", "headers")


def last_test(connection: Connection) -> Test | None:
    """How the last test event went: sent, arrived here, and what Partner Center says of it."""
    sent = _latest(connection, SEND)
    if sent is None:
        return None
    young = sent.created_at > timezone.now() - PATIENCE
    if sent.state == QuestionState.WAITING:
        return Test(sent=sent, waiting=young)
    if sent.state != QuestionState.ANSWERED:
        return Test(sent=sent, error=sent.error, step=step_for(sent.error or {}))
    return _delivered(connection, sent, young=young)


def _delivered(connection: Connection, sent: Question, *, young: bool) -> Test:
    correlation_id = str((sent.answer or {}).get("correlationId", ""))
    arrived = (
        events(connection)
        .filter(event="test-created", resource_uri__icontains=correlation_id or "-")
        .order_by("-pk")
        .first()
    )
    asked = Question.objects.filter(
        connection=connection, operation=RESULT, parameters__path__correlation_id=correlation_id
    ).order_by("-pk")
    newest = asked.first()
    told = asked.filter(state=QuestionState.ANSWERED).first()
    result = told.answer if told else None
    done = (result or {}).get("status") in {"completed", "failed"}
    settled = newest is None or newest.settled
    checked = arrived is None or arrived.state != EventState.RECEIVED
    return Test(
        sent=sent,
        correlation_id=correlation_id,
        arrived=arrived,
        result=result,
        waiting=young and (not settled or (done and not checked)),
        ask=young and settled and not done,
    )


def _latest(connection: Connection, operation: str) -> Question | None:
    rows = Question.objects.filter(connection=connection, operation=operation)
    return rows.order_by("-pk").first()

"""Webhooks: register for events, read what is registered, and have a test event sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from portal.access.scope import Scope
from portal.activity import log
from portal.activity.actors import Actor
from portal.administration import webhooks
from portal.connections.models import Connection
from portal.mirror import questions
from portal.mirror.models import WebhookRegistration
from portal.mirror.webhooks import registration
from portal.outbox import commands
from portal.outbox.models import Command

# Two test events a minute are allowed (facts): an equal question within this time is the same one.
BETWEEN_TESTS = timedelta(seconds=30)
BETWEEN_RESULTS = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What shall be registered."""

    url: str
    events: Sequence[str]
    ms_signature: bool
    submission: str = ""


def register(actor: Actor, scope: Scope, seen: WebhookRegistration, wish: Wish) -> Command:
    """Ask to register; ``seen`` is what the person saw. Raises as ``commands.submit``."""
    connection = seen.connection
    draft = commands.Draft(
        verb=webhooks.REGISTER,
        connection=connection,
        reseller_id=None,
        customer_pc_id="",
        customer_name="",
        target_pc_id=connection.tenant_id,
        target_label=connection.name,
        before={"url": seen.url, "events": seen.events} if seen.observed_at else {},
        after={
            "url": wish.url,
            "events": sorted(wish.events),
            "ms_signature": wish.ms_signature,
        },
        submission=wish.submission,
    )
    return commands.submit(actor, scope, draft, connection)


def read(connection: Connection) -> None:
    """Have the registration and the events on offer read again."""
    with transaction.atomic():
        registration.request(connection)


def test(actor: Actor, connection: Connection) -> None:
    """Have Partner Center send a test event."""
    with transaction.atomic():
        questions.ask(connection, webhooks.SEND, asker_id=actor.user_id, kept=BETWEEN_TESTS)
        log.record("webhook.tested", actor=actor, connection=connection, target=connection)


def ask_result(actor: Actor, connection: Connection) -> None:
    """Ask how the last test event went; nothing happens before it was sent."""
    found = webhooks.last_test(connection)
    if found is None or not found.correlation_id:
        return
    path = {"correlation_id": found.correlation_id}
    questions.ask(
        connection,
        webhooks.RESULT,
        questions.Parameters(path=path),
        asker_id=actor.user_id,
        kept=BETWEEN_RESULTS,
    )

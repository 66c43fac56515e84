"""Consent with its traces in the activity log: asked for, given, refused."""

import logging
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError

from portal.access.models import User
from portal.activity import log
from portal.activity.actors import Actor
from portal.activity.models import Via
from portal.connections import consent
from portal.connections.models import Connection, ConsentAttempt
from portal.mirror import optional

logger = logging.getLogger(__name__)


def start(actor: Actor, connection: Connection, redirect_uri: str) -> str:
    """Open an attempt of this person; give the address at Microsoft to go to."""
    if actor.user_id is None:
        raise ValueError("only a person can consent")
    with transaction.atomic():
        _attempt, url = consent.start(
            connection, user_id=actor.user_id, user_name=actor.email, redirect_uri=redirect_uri
        )
        log.record(
            "connection.consent_started", actor=actor, connection=connection, target=connection
        )
    return url


def receive(actor: Actor, answer: dict[str, str]) -> ConsentAttempt:
    """Take Microsoft's answer; a worker redeems it after the commit. Raises consent.NotYours."""
    with transaction.atomic():
        attempt = consent.receive(actor.user_id or 0, answer)
        if attempt.state == ConsentAttempt.State.REFUSED:
            _record(actor, attempt)
        else:
            transaction.on_commit(partial(_queue, attempt.pk))
    return attempt


def redeem(attempt_id: int) -> None:
    """Redeem in the worker, and record what came of it."""
    attempt = consent.redeem(attempt_id)
    if attempt is None:
        return
    user = User.objects.filter(pk=attempt.user_id).first()
    actor = Actor.for_user(user, via=Via.WORKER) if user else Actor.system()
    _record(actor, attempt)
    if attempt.state == ConsentAttempt.State.GIVEN:
        optional.try_again(attempt.connection)


def _record(actor: Actor, attempt: ConsentAttempt) -> None:
    given = attempt.state == ConsentAttempt.State.GIVEN
    log.record(
        "connection.consent_given" if given else "connection.consent_refused",
        actor=actor,
        connection=attempt.connection,
        target=attempt.connection,
        parameters={} if given else {"code": attempt.error_code},
        correlation_id=attempt.correlation_id,
    )


def _queue(attempt_id: int) -> None:
    """Wake a worker. If the queue is gone, the page says that nothing came and how to start again."""
    from portal.administration.tasks import redeem_consent  # noqa: PLC0415 - tasks import this

    try:
        redeem_consent.apply_async((attempt_id,), queue="interactive")
    except OperationalError:
        logger.warning("The queue is gone: consent attempt %d waits in vain.", attempt_id)

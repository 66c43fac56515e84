"""Calls to workers about a batch. A lost call costs time only: the sweep asks Postgres."""

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def check(batch_id: int) -> None:
    """Have rows checked, once the transaction is committed."""
    _call("portal.outbox.tasks.check_batch", batch_id)


def feed(batch_id: int) -> None:
    """Have the next rows asked, once the transaction is committed."""
    _call("portal.outbox.tasks.feed_batch", batch_id)


def _call(task: str, batch_id: int) -> None:
    def send() -> None:
        try:
            current_app.send_task(task, (batch_id,), retry=False)
        except OperationalError:
            log.warning("outbox.broker_away", batch_id=batch_id)

    transaction.on_commit(send)

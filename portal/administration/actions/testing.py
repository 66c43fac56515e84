"""Test connection: one Question for each family of calls; workers ask, the page waits."""

from django.db import transaction
from django.utils import timezone

from customers.models import Customer
from portal.activity import log
from portal.activity.actors import Actor
from portal.administration.probes import PROBES, Probe
from portal.connections.models import Connection
from portal.mirror import optional, questions
from portal.mirror.models import Question, QuestionState


def test(actor: Actor, connection: Connection) -> None:
    """Put every question that can be put. The answers are read by ``verdicts.latest``."""
    customer_id = _some_customer(connection)
    with transaction.atomic():
        _let_expire(connection)
        for probe in PROBES:
            if not probe.needs_customer or customer_id:
                _ask(probe, connection, customer_id, actor.user_id)
        optional.try_again(connection)
        log.record("connection.tested", actor=actor, connection=connection, target=connection)


def _ask(probe: Probe, connection: Connection, customer_id: str, asker_id: int | None) -> None:
    path = {"customer_id": customer_id} if probe.needs_customer else {}
    parameters = questions.Parameters(path=path, query=dict(probe.query))
    questions.ask(connection, probe.operation, parameters, asker_id=asker_id)


def _let_expire(connection: Connection) -> None:
    """End the former answers: whoever tests again has changed something."""
    operations = [probe.operation for probe in PROBES]
    former = Question.objects.filter(connection=connection, operation__in=operations)
    former.exclude(state=QuestionState.WAITING).update(expires_at=timezone.now())


def _some_customer(connection: Connection) -> str:
    """Any customer that is still there; "" before the first sync."""
    rows = Customer.objects.filter(connection=connection, gone_at=None).order_by("pk")
    return rows.values_list("pc_id", flat=True).first() or ""

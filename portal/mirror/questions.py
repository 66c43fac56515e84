"""Live reads for forms: saved by the page, asked by a worker, shown when the answer is there.

Equal questions within their expiry share one row, so ten people typing one address cost one request.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from celery import current_app
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from portal.connections.clients import Purpose, get_client
from portal.connections.models import Connection
from portal.mirror.digests import encoded
from portal.mirror.dirty import described
from portal.mirror.models import Question, QuestionState
from portal.partnercenter.errors import (
    BadAnswer,
    NoAnswer,
    PartnerError,
    Throttled,
    Unreachable,
    UpstreamUnavailable,
)
from portal.partnercenter.operations import REGISTRY
from portal.partnercenter.spec import Effect
from portal.ui import causes

KEPT = dt.timedelta(minutes=10)
# Nobody waits longer than this in front of a form.
PATIENCE = dt.timedelta(minutes=2)
UNANSWERED = (Unreachable, NoAnswer, BadAnswer, UpstreamUnavailable, Throttled)

_canonical = msgspec.json.Encoder(order="sorted", decimal_format="number")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What a question asks with: the values of path, query and body."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return them as stored."""
        return {"path": dict(self.path), "query": dict(self.query), "body": self.body}


def ask(
    connection: Connection,
    operation_name: str,
    parameters: Parameters | None = None,
    *,
    asker_id: int | None = None,
    kept: dt.timedelta = KEPT,
) -> Question:
    """Return the question: an equal one that still holds, or a new one that a worker is told of.

    Only reads may be asked. Raises ``ValueError`` for a write and ``KeyError`` for an unknown name.
    """
    with transaction.atomic():
        question, made = _held_or_made(
            connection, operation_name, parameters or Parameters(), asker_id, kept
        )
        if made:
            transaction.on_commit(partial(_queue, question.pk))
    return question


def ask_now(
    connection: Connection,
    operation_name: str,
    parameters: Parameters,
    *,
    kept: dt.timedelta = KEPT,
) -> bool:
    """Have it answered at once, on a worker and outside any transaction; ``told`` gives the answer.

    False if there is none for now. Nobody waits at a page, so the share kept for those who do is left alone.
    """
    with transaction.atomic():
        question, _made = _held_or_made(connection, operation_name, parameters, None, kept)
    answer(question.pk, "bulk")
    return not Question.objects.filter(pk=question.pk, state=QuestionState.FAILED).exists()


def told(
    connection: Connection, operation_name: str, parameters: Parameters, within: dt.timedelta
) -> Question | None:
    """The newest answer to it that is not older, whether or not it still holds for a form."""
    found = Question.objects.filter(
        connection=connection,
        digest=_digest(operation_name, parameters.as_json()),
        state__in=(QuestionState.ANSWERED, QuestionState.REFUSED),
        answered_at__gt=timezone.now() - within,
    )
    return found.order_by("-expires_at").first()


def _digest(operation_name: str, values: Mapping[str, Any]) -> str:
    told_by = _canonical.encode([operation_name, values])
    return hashlib.blake2b(told_by, digest_size=16).hexdigest()


def _held_or_made(
    connection: Connection,
    operation_name: str,
    parameters: Parameters,
    asker_id: int | None,
    kept: dt.timedelta,
) -> tuple[Question, bool]:
    """In the caller's transaction: an equal question that still holds, or a new one (True)."""
    operation = REGISTRY[operation_name]
    if operation.effect is not Effect.READ:
        raise ValueError(f"{operation_name} changes something and cannot be a question")
    values = parameters.as_json()
    digest = _digest(operation_name, values)
    _one_at_a_time(connection, digest)
    equal = Question.objects.filter(
        connection=connection, digest=digest, expires_at__gt=timezone.now()
    )
    # A failure is no answer: the next person asks again.
    found = equal.exclude(state=QuestionState.FAILED).order_by("-expires_at").first()
    if found is not None:
        return found, False
    made = Question.objects.create(
        connection=connection,
        operation=operation_name,
        parameters=values,
        digest=digest,
        asker_id=asker_id,
        expires_at=timezone.now() + kept,
    )
    return made, True


def forget(connection_id: int, pc_id: str) -> None:
    """What was said of a resource before it was changed is no answer any more."""
    now = timezone.now()
    said = Question.objects.filter(connection=connection_id, expires_at__gt=now)
    said.filter(parameters__path__icontains=pc_id).update(expires_at=now)


def answer(question_id: int, purpose: Purpose = "question") -> None:
    """Ask Partner Center and save what it says (worker side); settled questions stay as they are."""
    question = Question.objects.select_related("connection").get(pk=question_id)
    if question.settled:
        return
    if question.created_at + PATIENCE < timezone.now():
        error = {"code": causes.TOO_LATE, "message": "", "correlation_id": ""}
        _save(question, QuestionState.FAILED, error=error)
        return
    operation = REGISTRY[question.operation]
    values = question.parameters
    try:
        client = get_client(question.connection, purpose)
        body = client.call(operation, query=values["query"], body=values["body"], **values["path"])
    except PartnerError as error:
        refused = not isinstance(error, UNANSWERED) and not error.transient
        state = QuestionState.REFUSED if refused else QuestionState.FAILED
        _save(question, state, error=described(error))
        return
    _save(question, QuestionState.ANSWERED, answer=msgspec.json.decode(encoded(body)))


def _save(
    question: Question, state: QuestionState, *, answer: Any = None, error: Any = None
) -> None:
    waiting = Question.objects.filter(pk=question.pk, state=QuestionState.WAITING)
    waiting.update(state=state, answer=answer, error=error, answered_at=timezone.now())


def _one_at_a_time(connection: Connection, digest: str) -> None:
    """Two people who ask the same at the same moment make one question."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{connection.pk}:{digest}"]
        )


def _queue(question_id: int) -> None:
    current_app.send_task("portal.mirror.tasks.ask_question", args=[question_id])

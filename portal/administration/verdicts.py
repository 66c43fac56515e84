"""What the latest test of a connection found, family by family."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.administration.probes import LACKING, PROBES, Probe, Text, step_for
from portal.connections.models import Connection
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import PATIENCE

NEEDS_CUSTOMER = _("Asked once a first sync has found a customer.")
NOT_ASKED = _("Not asked yet. Test again.")
NO_WORKER = _("No worker took the question. Check that a worker serves the queue interactive.")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One family: a record state of portal.ui.statuses, and for a failure the step that mends it."""

    title: Text
    state: str
    step: Text = ""
    error: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None

    @property
    def waiting(self) -> bool:
        return self.state == "pending"

    @property
    def code(self) -> str:
        """The code with the HTTP status, as far as there are any; our name for an error is none."""
        code = self.error.get("code")
        parts = [self.error.get("status"), code if code != self.error.get("kind") else None]
        return " ".join(str(part) for part in parts if part)

    @property
    def heard(self) -> bool:
        """Whether Partner Center itself answered, and not the sign-in, somebody else, or nobody."""
        return bool(self.error.get("status") and self.error.get("operation")) and (
            self.error.get("kind") != "BadAnswer"
        )


def latest(connection: Connection) -> list[Verdict]:
    """The newest answer of each family; empty before the first test."""
    wanted = [probe.operation for probe in PROBES]
    rows = (
        Question.objects.filter(connection=connection, operation__in=wanted)
        .order_by("operation", "-pk")
        .distinct("operation")
    )
    found = {question.operation: question for question in rows}
    if not found:
        return []
    return [_verdict(probe, found.get(probe.operation)) for probe in PROBES]


def _verdict(probe: Probe, question: Question | None) -> Verdict:
    if question is None:
        step = NEEDS_CUSTOMER if probe.needs_customer else NOT_ASKED
        return Verdict(title=probe.title, state="unknown", step=step)
    if question.state == QuestionState.WAITING:
        if timezone.now() - question.created_at > PATIENCE:
            return Verdict(title=probe.title, state="missing", step=NO_WORKER)
        return Verdict(title=probe.title, state="pending")
    if question.state == QuestionState.ANSWERED:
        return Verdict(title=probe.title, state="works", at=question.answered_at)
    error = question.error or {}
    closed = bool(probe.permit) and error.get("kind") in LACKING
    return Verdict(
        title=probe.title,
        state="not_permitted" if closed else "missing",
        step=probe.permit if closed else step_for(error),
        error=error,
        at=question.answered_at,
    )

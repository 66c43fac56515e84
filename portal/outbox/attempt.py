"""One try at one step: the two calls a verb may make, each under a renewed lease.

``write`` commits the step as ``sent`` before the request leaves. So whatever happens to the process,
the next worker knows whether something may have reached Partner Center, and under which MS-RequestId.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction
from django.utils import timezone

from portal.outbox import queue
from portal.outbox.models import Command, CommandStep
from portal.outbox.states import State, StepState
from portal.partnercenter.client import Page, PartnerClient
from portal.partnercenter.errors import PartnerError
from portal.partnercenter.spec import Effect, Operation

if TYPE_CHECKING:
    from portal.partnercenter.wire import Answer

R = TypeVar("R")


@dataclass(frozen=True)
class Reply(Generic[R]):
    """An accepted answer. ``observed_at`` is the moment before its request left."""

    body: R
    status: int
    correlation_id: str
    observed_at: dt.datetime

    @property
    def accepted(self) -> bool:
        """202: Partner Center has taken the write and is still working on it."""
        return self.status == HTTPStatus.ACCEPTED


class Attempt:
    """What a verb gets: the command, its step, and calls that leave a trail.

    ``may_have_left`` is true while an earlier write of this step has no known answer.
    """

    def __init__(self, held: queue.Claim, step: CommandStep, client: PartnerClient) -> None:
        """Bind the claim, the step's committed row and a client of purpose "write"."""
        self.held = held
        self.step = step
        self.client = client
        self.may_have_left = step.state in (StepState.SENT, StepState.ACCEPTED)

    @property
    def command(self) -> Command:
        return self.held.command

    def read(self, operation: Operation[R], **arguments: Any) -> Reply[R]:
        """Ask Partner Center something. Raises PartnerError, and LeaseLostError if overtaken."""
        if operation.effect is not Effect.READ:
            raise ValueError(f"{operation.name} writes")
        if not self.held.is_new:
            queue.renew(self.held)
        return self._call(operation, **arguments)

    def pages(self, operation: Operation[R], **arguments: Any) -> Iterator[Page[R]]:
        """Read a listing page by page, the lease renewed for each. Raises as ``read``."""
        if operation.effect is not Effect.READ:
            raise ValueError(f"{operation.name} writes")
        if not self.held.is_new:
            queue.renew(self.held)
        for page in self.client.pages(operation, **arguments):
            yield page
            queue.renew(self.held)

    def write(self, operation: Operation[R], **arguments: Any) -> Reply[R]:
        """Send the step's one write with its MS-RequestId.

        After an answer, good or bad, the id is spent and replaced; while none is known it stays, so
        that sending again cannot apply the change twice.
        """
        if operation.effect is not Effect.WRITE:
            raise ValueError(f"{operation.name} only reads")
        self._sending()
        try:
            reply = self._call(operation, request_id=str(self.step.request_id), **arguments)
        except PartnerError as error:
            if error.answered:
                self._nothing_applied(refused=error.status is not None)
            raise
        self._left()
        return reply

    def _call(self, operation: Operation[R], **arguments: Any) -> Reply[R]:
        seen: list[Answer] = []
        body = self.client.observed(seen.append).call(operation, **arguments)
        answer = seen[-1]
        return Reply(body, answer.status, answer.correlation_id, answer.sent_at)

    def _nothing_applied(self, *, refused: bool) -> None:
        """The outcome is known: nothing was applied. A refused request has spent its id; what never left has not."""
        if refused:
            self._left()
            self._keep(state=StepState.READY, request_id=uuid.uuid4(), answered_at=timezone.now())
        else:
            self._keep(state=StepState.READY, sent_at=None)

    def _sending(self) -> None:
        """Commit "this may have left", in the same breath as proving that the lease still holds."""
        with transaction.atomic(durable=True):
            queue.renew(self.held)
            if self.held.command.state == State.IN_DOUBT:
                among, owner = (State.IN_DOUBT,), self.held.owner
                queue.move(self.command.pk, State.SENDING, among=among, owner=owner)
                self.held.command.state = State.SENDING
            self._keep(state=StepState.SENT, sent_at=timezone.now(), answered_at=None)

    def _left(self) -> None:
        """Date the first write of the Command that is known to have left."""
        Command.objects.filter(pk=self.command.pk, sent_at=None).update(sent_at=self.step.sent_at)

    def _keep(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self.step, name, value)
        CommandStep.objects.filter(pk=self.step.pk).update(**fields)

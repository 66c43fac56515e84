"""Keep who at the customer decided what becomes of a subscription when its term ends, when, and the proof."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone

from orders.refusals import say
from orders.renewals import lifecycle
from orders.renewals.models import LONGEST_PERSON, LONGEST_PROOF, TermDecision
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity import log
from portal.activity.actors import Actor
from portal.lists import files
from portal.lists.models import StoredFile
from portal.outbox.models import Command

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from orders.models import Subscription

KIND = "subscription.decided"
FILE = "term-proof"


@dataclass(frozen=True)
class Decision:
    """Who at the customer decided, when, and what proves it; all of it may be unknown."""

    by: str = ""
    on: dt.date | None = None
    proof: str = ""
    file: "UploadedFile[bytes] | None" = None

    @property
    def given(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.by or self.on or self.proof or self.file)


SOMEBODY = Decision(by="…")
"""Stands for a decision that is still to be written down."""


def read(parameters: Mapping[str, Any]) -> Decision:
    """The decision among the parameters of a batch or of one of its rows. Raises RefusedError."""
    return Decision(
        by=_text(parameters, "decided_by", LONGEST_PERSON),
        on=_day(parameters.get("decided_on") or None),
        proof=_text(parameters, "proof", LONGEST_PROOF),
    )


def _text(parameters: Mapping[str, Any], name: str, longest: int) -> str:
    told = str(parameters.get(name) or "")
    if len(told) > longest:
        raise RefusedError("too_long", say("too_long", n=longest), name)
    return told


def _day(told: Any) -> dt.date | None:
    if told is None:
        return None
    try:
        day = dt.date.fromisoformat(str(told))
    except ValueError:
        bar = say("no_day", text=str(told)[:60])
        raise RefusedError("no_day", bar, "decided_on") from None
    if day > timezone.localdate():
        raise RefusedError("day_to_come", say("day_to_come"), "decided_on")
    return day


def written(decision: Decision) -> dict[str, str]:
    """The same as parameters; what is not known is left out."""
    told = {
        "decided_by": decision.by,
        "decided_on": decision.on.isoformat() if decision.on else "",
        "proof": decision.proof,
    }
    return {name: value for name, value in told.items() if value}


def keep(
    actor: Actor, subscription: "Subscription", choice: str, decision: Decision, command: Command
) -> TermDecision:
    """Keep a decision beside the change that it became, in the caller's transaction."""
    made = TermDecision.objects.create(
        connection=subscription.connection,
        reseller_id=subscription.reseller_id,
        subscription=subscription,
        command=command,
        ends_on=lifecycle.last_day(subscription),
        choice=choice,
        decided_by=decision.by,
        decided_on=decision.on,
        proof=decision.proof,
        file=_stored(actor, subscription, decision),
        recorded_by_id=actor.user_id,
    )
    if decision.given:
        log.record(
            KIND,
            actor=actor,
            connection=subscription.connection,
            reseller_id=subscription.reseller_id,
            target=("subscription", subscription.pk, str(subscription)),
            customer_pc_id=subscription.customer_pc_id,
            parameters={"choice": choice},
            command_id=command.pk,
        )
    return made


def _stored(actor: Actor, subscription: "Subscription", decision: Decision) -> StoredFile | None:
    if decision.file is None:
        return None
    return files.store(
        decision.file.chunks(),
        owner=User.objects.filter(pk=actor.user_id or 0).first(),
        kind=FILE,
        name=decision.file.name or "proof",
        content_type="application/octet-stream",
        subject_id=subscription.pk,
    )


def served(request: HttpRequest, scope: Scope, row: TermDecision) -> FileResponse:
    """The file that proves a decision, as a download; Http404 where there is none."""
    if row.file_id is None:
        raise Http404
    return files.serve(request, files.readable(scope, row.file_id))


def may_read(scope: Scope, stored: StoredFile) -> bool:
    """Whoever sees the decision may read what proves it."""
    return scope.filter(TermDecision.objects.filter(file=stored)).exists()

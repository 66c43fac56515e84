"""Keep who at the customer decided what becomes of a subscription when its term ends, when, and the proof."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpRequest

from orders.renewals import lifecycle
from orders.renewals.models import TermDecision
from portal.access.models import User
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
    """The decision among the parameters of a batch or of one of its rows."""
    on = parameters.get("decided_on") or None
    return Decision(
        by=str(parameters.get("decided_by", "")),
        on=dt.date.fromisoformat(on) if on else None,
        proof=str(parameters.get("proof", "")),
    )


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

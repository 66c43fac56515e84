"""Live reads about migrations: whether a subscription can go as planned, and what has happened to a migration."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Subscription
from orders.to_new_commerce import rules
from orders.to_new_commerce.models import NceMigration
from portal.access.refusing import RefusedError
from portal.mirror import questions
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import Parameters
from portal.mirror.values import children, flag, moment, text, whole
from portal.partnercenter.operations.after_sale import (
    GET_MIGRATION,
    LIST_MIGRATION_EVENTS,
    VALIDATE_MIGRATION,
)

KEPT = dt.timedelta(minutes=1)
# How long the answer of a dry run counts, so that what was confirmed is what is asked.
HOLDS = dt.timedelta(hours=12)
# The only number whose meaning is documented.
NO_PRODUCT = 5


@dataclass(frozen=True)
class Checked:
    """What Partner Center says of a plan: ``reasons`` bar it, ``item`` is what the subscription becomes."""

    waits: bool
    error: Mapping[str, Any] = field(default_factory=dict)
    eligible: bool | None = None
    item: str = ""
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Followed:
    """Where a migration is now, and its events, the latest last."""

    waits: bool
    error: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""
    events: list[tuple[str, dt.datetime | None]] = field(default_factory=list)


def check(row: Subscription, plan: rules.Plan, asker_id: int | None) -> Checked:
    """Ask whether it can go (validate-subscription-for-migration)."""
    name, parameters = _validation(row, plan)
    question = questions.ask(row.connection, name, parameters, asker_id=asker_id, kept=KEPT)
    if not question.settled:
        return Checked(waits=True)
    if question.state != QuestionState.ANSWERED:
        return Checked(waits=False, error=_error(question))
    return checked(question)


def check_now(row: Subscription, plan: rules.Plan) -> bool:
    """Have it validated at once, on a worker; False if there is no answer for now."""
    return questions.ask_now(row.connection, *_validation(row, plan), kept=KEPT)


def validated(row: Subscription, plan: rules.Plan) -> Question | None:
    """The answer to it not long ago, None where nobody has asked."""
    return questions.told(row.connection, *_validation(row, plan), within=HOLDS)


def must_be_eligible(question: Question) -> None:
    """Raise RefusedError if Partner Center has said that it cannot go."""
    found = checked(question)
    if found.eligible is False:
        told = " ".join(found.reasons) or _("Partner Center says that it cannot be migrated.")
        raise RefusedError("not_eligible", told)


def _validation(row: Subscription, plan: rules.Plan) -> tuple[str, Parameters]:
    body = rules.wire(row.pc_id, plan.as_json() | {"when": "now"})
    path = {"customer_id": row.customer_pc_id}
    return VALIDATE_MIGRATION.name, Parameters(path=path, body=body)


def checked(question: Question) -> Checked:
    """An answer in our shape."""
    answer = question.answer
    return Checked(
        waits=False,
        eligible=flag(answer.get("isEligible")),
        item=text(answer.get("catalogItemId")),
        reasons=[_reason(one) for one in children(answer, "errors")],
    )


def follow(row: NceMigration, asker_id: int | None) -> Followed:
    """Ask where a migration is and what has happened (get-new-commerce-migration, get-migration-events)."""
    customer = {"customer_id": row.customer_pc_id}
    asked = [
        questions.ask(row.connection, name, parameters, asker_id=asker_id, kept=KEPT)
        for name, parameters in (
            (GET_MIGRATION.name, Parameters(path=customer | {"migration_id": row.pc_id})),
            (
                LIST_MIGRATION_EVENTS.name,
                Parameters(path=customer, query={"MigrationId": row.pc_id}),
            ),
        )
    ]
    if any(not one.settled for one in asked):
        return Followed(waits=True)
    failed = [one for one in asked if one.state != QuestionState.ANSWERED]
    if failed:
        return Followed(waits=False, error=_error(failed[0]))
    one, events = asked
    told = [
        (text(event.get("eventName")), moment(event.get("createdTime")))
        for event in children({"rows": events.answer}, "rows")
    ]
    return Followed(waits=False, status=text(one.answer.get("status")).lower(), events=told)


def _reason(one: Mapping[str, Any]) -> str:
    if whole(one.get("code")) == NO_PRODUCT:
        return _("There is no product of new commerce for this offer yet.")
    said = text(one.get("description")) or text(one.get("code"))
    return _("Partner Center bars it: %(said)s") % {"said": said}


def _error(question: Question) -> Mapping[str, Any]:
    return question.error or {"code": "", "message": ""}

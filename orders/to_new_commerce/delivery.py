"""The worker's side: read the subscription or the plan, compare, send, and find it again after a lost answer."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.delivery import target as subscription_of
from orders.to_new_commerce import actions, rules
from orders.to_new_commerce.models import NceSchedule
from orders.to_new_commerce.part import (
    MIGRATIONS,
    NOW,
    ON_RENEWAL,
    PLANNED,
    RIGHT,
    SCHEDULE,
    SCHEDULES,
)
from portal.mirror import dirty, families, refresh, upsert
from portal.mirror.values import children, moment, text, whole
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.after_sale import (
    CANCEL_MIGRATION_SCHEDULE,
    CREATE_MIGRATION,
    GET_MIGRATION_SCHEDULE,
    LIST_MIGRATION_SCHEDULES,
    LIST_MIGRATIONS,
    SCHEDULE_MIGRATION,
    UPDATE_MIGRATION_SCHEDULE,
)
from portal.partnercenter.operations.subscriptions import GET_SUBSCRIPTION
from portal.partnercenter.spec import Operation
from portal.ui import formats, statuses

FIELDS = {
    "status": _("Status"),
    "seats": _("Seats"),
    "state": _("Status"),
    "migrates": _("Migrates"),
    "new_seats": _("Seats in new commerce"),
    "new_term": _("Term in new commerce"),
    "new_cycle": _("Billing in new commerce"),
}
WHEN = {NOW: _("now"), ON_RENEWAL: _("when the term ends")}
# A clock of theirs may be behind ours.
SLACK = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Sent:
    """Where a migration goes: its calls, the family of what comes of it, and what dates it."""

    operation: Operation[Any]
    listing: Operation[Any]
    family: str
    dated: str


NOW_SENT = Sent(CREATE_MIGRATION, LIST_MIGRATIONS, MIGRATIONS, "startedTime")
LATER_SENT = Sent(SCHEDULE_MIGRATION, LIST_MIGRATION_SCHEDULES, SCHEDULES, "createdTime")


def begin(sent: Sent) -> Callable[[Attempt], verbs.Delivered]:
    """How a migration is started or planned."""

    def send(attempt: Attempt) -> verbs.Delivered:
        command = attempt.command
        if attempt.may_have_left and (found := _made(attempt, sent)):
            return verbs.Applied(save=_saver(command, sent.family, *found))
        if difference := _difference(attempt):
            return verbs.Changed(difference=difference)
        reply = attempt.write(
            sent.operation,
            body=rules.wire(command.target_pc_id, command.parameters),
            customer_id=command.customer_pc_id,
        )
        save = _saver(command, sent.family, dict(reply.body), reply.observed_at)
        return verbs.Applied(save=save, correlation_id=reply.correlation_id)

    return send


def find(sent: Sent) -> Callable[[Attempt], verbs.Found]:
    """After a lost answer: whether the list of the subscription has it."""

    def look(attempt: Attempt) -> verbs.Found:
        found = _made(attempt, sent)
        if found is None:
            return verbs.NotApplied()
        save = _saver(attempt.command, sent.family, *found)
        return verbs.Applied(save=save, correlation_id=attempt.step.correlation_id)

    return look


def _made(attempt: Attempt, sent: Sent) -> tuple[dict[str, Any], dt.datetime] | None:
    command = attempt.command
    query = {
        "CustomerTenantId": command.customer_pc_id,
        "CurrentSubscriptionId": command.target_pc_id,
    }
    reply = attempt.read(sent.listing, query=query)
    since = command.created_at - SLACK
    for one in children({"rows": reply.body}, "rows"):
        at = moment(one.get(sent.dated))
        over = text(one.get("status")).lower() in {"cancelled", "failed"}
        if at is not None and at >= since and not over:
            return dict(one), reply.observed_at
    return None


def _difference(attempt: Attempt) -> dict[str, tuple[Any, Any]]:
    command = attempt.command
    path = {"customer_id": command.customer_pc_id, "subscription_id": command.target_pc_id}
    body = attempt.read(GET_SUBSCRIPTION, **path).body
    now = {"status": text(body.get("status")).lower(), "seats": whole(body.get("quantity"))}
    return {
        name: (value, now[name]) for name, value in command.before.items() if now[name] != value
    }


def _saver(
    command: Command, name: str, payload: dict[str, Any], observed_at: dt.datetime
) -> verbs.Save:
    def save() -> dict[str, Any]:
        family = families.get(name)
        upsert.upsert(
            family,
            family.listing.representation,
            command.connection,
            [payload],
            observed_at=observed_at,
            parent=command.customer_pc_id,
        )
        for other in (MIGRATIONS, SCHEDULES):
            refresh.request(
                command.connection,
                other,
                "",
                parent=command.customer_pc_id,
                reason="change",
                priority=dirty.CHANGED,
            )
        return dict(command.after)

    return save


def replan(attempt: Attempt) -> verbs.Delivered:
    """PUT the whole plan, or cancel it, while it waits."""
    command = attempt.command
    fresh, observed_at = _plan(attempt)
    if _reached(command, fresh) and attempt.may_have_left:
        return verbs.Applied(save=_saver(command, SCHEDULES, fresh, observed_at))
    state = text(fresh.get("status")).lower()
    if state != PLANNED:
        return verbs.Changed(difference={"state": (command.before["state"], state)})
    if command.verb == actions.GIVE_UP:
        reply = attempt.write(CANCEL_MIGRATION_SCHEDULE, **_ids(command))
    else:
        current = text(fresh.get("currentSubscriptionId"))
        dates = {"targetDate": None, "migrateOnRenewal": False}
        body = fresh | dates | rules.wire(current, command.parameters)
        reply = attempt.write(UPDATE_MIGRATION_SCHEDULE, body=body, **_ids(command))
    save = _saver(command, SCHEDULES, dict(reply.body), reply.observed_at)
    return verbs.Applied(save=save, correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a change of a plan whose answer was lost."""
    command = attempt.command
    fresh, observed_at = _plan(attempt)
    if not _reached(command, fresh):
        return verbs.NotApplied()
    save = _saver(command, SCHEDULES, fresh, observed_at)
    return verbs.Applied(save=save, correlation_id=attempt.step.correlation_id)


def _reached(command: Command, fresh: dict[str, Any]) -> bool:
    if command.verb == actions.GIVE_UP:
        return text(fresh.get("status")).lower() == "cancelled"
    wanted = rules.wire("", command.parameters)
    day = str(wanted.pop("targetDate", ""))[:10]
    named = {name: wanted[name] for name in ("quantity", "termDuration", "purchaseFullTerm")}
    same = all(fresh.get(name) == value for name, value in named.items())
    return same and text(fresh.get("targetDate"))[:10] == day


def _plan(attempt: Attempt) -> tuple[dict[str, Any], dt.datetime]:
    """The plan as Partner Center has it: a list with one in it, as its page prints it, or the one alone."""
    reply = attempt.read(GET_MIGRATION_SCHEDULE, **_ids(attempt.command))
    body: Any = reply.body
    return dict(body[0] if isinstance(body, list) else body), reply.observed_at


def _ids(command: Command) -> dict[str, str]:
    return {"customer_id": command.customer_pc_id, "schedule_id": command.target_pc_id}


def schedule_of(command: Command) -> NceSchedule | None:
    """The plan, None once Partner Center no longer has it."""
    return NceSchedule.objects.filter(pk=command.target_id, gone_at=None).first()


def show(field: str, value: Any) -> str:
    """One value of a Command in words."""
    if field in ("status", "state"):
        return str(statuses.status(value).word)
    if field == "migrates":
        known = str(WHEN.get(value, ""))
        return known or formats.date_short(dt.date.fromisoformat(value))
    words: dict[str, Callable[[Any], str]] = {
        "new_term": formats.term,
        "new_cycle": formats.billing,
        "seats": formats.count,
        "new_seats": formats.count,
    }
    return words[field](value) if field in words else str(value)


def followed(command: Command) -> verbs.Hint | None:
    """A migration that was begun goes on at Partner Center: where it is followed."""
    row = subscription_of(command)
    if row is None or row.customer_id is None:
        return None
    return verbs.Hint(
        title=gettext("Partner Center goes on with it"),
        text=gettext("The migrations of the customer tell how far it is."),
        url=reverse("customer_migrations", args=[row.customer_id]),
        button=gettext("Follow it"),
    )


def register() -> None:
    """Enter the verbs; called from AppConfig.ready."""
    for name, label, sent in (
        (actions.START, _("Migrate to new commerce"), NOW_SENT),
        (actions.PLAN, _("Plan the migration to new commerce"), LATER_SENT),
    ):
        step = verbs.Step(name=sent.operation.name, deliver=begin(sent), settle=find(sent))
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=RIGHT,
                target_type="subscription",
                target=subscription_of,
                steps=(step,),
                fields=FIELDS,
                target_url="subscription",
                show=show,
                hint=followed,
            )
        )
    for name, label, operation in (
        (actions.REPLAN, _("Change planned migration"), UPDATE_MIGRATION_SCHEDULE),
        (actions.GIVE_UP, _("Cancel planned migration"), CANCEL_MIGRATION_SCHEDULE),
    ):
        step = verbs.Step(name=operation.name, deliver=replan, settle=settle)
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=RIGHT,
                target_type=SCHEDULE,
                target=schedule_of,
                steps=(step,),
                fields=FIELDS,
                target_url="migration_schedule",
                show=show,
            )
        )

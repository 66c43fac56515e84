"""What staff do: migrate a legacy subscription now, plan it, change the plan, give it up.

Partner Center checks again when it is asked; what its check says beforehand is asked live (``asking``).
"""

from typing import Any

from django.utils.translation import gettext as _

from customers.asking.submitting import Wish, submit_for
from orders.models import Subscription
from orders.to_new_commerce import rules
from orders.to_new_commerce.models import NceSchedule
from orders.to_new_commerce.part import NOW, ON_DAY, ON_RENEWAL, RIGHT
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

START = "subscription.migrate"
PLAN = "subscription.plan_migration"
REPLAN = "migration_plan.change"
GIVE_UP = "migration_plan.cancel"


def migrate(
    actor: Actor, scope: Scope, row: Subscription, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for the migration, now or planned as ``values["when"]`` says.

    Raises RefusedError, Http404, PermissionDenied, KeyReusedError.
    """
    require(scope, RIGHT, row)
    verb = verb_of(values)
    if found := commands.earlier(actor, verb, row, asked.submission):
        return found
    rules.may_migrate(row)
    plan = rules.plan_of(values, row)
    before = {"status": row.status, "seats": row.quantity}
    wish = Wish(verb, before, after(plan), plan.as_json())
    return submit_for(actor, scope, row, wish, asked)


def verb_of(values: dict[str, Any]) -> str:
    """Now, or planned."""
    return START if values["when"] == NOW else PLAN


def replan(
    actor: Actor, scope: Scope, row: NceSchedule, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for another plan. Raises as ``migrate``."""
    require(scope, RIGHT, row)
    if found := commands.earlier(actor, REPLAN, row, asked.submission):
        return found
    rules.may_change(row)
    if values["when"] not in (ON_DAY, ON_RENEWAL):
        raise RefusedError("when", _("Choose a day or the renewal."), "when")
    plan = rules.plan_of(values, row.subscription)
    wish = Wish(REPLAN, {"state": row.status}, after(plan), plan.as_json())
    return submit_for(actor, scope, row, wish, asked)


def give_up(
    actor: Actor, scope: Scope, row: NceSchedule, _values: dict[str, Any], asked: Asked
) -> Command:
    """Ask to cancel the plan. Raises as ``migrate``."""
    require(scope, RIGHT, row)
    if found := commands.earlier(actor, GIVE_UP, row, asked.submission):
        return found
    rules.may_change(row)
    wish = Wish(GIVE_UP, {"state": row.status}, {"state": "cancelled"})
    return submit_for(actor, scope, row, wish, asked)


def after(plan: rules.Plan) -> dict[str, Any]:
    """What a plan leaves, field by field."""
    return {
        "migrates": plan.day.isoformat() if plan.day else plan.when,
        "new_seats": plan.quantity,
        "new_term": plan.term,
        "new_cycle": plan.cycle,
    }

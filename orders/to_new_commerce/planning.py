"""Pages that ask for a migration, change a plan, or give it up."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from customers.asking.pages import Consequence
from orders import acting
from orders import queries as subscriptions
from orders.acting import Acting, Crumb, RowForm
from orders.models import Subscription
from orders.to_new_commerce import actions, queries, rules
from orders.to_new_commerce.forms import PlanForm, ReplanForm
from orders.to_new_commerce.models import NceSchedule
from orders.to_new_commerce.part import NOW, ON_DAY, ON_RENEWAL, RIGHT
from portal.access.guard import route
from portal.access.http import Request
from portal.ui import formats


def usual(row: Subscription) -> Mapping[str, Any]:
    """What a migration keeps unless somebody says otherwise."""
    return {
        "term": row.term_duration or "P1Y",
        "cycle": row.billing_cycle or "monthly",
        "quantity": row.quantity,
        "when": NOW,
    }


def _of_schedule(row: NceSchedule) -> Mapping[str, Any]:
    return {
        "term": row.term_duration,
        "cycle": row.billing_cycle,
        "quantity": row.quantity,
        "full_term": row.full_term,
        "when": ON_RENEWAL if row.on_renewal else ON_DAY,
        "day": row.target_date.date() if row.target_date else None,
    }


def _points(plan: rules.Plan) -> list[str]:
    told = [
        _("New commerce: %(n)s seats, %(term)s, %(billing)s.")
        % {
            "n": formats.count(plan.quantity),
            "term": formats.term(plan.term),
            "billing": formats.billing(plan.cycle),
        }
    ]
    if plan.addons:
        names = ", ".join(map(str, plan.addons))
        told.append(_("Its add-ons go along: %(names)s.") % {"names": names})
    if plan.full_term:
        told.append(_("A full term begins with the migration."))
    else:
        told.append(_("The new term ends when the present one would have."))
    if plan.day:
        told.append(_("It happens on %(day)s.") % {"day": formats.date_short(plan.day)})
    if plan.when == ON_RENEWAL:
        told.append(_("It happens when the present term ends."))
    return told


def _tell(row: Subscription, values: dict[str, Any]) -> Consequence:
    rules.may_migrate(row)
    plan = rules.plan_of(values, row)
    undo = _("Cannot be undone: there is no way back to a legacy offer.")
    if plan.when != NOW:
        undo = _("Can be undone: by cancelling the plan, until it happens.")
    return Consequence(
        title=_("Migrate %(name)s to new commerce?") % {"name": row},
        undo=undo,
        button=_("Migrate") if plan.when == NOW else _("Plan the migration"),
        points=[
            *_points(plan),
            _(
                "In new commerce seats can be taken back and the term cancelled until the dates that"
                " Partner Center returns, not later."
            ),
            _("People keep their licences. The legacy subscription ends."),
        ],
        danger=plan.when == NOW,
    )


def _tell_replan(row: NceSchedule, values: dict[str, Any]) -> Consequence:
    rules.may_change(row)
    plan = rules.plan_of(values, row.subscription)
    return Consequence(
        title=_("Change the planned migration of %(name)s?") % {"name": row},
        undo=_("Can be changed again until it happens."),
        button=_("Change planned migration"),
        points=_points(plan),
    )


def _tell_give_up(row: NceSchedule, _values: dict[str, Any]) -> Consequence:
    rules.may_change(row)
    return Consequence(
        title=_("Cancel the planned migration of %(name)s?") % {"name": row},
        undo=_("Can be planned anew at any time."),
        button=_("Cancel planned migration"),
        points=[_("The legacy subscription stays as it is.")],
    )


def _of_subscription(row: Subscription) -> list[Crumb]:
    if row.customer is None:
        return []
    return [(row.customer.name, row.customer.get_absolute_url())]


def _crumbs(row: NceSchedule) -> list[Crumb]:
    assert row.customer is not None, "queries leave out those without"
    return [
        (row.customer.name, row.customer.get_absolute_url()),
        (_("Migrations"), reverse("customer_migrations", args=[row.customer.pk])),
    ]


MIGRATE: Acting[Subscription] = Acting(
    title=gettext_lazy("Migrate to new commerce"),
    right=RIGHT,
    form=PlanForm,
    tell=_tell,
    act=actions.migrate,
    may=rules.may_migrate,
    initial=usual,
    verb=lambda _row, values: actions.verb_of(values),
    crumbs=_of_subscription,
    back=Subscription.get_absolute_url,
    template="orders/to_new_commerce/migrate.html",
)
REPLAN: Acting[NceSchedule] = Acting(
    title=gettext_lazy("Change planned migration"),
    right=RIGHT,
    form=ReplanForm,
    tell=_tell_replan,
    act=actions.replan,
    may=rules.may_change,
    initial=_of_schedule,
    verb=lambda _row, _values: actions.REPLAN,
    crumbs=_crumbs,
    back=NceSchedule.get_absolute_url,
)
GIVE_UP: Acting[NceSchedule] = Acting(
    title=gettext_lazy("Cancel planned migration"),
    right=RIGHT,
    form=RowForm,
    tell=_tell_give_up,
    act=actions.give_up,
    may=rules.may_change,
    verb=lambda _row, _values: actions.GIVE_UP,
    crumbs=_crumbs,
    back=NceSchedule.get_absolute_url,
)


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_migrate(request: Request, pk: int) -> HttpResponse:
    """Migrate a legacy subscription, or plan it."""
    return acting.respond(request, subscriptions.subscription(request.scope, pk), MIGRATE)


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_change(request: Request, pk: int) -> HttpResponse:
    """Another plan."""
    return acting.respond(request, queries.schedule(request.scope, pk), REPLAN)


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_cancel(request: Request, pk: int) -> HttpResponse:
    """No migration."""
    return acting.respond(request, queries.schedule(request.scope, pk), GIVE_UP)

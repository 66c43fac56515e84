"""Migrating many legacy subscriptions to new commerce: each is validated by Partner Center in the dry run."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import refusals
from orders.bulk.forms import CYCLES, TERMS, ManyForm
from orders.bulk.shape import Check, Many, must_be_answered
from orders.models import Subscription
from orders.to_new_commerce import actions, asking, queries, rules
from orders.to_new_commerce.forms import WHEN
from orders.to_new_commerce.models import NceSchedule
from orders.to_new_commerce.part import NOW, ON_DAY, ON_RENEWAL, PLANNED, RIGHT
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.outbox.batches.registry import Parameters, Plan, Told
from portal.ui import formats

LIST = "migratable"
UNDER_WAY = ("processing", PLANNED)


class MigrateForm(ManyForm):
    """The new term and billing; what is left empty stays as each has it. All seats go."""

    term = forms.ChoiceField(
        label=gettext_lazy("Term"),
        required=False,
        choices=lambda: [
            ("", str(_("As each is now"))),
            *((one, formats.term(one)) for one in TERMS),
        ],
    )
    cycle = forms.ChoiceField(
        label=gettext_lazy("Billing"),
        required=False,
        choices=lambda: [
            ("", str(_("As each is now"))),
            *((one, formats.billing(one)) for one in CYCLES),
        ],
    )
    full_term = forms.BooleanField(
        label=gettext_lazy("Begin a full term"),
        required=False,
        help_text=gettext_lazy("Otherwise the new term ends with the present one."),
    )


class PlanForm(MigrateForm):
    """The same, and when it happens."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"), choices=WHEN[1:], widget=forms.RadioSelect, initial=ON_RENEWAL
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        """A day that is to come, where one is needed."""
        told = super().clean() or {}
        day = told.get("day")
        if told.get("when") == ON_DAY and (day is None or day <= timezone.now().date()):
            self.add_error("day", _("Choose a day from tomorrow on, before the term ends."))
        return told


def _targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    return {row.pk: row for row in queries.migratable(scope).filter(pk__in=ids)}


def _values(row: Subscription, parameters: Parameters) -> dict[str, Any]:
    """What is asked for a row. Raises RefusedError."""
    return {
        "term": parameters.get("term") or row.term_duration or "P1Y",
        "cycle": parameters.get("cycle") or row.billing_cycle or "monthly",
        "quantity": row.quantity or 0,
        "full_term": bool(parameters.get("full_term")),
        "when": parameters.get("when") or NOW,
        "day": _day(str(parameters.get("day") or "")),
    }


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise RefusedError("no_day", refusals.say("no_day", text=text[:60]), "day") from None


def _planned(row: Subscription, parameters: Parameters) -> rules.Plan:
    rules.may_migrate(row)
    return rules.plan_of(_values(row, parameters), row)


def _checked(*whens: str) -> Check[Subscription]:
    def check(row: Subscription, parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
        if parameters.get("when", NOW) not in whens:
            raise RefusedError("when", _("Choose a day or the renewal."), "when")
        if "migrates" in coming or vars(row)["migration"] in UNDER_WAY:
            raise RefusedError("under_way", _("Its migration is under way already."))
        plan = _planned(row, parameters)
        if question := asking.validated(row, plan):
            must_be_answered(question)
            asking.must_be_eligible(question)
        return Plan({}, actions.after(plan))

    return check


def _live(row: Model, parameters: Parameters) -> bool:
    """Have Partner Center validate it, unless it is certain here that it cannot go."""
    try:
        plan = _planned(cast("Subscription", row), parameters)
    except RefusedError:
        return True
    return asking.check_now(cast("Subscription", row), plan)


def _points(parameters: Parameters) -> list[str]:
    term, cycle = str(parameters.get("term") or ""), str(parameters.get("cycle") or "")
    told = []
    if term or cycle:
        parts = [formats.term(term) if term else "", formats.billing(cycle) if cycle else ""]
        told.append(_("New commerce: %(terms)s.") % {"terms": ", ".join(filter(None, parts))})
    if parameters.get("full_term"):
        told.append(_("A full term begins with each migration."))
    elif parameters.get("when") != ON_RENEWAL:
        told.append(_("Each new term ends when the present one would have."))
    return [
        *told,
        _("Add-ons go along with their base."),
        _(
            "In new commerce seats can be taken back and the term cancelled only until the date that"
            " Partner Center returns."
        ),
        _("Partner Center was asked about each row; those that it does not let are left out."),
    ]


def _of_start(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext(
            "Migrate %(n)s subscription to new commerce now?",
            "Migrate %(n)s subscriptions to new commerce now?",
            rows,
        )
        % numbers,
        button=ngettext("Migrate %(n)s subscription", "Migrate %(n)s subscriptions", rows)
        % numbers,
        undo=_("Cannot be undone: there is no way back to a legacy offer."),
        points=[
            *_points(parameters),
            _("People keep their licences. The legacy subscriptions end."),
        ],
        danger=True,
    )


def _of_plan(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    when = _("Each happens when its present term ends.")
    if day := _day(str(parameters.get("day") or "")):
        when = _("They happen on %(day)s.") % {"day": formats.date_short(day)}
    return Told(
        title=ngettext(
            "Plan the migration of %(n)s subscription to new commerce?",
            "Plan the migration of %(n)s subscriptions to new commerce?",
            rows,
        )
        % numbers,
        button=ngettext("Plan %(n)s migration", "Plan %(n)s migrations", rows) % numbers,
        undo=_("Can be undone: by cancelling a plan, until it happens."),
        points=[when, *_points(parameters)],
    )


def _many(
    verb: str,
    whens: tuple[str, ...],
    tell: Callable[[int, Parameters], Told],
    **more: Any,
) -> Many[Subscription]:
    return Many(
        verb=verb,
        right=RIGHT,
        targets=_targets,
        check=_checked(*whens),
        ask=lambda actor, scope, row, told, asked: actions.migrate(
            actor, scope, row, _values(row, told), asked
        ),
        tell=tell,
        live=_live,
        **more,
    )


START = _many(
    actions.START,
    (NOW,),
    _of_start,
    title=gettext_lazy("Migrate now"),
    url_name="migrations_start",
    icon="repeat",
    form=MigrateForm,
)
PLAN = _many(
    actions.PLAN,
    (ON_DAY, ON_RENEWAL),
    _of_plan,
    title=gettext_lazy("Plan migration"),
    url_name="migrations_plan",
    icon="calendar-event",
    form=PlanForm,
)


# --- plans that are given up ----------------------------------------------------------------------

PLANS = "planned-migrations"


def label(row: NceSchedule) -> str:
    """A planned migration as a row of a batch names it."""
    return f"{row} · {row.customer.name}" if row.customer else str(row)


def _plans(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    return {row.pk: row for row in queries.schedules(scope).filter(pk__in=ids)}


def _check_plan(row: NceSchedule, _parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
    row.status = str(coming.get("state", row.status))
    rules.may_change(row)
    return Plan({"state": row.status}, {"state": "cancelled"})


def _of_giving_up(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Cancel %(n)s planned migration?", "Cancel %(n)s planned migrations?", rows)
        % numbers,
        button=ngettext("Cancel %(n)s planned migration", "Cancel %(n)s planned migrations", rows)
        % numbers,
        undo=_("Each can be planned anew at any time."),
        points=[_("The legacy subscriptions stay as they are.")],
    )


GIVE_UP: Many[NceSchedule] = Many(
    verb=actions.GIVE_UP,
    right=RIGHT,
    targets=_plans,
    check=_check_plan,
    ask=lambda actor, scope, row, told, asked: actions.give_up(
        actor, scope, row, dict(told), asked
    ),
    tell=_of_giving_up,
    title=gettext_lazy("Cancel planned migrations"),
    url_name="migration_plans_cancel",
    icon="ban",
)

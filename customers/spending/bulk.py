"""One budget for many customers: how each row is checked, asked and told."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers import queries
from customers.spending import actions
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Bulk, Entrance, Parameters, Plan, Told
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui import bulk as bar
from portal.ui import formats

if TYPE_CHECKING:
    from customers.models import Customer

MOST = Decimal(10) ** 14
"""What neither the mirror nor a form can hold."""


def _targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    rows = queries.customers(scope).filter(pk__in=ids).prefetch_related("reseller_links")
    found = {row.pk: row for row in rows}
    budgets = actions.budgets_of(found)
    for pk, row in found.items():
        vars(row)["budget"] = budgets.get(pk)
    return found


def _check(target: Model, parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
    customer, values = cast("Customer", target), _values(parameters)
    actions.may_set(customer)
    before, after = actions.compared(vars(customer)["budget"], values)
    return Plan(before | {name: v for name, v in coming.items() if name in before}, after)


def _ask(
    actor: Actor, scope: Scope, target: Model, parameters: Parameters, asked: Asked
) -> Command:
    customer = cast("Customer", target)
    return actions.set_budget(actor, scope, customer, _values(parameters), asked)


def _values(parameters: Parameters) -> dict[str, Decimal]:
    try:
        found = Decimal(str(parameters.get("budget", "")))
    except InvalidOperation as error:
        raise RefusedError("budget", _("Write an amount.")) from error
    if not (found.is_finite() and 0 <= found < MOST):
        raise RefusedError("budget", _("Write an amount."))
    return {"budget": found}


def _tell(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    if "budget" in parameters:
        numbers["amount"] = formats.number(_values(parameters)["budget"])
        title = ngettext(
            "Set the usage budget of %(n)s customer to %(amount)s?",
            "Set the usage budget of %(n)s customers to %(amount)s?",
            rows,
        )
    else:
        title = ngettext(
            "Set the usage budget of %(n)s customer to what its line says?",
            "Set the usage budgets of %(n)s customers to what their lines say?",
            rows,
        )
    return Told(
        title=title % numbers,
        button=ngettext("Set %(n)s budget", "Set %(n)s budgets", rows) % numbers,
        undo=_("Can be changed at any time."),
        points=[_("Partner Center warns when usage nears it. Nothing is stopped.")],
    )


def register() -> None:
    """Enter the verb for many and the way to it; called from ``setup``."""
    registry.register(
        Bulk(
            verb=actions.SET_BUDGET,
            targets=_targets,
            check=_check,
            ask=_ask,
            tell=_tell,
        )
    )
    title = gettext_lazy("Set budget")
    action = bar.Action(actions.SET_BUDGET, title, "customers_budget", actions.RIGHT, "pencil", 40)
    bar.register("customers", action)
    registry.enter(
        Entrance(
            gettext_lazy("Set usage budgets by file"),
            "customers_budget_file",
            actions.RIGHT,
            icon="file-import",
        )
    )

"""Setting the budget that Partner Center warns by."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.asking.submitting import Wish, must_be_there, submit
from customers.models import Customer, UsageBudget
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import clouds, commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.customers import UPDATE_SPENDING_BUDGET

SET_BUDGET = "customer.set_budget"
RIGHT = "budgets.set"
CENT = Decimal("0.01")


def may_set(customer: Customer) -> None:
    """Refuse where the cloud has no Azure subscriptions. Raises RefusedError."""
    must_be_there(customer)
    clouds.must_have(customer.connection, UPDATE_SPENDING_BUDGET.name)


def set_budget(
    actor: Actor, scope: Scope, customer: Customer, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for a budget a month. Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError."""
    require(scope, RIGHT, customer)
    if found := commands.earlier(actor, SET_BUDGET, customer, asked.submission):
        return found
    may_set(customer)
    before, after = difference(customer, values)
    return submit(actor, scope, customer, Wish(SET_BUDGET, before, after), asked)


def difference(customer: Customer, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The budget as it is seen and as it is wanted. Raises RefusedError."""
    return compared(budget_of(customer), values)


def compared(
    known: Decimal | None, values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same for a budget that has been read."""
    wanted, seen = written(values["budget"]), written(known)
    if wanted == seen:
        raise RefusedError("unchanged", _("This is the budget already."), "budget")
    return {"budget": seen}, {"budget": wanted}


def budget_of(customer: Customer) -> Decimal | None:
    """The budget as last read, None for none."""
    return budgets_of([customer.pk]).get(customer.pk)


def budgets_of(customers: Iterable[int]) -> dict[int, Decimal | None]:
    """The budgets of many customers as last read, by their local ids. One query."""
    rows = UsageBudget.objects.filter(customer__in=list(customers), gone_at=None)
    return dict(rows.values_list("customer_id", "amount"))


def written(amount: Decimal | None) -> str | None:
    """An amount as a Command keeps it."""
    return None if amount is None else str(Decimal(amount).quantize(CENT))

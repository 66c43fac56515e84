"""The tab "Budget & entitlements" of a customer, and setting the budget."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from customers import demand, queries
from customers.asking import pages
from customers.asking.pages import Asking, AskingForm, Consequence
from customers.models import Customer
from customers.reading import tab_context
from customers.spending import actions, artifacts
from customers.spending import queries as spent
from customers.spending.part import PART
from portal.access.guard import require, route
from portal.access.http import Request
from portal.outbox import clouds
from portal.partnercenter.operations.customers import UPDATE_SPENDING_BUDGET
from portal.ui import formats
from portal.ui.pages import page


@route(effect="read", right="customers.view")
@require_safe
def spending(request: Request, pk: int) -> HttpResponse:
    """What stands as last read; opening the tab has it read again if it is old."""
    customer = queries.customer(request.scope, pk)
    context = tab_context(request, customer, PART)
    context |= {
        "budget": actions.budget_of(customer),
        "entitlements": spent.entitlements(request.scope, customer),
        "may_set": actions.RIGHT in context["rights"]
        and clouds.has(customer.connection, UPDATE_SPENDING_BUDGET.name),
    }
    return page(request, "customers/spending/spending.html", context)


@route(effect="write", right=demand.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def entitlement(request: Request, pk: int, row: int) -> HttpResponse:
    """What stands behind an entitlement; the loaded page asks Partner Center until it has said so."""
    customer = queries.customer(request.scope, pk)
    require(request.scope, demand.RIGHT, customer)
    found = artifacts.entitlement(customer, row)
    context: dict[str, Any] = {
        "customer": customer,
        "entitled": spent.in_words(request.scope, customer, [found])[0],
    }
    if request.method != "POST":
        return page(request, "customers/spending/entitlement.html", context)
    context["found"] = artifacts.ask(customer, found, request.scope.user_id)
    return page(request, "customers/spending/_artifacts.html", context)


class BudgetForm(AskingForm):
    """An amount a month, in the currency in which the customer's usage is billed."""

    budget = forms.DecimalField(
        label=gettext_lazy("Budget a month"),
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text=gettext_lazy("In the currency in which the usage of this customer is billed."),
    )


def tell(customer: Customer, values: dict[str, Any]) -> Consequence:
    """Old and new, and that nothing is stopped by it."""
    before, after = actions.difference(customer, values)
    shown = {
        name: "" if value is None else formats.number(value)
        for name, value in (("old", actions.budget_of(customer)), ("new", values["budget"]))
    }
    return Consequence(
        title=_("Set the usage budget of %(name)s?") % {"name": customer.name},
        undo=_("Can be changed at any time."),
        button=_("Set budget"),
        points=[_("Partner Center warns when usage nears it. Nothing is stopped.")],
        rows=[(_("Budget a month"), shown["old"], shown["new"])] if before != after else [],
    )


BUDGET = Asking(
    title=gettext_lazy("Usage budget"),
    right=actions.RIGHT,
    form=BudgetForm,
    tab="customer_spending",
    tell=tell,
    act=actions.set_budget,
    initial=lambda customer: {"budget": actions.budget_of(customer)},
    may=actions.may_set,
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def set_budget(request: Request, pk: int) -> HttpResponse:
    """Set the usage budget."""
    return pages.respond(request, pk, BUDGET)

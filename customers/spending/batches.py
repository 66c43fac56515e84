"""From ticked customers, or from a table, to a batch of budgets; what is done with it from there on are the pages of batches."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import queries
from customers.spending import actions, intake
from customers.views import CUSTOMERS
from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.outbox.batches import capturing, files
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.batches.files import Table
from portal.outbox.models import Batch
from portal.ui.bulk import BadSelectionError, Selection
from portal.ui.pages import page

UNUSABLE = 422


class AmountForm(forms.Form):
    """The budget of all."""

    budget = forms.DecimalField(
        label=_("Budget a month"),
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text=_("Of each customer, in the currency in which its usage is billed."),
    )


@route(effect="write", right=actions.RIGHT)
@require_POST
def budgets(request: Request) -> HttpResponse:
    """Ask for the amount, then write the ticked customers down as a batch."""
    form = AmountForm(request.POST if "valued" in request.POST else None)
    if not form.is_valid():
        context = {"form": form, "selection": Selection.of(request)}
        context["rows"] = request.POST.getlist("row")
        status = UNUSABLE if form.is_bound else 200
        return page(request, "customers/spending/many.html", context, status=status)
    try:
        batch = _captured(request, str(form.cleaned_data["budget"]))
    except (BadSelectionError, capturing.EmptyError, capturing.TooManyError) as error:
        messages.warning(request, str(error))
        return redirect("customers")
    return redirect(batch)


def _captured(request: Request, budget: str) -> Batch:
    selection, scope = Selection.of(request), request.scope
    rows: Any = selection.rows(request, CUSTOMERS, queries.customer_list(scope))
    rows = queries.with_reseller(scope, rows).order_by("name", "pk")
    wish = Wish(verb=actions.SET_BUDGET, parameters={"budget": budget}, source=selection.said)

    def targets() -> Iterator[Target]:
        for row in rows:
            yield Target(row, row.name)

    return capturing.capture(Actor.from_request(request), scope, wish, targets())


BUDGETS = Table(
    title=_("Set usage budgets by file"),
    lines=_("A table with one customer a line"),
    columns=intake.COLUMNS,
    targets=intake.targets,
    verb=actions.SET_BUDGET,
    empty="customers_budget_template",
    file_name="usage-budgets",
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def budgets_file(request: Request) -> HttpResponse:
    """Upload a table of budgets."""
    return files.upload(request, BUDGETS)


@route(effect="read", right=actions.RIGHT)
@require_safe
def budgets_template(_request: Request) -> HttpResponse:
    """The empty table."""
    return files.empty(BUDGETS)

"""Pages of Azure subscriptions: the tab of a customer, one of them, and its two verbs."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from customers import queries as customer_queries
from customers.asking.pages import Consequence
from customers.reading import tab_context
from orders import acting
from orders.acting import Acting, Crumb, RowForm
from orders.entitled import actions, queries
from orders.entitled.filters import AzureFilters
from orders.entitled.models import AzureSubscription
from orders.entitled.part import ACTIVE, PART, RIGHT, TARGET
from orders.entitled.tables import AzureTable
from orders.lists import tabs
from portal.access.guard import route
from portal.access.http import Request
from portal.outbox import queries as changes
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page


class CancelForm(RowForm):
    """The only reason that Partner Center takes, as a statement."""

    compromised = forms.BooleanField(label=gettext_lazy("This Azure subscription is compromised"))


def _tell_cancel(row: AzureSubscription, _values: dict[str, Any]) -> Consequence:
    actions.may_cancel(row)
    return Consequence(
        title=_("Cancel %(name)s?") % {"name": row},
        undo=_("Can be undone: with Reactivate, while Microsoft keeps its data."),
        button=_("Cancel Azure subscription"),
        points=[
            _("All that runs in it stops, and people lose access."),
            _("Usage until then is billed. The Azure plan and its other subscriptions stay."),
            _("Partner Center notes as the reason that it was compromised."),
        ],
        danger=True,
    )


def _tell_reactivate(row: AzureSubscription, _values: dict[str, Any]) -> Consequence:
    actions.may_reactivate(row)
    return Consequence(
        title=_("Reactivate %(name)s?") % {"name": row},
        undo=_("Can be undone: with Cancel, if it is compromised again."),
        button=_("Reactivate Azure subscription"),
        points=[
            _("What is in it runs again, and is billed."),
            _("Secure its accounts first: who had access may have it still."),
        ],
    )


def _crumbs(row: AzureSubscription) -> list[Crumb]:
    assert row.customer is not None, "queries leave out those without"
    return [
        (row.customer.name, row.customer.get_absolute_url()),
        (_("Azure"), reverse("customer_azure", args=[row.customer.pk])),
    ]


CANCEL: Acting[AzureSubscription] = Acting(
    title=gettext_lazy("Cancel Azure subscription"),
    right=actions.RIGHT,
    form=CancelForm,
    tell=_tell_cancel,
    act=actions.cancel,
    may=actions.may_cancel,
    verb=lambda _row, _values: actions.CANCEL,
    crumbs=_crumbs,
    back=AzureSubscription.get_absolute_url,
)
REACTIVATE: Acting[AzureSubscription] = Acting(
    title=gettext_lazy("Reactivate Azure subscription"),
    right=actions.RIGHT,
    tell=_tell_reactivate,
    act=actions.reactivate,
    may=actions.may_reactivate,
    verb=lambda _row, _values: actions.REACTIVATE,
    crumbs=_crumbs,
    back=AzureSubscription.get_absolute_url,
)


AZURE = Listing(
    table=AzureTable,
    filters=AzureFilters,
    title=gettext_lazy("Azure subscriptions"),
    filename="azure-subscriptions",
    template="orders/tabbed.html",
)


@route(effect="read", right=RIGHT)
@require_safe
def azure_subscriptions(request: Request) -> HttpResponseBase:
    """The Azure subscriptions of all customers of the reader."""
    rows = queries.azure_subscriptions(request.scope)
    return AZURE.respond(request, rows, {"tabs": tabs(request)})


@route(effect="read", right=RIGHT)
@require_safe
def customer_azure(request: Request, pk: int) -> HttpResponse:
    """The Azure subscriptions of a customer by plan; opening the tab has them read again if they are old."""
    customer = customer_queries.customer(request.scope, pk)
    rows = list(queries.of_customer(request.scope, pk))
    live = changes.live_by_target(request.scope, TARGET, [row.pk for row in rows])
    context = tab_context(request, customer, PART)
    context["change"] = None  # the rows tell their own
    context["rows"] = [(row, live.get(row.pk)) for row in rows]
    return page(request, "orders/entitled/customer.html", context)


@route(effect="read", right=RIGHT)
@require_safe
def azure_subscription(request: Request, pk: int) -> HttpResponse:
    """One Azure subscription."""
    change = changes.live_for(request.scope, TARGET, pk)
    row = queries.azure_subscription(request.scope, pk)
    may = not row.connection.is_retired and not request.scope.read_only
    context = {
        "row": row,
        "crumbs": _crumbs(row),
        "change": change,
        "age": Age(row.observed_at),
        "may": may and request.scope.can(actions.RIGHT, row),
        "active": row.status == ACTIVE,
    }
    return page(request, "orders/entitled/azure_subscription.html", context)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_azure(request: Request, pk: int) -> HttpResponse:
    """The consequence, then the Command."""
    return acting.respond(request, queries.azure_subscription(request.scope, pk), CANCEL)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def reactivate_azure(request: Request, pk: int) -> HttpResponse:
    """The consequence, then the Command."""
    return acting.respond(request, queries.azure_subscription(request.scope, pk), REACTIVATE)

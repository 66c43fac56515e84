"""Pages of transfers: the list, the tab of a customer, one transfer, and asking another partner."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from customers import queries as customer_queries
from customers.asking import pages
from customers.asking.pages import Asking, AskingForm, Consequence
from customers.models import Customer
from customers.reading import tab_context
from orders.transfers import actions, limits, queries
from orders.transfers.part import MANAGE, PART, PENDING, TARGET, VIEW
from orders.transfers.tables import CustomerTransferTable, TransferFilters, TransferTable
from portal.access.guard import route
from portal.access.http import Request
from portal.outbox import queries as changes
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page

TRANSFERS = Listing(
    table=TransferTable,
    filters=TransferFilters,
    title=gettext_lazy("Transfers"),
    filename="transfers",
)
OF_CUSTOMER = Listing(
    table=CustomerTransferTable,
    filters=TransferFilters,
    title=gettext_lazy("Transfers"),
    filename="customer-transfers",
)


@route(effect="read", right=VIEW)
@require_safe
def transfers(request: Request) -> HttpResponseBase:
    """The transfers of all customers, the newest first."""
    return TRANSFERS.respond(request, queries.transfers(request.scope))


@route(effect="read", right=VIEW)
@require_safe
def customer_transfers(request: Request, pk: int) -> HttpResponseBase:
    """Those of a customer; opening the tab has them read again if they are old."""
    customer = customer_queries.customer(request.scope, pk)
    part = OF_CUSTOMER.part(request, queries.of_customer(request.scope, pk), of=pk)
    if part.response:
        return part.response
    context = tab_context(request, customer, PART) | {"listing": part}
    context["may_ask"] = MANAGE in context["rights"]
    return page(request, "orders/transfers/customer.html", context)


@route(effect="read", right=VIEW)
@require_safe
def transfer(request: Request, pk: int) -> HttpResponse:
    """One transfer: the partners, what is moved, and what can be answered."""
    change = changes.live_for(request.scope, TARGET, pk)
    row = queries.transfer(request.scope, pk)
    open_ = row.status in PENDING and not row.connection.is_retired
    here = queries.here(request.scope, row)
    context = {
        "row": row,
        "change": change,
        "age": Age(row.observed_at),
        "lines": [(line, here.get(line["subscription"])) for line in row.lines or []],
        "may": open_ and not request.scope.read_only and request.scope.can(MANAGE, row),
    }
    return page(request, "orders/transfers/transfer.html", context)


class CreateForm(AskingForm):
    """Whom to ask for what, who tells the customer, and to which reseller it comes."""

    source_tenant = forms.CharField(
        label=gettext_lazy("Tenant ID of the partner that gives away"), max_length=100
    )
    source_name = forms.CharField(label=gettext_lazy("Its name"), max_length=200)
    email = forms.EmailField(
        label=gettext_lazy("Address at the customer"),
        help_text=gettext_lazy("Microsoft tells it of the transfer."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What may come"),
        choices=limits.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing chosen: whatever the other partner gives."),
    )
    partner = forms.ChoiceField(
        label=gettext_lazy("Indirect reseller of what comes"), required=False
    )

    def __init__(
        self, data: Any = None, *, customer: Customer | None = None, **kwargs: Any
    ) -> None:
        """Offer the customer's resellers."""
        super().__init__(data, customer=customer, **kwargs)
        known = actions.partners_of_record(customer) if customer else []
        self.fields["partner"].choices = [("", _("None: sold directly")), *known]  # type: ignore[attr-defined] # a ChoiceField


def _tell_create(customer: Customer, values: dict[str, Any]) -> Consequence:
    actions.source_of(customer, values)
    words = dict(limits.choices())
    kinds = ", ".join(str(words[kind]) for kind in values["kinds"]) or _("everything it gives")
    points = [
        _("What may come: %(kinds)s.") % {"kinds": kinds},
        _(
            "The other partner decides which subscriptions it gives, and approves in its own portal."
        ),
        _("Terms, seats and dates stay. Billing passes to you when it is completed."),
    ]
    if values["partner"]:
        points.append(_("What comes is put under PartnerID %(mpn)s.") % {"mpn": values["partner"]})
    return Consequence(
        title=_("Ask %(partner)s for the subscriptions of %(customer)s?")
        % {"partner": values["source_name"], "customer": customer.name},
        undo=_("Can be undone: with Cancel transfer, until the other partner answers."),
        button=_("Ask for the transfer"),
        points=points,
    )


CREATE = Asking(
    title=gettext_lazy("Ask for a transfer"),
    right=MANAGE,
    form=CreateForm,
    tab="customer_transfers",
    tell=_tell_create,
    act=actions.create,
    initial=lambda customer: {"email": customer.email},
    may=actions.may_create,
)


@route(effect="write", right=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_create(request: Request, pk: int) -> HttpResponse:
    """Ask another partner for the subscriptions of a customer."""
    return pages.respond(request, pk, CREATE)

"""The tab "Permissions" of a customer, the request and the end, and the list over all customers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import letters as mails
from customers import queries as customer_queries
from customers.asking import pages
from customers.asking.pages import Asking, AskingForm, Consequence
from customers.models import AdminRelationship, Customer
from customers.models.permission import STANDING
from customers.permissions import actions, letters, queries, telling, words
from customers.permissions.filters import PermissionFilters
from customers.permissions.standing import lost, relationships, standings
from customers.permissions.tables import PermissionTable
from customers.permissions.words import FAMILY, Need
from customers.views import object_context
from portal.access.guard import refresh_url, route
from portal.access.http import Request
from portal.mirror import freshness
from portal.mirror.ages import ages
from portal.outbox import queries as changes
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page

VIEW = "customers.view"
PERMISSIONS = Listing(
    table=PermissionTable,
    filters=PermissionFilters,
    title=gettext_lazy("Permissions"),
    filename="permissions",
)


@route(effect="read", right=VIEW)
@require_safe
def permissions(request: Request) -> HttpResponseBase:
    """The permissions of all customers of the reader, those that end first on top."""
    scope = request.scope
    age = Age(ages(scope.visible_connection_ids()).get(FAMILY))
    return PERMISSIONS.respond(request, queries.permissions(scope), {"age": age})


@route(effect="read", right=VIEW)
@require_safe
def customer_permissions(request: Request, pk: int) -> HttpResponse:
    """What the customer lets us do, until when, and the link of what waits for its approval."""
    customer = customer_queries.customer(request.scope, pk)
    live = not (customer.gone_at or customer.connection.is_retired or request.scope.read_only)
    spoken = mails.spoken(letters.LETTERS, request.GET.get("language", ""), customer.language)
    rows = relationships(request.scope, customer)
    read = freshness.whole(FAMILY, customer.connection_id)
    again = refresh_url(request.scope, customer, "customer_permissions_refresh")
    closed = actions.barred(customer, read)
    context = object_context(request, customer) | {
        "closed": str(closed or ""),
        "age": Age(read.current_at, refresh_url=again),
        "standings": standings(request.scope, customer, list(Need)),
        "rows": [described(customer, row, spoken) for row in rows],
        "languages": mails.languages(letters.LETTERS),
        "spoken": spoken,
        "change": changes.live_for(request.scope, "customer", pk),
        "may_request": live and not closed and request.scope.can(actions.RIGHT, customer),
    }
    return page(request, "customers/permissions/permissions.html", context)


@route(effect="write", right=actions.REFRESH)
@require_POST
def permissions_refresh(request: Request, pk: int) -> HttpResponse:
    """Ask the workers to read Graph's list again."""
    customer = customer_queries.customer(request.scope, pk)
    actions.refresh(request.scope, customer)
    return redirect("customer_permissions", pk=pk)


def described(customer: Customer, row: AdminRelationship, spoken: str) -> dict[str, Any]:
    """A relationship as the page tells it; one that waits comes with its link and mail."""
    css, word = words.state(row.status)
    told: dict[str, Any] = {
        "row": row,
        "may_end": row.status in STANDING,
        "css": css,
        "word": word,
        "roles": words.role_names(row.role_ids),
    }
    if row.status == words.PENDING:
        subject, body = letters.letter(row, spoken)
        told |= {"link": letters.link(row), "subject": subject, "body": body}
        told["mailto"] = mails.mailto(subject, body, customer.email)
    return told


class RequestForm(AskingForm):
    """Roles, and for how long."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=list(words.OFFERED.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days"), min_value=1, max_value=actions.LONGEST, initial=actions.LONGEST
    )
    extended = forms.BooleanField(
        label=gettext_lazy("Extended by itself"),
        required=False,
        help_text=gettext_lazy("By half a year at its end, until somebody ends it."),
    )


def tell(customer: Customer, values: dict[str, Any]) -> Consequence:
    """What the customer is asked for."""
    after = actions.wanted(customer, values)
    rows = [
        (str(label), "", telling.show(name, after[name])) for name, label in telling.FIELDS.items()
    ]
    return Consequence(
        title=_("Request permission from %(name)s?") % {"name": customer.name},
        undo=_("A request that nobody approves lapses by itself."),
        button=_("Request permission"),
        points=[
            _("Nothing changes until a global administrator of the customer approves."),
            _("The link and a mail for the customer then stand on this tab."),
        ],
        rows=rows,
    )


REQUEST = Asking(
    title=gettext_lazy("Request permission"),
    right=actions.RIGHT,
    form=RequestForm,
    tab="customer_permissions",
    tell=tell,
    act=actions.request,
    initial=lambda _customer: {"roles": list(words.USUAL), "extended": True},
    may=actions.may_request,
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def request_permission(request: Request, pk: int) -> HttpResponse:
    """The form, the consequence, then the Command."""
    return pages.respond(request, pk, REQUEST)


class EndForm(AskingForm):
    """Which of those in effect."""

    relationship = forms.ChoiceField(label=gettext_lazy("Permission"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        customer: Customer,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, customer=customer, initial=initial)
        field: Any = self.fields["relationship"]
        field.choices = [(row.pc_id, row.name) for row in actions.in_effect(customer)]


def tell_end(customer: Customer, values: dict[str, Any]) -> Consequence:
    """What is closed then."""
    row = actions.endable(customer, values["relationship"])
    closed = ", ".join(str(words.NEEDS[need]) for need in lost(customer, row))
    point = (
        _("From then on Partner Center refuses: %(what)s.") % {"what": closed}
        if closed
        else _("What it opens stays open by another permission of the customer.")
    )
    state = str(telling.END_FIELDS["state"])
    before, after = (telling.show("state", one) for one in (row.status, actions.ENDED))
    return Consequence(
        title=_("End the permission %(name)s?") % {"name": row.name},
        undo=_("Cannot be undone: the customer must approve a new request."),
        button=_("End permission"),
        points=[point],
        rows=[(state, before, after)],
        danger=True,
    )


END = Asking(
    title=gettext_lazy("End permission"),
    right=actions.RIGHT,
    form=EndForm,
    tab="customer_permissions",
    tell=tell_end,
    act=actions.end,
    may=actions.may_request,
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def end_permission(request: Request, pk: int) -> HttpResponse:
    """Which one, the consequence, then the Command."""
    chosen = {"relationship": request.GET.get("relationship", "")}
    return pages.respond(request, pk, replace(END, initial=lambda _customer: chosen))

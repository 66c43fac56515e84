"""From ticked users, or a file, to a batch of licences. What is done with it from there on are the pages of batches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import queries as customer_queries
from customers.licences import actions, bulk, hooks, intake, queries, rules
from customers.licences.hooks import Offer
from customers.models import Customer, CustomerUser, SubscribedSku
from customers.permissions.standing import standing
from customers.permissions.words import Need
from customers.users import actions as changing
from customers.users import rules as people
from customers.users.views import USERS
from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.outbox import verbs
from portal.outbox.batches import capturing, files
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.batches.files import Table
from portal.ui import formats
from portal.ui.bulk import BadSelectionError, Selection
from portal.ui.pages import page

UNUSABLE = 422
WITHOUT = "without"
"""The choice to give what is left and leave the others out."""


@dataclass
class Asked:
    """What was ticked and chosen so far: the product, and what happens where seats are short."""

    customer: Customer
    users: list[CustomerUser]
    selection: Selection
    product: SubscribedSku | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)
    offers: Sequence[Offer] = ()
    location: str = ""

    @property
    def short(self) -> int:
        """How many seats are missing."""
        return sum(1 for row in self.rows if row.get("short"))

    @property
    def homeless(self) -> int:
        """How many users have no usage location, which can be set here."""
        return sum(1 for user in self.users if not user.usage_location and not user.is_synchronised)


def _many(verb: str) -> Callable[..., HttpResponseBase]:
    """The address to which the list of users posts its selection for one verb."""

    @route(effect="write", right=actions.RIGHT)
    @require_POST
    def many(request: Request) -> HttpResponse:
        customer = _customer(request)
        try:
            asked = _asked(request, customer, verb)
            if asked.product is None or not _decided(request, asked):
                return _ask(request, verb, asked)
            return _captured(request, verb, asked)
        except (BadSelectionError, capturing.EmptyError, capturing.TooManyError) as error:
            messages.warning(request, str(error))
            return redirect("customer_users", pk=customer.pk)

    return many


assign = _many(actions.ASSIGN)
remove = _many(actions.REMOVE)


def _customer(request: Request) -> Customer:
    """The customer on whose page the list stands. Raises Http404 for none, or one out of scope."""
    try:
        match = resolve(urlsplit(request.POST.get("next", "")).path)
    except Resolver404 as error:
        raise Http404 from error
    if match.url_name != "customer_users":
        raise Http404
    return customer_queries.customer(request.scope, int(match.kwargs["pk"]))


def _asked(request: Request, customer: Customer, verb: str) -> Asked:
    """Read the selection and what was chosen. Raises BadSelectionError, TooManyError."""
    selection = Selection.of(request)
    everybody = queries.users_with_licences(request.scope).filter(customer=customer)
    rows = selection.rows(request, USERS, everybody).order_by("display_name", "pk")
    users = list(rows[: capturing.most() + 1])
    location = request.POST.get(bulk.LOCATION, "")
    may_set = location in people.codes() and request.scope.can(changing.RIGHT, customer)
    asked = Asked(customer, users, selection, location=location if may_set else "")
    wanted = request.POST.get("sku", "")
    if not wanted:
        return asked
    asked.product = queries.sku(request.scope, customer, wanted)
    seats = intake.Seats(request.scope, users)
    asked.rows = [seats.parameters(user, asked.product) for user in users]
    seller = hooks.seller()
    if verb == actions.ASSIGN and asked.short and seller is not None:
        asked.offers = seller.offers(request.scope, customer, asked.product.pc_id, asked.short)
    return asked


def _decided(request: Request, asked: Asked) -> bool:
    """Whether it is clear what happens with the seats."""
    able = {str(offer.subscription_id) for offer in asked.offers if not offer.refused}
    return not able or request.POST.get("seats", "") in able | {WITHOUT}


def _captured(request: Request, verb: str, asked: Asked) -> HttpResponse:
    assert asked.product is not None, "chosen before"
    parameters: dict[str, Any] = {"sku": asked.product.pc_id}
    chosen = [o for o in asked.offers if str(o.subscription_id) == request.POST.get("seats")]
    rows = asked.rows
    if chosen:
        parameters["seats"] = _bought(chosen[0], asked.short)
    if asked.location and asked.homeless:
        parameters[bulk.LOCATION] = asked.location
    if chosen or verb == actions.REMOVE:
        rows = [{"sku": row["sku"]} for row in rows]
    source = asked.selection.said or asked.customer.name
    wish = Wish(verb=verb, parameters=parameters, source=source)
    targets = (
        Target(user, intake.label(user), row) for user, row in zip(asked.users, rows, strict=True)
    )
    actor = Actor.from_request(request)
    return redirect(capturing.capture(actor, request.scope, wish, targets))


def _bought(offer: Offer, number: int) -> dict[str, Any]:
    """The seats, with what was said of them, so that the batch can say it again; others may read it: no money."""
    return {
        "subscription": offer.subscription_id,
        "number": number,
        "label": offer.label,
        "points": list(offer.points),
    }


def _ask(request: Request, verb: str, asked: Asked) -> HttpResponse:
    """The page that asks which product, and about seats that are short."""
    products = queries.of_customer(request.scope, asked.customer).order_by("name", "pk")
    context = {
        "customer": asked.customer,
        "standing": standing(request.scope, asked.customer, Need.LICENCES),
        "verb": verbs.get(verb).label,
        "removes": verb == actions.REMOVE,
        "products": [row for row in products if rules.usable(row)],
        "asked": asked,
        "countries": _countries(request, verb, asked),
        "rows": request.POST.getlist("row"),
        "next": request.POST.get("next", ""),
        "missing": _missing(asked) if asked.offers else "",
        "without": WITHOUT,
    }
    return page(request, "customers/licences/batch.html", context)


def _countries(request: Request, verb: str, asked: Asked) -> list[tuple[str, str]]:
    """The choices of a usage location, where one is missing that this person may set."""
    offered = verb == actions.ASSIGN and asked.homeless
    return (
        people.countries() if offered and request.scope.can(changing.RIGHT, asked.customer) else []
    )


def _missing(asked: Asked) -> str:
    numbers = {"n": formats.count(asked.short), "product": str(asked.product)}
    return (
        ngettext(
            "%(n)s seat of %(product)s is missing.",
            "%(n)s seats of %(product)s are missing.",
            asked.short,
        )
        % numbers
    )


FILE = Table(
    title=gettext_lazy("Assign and remove licences by file"),
    lines=gettext_lazy("A table with one licence a line"),
    columns=intake.COLUMNS,
    targets=intake.targets,
    verb=intake.verb,
    empty="licences_file_template",
    file_name=gettext_lazy("licences"),
    template="customers/licences/file.html",
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def assign_file(request: Request) -> HttpResponse:
    """Upload a table of users and products, to assign and to remove."""
    return files.upload(request, FILE)


@route(effect="read", right=actions.RIGHT)
@require_safe
def assign_template(_request: Request) -> HttpResponse:
    """The empty table."""
    return files.empty(FILE)

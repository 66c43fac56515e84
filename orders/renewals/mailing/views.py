"""From a selection of the due list to a batch of mails, and the list of what customers were written."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from customers.models import Customer
from orders.models import Subscription
from orders.renewals import queries, writing
from orders.renewals.letters import SlugForm
from orders.renewals.mailing import verb
from orders.renewals.mailing.tables import LetterFilters, LetterTable
from orders.renewals.queries import RIGHT
from orders.renewals.views import DUE, ROLLING, around
from orders.renewals.writing import Wish
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.notifications import letters, outbound
from portal.notifications.models import MailState
from portal.outbox.batches import capturing
from portal.outbox.batches.capturing import Target
from portal.ui import formats
from portal.ui.bulk import BadSelectionError, Selection
from portal.ui.listing import Listing
from portal.ui.pages import page

LETTERS = Listing(
    table=LetterTable,
    filters=LetterFilters,
    title=_("Mails about renewals"),
    filename="renewal-mails",
    template="renewals/letters.html",
)
LONGEST_ID = 19


Rows = Callable[[Scope], QuerySet[Subscription]]


def _many(listing: Listing, rows_of: Rows, url_name: str) -> Callable[..., HttpResponseBase]:
    """The address to which a list of terms posts its selection, to write to the customers."""

    @route(effect="write", right=writing.RIGHT)
    @require_POST
    def many(request: Request) -> HttpResponse:
        try:
            return _selected(request, listing, rows_of)
        except (BadSelectionError, capturing.EmptyError, capturing.TooManyError) as error:
            messages.warning(request, str(error))
            return redirect(url_name)

    return many


due = _many(DUE, queries.upcoming, "renewals")
unchosen = _many(ROLLING, queries.rolling_on, "renewals_unchosen")


def _selected(request: Request, listing: Listing, rows_of: Rows) -> HttpResponse:
    """Choose the letter and read it, then write the rows down: one for each customer."""
    form = SlugForm(request.POST if "slug" in request.POST else None)
    slug = form.cleaned_data["slug"] if form.is_valid() else writing.QUESTION
    selection = Selection.of(request)
    rows = selection.rows(request, listing, rows_of(request.scope))
    if "check" not in request.POST or not form.is_valid():
        return _ask(request, form, selection, _first(request, rows, slug))
    wish = capturing.Wish(verb=verb.WRITE, parameters={"slug": slug}, source=selection.said)
    actor = Actor.from_request(request)
    return redirect(capturing.capture(actor, request.scope, wish, _targets(rows)))


def _targets(rows: Any) -> Iterator[Target]:
    """A row for each customer, with the subscriptions that were selected."""
    known = rows.filter(customer__isnull=False).order_by("customer__name", "customer_id", "pk")
    for _pk, group in groupby(known.iterator(), key=lambda row: row.customer_id):
        listed = list(group)
        customer = listed[0].customer
        vars(customer)["reseller_id"] = verb.seller(listed)
        yield Target(customer, customer.name, {"subscriptions": [row.pk for row in listed]})


def _first(request: Request, rows: Any, slug: str) -> tuple[Customer, list[Subscription]] | None:
    """The first customer that would get this letter, and what it would be about."""
    about = writing.about(request.scope, slug, rows).filter(customer__isnull=False)
    listed = list(about.order_by("customer__name", "customer_id", "pk")[: writing.MOST])
    fresh = [row for row in listed if not writing.is_written(row, slug)]
    if not fresh or fresh[0].customer is None:
        return None
    return fresh[0].customer, [row for row in fresh if row.customer_id == fresh[0].customer_id]


def _ask(
    request: Request,
    form: SlugForm,
    selection: Selection,
    first: tuple[Customer, list[Subscription]] | None,
) -> HttpResponse:
    """The page on which the letter is chosen, with the mail that the first customer would get."""
    slug = form.cleaned_data["slug"] if form.is_bound and form.is_valid() else writing.QUESTION
    context = {
        "form": form if form.is_bound else SlugForm(initial={"slug": slug}),
        "selection": selection,
        "rows": request.POST.getlist("row"),
        **(_preview(request, *first, slug) if first else {}),
    }
    return page(request, "renewals/write_many.html", context)


def _preview(
    request: Request, customer: Customer, rows: Sequence[Subscription], slug: str
) -> dict[str, Any]:
    contact = writing.contacts(request.scope, [customer])[customer.pk]
    wish = Wish(slug, letters.language_of(contact.language), contact.to)
    actor = Actor.from_request(request)
    return {
        "customer": customer,
        "wish": wish,
        "language": formats.language(wish.language),
        "text": writing.text_of(actor, customer, rows, wish),
        "may_edit": request.scope.can("mail_templates.edit"),
    }


@route(effect="read", right=RIGHT)
@require_safe
def written(request: Request) -> HttpResponseBase:
    """What customers were written about their terms, and how each mail went."""
    rows, asked = queries.letters(request.scope), request.GET.get("mail", "")
    plausible = asked.isdecimal() and len(asked) < LONGEST_ID
    failed = rows.filter(pk=asked, mail__state=MailState.FAILED).first() if plausible else None
    return LETTERS.respond(request, rows, around(request) | {"failed": failed})


@route(effect="write", right=writing.RIGHT)
@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    """Send a mail again that failed."""
    if try_again(request.scope, pk):
        messages.success(request, gettext("The mail is sent again."))
    return redirect("renewal_letters")


def try_again(scope: Scope, pk: int) -> bool:
    """Put the failed mail of a letter back into the queue; False if there is none. Raises Http404, PermissionDenied."""
    row = queries.letter(scope, pk)
    require(scope, writing.RIGHT, row)
    return row.mail is not None and outbound.try_again(row.mail)

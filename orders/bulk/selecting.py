"""From a selection to a batch: the value that the verb needs is asked first, then the rows are written down."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.bulk.forms import ManyForm
from orders.bulk.shape import Many
from portal.access.guard import route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import verbs
from portal.outbox.batches import capturing, files
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.batches.files import Table
from portal.outbox.models import Batch
from portal.ui.bulk import BadSelectionError, Selection
from portal.ui.listing import Listing
from portal.ui.pages import page

UNUSABLE = 422
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Place:
    """A list whose rows can be selected: its filters and its scoped rows read a selection again.

    ``label`` names a row in the batch, ``order`` is that of its rows.
    """

    listing: Listing
    rows: Callable[[Scope], QuerySet[Any]]
    url_name: str
    label: Callable[[Any], str]
    order: tuple[str, ...]


def many(one: Many[Any], place: Place) -> View:
    """The address to which a list posts its selection for one verb."""

    @route(effect="write", right=one.right)
    @require_POST
    def selected(request: Request) -> HttpResponse:
        selection = Selection.of(request)
        try:
            rows = selection.rows(request, place.listing, place.rows(request.scope))
            form = _form(request, one, rows)
            if form is not None and (form.waits or form.stopped or not form.is_valid()):
                return _ask(request, one, place, form)
            batch = _captured(request, one, place, (rows, form, selection))
        except (BadSelectionError, capturing.EmptyError, capturing.TooManyError) as error:
            messages.warning(request, str(error))
            return redirect(place.url_name)
        return redirect(batch)

    return selected


def _form(request: Request, one: Many[Any], rows: QuerySet[Any]) -> ManyForm | None:
    """The verb's form, filled in if it was sent back."""
    if one.form is None:
        return None
    sent = request.POST if "valued" in request.POST else None
    return one.form(sent, rows=rows, scope=request.scope)


def _ask(request: Request, one: Many[Any], place: Place, form: ManyForm) -> HttpResponse:
    context = {
        "form": form,
        "verb": verbs.get(one.verb).label,
        "place": place,
        "selection": Selection.of(request),
        "rows": request.POST.getlist("row"),
    }
    unusable = form.is_bound and not form.waits
    return page(request, "orders/batch_value.html", context, status=UNUSABLE if unusable else 200)


def _captured(
    request: Request,
    one: Many[Any],
    place: Place,
    asked: tuple[QuerySet[Any], ManyForm | None, Selection],
) -> Batch:
    rows, form, selection = asked
    parameters = form.parameters if form is not None else {}
    wish = Wish(verb=one.verb, parameters=parameters, source=selection.said)

    def targets() -> Iterator[Target]:
        for row in rows.order_by(*place.order, "pk"):
            yield Target(row, place.label(row))

    return capturing.capture(Actor.from_request(request), request.scope, wish, targets())


def by_file(table: Table, right: str) -> tuple[View, View]:
    """The page that takes a table, and the address of the empty one."""

    @route(effect="write", right=right)
    @require_http_methods(["GET", "HEAD", "POST"])
    def upload(request: Request) -> HttpResponse:
        return files.upload(request, table)

    @route(effect="read", right=right)
    @require_safe
    def empty(_request: Request) -> HttpResponse:
        return files.empty(table)

    return upload, empty

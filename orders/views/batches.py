"""From a selection or a file to a batch. What is done with it from there on are the pages of batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import actions, bulk, intake, queries
from orders.forms import QuantityForm, TermEndForm, VerbForm
from orders.models import Subscription
from orders.renewals import deciding
from orders.renewals import intake as decided
from orders.renewals import queries as renewals
from orders.renewals.views import DUE, ROLLING
from orders.views.subscriptions import SUBSCRIPTIONS
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
# Verbs that need a value get a page of their own before the rows are written down.
FORMS: dict[str, type[VerbForm]] = {
    actions.CHANGE_QUANTITY: QuantityForm,
    actions.SET_TERM_END: TermEndForm,
}


@dataclass(frozen=True)
class _List:
    """A list whose rows can be selected: its filters and its scoped rows read a selection again."""

    listing: Listing
    rows: Callable[[Scope], QuerySet[Subscription]]
    url_name: str


ALL = _List(SUBSCRIPTIONS, queries.subscriptions, "subscriptions")
ENDING = _List(DUE, renewals.upcoming, "renewals")
UNCHOSEN = _List(ROLLING, renewals.rolling_on, "renewals_unchosen")


def _many(verb: str, place: _List = ALL) -> Callable[..., HttpResponseBase]:
    """The address to which a list posts its selection for one verb."""

    @route(effect="write", right=actions.RIGHTS[verb])
    @require_POST
    def many(request: Request) -> HttpResponse:
        return _selected(request, verb, place)

    return many


quantity = _many(actions.CHANGE_QUANTITY)
suspend = _many(actions.SUSPEND)
reactivate = _many(actions.REACTIVATE)
term_end = _many(actions.SET_TERM_END)
cancel_schedule = _many(actions.CANCEL_SCHEDULE)
cancel = _many(actions.CANCEL)
ending_term_end = _many(actions.SET_TERM_END, ENDING)
unchosen_term_end = _many(actions.SET_TERM_END, UNCHOSEN)


def _selected(request: Request, verb: str, place: _List) -> HttpResponse:
    """Write the selection down as a batch, once the verb's value is known."""
    form_class = FORMS.get(verb)
    answered = request.POST if form_class and "valued" in request.POST else None
    form = form_class(answered) if form_class else None
    if form is not None and not form.is_valid():
        return _ask_value(request, verb, form)
    try:
        batch = _captured(request, verb, form, place)
    except (BadSelectionError, capturing.EmptyError, capturing.TooManyError) as error:
        messages.warning(request, str(error))
        return redirect(place.url_name)
    return redirect(batch)


def _ask_value(request: Request, verb: str, form: VerbForm) -> HttpResponse:
    selection = Selection.of(request)
    context = {
        "form": form,
        "verb": verbs.get(verb).label,
        "selection": selection,
        "rows": request.POST.getlist("row"),
    }
    return page(
        request, "orders/batch_value.html", context, status=UNUSABLE if form.is_bound else 200
    )


def _captured(request: Request, verb: str, form: VerbForm | None, place: _List) -> Batch:
    selection = Selection.of(request)
    rows = selection.rows(request, place.listing, place.rows(request.scope))
    parameters: dict[str, Any] = {}
    if form is not None:
        parameters[bulk.VALUES[verb]] = str(form.cleaned_data[form.value_field])
    if isinstance(form, TermEndForm):
        parameters |= deciding.written(form.decision)
    wish = Wish(verb=verb, parameters=parameters, source=selection.said)

    def targets() -> Iterator[Target]:
        for row in rows.order_by("customer__name", "friendly_name", "pk"):
            yield Target(row, bulk.label(row))

    return capturing.capture(Actor.from_request(request), request.scope, wish, targets())


RENAME = Table(
    title=gettext_lazy("Rename subscriptions by file"),
    lines=gettext_lazy("A table with one subscription a line"),
    columns=intake.COLUMNS,
    targets=intake.targets,
    verb=actions.RENAME,
    empty="subscriptions_rename_template",
    file_name="rename-subscriptions",
)


DECIDED = Table(
    title=gettext_lazy("Ends of terms by file"),
    lines=gettext_lazy("A table with one subscription a line"),
    columns=decided.COLUMNS,
    targets=decided.targets,
    verb=actions.SET_TERM_END,
    empty="renewals_file_template",
    file_name=gettext_lazy("ends-of-terms"),
)


@route(effect="write", right=actions.RIGHTS[actions.SET_TERM_END])
@require_http_methods(["GET", "HEAD", "POST"])
def decided_file(request: Request) -> HttpResponse:
    """Upload a table of what becomes of subscriptions, with who decided it."""
    return files.upload(request, DECIDED)


@route(effect="read", right=actions.RIGHTS[actions.SET_TERM_END])
@require_safe
def decided_template(_request: Request) -> HttpResponse:
    """The empty table."""
    return files.empty(DECIDED)


@route(effect="write", right="subscriptions.rename")
@require_http_methods(["GET", "HEAD", "POST"])
def rename_file(request: Request) -> HttpResponse:
    """Upload a table of new names."""
    return files.upload(request, RENAME)


@route(effect="read", right="subscriptions.rename")
@require_safe
def rename_template(_request: Request) -> HttpResponse:
    """The empty table."""
    return files.empty(RENAME)

"""The pages of batches: the list, one batch with its rows, and what a person does with it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.batches import approving, pages, queries, registry, results, steering
from portal.outbox.batches.tables import BatchFilters, BatchTable
from portal.outbox.commands import OvertakenError
from portal.outbox.models import Batch
from portal.ui.listing import Listing
from portal.ui.pages import page

Act = Callable[[Actor, Scope, Batch], object]

BATCHES = Listing(
    table=BatchTable,
    filters=BatchFilters,
    title=gettext_lazy("Batches"),
    filename="batches",
    template="outbox/batches.html",
)


@route(effect="read", right="changes.view")
@require_safe
def batches(request: Request) -> HttpResponseBase:
    """Own batches and those of the connections that the reader sees whole, newest first."""
    context = {"entrances": registry.entrances(request.scope)}
    return BATCHES.respond(request, queries.batches(request.scope), context)


@route(effect="read", right="changes.view")
@require_safe
def batch(request: Request, pk: int) -> HttpResponse:
    """One batch: what it does, what cannot work and why, how far it is."""
    found = queries.batch(request.scope, pk)
    return page(request, "outbox/batch.html", pages.context(request, found))


@route(effect="read", right="changes.view")
@require_safe
def batch_status(request: Request, pk: int) -> HttpResponse:
    """The part that renews itself; once it has come to rest the page asks for itself anew."""
    found = queries.batch(request.scope, pk)
    context = pages.live(request, found)
    if not context["moving"]:
        context["page_url"] = found.get_absolute_url()
    return page(request, "outbox/_batch_live.html", context)


@route(effect="read", right="changes.view")
@require_safe
def batch_result(request: Request, pk: int) -> HttpResponseBase:
    """The result file."""
    return results.respond(request, queries.batch(request.scope, pk))


@route(effect="write", right="changes.view")
@require_POST
def batch_start(request: Request, pk: int) -> HttpResponse:
    """Confirm. Lines that cannot be used must have been left out knowingly."""
    found = queries.batch(request.scope, pk)
    if found.left_out and request.POST.get("leave_out") != "on":
        messages.warning(
            request, _("Say that the lines with errors are left out, or upload again.")
        )
        return redirect("batch", pk)
    seen = request.POST.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() else -1

    reason = request.POST.get("reason", "").strip()[:500]

    def start(actor: Actor, scope: Scope, batch: Batch) -> None:
        steering.start(actor, scope, batch, seen=number, reason=reason)

    return _act(request, pk, start)


def _steered(act: Act, right: str = "changes.view") -> Callable[..., HttpResponseBase]:
    """The address to which a button of the batch's page posts."""

    @route(effect="write", right=right)
    @require_POST
    def steer(request: Request, pk: int) -> HttpResponse:
        return _act(request, pk, act)

    return steer


batch_pause = _steered(steering.pause)
batch_resume = _steered(steering.resume)
batch_cancel = _steered(steering.cancel)
batch_retry = _steered(steering.retry, "changes.settle")
# The second person's yes or no to all rows.
batch_approve = _steered(approving.approve, "changes.approve")
batch_decline = _steered(approving.decline, "changes.approve")


def _act(request: Request, pk: int, act: Act) -> HttpResponse:
    found = queries.batch(request.scope, pk)
    try:
        act(Actor.from_request(request), request.scope, found)
    except OvertakenError as error:
        messages.warning(request, str(error))
    return redirect("batch", pk)

"""Pages of invoices: the list, one invoice with its lines or their sums, its statement."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from billing import actions, queries
from billing.filters import InvoiceFilters, LineFilters
from billing.models import Invoice
from billing.tables import InvoiceTable, LineTable
from portal.access.guard import refresh_url, route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.lists import files
from portal.mirror import refresh
from portal.mirror.freshness import complete_at
from portal.ui import exports, panels
from portal.ui.listing import Listing
from portal.ui.pages import page

INVOICES = Listing(
    table=InvoiceTable,
    filters=InvoiceFilters,
    title=gettext_lazy("Invoices"),
    filename="invoices",
)
LINES = Listing(
    table=LineTable,
    filters=LineFilters,
    title=gettext_lazy("Invoice lines"),
    filename="invoice-lines",
)
GROUP_WORDS = {
    "customer": gettext_lazy("By customer"),
    "product": gettext_lazy("By product"),
    "subscription": gettext_lazy("By subscription"),
}
GROUPS_SHOWN = 200


@route(effect="read", right=queries.RIGHT)
@require_safe
def invoices(request: Request) -> HttpResponseBase:
    """All invoices of the connections whose cost the reader may see."""
    scope = request.scope
    targets = actions.list_targets(scope)
    again = reverse("invoices_refresh") if queries.may_refresh(scope) else ""
    at = complete_at("invoices", scope.visible_connection_ids())
    age = refresh.age(at, targets, again)
    return INVOICES.respond(request, queries.invoices(scope), {"age": age})


@route(effect="write", right=queries.RIGHT)
@require_POST
def invoices_refresh(request: Request) -> HttpResponse:
    """Ask the workers to read the lists of invoices again."""
    actions.refresh_list(request.scope)
    return redirect("invoices")


@route(effect="read", right=queries.RIGHT)
@require_safe
def invoice(request: Request, pk: int) -> HttpResponseBase:
    """One invoice and its lines."""
    row = queries.invoice(request.scope, pk)
    part = LINES.part(request, queries.lines(request.scope, row), of=pk)
    if part.response:
        return part.response
    return page(request, "billing/invoice.html", _context(request, row) | {"listing": part})


@route(effect="write", right=queries.RIGHT)
@require_POST
def invoice_refresh(request: Request, pk: int) -> HttpResponse:
    """Ask the workers to read this invoice and its lines again."""
    row = queries.invoice(request.scope, pk)
    actions.refresh(request.scope, row)
    return redirect(row)


@route(effect="read", right=queries.RIGHT)
@require_safe
def invoice_groups(request: Request, pk: int, by: str) -> HttpResponseBase:
    """The sums of an invoice's lines by customer, product or subscription."""
    if by not in queries.GROUPS:
        raise Http404
    row = queries.invoice(request.scope, pk)
    found = queries.groups(request.scope, row, by)
    if request.GET.get("export") == "csv":
        return _groups_csv(by, found)
    context = {"groups": found[:GROUPS_SHOWN], "count": len(found), "by": by, "shown": GROUPS_SHOWN}
    return page(request, "billing/groups.html", _context(request, row) | context)


@route(effect="read", right=queries.RIGHT)
@require_safe
def invoice_statement(request: Request, pk: int) -> HttpResponseBase:
    """The PDF, from our own store; 404 until a worker has fetched it."""
    row = queries.statement(request.scope, queries.invoice(request.scope, pk))
    if row is None or row.file_id is None:
        raise Http404
    return files.serve(request, files.readable(request.scope, row.file_id))


@route(effect="write", right=queries.RIGHT)
@require_POST
def invoice_statement_request(request: Request, pk: int) -> HttpResponse:
    """Have a worker fetch the PDF."""
    row = queries.invoice(request.scope, pk)
    actions.request_statement(Actor.from_request(request), request.scope, row)
    return redirect(row)


@route(effect="read", right=queries.RIGHT)
@require_safe
def invoice_statement_status(request: Request, pk: int) -> HttpResponse:
    """How the statement stands: the fragment that asks again until it is there."""
    row = queries.invoice(request.scope, pk)
    return page(request, "billing/_statement.html", _statement(request, row))


def _context(request: Request, row: Invoice) -> dict[str, Any]:
    family, parent = ("invoice_lines", row.pc_id) if row.has_lines else ("invoices", "")
    at = complete_at(family, [row.connection_id], parent)
    again = refresh_url(request.scope, row, "invoice_refresh")
    return {
        "totals": queries.totals(request.scope, row),
        "age": refresh.age(at or row.observed_at, actions.targets(row), again),
        "tabs": _tabs(request, row),
        **_statement(request, row),
    }


def _statement(request: Request, row: Invoice) -> dict[str, Any]:
    may_ask = not request.scope.read_only
    return {
        "invoice": row,
        "statement": queries.statement(request.scope, row),
        "may_ask": may_ask,
    }


def _tabs(request: Request, row: Invoice) -> list[panels.Tab]:
    here = request.path
    first = panels.Tab(
        "lines", _("Lines"), row.get_absolute_url(), here == row.get_absolute_url(), None
    )
    rest = (
        (by, word, reverse("invoice_groups", args=[row.pk, by])) for by, word in GROUP_WORDS.items()
    )
    return [first, *(panels.Tab(by, word, url, url == here, None) for by, word, url in rest)]


def _groups_csv(by: str, found: list[queries.Group]) -> StreamingHttpResponse:
    head = ["ID", _("Name"), _("Currency"), _("Lines"), _("Net"), _("Tax"), _("Total (cost)")]

    def rows() -> Iterator[str]:
        yield "\ufeff" + exports.line(head)
        for one in found:
            sums = [one.lines, one.subtotal, one.tax, one.total]
            yield exports.line([one.key, one.name, one.currency, *sums])

    response = StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"invoice-lines-by-{by}.csv"
    )
    response["Cache-Control"] = "no-store"
    return response

"""The log's pages."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from customers import queries as customer_queries
from customers.views import object_context
from portal.access.guard import route
from portal.access.http import Request, scope_of
from portal.activity import personal
from portal.activity.models import AuditRecord, Entry, Happening, Source
from portal.dashboard.activity_log import queries, wording
from portal.dashboard.activity_log.filters import ActivityFilters
from portal.dashboard.activity_log.tables import ActivityTable
from portal.ui.listing import Listing
from portal.ui.pages import page, page_or_fragment

ACTIVITY = Listing(
    table=ActivityTable,
    filters=ActivityFilters,
    title=_("Activity"),
    filename="activity",
    template="activity/list.html",
)
OF_CUSTOMER = Listing(
    table=ActivityTable,
    filters=ActivityFilters,
    title=_("Activity of a customer"),
    filename="customer-activity",
)


@route(effect="evidence", right=queries.RIGHT)
@require_safe
def activity(request: HttpRequest) -> HttpResponseBase:
    """Who did what, when, to whom, here and in Partner Center; newest first."""
    scope = scope_of(request)
    return ACTIVITY.respond(request, queries.timeline(scope))


@route(effect="evidence", right=queries.RIGHT)
@require_safe
def customer_activity(request: Request, pk: int) -> HttpResponseBase:
    """The same of one customer, as a tab of its page."""
    customer = customer_queries.customer(request.scope, pk)
    part = OF_CUSTOMER.part(request, queries.of_customer(request.scope, customer), of=pk)
    if part.response:
        return part.response
    context = object_context(request, customer) | {"listing": part}
    return page(request, "activity/customer.html", context)


@route(effect="read", right=queries.RIGHT)
@require_safe
def activity_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: opened in its row for htmx, a page of its own else; ``?closed`` gives the bare row."""
    entry = queries.entry(scope_of(request), pk)
    context = _row(request, Source.PORTAL, pk) | {"entry": entry}
    if context["opened"]:
        context |= _details(request, entry)
    return page_or_fragment(request, "activity/entry.html", "activity/_entry.html", context)


@route(effect="read", right=queries.RIGHT)
@require_safe
def activity_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One record of Partner Center, opened as an entry is."""
    record = queries.record(scope_of(request), pk)
    context = _row(request, Source.PARTNER_CENTER, pk) | {"record": record}
    if context["opened"]:
        context |= _record_details(request, record)
    return page_or_fragment(request, "activity/record.html", "activity/_record.html", context)


def _row(request: HttpRequest, source: Source, pk: int) -> dict[str, Any]:
    row: Any = queries.row(scope_of(request), source, pk)
    row.opened = "closed" not in request.GET
    columns = _columns(request)
    table = ActivityTable([row], columns=columns)
    return {"table": table, "row": row, "opened": row.opened, "span": max(len(columns) - 1, 1)}


def _columns(request: HttpRequest) -> list[str]:
    """The columns of the list in which the row stands: the address's, or those kept for the person."""
    stands = urlsplit(request.headers.get("HX-Current-URL", ""))
    listing = OF_CUSTOMER if stands.path.startswith(reverse("customers")) else ACTIVITY
    return listing.part(request, Happening.objects.none(), QueryDict(stands.query)).columns


def _record_details(request: HttpRequest, record: AuditRecord) -> dict[str, object]:
    match = queries.entry_of(scope_of(request), record)
    return {
        "title": wording.operation(record.operation_type),
        "changes": wording.record_changes(record),
        "match": match,
        "certainty": wording.certainty(match.certainty if match else None),
    }


def _details(request: HttpRequest, entry: Entry) -> dict[str, object]:
    return {
        "title": wording.what(entry),
        "who": wording.who(entry),
        "made_in": wording.made_in(entry),
        "outcome": wording.outcome(entry),
        "changes": wording.changes(entry),
        "target_url": wording.target_url(entry),
        "personal": personal.reveal(entry.personal.select_related("subject")),
        "records": queries.records_of(scope_of(request), entry),
    }

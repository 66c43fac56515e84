"""The log's pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.access.guard import route
from portal.access.http import scope_of
from portal.activity import personal
from portal.activity.models import Entry
from portal.dashboard.activity_log import queries, wording
from portal.dashboard.activity_log.filters import ActivityFilters
from portal.dashboard.activity_log.tables import ActivityTable
from portal.ui.listing import Listing
from portal.ui.pages import page_or_fragment

ACTIVITY = Listing(
    table=ActivityTable,
    filters=ActivityFilters,
    title=_("Activity"),
    filename="activity",
    template="activity/list.html",
)


@route(effect="evidence", right=queries.RIGHT)
@require_safe
def activity(request: HttpRequest) -> HttpResponseBase:
    """Who did what, when, to whom; newest first."""
    scope = scope_of(request)
    return ACTIVITY.respond(request, queries.entries(scope))


@route(effect="read", right=queries.RIGHT)
@require_safe
def activity_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: opened in its row for htmx, a page of its own else; ``?closed`` gives the bare row."""
    entry = queries.entry(scope_of(request), pk)
    entry.opened = "closed" not in request.GET  # type: ignore[attr-defined] # for the table
    context = {"table": ActivityTable([entry]), "entry": entry, "opened": entry.opened}  # type: ignore[attr-defined]
    if context["opened"]:
        context |= _details(request, entry)
    return page_or_fragment(request, "activity/entry.html", "activity/_entry.html", context)


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

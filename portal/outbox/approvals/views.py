"""The inbox of approvals: what waits for the person who looks."""

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.access.guard import route
from portal.access.http import Request
from portal.outbox.approvals import queries
from portal.outbox.approvals.tables import InboxTable
from portal.outbox.filters import CommandFilters
from portal.ui.listing import Listing

MOST = 100


class InboxFilters(CommandFilters):
    """Those of the changes but the state, which is the same for all."""

    state = None  # type: ignore[assignment] # django-filter's way to leave one out


INBOX = Listing(
    table=InboxTable,
    filters=InboxFilters,
    title=_("Approvals"),
    filename="approvals",
    template="outbox/approvals.html",
)


@route(effect="read", right="changes.approve")
@require_safe
def approvals(request: Request) -> HttpResponseBase:
    """Changes and whole batches of others that this person may approve or decline."""
    context = {"batches": queries.inbox_batches(request.scope)[:MOST]}
    return INBOX.respond(request, queries.inbox(request.scope), context)

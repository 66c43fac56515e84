"""Pages of renewals: the due list, what rolls on, what was renewed, decisions, the calendar."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orders import actions
from orders.renewals import calendar, counting, deciding, queries
from orders.renewals.filters import (
    PERIODS,
    DecisionFilters,
    EndFilters,
    RenewalFilters,
    RenewedFilters,
)
from orders.renewals.queries import RIGHT
from orders.renewals.tables import DecisionTable, RenewalTable, RenewedTable, RollingTable
from portal.access.guard import route
from portal.access.http import Request
from portal.mirror.ages import ages
from portal.ui import panels
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page

DUE = Listing(
    table=RenewalTable,
    filters=RenewalFilters,
    title=_("Renewals"),
    filename="renewals",
    template="renewals/list.html",
)
ROLLING = Listing(
    table=RollingTable,
    filters=EndFilters,
    title=_("Will roll on although nobody chose it"),
    filename="renewals-unchosen",
    template="renewals/list.html",
)
RENEWED = Listing(
    table=RenewedTable,
    filters=RenewedFilters,
    title=_("Renewed, can still be taken back"),
    filename="renewals-renewed",
    template="renewals/list.html",
)
DECISIONS = Listing(
    table=DecisionTable,
    filters=DecisionFilters,
    title=_("Decisions on ends of terms"),
    filename="renewal-decisions",
    template="renewals/list.html",
)


@route(effect="read", right=RIGHT)
@require_safe
def due(request: Request) -> HttpResponseBase:
    """Terms of more than a month that can still be decided on, over all customers."""
    context = around(request)
    found, days = context["counts"], queries.alert_days()
    query = f"within={days}&" if days in PERIODS else ""
    strip = {"days": days, "query": query, "decided": found["due"] - found["undecided"], **found}
    return DUE.respond(request, queries.upcoming(request.scope), {**context, "strip": strip})


@route(effect="read", right=RIGHT)
@require_safe
def rolling(request: Request) -> HttpResponseBase:
    """What goes on month by month although nobody chose it."""
    return ROLLING.respond(request, queries.rolling_on(request.scope), around(request))


@route(effect="read", right=RIGHT)
@require_safe
def renewed(request: Request) -> HttpResponseBase:
    """What was renewed and can still be taken back, for as long as a window is open."""
    return RENEWED.respond(request, queries.renewed(request.scope), around(request))


@route(effect="read", right=RIGHT)
@require_safe
def decisions(request: Request) -> HttpResponseBase:
    """Who at which customer decided what, when, and what proves it."""
    return DECISIONS.respond(request, queries.decisions(request.scope), around(request))


@route(effect="read", right=RIGHT)
@require_safe
def proof(request: Request, pk: int) -> HttpResponseBase:
    """The file that proves a decision."""
    return deciding.served(request, request.scope, queries.decision(request.scope, pk))


@route(effect="read", right=RIGHT)
@require_safe
def months(request: Request) -> HttpResponse:
    """A month as a plain table: how many terms end on each day."""
    first = calendar.asked(request.scope, request.GET.get("month", ""))
    context = {"month": calendar.month(request.scope, first), "title": _("Calendar of renewals")}
    return page(request, "renewals/calendar.html", context | around(request))


def around(request: Request) -> dict[str, Any]:
    """What stands on every page of the room: its tabs, and how old the data are."""
    found = counting.counts(request.scope)
    read = ages(request.scope.visible_connection_ids()).get("subscriptions")
    may_decide = request.scope.can(actions.RIGHTS[actions.SET_TERM_END])
    tabs = panels.tabs(request, "renewals", found)
    return {"age": Age(read), "tabs": tabs, "may_decide": may_decide, "counts": found}

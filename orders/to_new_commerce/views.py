"""Pages of migrations: the tab of a customer, one migration with its events, one plan, and what is asked."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from customers import queries as customer_queries
from customers.reading import tab_context
from orders import queries as subscriptions
from orders.lists import tabs
from orders.to_new_commerce import asking, planning, queries, rules
from orders.to_new_commerce.filters import LegacyFilters, MigrationFilters, ScheduleFilters
from orders.to_new_commerce.forms import PlanForm
from orders.to_new_commerce.part import PART, PLANNED, RIGHT, SCHEDULE, VIEW
from orders.to_new_commerce.tables import MigratableTable, MigrationTable, ScheduleTable
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.outbox import queries as changes
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page, page_or_fragment, wants_fragment

READ = "mirror.refresh"
TABBED = "orders/tabbed.html"
MIGRATABLE = Listing(
    table=MigratableTable,
    filters=LegacyFilters,
    title=_("Legacy subscriptions to migrate"),
    filename="migratable",
    template=TABBED,
)
MIGRATIONS = Listing(
    table=MigrationTable,
    filters=MigrationFilters,
    title=_("Migrations to new commerce"),
    filename="migrations",
    template=TABBED,
)
PLANS = Listing(
    table=ScheduleTable,
    filters=ScheduleFilters,
    title=_("Planned migrations"),
    filename="planned-migrations",
    template=TABBED,
)


@route(effect="read", right=VIEW)
@require_safe
def migratable(request: Request) -> HttpResponseBase:
    """What of all customers is legacy still."""
    return MIGRATABLE.respond(request, queries.migratable(request.scope), {"tabs": tabs(request)})


@route(effect="read", right=VIEW)
@require_safe
def migrations(request: Request) -> HttpResponseBase:
    """The migrations of all customers, the newest first."""
    return MIGRATIONS.respond(request, queries.migrations(request.scope), {"tabs": tabs(request)})


@route(effect="read", right=VIEW)
@require_safe
def planned_migrations(request: Request) -> HttpResponseBase:
    """The plans of all customers, the newest first."""
    return PLANS.respond(request, queries.schedules(request.scope), {"tabs": tabs(request)})


@route(effect="read", right=VIEW)
@require_safe
def customer_migrations(request: Request, pk: int) -> HttpResponse:
    """What a customer has migrated and planned; opening the tab has it read again if it is old."""
    scope, customer = request.scope, customer_queries.customer(request.scope, pk)
    context = tab_context(request, customer, PART) | {
        "change": None,
        "migrations": queries.migrations(scope).filter(customer=pk).order_by("-started_at"),
        "schedules": queries.schedules(scope).filter(customer=pk).order_by("-created_at"),
    }
    return page(request, "orders/to_new_commerce/customer.html", context)


@route(effect="read", right=VIEW)
@require_safe
def migration(request: Request, pk: int) -> HttpResponse:
    """One migration: what it became."""
    row = queries.migration(request.scope, pk)
    context = {
        "row": row,
        "age": Age(row.observed_at),
        "made": queries.made(request.scope, row),
        "may_ask": not row.connection.is_retired and request.scope.can(READ, row),
    }
    return page(request, "orders/to_new_commerce/migration.html", context)


@route(effect="write", right=READ)
@require_http_methods(["GET", "HEAD", "POST"])
def migration_events(request: Request, pk: int) -> HttpResponse:
    """Where it is now and what has happened; the page asks until Partner Center has said so."""
    row = queries.migration(request.scope, pk)
    require(request.scope, READ, row)
    context: dict[str, Any] = {"row": row}
    if request.method == "POST":
        context["told"] = asking.follow(row, request.scope.user_id)
    folder = "orders/to_new_commerce"
    return page_or_fragment(request, f"{folder}/events.html", f"{folder}/_events.html", context)


@route(effect="read", right=VIEW)
@require_safe
def migration_schedule(request: Request, pk: int) -> HttpResponse:
    """One planned migration."""
    change = changes.live_for(request.scope, SCHEDULE, pk)
    row = queries.schedule(request.scope, pk)
    open_ = row.status == PLANNED and not row.connection.is_retired
    context = {
        "row": row,
        "change": change,
        "age": Age(row.observed_at),
        "may": open_ and not request.scope.read_only and request.scope.can(RIGHT, row),
    }
    return page(request, "orders/to_new_commerce/schedule.html", context)


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def migration_check(request: Request, pk: int) -> HttpResponse:
    """What Partner Center says of the plan in the form; the page asks until it has said so."""
    row = subscriptions.subscription(request.scope, pk)
    require(request.scope, RIGHT, row)
    context: dict[str, Any] = {"row": row}
    data = request.POST if request.method == "POST" else planning.usual(row)
    form = PlanForm({**{name: data[name] for name in data}, "when": "now"}, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            rules.may_migrate(row)
            plan = rules.plan_of(form.values, row)
            context["told"] = asking.check(row, plan, request.scope.user_id)
        except RefusedError as error:
            context["told"] = asking.Checked(waits=False, eligible=False, reasons=[str(error)])
    context["asked"] = request.method == "POST"
    context["form"] = form if wants_fragment(request) else None
    folder = "orders/to_new_commerce"
    return page_or_fragment(request, f"{folder}/check.html", f"{folder}/_check.html", context)

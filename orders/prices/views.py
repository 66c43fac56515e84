"""Pages of price books: their list, one with its rules, and what changes them."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.prices import actions, queries, words
from orders.prices.actions import RefusedError
from orders.prices.filters import RuleFilters
from orders.prices.forms import BookForm, EndForm, RenameForm, RuleForm, initial
from orders.prices.models import PriceBook
from orders.prices.queries import CHANGE
from orders.prices.quoting import RIGHT, sees_cost
from orders.prices.tables import BookTable, RuleTable
from portal.access.guard import require, route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.ui.listing import Listing
from portal.ui.pages import page

UNUSABLE = 422
BOOKS = Listing(
    table=BookTable,
    title=gettext_lazy("Price books"),
    filename="price-books",
    template="orders/prices/books.html",
)
RULES = Listing(
    table=RuleTable, filters=RuleFilters, title=gettext_lazy("Rules"), filename="price-rules"
)


@route(effect="read", right=RIGHT)
@require_safe
def books(request: Request) -> HttpResponseBase:
    """The price books in whose name the reader works."""
    scope = request.scope
    may_change = scope.can(CHANGE) and bool(queries.owners(scope))
    context = {"may_change": may_change, "sees_cost": sees_cost(scope)}
    return BOOKS.respond(request, queries.books(scope), context)


@route(effect="write", right=CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_book(request: Request) -> HttpResponse:
    """Begin a price book."""
    form = BookForm(queries.owners(request.scope), request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actor = Actor.from_request(request)
            said = {"name": told["name"], "side": told["side"]}
            return redirect(actions.create_book(actor, request.scope, *form.chosen, **said))
        except RefusedError as error:
            form.add_error(error.field, str(error))
    return _form(request, "orders/prices/book_new.html", form)


@route(effect="read", right=RIGHT)
@require_safe
def book(request: Request, pk: int) -> HttpResponseBase:
    """One price book with its rules."""
    row = queries.book(request.scope, pk)
    part = RULES.part(request, queries.rules(request.scope, row), of=pk)
    if part.response:
        return part.response
    may_change = request.scope.can(CHANGE, row)
    context = {"book": row, "listing": part, "may_change": may_change}
    return page(request, "orders/prices/book.html", context)


@route(effect="write", right=CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rename_book(request: Request, pk: int) -> HttpResponse:
    """Give a price book another name."""
    row = _changeable(request, pk)
    form = RenameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            actor = Actor.from_request(request)
            actions.rename_book(actor, request.scope, row, form.cleaned_data["name"])
            return redirect(row)
        except RefusedError as error:
            form.add_error("name", str(error))
            row.refresh_from_db(fields=["name"])
    return _form(request, "orders/prices/book_rename.html", form, book=row)


@route(effect="write", right=CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: Request, pk: int) -> HttpResponse:
    """Add a rule to a price book."""
    row = _changeable(request, pk)
    form = RuleForm(request.scope, row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add(Actor.from_request(request), request.scope, row, form.given)
            return redirect(row)
        except RefusedError as error:
            form.add_error(error.field, str(error))
    return _form(request, "orders/prices/rule_new.html", form, book=row)


@route(effect="read", right=RIGHT)
@require_safe
def rule(request: Request, pk: int) -> HttpResponse:
    """One rule: what it says, and what can be done with it."""
    row = queries.rule(request.scope, pk)
    today = timezone.localdate()
    context = {
        "rule": row,
        "book": row.book,
        "state": words.state(row, today),
        "may_change": request.scope.can(CHANGE, row),
        "end_form": EndForm(initial={"last": today}),
    }
    return page(request, "orders/prices/rule.html", context)


@route(effect="write", right=CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: Request, pk: int) -> HttpResponse:
    """Correct a rule."""
    row = queries.rule(request.scope, pk)
    require(request.scope, CHANGE, row)
    form = RuleForm(request.scope, row.book, request.POST or None, initial=initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(Actor.from_request(request), request.scope, row, form.given)
            return redirect(row)
        except RefusedError as error:
            form.add_error(error.field, str(error))
            row = queries.rule(request.scope, pk)
    return _form(request, "orders/prices/rule_edit.html", form, book=row.book, rule=row)


@route(effect="write", right=CHANGE)
@require_POST
def end_rule(request: Request, pk: int) -> HttpResponse:
    """Let a rule end on a day."""
    row = queries.rule(request.scope, pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a day as 2026-12-24."))
        return redirect(row)
    there = actions.end(Actor.from_request(request), request.scope, row, form.day)
    if there:
        return redirect(row)
    messages.info(request, _("The rule had not begun and is removed."))
    return redirect(row.book)


def _changeable(request: Request, pk: int) -> PriceBook:
    row = queries.book(request.scope, pk)
    require(request.scope, CHANGE, row)
    return row


def _form(request: Request, template: str, form: object, **context: object) -> HttpResponse:
    status = UNUSABLE if getattr(form, "errors", None) else 200
    return page(request, template, {"form": form, **context}, status=status)

"""The tab "Notes" of a customer: tags and notes, added and removed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from customers import queries
from customers.notes import actions
from customers.notes import queries as notes
from customers.views import object_context
from portal.access.guard import route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.ui.pages import page


@route(effect="read", right="customers.view")
@require_safe
def written(request: Request, pk: int) -> HttpResponse:
    """What people wrote on this customer."""
    customer = queries.customer(request.scope, pk)
    scope = request.scope
    context = object_context(request, customer) | {
        "tags": notes.tags(scope, customer),
        "notes": notes.notes(scope, customer),
        "may_write": not scope.read_only and scope.can(actions.RIGHT, customer),
        "person": request.user.pk,
    }
    return page(request, "customers/notes/notes.html", context)


@route(effect="write", right=actions.RIGHT)
@require_POST
def add_tag(request: Request, pk: int) -> HttpResponse:
    """Tag the customer."""
    customer = queries.customer(request.scope, pk)
    try:
        actor = Actor.from_request(request)
        actions.add_tag(actor, request.scope, customer, request.POST.get("name", ""))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("customer_notes", pk=pk)


@route(effect="write", right=actions.RIGHT)
@require_POST
def remove_tag(request: Request, pk: int, tag: int) -> HttpResponse:
    """Take a tag off."""
    customer = queries.customer(request.scope, pk)
    row = get_object_or_404(notes.tags(request.scope, customer), pk=tag)
    actions.remove_tag(Actor.from_request(request), request.scope, customer, row)
    return redirect("customer_notes", pk=pk)


@route(effect="write", right=actions.RIGHT)
@require_POST
def add_note(request: Request, pk: int) -> HttpResponse:
    """Write a note."""
    customer = queries.customer(request.scope, pk)
    try:
        actor = Actor.from_request(request)
        actions.add_note(actor, request.scope, customer, request.POST.get("text", ""))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("customer_notes", pk=pk)


@route(effect="write", right=actions.RIGHT)
@require_POST
def remove_note(request: Request, pk: int, note: int) -> HttpResponse:
    """Delete one's own note."""
    customer = queries.customer(request.scope, pk)
    row = get_object_or_404(notes.notes(request.scope, customer), pk=note)
    actions.remove_note(Actor.from_request(request), request.scope, customer, row)
    return redirect("customer_notes", pk=pk)

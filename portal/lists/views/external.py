"""External ids: their list, those of one object, one to correct."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guard import require, route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.lists import external, objects, queries
from portal.lists.filters import ExternalIdFilters
from portal.lists.forms import ExternalIdForm, ProductForm
from portal.lists.tables import ExternalIdTable
from portal.ui.listing import Listing
from portal.ui.pages import page

EDIT = "external_ids.edit"
UNUSABLE = 422
EXTERNAL_IDS = Listing(
    table=ExternalIdTable,
    filters=ExternalIdFilters,
    title=gettext_lazy("External IDs"),
    filename="external-ids",
    template="lists/external_ids.html",
)


@route(effect="read", right="customers.view")
@require_safe
def external_ids(request: Request) -> HttpResponseBase:
    """What other systems call the objects that the reader sees."""
    scope = request.scope
    may_edit = not scope.read_only and scope.can(EDIT)
    wide = may_edit and (scope.all_connections or bool(scope.connection_ids))
    context = {"may_edit": may_edit, "may_name_products": wide}
    return EXTERNAL_IDS.respond(request, queries.external_ids(scope), context)


@route(effect="write", right=EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: Request) -> HttpResponse:
    """Name a product of the catalogue as another system does."""
    kind = objects.get("product")
    connections = queries.whole_connections(request.scope).filter(retired_at=None)
    form = ProductForm(request.POST or None, kinds=kind.kinds, connections=connections)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            obj = _product(request, given["connection"], given["product"])
            external.add(Actor.from_request(request), request.scope, kind, obj, form.given)
        except Http404:
            form.add_error("product", _("This is no product ID."))
        except external.RefusedError as error:
            form.add_error("value", str(error))
        else:
            return redirect("external_ids")
    status = UNUSABLE if form.errors else 200
    return page(request, "lists/external_id_product.html", {"form": form}, status=status)


@route(effect="write", right=EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def of_object(request: Request, kind: str, object_id: int) -> HttpResponse:
    """The external ids of one object, and the form of one more."""
    found = objects.get(kind)
    obj = found.find(request.scope, object_id)
    require(request.scope, found.right, obj)
    form = ExternalIdForm(request.POST or None, kinds=found.kinds)
    if request.method == "POST" and form.is_valid():
        try:
            external.add(Actor.from_request(request), request.scope, found, obj, form.given)
        except external.RefusedError as error:
            form.add_error("value", str(error))
        else:
            return redirect("external_ids_of", kind, object_id)
    rows = queries.external_ids_of(request.scope, kind, object_id)
    context = {
        "type": found,
        "object": obj,
        "rows": rows,
        "form": form,
        "url": found.url(object_id),
    }
    status = UNUSABLE if form.errors else 200
    return page(request, "lists/external_ids_of.html", context, status=status)


@route(effect="write", right=EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Request, pk: int) -> HttpResponse:
    """Correct one."""
    row = queries.external_id(request.scope, pk)
    found = objects.get(row.object_type)
    require(request.scope, found.right, row)
    initial = {name: getattr(row, name) for name in external.FIELDS}
    form = ExternalIdForm(request.POST or None, kinds=found.kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            external.change(Actor.from_request(request), request.scope, row, form.given)
        except external.RefusedError as error:
            form.add_error("value", str(error))
        else:
            return redirect("external_ids")
    status = UNUSABLE if form.errors else 200
    return page(request, "lists/external_id.html", {"row": row, "form": form}, status=status)


@route(effect="write", right=EDIT)
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take one away."""
    row = queries.external_id(request.scope, pk)
    external.remove(Actor.from_request(request), request.scope, row)
    messages.info(request, _("External ID %(value)s removed.") % {"value": row.value})
    if row.object_id is None:
        return redirect("external_ids")
    return redirect(objects.get(row.object_type).url(row.object_id))


def _product(request: Request, connection: Connection, pc_id: str) -> Any:
    """The product in one connection; Http404 for what is no id of one."""
    found = objects.get("product").by_pc_ids(request.scope, [pc_id])
    for _id, one in found:
        if one.connection == connection:
            return one
    raise Http404

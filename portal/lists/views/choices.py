"""Columns and views of a list, posted from its menus."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access.guard import route
from portal.access.http import Request
from portal.lists import actions
from portal.lists.models import SavedView
from portal.ui import bulk, directory


@route(effect="own")
@require_POST
def columns(request: Request) -> HttpResponse:
    """Show these columns in this order; with an opened view only until it is kept in the view."""
    entry = actions.entry_of(request.scope, request.POST.get("list", ""))
    wanted = entry.listing.table.valid_columns(request.POST.getlist("column"))
    if move := request.POST.get("move"):
        wanted = entry.listing.table.valid_columns(actions.moved(wanted, move))
    path, _mark, text = _back(request, entry).partition("?")
    query = QueryDict(text, mutable=True)
    query.pop("cols", None)
    if "reset" in request.POST:
        actions.forget_columns(request.user, entry)
    elif "view" in query:
        query["cols"] = ",".join(wanted)
    else:
        actions.choose_columns(request.user, entry, wanted)
    return redirect(f"{path}?{query.urlencode()}" if query else path)


@route(effect="own")
@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keep what is in force under a name, and open it."""
    entry = actions.entry_of(request.scope, request.POST.get("list", ""))
    name = " ".join(request.POST.get("name", "").replace("\x00", "").split())[:80]
    if not name:
        messages.warning(request, _("A view needs a name."))
        return redirect(_back(request, entry))
    query, shared = request.POST.get("query", ""), bool(request.POST.get("shared"))
    view = actions.save_view(request.user, entry, name, query, shared=shared)
    return redirect(_opened(request, entry, view))


@route(effect="own")
@require_POST
def view(request: Request, view: str) -> HttpResponse:
    """Keep changes in an own view, share it or not, or remove it."""
    found = actions.own_view(request.user, view)
    entry = actions.entry_of(request.scope, found.list_slug)
    act = request.POST.get("act", "")
    actions.change_view(found, entry, act, request.POST.get("query", ""))
    if act == "remove":
        messages.info(request, _("View %(name)s removed.") % {"name": found.name})
        return redirect(_back(request, entry).partition("?")[0])
    return redirect(_opened(request, entry, found))


@route(effect="own")
@require_POST
def selected(request: Request) -> HttpResponse:
    """Lead from ticked rows to the file of them."""
    entry = actions.entry_of(request.scope, request.POST.get("list", ""))
    chosen = bulk.Selection.of(request)
    path, _mark, text = _back(request, entry).partition("?")
    query = QueryDict(text, mutable=True)
    query["export"] = "xlsx" if request.POST.get("export") == "xlsx" else "csv"
    query["columns"] = "visible"
    if not chosen.everything:
        if not chosen.ids:
            messages.warning(request, _("Tick the rows first."))
            return redirect(_back(request, entry))
        query.setlist("row", [str(pk) for pk in chosen.ids])
    return redirect(f"{path}?{query.urlencode()}")


def _opened(request: Request, entry: directory.Entry, view: SavedView) -> str:
    """The page that the form was on, with the view."""
    path = _back(request, entry).partition("?")[0]
    return f"{path}?view={view.key}"


def _back(request: Request, entry: directory.Entry) -> str:
    """The page that the form was on; the list's own where the form does not say a local one."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, None) else entry.url()

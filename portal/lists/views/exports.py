"""Exports that a worker writes, and stored files."""

import uuid

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import route
from portal.access.http import Request
from portal.lists import actions, files, queries
from portal.ui.pages import page

SHOWN = 50


@route(effect="own")
@require_safe
def exports(request: Request) -> HttpResponse:
    """A person's exports: how far each is, and the link to its file."""
    return page(request, "lists/exports.html", {"jobs": queries.export_jobs(request.scope)[:SHOWN]})


@route(effect="own")
@require_POST
def start(request: Request) -> HttpResponse:
    """Have a worker write what was too large for a page."""
    entry = actions.entry_of(request.scope, request.POST.get("list", ""))
    actions.start_export(request, entry, request.user)
    return redirect("exports")


@route(effect="own")
@require_safe
def status(request: Request, pk: int) -> HttpResponse:
    """One line of the page, asked for every other second while it is being written."""
    return page(request, "lists/_export.html", {"job": queries.export_job(request.scope, pk)})


@route(effect="read")
@require_safe
def stored_file(request: Request, pk: uuid.UUID) -> FileResponse:
    """The bytes of a file that the reader may have."""
    return files.serve(request, files.readable(request.scope, pk))

"""Where a person is signed in, and ending all but the session they sit in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access import sessions as opened
from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.ui.pages import page


@route(effect="own")
@require_safe
def sessions(request: Request) -> HttpResponse:
    """The person's open sessions."""
    rows = opened.of(request.user, request.session.session_key)
    return page(request, "administration/profile_sessions.html", {"rows": rows})


@route(effect="own")
@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """End all but this one."""
    actor = Actor.from_request(request)
    opened.end_others(actor, request.user, request.session.session_key)
    messages.success(request, _("Other sessions ended"))
    return redirect("sessions")

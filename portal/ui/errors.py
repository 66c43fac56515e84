"""Pages for what went wrong: say what happened, what did not, and the way on.

Below /api/ the same is said in the one shape of the API's refusals.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from structlog.contextvars import get_contextvars


def reference() -> str:
    """The id under which the log keeps this request; "" outside of one."""
    return str(get_contextvars().get("request_id", ""))


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return _to_script(status)
    return render(request, f"{status}.html", {"reference": reference()}, status=status)


def _to_script(status: int) -> HttpResponse:
    told = {
        400: ("bad_request", _("The request could not be read.")),
        403: ("permission_denied", _("You do not have permission to perform this action.")),
        404: ("not_found", _("Not found.")),
    }
    fault = ("fault", _("The portal could not answer. The log knows why under this reference."))
    code, message = told.get(status, fault)
    body: dict[str, object] = {"code": code, "message": message, "fields": {}}
    return JsonResponse(body | {"reference": reference()}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400: the request made no sense."""
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403: in scope, but without the right."""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404: not there, or another reseller's; both look the same."""
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; the page asks nothing of the database, which may be the cause."""
    return _answer(request, 500)

"""The mirror's one endpoint: where Partner Center sends its webhooks.

It is public and needs no scope; who may speak here is told by the signature, which a worker checks.
The route's declaration stands in ``portal.urls``, as the guard stands above the mirror.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.connections.models import Connection
from portal.mirror.models import EventState
from portal.mirror.webhooks import receiving

RETRY_AFTER = "60"


@csrf_exempt
@require_POST
def receive_webhook(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the event and answer at once: 200 if it will be checked, 401 if it is plainly forged."""
    connection = Connection.objects.filter(name=name, retired_at=None).first()
    if connection is None:
        raise Http404
    try:
        event = receiving.receive(connection, request.headers, _body(request))
    except receiving.FloodedError:
        return HttpResponse(status=503, headers={"Retry-After": RETRY_AFTER})
    if event is None or event.state == EventState.REFUSED:
        return HttpResponse(status=401)
    return HttpResponse()


def _body(request: HttpRequest) -> bytes:
    """The body, read up to one byte more than is allowed, whatever it says of its length."""
    return request.read(receiving.LARGEST + 1)

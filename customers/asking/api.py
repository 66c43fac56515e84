"""The verbs of a customer over the API. Each answers 202 with the change, which is asked about at ``Location``."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries
from customers.asking.pages import Asking
from customers.asking.submitting import Asked, RefusedError
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, refusal
from portal.activity.actors import Actor
from portal.outbox.api import ChangeSerializer
from portal.outbox.commands import KeyReusedError

LONGEST_KEY = 255
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeat it with a repeated request: the same key makes one change",
)
ANSWERS = {
    202: ChangeSerializer,
    400: RefusalSerializer,
    403: RefusalSerializer,
    404: RefusalSerializer,
    409: RefusalSerializer,
}


class ReasonSerializer(serializers.Serializer[dict[str, Any]]):
    """What every verb takes."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class AskingView(APIView):
    """A verb of one customer; ``asking`` says what it does, ``values`` puts what was sent in its form."""

    effect = "write"
    right: str
    asking: ClassVar[Asking]
    serializer_class: type[ReasonSerializer] = ReasonSerializer

    def post(self, request: Request, pk: int) -> Response:
        """Validate, submit, answer 202; every refusal in the one error shape."""
        key = request.headers.get("Idempotency-Key", "").strip()
        if len(key) > LONGEST_KEY:
            return refusal("key_too_long", _("The key has at most 255 characters."), 400)
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        require(scope, self.right, customer)
        told = self.serializer_class(data=request.data)
        told.is_valid(raise_exception=True)
        values = dict(told.validated_data)
        asked = Asked(values.pop("reason"), key)
        try:
            self.asking.may(customer)
            actor = Actor.from_request(request)
            command = self.asking.act(actor, scope, customer, values, asked)
        except RefusedError as error:
            fields = {error.field: [str(error)]} if error.field else {}
            return refusal(error.code, str(error), status.HTTP_409_CONFLICT, fields)
        except KeyReusedError as error:
            return refusal("key_reused", str(error), status.HTTP_409_CONFLICT)
        answer = Response(ChangeSerializer(command).data, status=status.HTTP_202_ACCEPTED)
        answer["Location"] = reverse("api-change-detail", args=[command.pk])
        return answer

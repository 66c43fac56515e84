"""Having one subscription or one order read again over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders import queries, refreshing
from orders.placed import queries as placed
from orders.placed import reading, told
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer
from portal.mirror import refresh


class AskedAgainSerializer(serializers.Serializer[dict[str, Any]]):
    """``observed_at``: as it was read last. ``error``: why the reading before this one failed, null if none did."""

    observed_at = serializers.DateTimeField(allow_null=True)
    error = serializers.JSONField(allow_null=True)


ANSWERS: dict[int, Any] = {202: AskedAgainSerializer, 404: RefusalSerializer}


class ReadSubscriptionView(APIView):
    right = refreshing.RIGHT
    effect = "write"

    @extend_schema(summary="Have a subscription read in detail", request=None, responses=ANSWERS)
    def post(self, request: Request, pk: int) -> Response:
        """Its lots and what is scheduled are known after it. ``observed_at`` is then another."""
        scope = scope_of(request)
        row = queries.subscription(scope, pk)
        answer = _asked(row.detail_observed_at, refreshing.target(row))
        refreshing.refresh(scope, row)
        return answer


class ReadOrderView(APIView):
    right = reading.RIGHT
    effect = "write"

    @extend_schema(summary="Have an order read again", request=None, responses=ANSWERS)
    def post(self, request: Request, pk: int) -> Response:
        """With all orders of its customer. ``observed_at`` is then another."""
        scope = scope_of(request)
        row = placed.order(scope, pk)
        customer = told.customer_of(row)
        answer = _asked(row.observed_at, reading.of_all(customer))
        reading.ask(scope, customer, reading.of_all(customer))
        return answer


def _asked(at: Any, target: refresh.Target) -> Response:
    mark = next(iter(refresh.marks([target])), None)
    answer = {"observed_at": at, "error": (mark.error or None) if mark else None}
    return Response(AskedAgainSerializer(answer).data, status=status.HTTP_202_ACCEPTED)

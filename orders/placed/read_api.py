"""Having a customer's orders read over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import demand
from customers import queries as customer_queries
from orders.placed import reading
from orders.placed.part import CYCLES, PART
from portal.access.permissions import scope_of


class CycleSerializer(serializers.Serializer[dict[str, Any]]):
    """Those of one billing cycle alone, or all."""

    billing_cycle = serializers.ChoiceField(choices=CYCLES, required=False)


class ReadingSerializer(serializers.Serializer[dict[str, Any]]):
    """``state`` of the reading of all orders: known, old, unread, asking, failed or closed."""

    state = serializers.CharField()
    observed_at = serializers.DateTimeField(allow_null=True)
    error = serializers.JSONField()


class ReadOrdersView(APIView):
    right = demand.RIGHT
    effect = "write"

    @extend_schema(
        summary="Have a customer's orders read",
        request=CycleSerializer,
        responses={202: ReadingSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A worker asks Partner Center; a billing cycle is asked for by the call for it."""
        told = CycleSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        scope = scope_of(request)
        customer = customer_queries.customer(scope, pk)
        if cycle := told.validated_data.get("billing_cycle"):
            reading.ask(scope, customer, reading.of_cycle(customer, cycle))
            found = demand.reading(customer, PART)
        else:
            found = demand.ask(scope, customer, PART, again=True)
        return Response(ReadingSerializer(found.as_json()).data, status=status.HTTP_202_ACCEPTED)

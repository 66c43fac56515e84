"""A customer as it was, over the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries
from customers.history import past
from portal.access.permissions import scope_of


class DaySerializer(serializers.Serializer[dict[str, Any]]):
    """The day asked about."""

    on = serializers.DateField()


class StateSerializer(serializers.Serializer[dict[str, Any]]):
    """The state at the end of the day; null where the customer was not known here yet."""

    on = serializers.DateField()
    state = serializers.DictField(child=serializers.CharField(), allow_null=True)


class HistoryView(APIView):
    right = "customers.view"
    effect = "read"

    @extend_schema(
        summary="Get a customer as it was on a day",
        parameters=[OpenApiParameter("on", str, required=True, description="The day, 2026-11-25")],
        responses={200: StateSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Words and not codes, as the page has them."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        asked = DaySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        day = asked.validated_data["on"]
        found = past.state_on(scope, customer, day)
        told = {"on": day, "state": None if found is None else dict(found)}
        return Response(StateSerializer(told).data)

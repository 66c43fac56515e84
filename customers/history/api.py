"""A customer as it was, over the API."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries
from customers.history import past
from portal.access.permissions import scope_of
from portal.access.scope import Scope


class DaySerializer(serializers.Serializer[dict[str, Any]]):
    """The day asked about."""

    on = serializers.DateField()


class StateSerializer(serializers.Serializer[dict[str, Any]]):
    """The state at the end of the day; null where the customer was not known here yet."""

    on = serializers.DateField()
    state = serializers.DictField(child=serializers.CharField(), allow_null=True)


class PastView(APIView):
    """What ``told`` says of a day, in words and not codes, as the page has them."""

    effect = "read"

    def told(self, scope: Scope, pk: int, day: dt.date) -> list[tuple[str, str]] | None:
        """The state, label and value."""
        raise NotImplementedError

    def get(self, request: Request, pk: int) -> Response:
        """400 without a day, 404 for what is out of scope."""
        asked = DaySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        day = asked.validated_data["on"]
        found = self.told(scope_of(request), pk, day)
        told = {"on": day, "state": None if found is None else dict(found)}
        return Response(StateSerializer(told).data)


def described(summary: str) -> Any:
    """The schema of a view of this kind."""
    day = OpenApiParameter("on", str, required=True, description="The day, 2026-11-25")
    told = extend_schema(summary=summary, parameters=[day], responses={200: StateSerializer})
    return extend_schema_view(get=told)


@described("Get a customer as it was on a day")
class HistoryView(PastView):
    right = "customers.view"

    def told(self, scope: Scope, pk: int, day: dt.date) -> list[tuple[str, str]] | None:
        return past.state_on(scope, queries.customer(scope, pk), day)

"""A customer as it was, over the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries
from customers.history import past
from portal.access.permissions import scope_of
from portal.outbox import days


class HistoryView(APIView):
    right = "customers.view"
    effect = "read"

    @extend_schema(
        summary="Get a customer as it was on a day",
        parameters=[OpenApiParameter("on", str, required=True, description="The day, 2026-11-25")],
        responses={200: days.StateSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """At the end of the day."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        return days.answer(request, lambda day: past.state_on(scope, customer, day))

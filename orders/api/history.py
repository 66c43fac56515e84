"""A subscription as it was, over the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders import history, queries
from portal.access.permissions import scope_of
from portal.outbox import days


class HistoryView(APIView):
    right = "subscriptions.view"
    effect = "read"

    @extend_schema(
        summary="Get a subscription as it was on a day",
        parameters=[OpenApiParameter("on", str, required=True, description="The day, 2026-11-25")],
        responses={200: days.StateSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """At the end of the day, with what was scheduled and chosen for the end of its term."""
        scope = scope_of(request)
        row = queries.subscription(scope, pk)
        since = history.known_since(scope, row)
        return days.answer(request, lambda day: history.state_on(scope, row, day, since))

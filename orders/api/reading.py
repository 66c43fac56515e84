"""Having one subscription or one order read again over the API, and how the reading stands."""

from abc import abstractmethod
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders import queries, refreshing
from orders.placed import queries as placed
from orders.placed import reading, told
from portal.access.permissions import scope_of
from portal.access.scope import Scope
from portal.mirror import refresh
from portal.ui.age import Age


class RereadingSerializer(serializers.Serializer[Age]):
    """``reading`` while a worker is at it; ``observed_at`` as what is.

    ``problem`` says why the last reading failed, "" if it did not.
    """

    reading = serializers.BooleanField()
    observed_at = serializers.DateTimeField(source="at", allow_null=True)
    problem = serializers.CharField(source="note")


class ReadView(APIView):
    """A POST asks, a GET tells how it stands."""

    right = refreshing.RIGHT

    @abstractmethod
    def age(self, scope: Scope, pk: int) -> Age:
        """How old it is. Raises Http404."""

    @abstractmethod
    def ask(self, scope: Scope, pk: int) -> None:
        """Have it read. Raises Http404, PermissionDenied."""

    def get(self, request: Request, pk: int) -> Response:
        """Nothing is asked."""
        return Response(RereadingSerializer(self.age(scope_of(request), pk)).data)

    def post(self, request: Request, pk: int) -> Response:
        """Answers before it is done."""
        self.ask(scope_of(request), pk)
        told = RereadingSerializer(self.age(scope_of(request), pk)).data
        return Response(told, status=status.HTTP_202_ACCEPTED)


def _described(what: str) -> Any:
    asked = extend_schema(
        summary=f"Have {what} read", request=None, responses={202: RereadingSerializer}
    )
    told = extend_schema(
        summary=f"Get how the reading of {what} stands", responses={200: RereadingSerializer}
    )

    def describe(view: type[ReadView]) -> type[ReadView]:
        return extend_schema_view(post=asked, get=told)(view)

    return describe


@_described("a subscription in detail")
class ReadSubscriptionView(ReadView):
    """Its lots and what is scheduled are known after it."""

    def age(self, scope: Scope, pk: int) -> Age:
        row = queries.subscription(scope, pk)
        return refresh.age(row.detail_observed_at, [refreshing.target(row)])

    def ask(self, scope: Scope, pk: int) -> None:
        refreshing.refresh(scope, queries.subscription(scope, pk))


@_described("an order")
class ReadOrderView(ReadView):
    """With all orders of its customer."""

    right = reading.RIGHT

    def age(self, scope: Scope, pk: int) -> Age:
        row = placed.order(scope, pk)
        return refresh.age(row.observed_at, [reading.of_all(told.customer_of(row))])

    def ask(self, scope: Scope, pk: int) -> None:
        customer = told.customer_of(placed.order(scope, pk))
        reading.ask(scope, customer, reading.of_all(customer))

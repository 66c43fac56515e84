"""What a subscription's term costs and is charged at, and having price sheets read, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders import queries
from orders.prices import reading, running
from orders.prices.quoting import Side
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer


class PriceSerializer(serializers.Serializer[Any]):
    """One side, net, for one seat and billing cycle; ``value`` is null where it is not known."""

    side = serializers.CharField()
    value = serializers.DecimalField(max_digits=20, decimal_places=None, allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    source = serializers.CharField(  # type: ignore[assignment] # a field of the answer, by this name
        allow_blank=True
    )
    until = serializers.DateField(allow_null=True)


class SubscriptionPricesView(APIView):
    right = "subscriptions.view"
    effect = "read"

    @extend_schema(
        summary="Get the prices of a subscription's term",
        responses={200: PriceSerializer(many=True), 404: RefusalSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The sides that the caller may see."""
        scope = scope_of(request)
        row = queries.subscription(scope, pk)
        found = running.of_subscriptions(scope, [row])[row.pk]
        told = [_told(side, found.get(side)) for side in running.shown(scope, row)]
        return Response(PriceSerializer(told, many=True).data)


class SheetsToReadSerializer(serializers.Serializer[dict[str, Any]]):
    """Which sheets: of a month (2026-11), this one if none is named, and of a market or of all."""

    month = serializers.CharField(default="", allow_blank=True, max_length=7)
    market = serializers.CharField(default="", allow_blank=True, max_length=2)


class SheetsAskedSerializer(serializers.Serializer[dict[str, Any]]):
    """How many markets are asked for."""

    markets = serializers.IntegerField()


class ReadSheetsView(APIView):
    right = reading.SEE
    effect = "write"

    @extend_schema(
        summary="Have price sheets read",
        request=SheetsToReadSerializer,
        responses={202: SheetsAskedSerializer, 403: RefusalSerializer},
    )
    def post(self, request: Request) -> Response:
        """A worker asks Partner Center for the sheets of a month."""
        told = SheetsToReadSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        scope, said = scope_of(request), told.validated_data
        if not scope.can(reading.READ):
            raise PermissionDenied
        month = reading.month(said["month"])
        if month is None:
            raise serializers.ValidationError({"month": [reading.wrong_month()]})
        asked = reading.ask(scope, said["market"].upper(), month)
        return Response({"markets": asked}, status=status.HTTP_202_ACCEPTED)


def _told(side: Side, amount: Any) -> dict[str, Any]:
    if amount is None:
        return {"side": side, "value": None, "currency": "", "source": "", "until": None}
    return {
        "side": side,
        "value": amount.value,
        "currency": amount.currency,
        "source": amount.source,
        "until": amount.until,
    }

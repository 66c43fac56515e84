"""Budget and entitlements over the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import demand, queries
from customers.asking.api import AskingView
from customers.asking.pages import Asking
from customers.spending import actions, artifacts, views
from customers.spending.part import PART
from customers.spending.queries import Entitled, entitlements
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream
from portal.outbox.api_verbs import ReasonSerializer, described


class EntitlementSerializer(serializers.Serializer[Entitled]):
    """A product that an order line entitles to; ``name`` is empty where no subscription tells it.

    ``has_artifacts``: more stands behind it, which its ``artifacts`` tells.
    """

    id = serializers.IntegerField(source="row.pk")
    name = serializers.CharField()
    kind = serializers.CharField(source="row.kind")
    product_id = serializers.CharField(source="row.product_id")
    sku_id = serializers.CharField(source="row.sku_id")
    quantity = serializers.IntegerField(source="row.quantity", allow_null=True)
    order_pc_id = serializers.CharField(source="row.order_pc_id")
    expires_at = serializers.DateTimeField(source="row.expires_at", allow_null=True)
    has_artifacts = serializers.BooleanField()


class SpendingSerializer(serializers.Serializer[dict[str, Any]]):
    """As last read; ``budget`` is null where none is set."""

    budget = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    entitlements = EntitlementSerializer(many=True)
    state = serializers.CharField()
    observed_at = serializers.DateTimeField(allow_null=True)


class SpendingView(APIView):
    right = "customers.view"
    effect = "read"

    @extend_schema(
        summary="Get a customer's budget and entitlements", responses={200: SpendingSerializer}
    )
    def get(self, request: Request, pk: int) -> Response:
        """As last read."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        found = demand.reading(customer, PART)
        told = {
            "budget": actions.budget_of(customer),
            "entitlements": entitlements(scope, customer),
            "state": str(found.state),
            "observed_at": found.at,
        }
        return Response(SpendingSerializer(told).data)


class ReservationSerializer(serializers.Serializer[artifacts.Reservation]):
    """A reservation as Partner Center tells it."""

    reservation_id = serializers.CharField(source="pc_id")
    name = serializers.CharField()
    scope = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    effective_at = serializers.DateTimeField(source="began", allow_null=True)
    expires_at = serializers.DateTimeField(source="ends", allow_null=True)
    state = serializers.CharField()


class ArtifactsSerializer(serializers.Serializer[artifacts.Found]):
    """Empty while Partner Center is asked (``waits``)."""

    waits = serializers.BooleanField()
    reservations = ReservationSerializer(many=True)


class ArtifactsView(APIView):
    right = demand.RIGHT
    effect = "write"

    @extend_schema(
        summary="Get what stands behind an entitlement",
        request=None,
        responses={
            200: ArtifactsSerializer,
            404: RefusalSerializer,
            502: UpstreamRefusalSerializer,
        },
    )
    def post(self, request: Request, pk: int, row: int) -> Response:
        """Asked of Partner Center. Repeat it while it waits."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        require(scope, self.right, customer)
        entitled = artifacts.entitlement(customer, row)
        found = artifacts.ask(customer, entitled, scope.user_id)
        if found.error:
            return upstream(found.error)
        return Response(ArtifactsSerializer(found).data)


class BudgetSerializer(ReasonSerializer):
    """An amount a month, in the currency in which the customer's usage is billed."""

    budget = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0)


@described("Set a customer's usage budget", "Confirmed once a read after the write finds it so.")
class SetBudgetView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = views.BUDGET
    serializer_class = BudgetSerializer

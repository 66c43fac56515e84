"""Azure subscriptions over the API: the rows, having them read, and their verbs."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import demand
from customers import queries as customer_queries
from orders.entitled import actions, queries
from orders.entitled.models import AzureSubscription
from orders.entitled.part import PART, RIGHT
from orders.placed.read_api import ReadingSerializer
from portal.access.api import ScopedViewSet
from portal.access.permissions import scope_of
from portal.connections.models import Connection
from portal.outbox.api_verbs import By, RowVerbView, Told, VerbSerializer, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command


class AzureSubscriptionSerializer(serializers.ModelSerializer[AzureSubscription]):
    """An Azure subscription; ``subscription`` is its Azure plan."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    reseller = serializers.CharField(source="reseller.name", default="", read_only=True)

    class Meta:
        model = AzureSubscription
        fields = [
            "id",
            "pc_id",
            "connection",
            "customer",
            "customer_pc_id",
            "reseller",
            "subscription",
            "plan_pc_id",
            "name",
            "status",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List Azure subscriptions",
        parameters=[
            OpenApiParameter("customer", int, description="Id of the customer here"),
            OpenApiParameter("status", str),
        ],
    ),
    retrieve=extend_schema(summary="Get an Azure subscription"),
)
class AzureSubscriptionViewSet(
    ScopedViewSet[AzureSubscription], viewsets.ReadOnlyModelViewSet[AzureSubscription]
):
    serializer_class = AzureSubscriptionSerializer
    rights = {"list": RIGHT, "retrieve": RIGHT}

    def get_queryset(self) -> QuerySet[AzureSubscription]:
        """The rows of the reader, narrowed by the query."""
        rows = queries.azure_subscriptions(self.scope)
        asked = self.request.query_params
        if customer := asked.get("customer", ""):
            rows = rows.filter(customer=int(customer))
        if state := asked.get("status", ""):
            rows = rows.filter(status=state)
        return rows


class ReadAzureView(APIView):
    right = demand.RIGHT
    effect = "write"

    @extend_schema(
        summary="Have a customer's Azure subscriptions read",
        request=None,
        responses={202: ReadingSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A worker asks Partner Center for those of every Azure plan."""
        scope = scope_of(request)
        found = demand.ask(scope, customer_queries.customer(scope, pk), PART, again=True)
        return Response(ReadingSerializer(found.as_json()).data, status=status.HTTP_202_ACCEPTED)


class CancelSerializer(VerbSerializer):
    """The statement that it is compromised."""

    compromised = serializers.BooleanField(help_text="Must be true: the only reason it takes")


class AzureVerbView(RowVerbView[AzureSubscription]):
    """A verb of one Azure subscription."""

    right = actions.RIGHT
    read = staticmethod(queries.azure_subscription)


@described("Cancel an Azure subscription", "Because it is compromised: no other reason is taken.")
class CancelAzureView(AzureVerbView):
    serializer_class = CancelSerializer

    def ask(self, by: By, row: AzureSubscription, told: Told, asked: Asked) -> Command:
        """With the statement."""
        actions.must_be_compromised(told)
        return actions.cancel(*by, row, told, asked)


@described("Reactivate an Azure subscription", "What is in it runs again, and is billed.")
class ReactivateAzureView(AzureVerbView):
    act = staticmethod(actions.reactivate)

"""Transfers over the API: the rows, having them read, asking and answering."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import demand
from customers import queries as customer_queries
from customers.asking.api import AskingView
from customers.asking.pages import Asking
from orders.placed.read_api import ReadingSerializer
from orders.transfers import actions, limits, queries, views
from orders.transfers.models import Transfer
from orders.transfers.part import MANAGE, PART, VIEW
from portal.access.api import ScopedViewSet
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.connections.models import Connection
from portal.outbox.api_verbs import (
    ReasonSerializer,
    RowVerbView,
    VerbSerializer,
    described,
)


class TransferSerializer(serializers.ModelSerializer[Transfer]):
    """A transfer. ``is_source``: the subscriptions are the partner's own and leave."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    customer_name = serializers.CharField(source="customer.name", default="", read_only=True)

    class Meta:
        model = Transfer
        fields = [
            "id",
            "pc_id",
            "connection",
            "customer",
            "customer_pc_id",
            "customer_name",
            "is_source",
            "other_pc_id",
            "other_name",
            "partner_mpn_id",
            "status",
            "created_at",
            "modified_at",
            "completed_at",
            "lines",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List transfers",
        parameters=[
            OpenApiParameter("customer", int, description="Id of the customer here"),
            OpenApiParameter("status", str),
        ],
    ),
    retrieve=extend_schema(summary="Get a transfer"),
)
class TransferViewSet(ScopedViewSet[Transfer], viewsets.ReadOnlyModelViewSet[Transfer]):
    serializer_class = TransferSerializer
    rights = {"list": VIEW, "retrieve": VIEW}

    def get_queryset(self) -> QuerySet[Transfer]:
        """The rows of the reader, narrowed by the query."""
        rows = queries.transfers(self.scope)
        asked = self.request.query_params
        if customer := asked.get("customer", ""):
            rows = rows.filter(customer=int(customer))
        if state := asked.get("status", ""):
            rows = rows.filter(status=state)
        return rows


class ReadTransfersView(APIView):
    right = demand.RIGHT
    effect = "write"

    @extend_schema(
        summary="Have a customer's transfers read", request=None, responses={202: ReadingSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """A worker asks Partner Center."""
        scope = scope_of(request)
        customer = customer_queries.customer(scope, pk)
        require(scope, VIEW, customer)
        found = demand.ask(scope, customer, PART, again=True)
        return Response(ReadingSerializer(found.as_json()).data, status=status.HTTP_202_ACCEPTED)


class CreateSerializer(ReasonSerializer):
    """Which partner is asked for what; ``partner`` is the PartnerID that it comes under."""

    source_tenant = serializers.CharField(max_length=100)
    source_name = serializers.CharField(max_length=200)
    email = serializers.EmailField()
    partner = serializers.CharField(max_length=50, required=False, default="", allow_blank=True)
    kinds = serializers.MultipleChoiceField(
        choices=[kind for kind, _words in limits.choices()], required=False, default=set
    )


@described("Ask another partner for a customer's subscriptions", "As the target of the transfer.")
class CreateTransferView(AskingView):
    right = MANAGE
    asking: ClassVar[Asking] = views.CREATE
    serializer_class = CreateSerializer


class AcceptSerializer(VerbSerializer):
    """``subscriptions``: the ids here of those that are given away."""

    subscriptions = serializers.ListField(child=serializers.IntegerField(), min_length=1)


class TransferVerbView(RowVerbView[Transfer]):
    """A verb of one transfer."""

    right = MANAGE
    read = staticmethod(queries.transfer)


@described("Approve a transfer", "As the source: the subscriptions leave.")
class AcceptTransferView(TransferVerbView):
    serializer_class = AcceptSerializer
    act = staticmethod(actions.accept)


@described("Reject a transfer", "As the source: the subscriptions stay.")
class RejectTransferView(TransferVerbView):
    act = staticmethod(actions.reject)


@described("Cancel a transfer", "As the target, while it is pending.")
class CancelTransferView(TransferVerbView):
    act = staticmethod(actions.cancel)

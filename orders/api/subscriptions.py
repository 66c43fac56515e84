"""Subscriptions over the API: the same rows, scope and filters as the pages; verbs stand beside."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from orders import finding, queries
from orders.filters import STATUSES
from orders.models import Subscription
from portal.access.api import ScopedViewSet
from portal.connections.models import Connection
from portal.lists.api import ExternalIdOfSerializer, ids_of


class SubscriptionSerializer(serializers.ModelSerializer[Subscription]):
    """A subscription as the mirror knows it."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    customer_name = serializers.CharField(source="customer.name", default="", read_only=True)
    reseller = serializers.CharField(source="reseller.name", default="", read_only=True)
    external_ids = ExternalIdOfSerializer(many=True, read_only=True)

    class Meta:
        model = Subscription
        fields = [
            "id",
            "pc_id",
            "connection",
            "customer",
            "customer_pc_id",
            "customer_name",
            "reseller",
            "friendly_name",
            "offer_name",
            "offer_id",
            "quantity",
            "status",
            "auto_renew",
            "term_duration",
            "billing_cycle",
            "effective_start_date",
            "commitment_end_date",
            "cancellation_allowed_until",
            "refundable_total",
            "refundable_lots",
            "scheduled_change",
            "order_pc_id",
            "external_ids",
            "gone_at",
            "left_as",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List subscriptions",
        parameters=[
            OpenApiParameter("q", str, description="Text in names, or a whole subscription id"),
            OpenApiParameter("status", str, enum=[value for value, _ in STATUSES]),
            OpenApiParameter("customer", str, description="The customer's tenant id"),
        ],
    ),
    retrieve=extend_schema(summary="Get a subscription"),
)
class SubscriptionViewSet(ScopedViewSet[Subscription], viewsets.ReadOnlyModelViewSet[Subscription]):
    serializer_class = SubscriptionSerializer
    rights = {"list": "subscriptions.view", "retrieve": "subscriptions.view"}

    def get_queryset(self) -> QuerySet[Subscription]:
        rows = queries.subscriptions(self.scope)
        asked = self.request.query_params
        if text := asked.get("q", "").strip():
            rows = finding.matching(rows, text, finding.find(self.scope, text))
        if status := asked.get("status"):
            rows = rows.filter(status=status)
        if customer := asked.get("customer"):
            rows = rows.filter(customer_pc_id=customer)
        return rows.annotate(external_ids=ids_of("subscription"))

"""Subscriptions over the API: the same rows, scope and filters as the pages; verbs stand beside."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from orders import finding, queries
from orders.filters import STATUSES
from orders.models import Subscription
from orders.prices import running
from orders.prices.quoting import Side
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


class MonthlySerializer(serializers.Serializer[Any]):
    """What all seats come to a month on one side, net; ``amount`` is null where it is not known."""

    side = serializers.CharField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    source = serializers.CharField(  # type: ignore[assignment] # a field of the answer, by this name
        allow_blank=True
    )


class ListedSubscriptionSerializer(SubscriptionSerializer):
    """The same in lists. ``monthly``: the sides that the caller may see; null unless ``prices`` asks for them."""

    monthly = MonthlySerializer(many=True, read_only=True, allow_null=True, default=None)

    class Meta(SubscriptionSerializer.Meta):
        fields = [*SubscriptionSerializer.Meta.fields, "monthly"]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List subscriptions",
        responses=ListedSubscriptionSerializer(many=True),
        parameters=[
            OpenApiParameter("q", str, description="Text in names, or a whole subscription id"),
            OpenApiParameter("status", str, enum=[value for value, _ in STATUSES]),
            OpenApiParameter("customer", str, description="The customer's tenant id"),
            OpenApiParameter(
                "prices", str, enum=["monthly"], description="Also what each comes to a month"
            ),
        ],
    ),
    retrieve=extend_schema(summary="Get a subscription"),
)
class SubscriptionViewSet(ScopedViewSet[Subscription], viewsets.ReadOnlyModelViewSet[Subscription]):
    serializer_class = SubscriptionSerializer
    rights = {"list": "subscriptions.view", "retrieve": "subscriptions.view"}

    def get_serializer_class(self) -> type[SubscriptionSerializer]:
        """Lists can tell prices; one by itself has an address for them."""
        return ListedSubscriptionSerializer if self.action == "list" else SubscriptionSerializer

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page, with its prices if they were asked for: all of them at once."""
        rows = super().paginate_queryset(queryset)
        if rows and self.request.query_params.get("prices"):
            found = running.monthly(self.scope, rows)
            for row in rows:
                row.monthly = [
                    _told(side, found[row.pk].get(side)) for side in running.shown(self.scope, row)
                ]
        return rows

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


def _told(side: Side, figure: running.Figure | None) -> dict[str, Any]:
    if figure is None:
        return {"side": side, "amount": None, "currency": "", "source": ""}
    told = {"amount": figure.value, "currency": figure.currency, "source": figure.note}
    return {"side": side, **told}

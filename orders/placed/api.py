"""Orders over the API: the same rows and scope as the pages."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, viewsets

from orders.models import Order
from orders.placed import lines, queries, told
from orders.placed.part import CYCLES, RIGHT
from portal.access.api import ScopedViewSet
from portal.connections.models import Connection


class OrderLineSerializer(serializers.Serializer[told.Line]):
    """What a line bought. ``subscription`` is the id here of what came of it, null for what is none.

    ``more_partner_ids`` are PartnerIDs of resellers beside the one on record.

    ``price`` and ``total`` are what it costs the partner, null for those who may not see cost.
    """

    number = serializers.IntegerField()
    name = serializers.CharField()
    offer_id = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    term_duration = serializers.CharField(source="term")
    transaction_type = serializers.CharField(source="transaction")
    subscription = serializers.IntegerField(source="subscription_id", allow_null=True)
    subscription_pc_id = serializers.CharField()
    more_partner_ids = serializers.ListField(child=serializers.CharField())
    price = serializers.DecimalField(
        source="price.one", max_digits=20, decimal_places=None, default=None, allow_null=True
    )
    total = serializers.DecimalField(
        source="price.total", max_digits=20, decimal_places=None, default=None, allow_null=True
    )


class OrderSerializer(serializers.ModelSerializer[Order]):
    """An order as the mirror knows it, with its lines."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    customer_name = serializers.CharField(source="customer.name", default="", read_only=True)
    reseller = serializers.CharField(source="reseller.name", default="", read_only=True)
    lines = serializers.SerializerMethodField()
    cost = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = [
            "id",
            "pc_id",
            "connection",
            "customer",
            "customer_pc_id",
            "customer_name",
            "reseller",
            "status",
            "billing_cycle",
            "term_duration",
            "currency",
            "creation_date",
            "lines",
            "cost",
            "gone_at",
        ]
        read_only_fields = fields

    @extend_schema_field(OrderLineSerializer(many=True))
    def get_lines(self, row: Order) -> list[dict[str, Any]]:
        """The lines, with prices where the reader may see cost."""
        found = told.lines_of(row, with_cost=self._shows_cost(row))
        return [dict(OrderLineSerializer(one).data) for one in found]

    def get_cost(self, row: Any) -> str | None:
        """What the order costs the partner; null for those who may not see cost."""
        if not self._shows_cost(row):
            return None
        found = lines.total(lines.prices(row.priced))
        return None if found is None else str(found)

    def _shows_cost(self, row: Order) -> bool:
        return queries.sees_cost(self.context["view"].scope, row.connection)


@extend_schema_view(
    list=extend_schema(
        summary="List orders",
        parameters=[
            OpenApiParameter("customer", int, description="Id of the customer here"),
            OpenApiParameter("reseller", int, description="Id of the indirect reseller here"),
            OpenApiParameter("billing_cycle", str, enum=CYCLES),
            OpenApiParameter("ordered_from", dt.date),
            OpenApiParameter("ordered_until", dt.date),
            OpenApiParameter("status", str),
            OpenApiParameter("q", str, description="A whole order id"),
        ],
    ),
    retrieve=extend_schema(summary="Get an order"),
)
class OrderViewSet(ScopedViewSet[Order], viewsets.ReadOnlyModelViewSet[Order]):
    serializer_class = OrderSerializer
    rights = {"list": RIGHT, "retrieve": RIGHT}

    def get_queryset(self) -> QuerySet[Order]:
        """The rows of the reader, narrowed by the query."""
        rows = queries.priced(queries.orders(self.scope))
        asked = self.request.query_params
        lookups = {
            "ordered_from": "creation_date__date__gte",
            "ordered_until": "creation_date__date__lte",
        }
        for name in ("customer", "reseller", "billing_cycle", "status", *lookups):
            if value := asked.get(name, ""):
                rows = rows.filter(**{lookups.get(name, name): value})
        text = asked.get("q", "").strip()
        return rows.filter(pc_id__in={text, text.lower()}) if text else rows

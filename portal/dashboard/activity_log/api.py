"""The log over the API: read only, the same scope and right as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from portal.access.api import ScopedViewSet
from portal.activity.models import Entry
from portal.dashboard.activity_log import queries


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """One entry. ``kind`` is stable; ``actor`` is the person's name now; times are UTC."""

    connection = serializers.SlugRelatedField[Any](slug_field="name", read_only=True)
    actor = serializers.CharField(source="actor_name", read_only=True, allow_null=True)
    customer_name = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Entry
        fields = [
            "id",
            "at",
            "kind",
            "actor_id",
            "actor",
            "via",
            "connection",
            "customer_pc_id",
            "customer_name",
            "target_type",
            "target_id",
            "target_label",
            "parameters",
            "before",
            "after",
            "correlation_id",
            "command_id",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List activity, newest first",
        parameters=[
            OpenApiParameter("kind", str, description="A whole kind, or its first words"),
            OpenApiParameter("customer", str, description="The customer's tenant id"),
            OpenApiParameter("correlation_id", str),
        ],
    ),
    retrieve=extend_schema(summary="Get an entry"),
)
class ActivityViewSet(ScopedViewSet[Entry], viewsets.ReadOnlyModelViewSet[Entry]):
    serializer_class = EntrySerializer
    rights = {"list": queries.RIGHT, "retrieve": queries.RIGHT}
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet[Entry]:
        rows = queries.entries(self.scope).select_related("connection")
        asked = self.request.query_params
        if kind := asked.get("kind"):
            rows = rows.filter(kind=kind) | rows.filter(kind__startswith=f"{kind}.")
        if customer := asked.get("customer"):
            rows = rows.filter(customer_pc_id=customer)
        if correlation_id := asked.get("correlation_id"):
            rows = rows.filter(correlation_id=correlation_id)
        return rows

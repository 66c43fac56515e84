"""The log over the API: read only, the same scope and right as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from portal.access.api import ScopedViewSet
from portal.activity.models import Entry, Happening, Source
from portal.dashboard.activity_log import queries


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """One entry. ``kind`` is stable; ``actor`` is the person's name now; times are UTC."""

    connection = serializers.SlugRelatedField[Any](
        slug_field="name", read_only=True, allow_null=True
    )
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


class HappeningSerializer(serializers.ModelSerializer[Happening]):
    """One line of the timeline. ``row_id`` is the entry's or the record's own id, by ``source``.

    For a record ``certainty`` is "same", "probable" or null, which means that no entry of the portal
    tells of it, and ``entry_id`` that entry.
    """

    connection = serializers.SlugRelatedField[Any](
        slug_field="name", read_only=True, allow_null=True
    )
    actor = serializers.SerializerMethodField()
    customer_name = serializers.CharField(read_only=True, allow_null=True)
    certainty = serializers.CharField(read_only=True, allow_null=True)
    entry_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Happening
        fields = [
            "source",
            "row_id",
            "at",
            "kind",
            "actor",
            "via",
            "status",
            "connection",
            "customer_pc_id",
            "customer_name",
            "target_type",
            "target_label",
            "correlation_id",
            "command_id",
            "certainty",
            "entry_id",
        ]
        read_only_fields = fields

    def get_actor(self, row: Any) -> str | None:
        """The person's name now, or the account that Partner Center recorded."""
        name: str | None = row.who or row.actor_name
        return name


@extend_schema_view(
    list=extend_schema(
        summary="List activity here and in Partner Center, newest first",
        parameters=[
            OpenApiParameter("source", str, enum=[*Source.values, "not_by_us"]),
            OpenApiParameter("customer", str, description="The customer's tenant id"),
            OpenApiParameter("correlation_id", str),
        ],
    )
)
class TimelineViewSet(
    ScopedViewSet[Happening], mixins.ListModelMixin, viewsets.GenericViewSet[Happening]
):
    serializer_class = HappeningSerializer
    rights = {"list": queries.RIGHT}
    ordering = ("-at", "-pk")

    def get_queryset(self) -> QuerySet[Happening]:
        rows = queries.timeline(self.scope).select_related("connection")
        asked = self.request.query_params
        if source := asked.get("source"):
            ours_not = source == "not_by_us"
            rows = queries.not_by_us(rows) if ours_not else rows.filter(source=source)
        if customer := asked.get("customer"):
            rows = rows.filter(customer_pc_id=customer)
        if correlation_id := asked.get("correlation_id"):
            rows = rows.filter(correlation_id=correlation_id)
        return rows

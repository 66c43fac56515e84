"""Legacy offers over the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from orders.catalogue.legacy import queries
from orders.catalogue.models import Offer
from orders.catalogue.queries import RIGHT
from portal.access.api import ScopedViewSet
from portal.connections.models import Connection


class OfferSerializer(serializers.ModelSerializer[Offer]):
    """A legacy offer of a market; ``prerequisite_offers`` are ids of which one must be owned."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)

    class Meta:
        model = Offer
        fields = [
            "id",
            "pc_id",
            "connection",
            "market",
            "name",
            "category",
            "unit",
            "billing",
            "minimum",
            "maximum",
            "is_add_on",
            "is_trial",
            "is_available",
            "is_auto_renewable",
            "billing_cycles",
            "prerequisite_offers",
            "qualifications",
            "gone_at",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List legacy offers",
        parameters=[
            OpenApiParameter("q", str, description="Text in the name, or an offer id"),
            OpenApiParameter("market", str, description="Two letters, as FR"),
        ],
    ),
    retrieve=extend_schema(summary="Get a legacy offer"),
)
class OfferViewSet(ScopedViewSet[Offer], viewsets.ReadOnlyModelViewSet[Offer]):
    serializer_class = OfferSerializer
    rights = {"list": RIGHT, "retrieve": RIGHT}

    def get_queryset(self) -> QuerySet[Offer]:
        """The rows of the reader, narrowed by the query."""
        rows = queries.offers(self.scope)
        asked = self.request.query_params
        if text := asked.get("q", "").strip():
            rows = queries.matching(rows, text)
        if market := asked.get("market", ""):
            rows = rows.filter(market=market)
        return rows

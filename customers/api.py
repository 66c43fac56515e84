"""Customers over the API: the same rows, scope and filters as the pages."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from customers import queries
from customers.creating.api import CreateMixin
from customers.models import Customer
from customers.notes.columns import TagsColumn
from customers.notes.queries import tagged
from portal.access import search
from portal.access.api import ScopedViewSet
from portal.connections.models import Connection
from portal.lists.api import ExternalIdOfSerializer, ids_of


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer as the mirror knows it. ``pc_id`` is the customer's tenant id in Partner Center."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    resellers = serializers.SerializerMethodField()
    subscriptions = serializers.IntegerField(source="subscription_count", read_only=True)
    seats = serializers.IntegerField(source="seat_count", read_only=True)
    tags = serializers.ListField(
        child=serializers.CharField(), source="tag_names", default=list, read_only=True
    )
    external_ids = ExternalIdOfSerializer(many=True, read_only=True)

    class Meta:
        model = Customer
        fields = [
            "id",
            "pc_id",
            "connection",
            "name",
            "domain",
            "country",
            "relationship_to_partner",
            "resellers",
            "subscriptions",
            "seats",
            "tags",
            "external_ids",
            "gone_at",
        ]
        read_only_fields = fields

    def get_resellers(self, row: Customer) -> list[str]:
        """The names of those through which it buys, as far as the caller sees them."""
        return list(getattr(row, "reseller_names", None) or ())


@extend_schema_view(
    list=extend_schema(
        summary="List customers",
        parameters=[
            OpenApiParameter("q", str, description="Text in name or domain, or a whole tenant id"),
            OpenApiParameter("tag", str, many=True, description="Only with any of these tags"),
        ],
    ),
    retrieve=extend_schema(summary="Get a customer"),
)
class CustomerViewSet(
    CreateMixin, ScopedViewSet[Customer], viewsets.ReadOnlyModelViewSet[Customer]
):
    serializer_class = CustomerSerializer
    rights = {
        "list": "customers.view",
        "retrieve": "customers.view",
        "create": "customers.create",
        "check": "customers.create",
        "country_rules": "customers.create",
    }

    def get_queryset(self) -> QuerySet[Customer]:
        rows = queries.customer_list(self.scope).annotate(
            external_ids=ids_of("customer"), tag_names=TagsColumn().annotation()
        )
        if names := self.request.query_params.getlist("tag"):
            rows = rows.filter(tagged(self.scope, names))
        text = self.request.query_params.get("q", "").strip()
        if not text:
            return rows
        return queries.matching(rows, text, search.ids(self.scope, "customer", text, queries.FEW))

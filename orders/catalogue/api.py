"""The catalogue over the API: products, one with its SKUs and what is sold of them, and live stock."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.catalogue import asking, queries, words
from orders.catalogue.forms import StockForm
from orders.catalogue.models import Availability, Product, Segment, Sku, View
from orders.catalogue.part import SKUS
from portal.access.api import ScopedViewSet
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream_refusal
from portal.connections.models import Connection


class AvailabilitySerializer(serializers.ModelSerializer[Availability]):
    """Where and on which terms a SKU is sold; ``catalog_item_id`` is what a cart names."""

    class Meta:
        model = Availability
        fields = [
            "id",
            "pc_id",
            "catalog_item_id",
            "segment",
            "currency",
            "is_purchasable",
            "is_renewable",
            "terms",
        ]
        read_only_fields = fields


class CatalogueSkuSerializer(serializers.ModelSerializer[Sku]):
    """A SKU; ``needs`` says in words what it takes to buy it, ``prerequisite_skus`` what must be owned."""

    availabilities = AvailabilitySerializer(many=True, read_only=True, source="sold")
    needs = serializers.SerializerMethodField()
    read_at = serializers.SerializerMethodField()

    class Meta:
        model = Sku
        fields = [
            "id",
            "pc_id",
            "title",
            "description",
            "minimum",
            "maximum",
            "is_trial",
            "is_add_on",
            "is_attested",
            "billing_cycles",
            "purchase_prerequisites",
            "inventory_variables",
            "provisioning_variables",
            "prerequisite_skus",
            "region",
            "needs",
            "read_at",
            "availabilities",
        ]
        read_only_fields = fields

    def get_needs(self, row: Sku) -> list[str]:
        """The sentences of its page."""
        return words.points(row, row.sold)  # type: ignore[attr-defined] # prefetched

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_read_at(self, row: Sku) -> str | None:
        """When it was read on which terms it is sold, ISO 8601; null while it never was."""
        at = self.context["read_at"].get(row.below)
        return at.isoformat() if at else None


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product of a market as the mirror knows it. There is no price in the catalogue."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)

    class Meta:
        model = Product
        fields = [
            "id",
            "pc_id",
            "connection",
            "market",
            "view",
            "title",
            "product_type",
            "product_subtype",
            "publisher",
            "is_microsoft",
            "segments",
            "gone_at",
        ]
        read_only_fields: list[str] = fields


class ProductDetailSerializer(ProductSerializer):
    """With its SKUs. ``skus_read_at`` is null while Partner Center was never asked for them."""

    skus = serializers.SerializerMethodField()
    skus_read_at = serializers.SerializerMethodField()

    class Meta(ProductSerializer.Meta):
        fields = [*ProductSerializer.Meta.fields, "skus_read_at", "skus"]
        read_only_fields = fields

    @extend_schema_field(CatalogueSkuSerializer(many=True))
    def get_skus(self, row: Product) -> Any:
        """Those that are sold, each with its availabilities."""
        skus: list[Sku] = row.live_skus  # type: ignore[attr-defined] # prefetched
        scope = scope_of(self.context["request"])
        context = {"read_at": queries.read_at_each(scope, skus)}
        return CatalogueSkuSerializer(skus, many=True, context=context).data

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_skus_read_at(self, row: Product) -> str | None:
        """The moment, ISO 8601."""
        at = queries.read_at(self.context["view"].scope, row, SKUS)
        return at.isoformat() if at else None


class StockSerializer(serializers.Serializer[dict[str, Any]]):
    """``sku`` is its id here; the rest what its inventory variables name."""

    sku = serializers.IntegerField()
    customer = serializers.CharField(required=False, default="", allow_blank=True)
    azure_subscription = serializers.CharField(required=False, default="", allow_blank=True)
    region = serializers.CharField(required=False, default="", allow_blank=True)


class StockAnswerSerializer(serializers.Serializer[dict[str, Any]]):
    """``known`` is false where the stock does not know the SKU; ask again while it ``waits``."""

    waits = serializers.BooleanField()
    known = serializers.BooleanField()
    restricted = serializers.BooleanField()
    restrictions = serializers.JSONField()


@extend_schema_view(
    list=extend_schema(
        summary="List products of the catalogue",
        parameters=[
            OpenApiParameter("q", str, description="Text in the name, or a product id"),
            OpenApiParameter("market", str, description="Two letters, as FR"),
            OpenApiParameter("view", str, enum=View.values),
            OpenApiParameter("segment", str, enum=Segment.values),
            OpenApiParameter("connection", str, description="Name of the connection"),
        ],
    ),
    retrieve=extend_schema(
        summary="Get a product with its SKUs and availabilities",
        responses={200: ProductDetailSerializer},
    ),
)
class ProductViewSet(ScopedViewSet[Product], viewsets.ReadOnlyModelViewSet[Product]):
    serializer_class = ProductSerializer
    rights = {"list": queries.RIGHT, "retrieve": queries.RIGHT}

    def get_queryset(self) -> QuerySet[Product]:
        """The rows of the reader, narrowed by the query; one row comes with what stands below."""
        rows = queries.plain(self.scope)
        if self.action == "retrieve":
            return rows.prefetch_related(_below())
        asked = self.request.query_params
        if text := asked.get("q", "").strip():
            rows = queries.matching(rows, text)
        if segment := asked.get("segment", ""):
            rows = queries.of_segment(rows, segment)
        for name, path in (
            ("market", "market"),
            ("view", "view"),
            ("connection", "connection__name"),
        ):
            if value := asked.get(name, ""):
                rows = rows.filter(**{path: value})
        return rows

    def get_serializer_class(self) -> type[ProductSerializer]:
        """One product is shown with what stands below."""
        return ProductDetailSerializer if self.action == "retrieve" else ProductSerializer


def _below() -> "Prefetch[Any]":
    """SKUs and availabilities: a policy of the database lets nothing else through."""
    sold = Availability.objects.filter(gone_at=None).defer("list_payload").order_by("segment", "pk")
    rows = Sku.objects.filter(gone_at=None).defer("list_payload").order_by("title", "pk")
    below = rows.prefetch_related(Prefetch("availabilities", sold, to_attr="sold"))
    return Prefetch("skus", below, to_attr="live_skus")


class StockView(APIView):
    right = queries.READ
    effect = "write"

    @extend_schema(
        summary="Ask what is in stock of a SKU",
        request=StockSerializer,
        responses={
            200: StockAnswerSerializer,
            400: RefusalSerializer,
            404: RefusalSerializer,
            502: UpstreamRefusalSerializer,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Only for SKUs whose stock is checked before an order. Repeat it while it waits."""
        scope = scope_of(request)
        row = queries.product(scope, pk)
        told = StockSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        sku = queries.sku(scope, row, told.validated_data["sku"])
        if not (sku.is_stocked and queries.may(scope, queries.READ, row)):
            raise Http404
        form = StockForm(scope, sku, told.validated_data)
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(one) for one in told] for name, told in form.errors.items()}
            )
        return _stock(asking.stock(row, sku, form.place, scope.user_id))


def _stock(found: asking.Told) -> Response:
    if found.failed:
        return upstream_refusal(found.error)
    item = found.answer or {}
    told = {
        "waits": found.waits,
        "known": bool(item),
        "restricted": bool(item.get("isRestricted")),
        "restrictions": item.get("restrictions") or [],
    }
    return Response(StockAnswerSerializer(told).data)

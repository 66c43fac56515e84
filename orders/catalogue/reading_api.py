"""Having the catalogue read, and asking what is sold now, over the API."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.catalogue import asking, queries, reading
from orders.catalogue.legacy import queries as offers
from orders.catalogue.models import Product, Sku
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream_refusal
from portal.access.scope import Scope

Told = dict[str, Any]
REFUSED: dict[int, Any] = {404: RefusalSerializer, 502: UpstreamRefusalSerializer}


class CatalogueToReadSerializer(serializers.Serializer[Told]):
    """``market`` in two letters, all for none; ``offers`` are those of before new commerce."""

    market = serializers.CharField(max_length=2, required=False, default="", allow_blank=True)
    what = serializers.ChoiceField(choices=["products", "offers"], required=False)


class ListsAskedSerializer(serializers.Serializer[Told]):
    """How many lists are asked for."""

    lists = serializers.IntegerField()


class CatalogueActView(APIView):
    """Something that a worker asks Partner Center."""

    right = queries.READ
    effect = "write"


class CatalogueReadView(CatalogueActView):
    @extend_schema(
        summary="Have the catalogue of a market read",
        request=CatalogueToReadSerializer,
        responses={202: ListsAskedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Answers before it is done: the lists fill as Partner Center answers."""
        sent = CatalogueToReadSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        scope, market = scope_of(request), sent.validated_data["market"].upper()
        legacy = sent.validated_data.get("what") == "offers"
        asked = reading.ask_offers if legacy else reading.ask_products
        return Response({"lists": asked(scope, market)}, status=status.HTTP_202_ACCEPTED)


class ProductReadView(CatalogueActView):
    @extend_schema(summary="Read a product's SKUs again", request=None, responses={202: None})
    def post(self, request: Request, pk: int) -> Response:
        """And on which terms they are sold. Answers before; ``skus_read_at`` tells when it is done."""
        scope = scope_of(request)
        reading.ask_product(scope, queries.product(scope, pk))
        return Response(status=status.HTTP_202_ACCEPTED)


class SkuReadView(CatalogueActView):
    @extend_schema(
        summary="Read again on which terms a SKU is sold", request=None, responses={202: None}
    )
    def post(self, request: Request, pk: int, sku: int) -> Response:
        """Answers before it is done; ``read_at`` of the SKU tells when it is."""
        scope = scope_of(request)
        reading.ask_sku(scope, *_found(scope, pk, sku))
        return Response(status=status.HTTP_202_ACCEPTED)


class AvailabilityAskedSerializer(serializers.Serializer[Told]):
    """``availability`` is its id here."""

    availability = serializers.IntegerField()


class AvailabilityAnswerSerializer(serializers.Serializer[Told]):
    """``sold`` is null while it ``waits``: repeat the request."""

    waits = serializers.BooleanField()
    sold = serializers.BooleanField(allow_null=True)


class AvailabilityCheckView(CatalogueActView):
    @extend_schema(
        summary="Ask whether a SKU is still sold on its terms",
        request=AvailabilityAskedSerializer,
        responses={200: AvailabilityAnswerSerializer, **REFUSED},
    )
    def post(self, request: Request, pk: int, sku: int) -> Response:
        """Asked of Partner Center. Repeat it while it waits."""
        scope = scope_of(request)
        product, one = _found(scope, pk, sku)
        _must(scope, product)
        sent = AvailabilityAskedSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data["availability"]
        row = next((row for row in queries.availabilities(scope, one) if row.pk == asked), None)
        if row is None:
            raise Http404
        told = asking.availability(product, one, row, scope.user_id)
        if told.failed:
            return upstream_refusal(told.error)
        sold = None if told.waits else bool((told.answer or {}).get("isPurchasable"))
        return Response(AvailabilityAnswerSerializer({"waits": told.waits, "sold": sold}).data)


class AddOnOfferSerializer(serializers.Serializer[Told]):
    """An offer that can be added."""

    id = serializers.CharField()
    name = serializers.CharField()


class OfferAnswerSerializer(serializers.Serializer[Told]):
    """``sold`` is null while it ``waits``: repeat the request."""

    waits = serializers.BooleanField()
    sold = serializers.BooleanField(allow_null=True)
    add_ons = AddOnOfferSerializer(many=True)


class OfferCheckView(CatalogueActView):
    @extend_schema(
        summary="Ask for a legacy offer and its add-ons as they are now",
        request=None,
        responses={200: OfferAnswerSerializer, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Asked of Partner Center. Repeat it while it waits."""
        scope = scope_of(request)
        row = offers.offer(scope, pk)
        if not queries.may(scope, queries.READ, row):
            raise PermissionDenied
        told, more = asking.offer(row, scope.user_id), asking.addons(row, scope.user_id)
        if error := told.error or more.error:
            return upstream_refusal(error)
        waits = told.waits or more.waits
        sold = None if waits else bool((told.answer or {}).get("isAvailableForPurchase"))
        answer = {"waits": waits, "sold": sold, "add_ons": [] if waits else asking.added(more)}
        return Response(OfferAnswerSerializer(answer).data)


class LookUpSerializer(serializers.Serializer[Told]):
    """A product of a market by its id, or one SKU of it."""

    market = serializers.CharField(max_length=2)
    product_id = serializers.CharField(max_length=40)
    sku_id = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class LookedUpSerializer(serializers.Serializer[Told]):
    """Empty while it ``waits``. ``product`` is its id here, null where the mirror does not know it."""

    waits = serializers.BooleanField()
    title = serializers.CharField()
    description = serializers.CharField()
    product = serializers.IntegerField(allow_null=True)


class LookUpView(CatalogueActView):
    @extend_schema(
        summary="Ask for a product or SKU by its id",
        request=LookUpSerializer,
        responses={200: LookedUpSerializer, 400: RefusalSerializer, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Also for one that the mirror does not know. Repeat it while it waits."""
        scope = scope_of(request)
        sent = LookUpSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        market = sent.validated_data["market"].upper()
        product_id = sent.validated_data["product_id"].strip().upper()
        sku_id = sent.validated_data["sku_id"].strip().upper()
        shelf = next(iter(queries.shelves(scope, market)), None)
        if shelf is None:
            raise serializers.ValidationError({"market": [_("You sell in no such market.")]})
        if not reading.may(scope, shelf):
            raise PermissionDenied
        told = asking.named(shelf.connection, market, product_id, sku_id, scope.user_id)
        if told.failed:
            return upstream_refusal(told.error)
        known = queries.products(scope).filter(market=market, pc_id=product_id)
        found = told.answer or {}
        return Response(
            LookedUpSerializer(
                {
                    "waits": told.waits,
                    "title": str(found.get("title") or ""),
                    "description": str(found.get("description") or ""),
                    "product": known.values_list("pk", flat=True).first(),
                }
            ).data
        )


def _found(scope: Scope, pk: int, sku: int) -> tuple[Product, Sku]:
    product = queries.product(scope, pk)
    return product, queries.sku(scope, product, sku)


def _must(scope: Scope, row: Product) -> None:
    if not reading.may(scope, row):
        raise PermissionDenied

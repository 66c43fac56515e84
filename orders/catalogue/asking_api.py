"""What is asked of Partner Center about the catalogue, over the API: an id, an availability, a legacy offer."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.catalogue import asking, queries
from orders.catalogue.filters import known_markets
from orders.catalogue.forms import LookUpForm
from orders.catalogue.legacy import queries as legacy
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream_refusal

ANSWERS: dict[int, Any] = dict.fromkeys((400, 404), RefusalSerializer) | {
    502: UpstreamRefusalSerializer
}


class CatalogueAnswerSerializer(serializers.Serializer[dict[str, Any]]):
    """``answer`` is Partner Center's resource, null while it is asked (``waits``)."""

    waits = serializers.BooleanField()
    answer = serializers.JSONField(allow_null=True)


class OfferCheckSerializer(CatalogueAnswerSerializer):
    """With its add-ons as they are now."""

    addons = serializers.JSONField(allow_null=True)


class LookUpSerializer(serializers.Serializer[dict[str, Any]]):
    """A product of a market, or one SKU of it."""

    market = serializers.CharField(max_length=2)
    product_id = serializers.CharField(max_length=40)
    sku_id = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


class AvailabilityAskedSerializer(serializers.Serializer[dict[str, Any]]):
    """``availability`` is the id here of one of the product's."""

    sku = serializers.IntegerField()
    availability = serializers.IntegerField()


class CatalogueAskView(APIView):
    """Something that a worker asks; it is asked for again until it is answered."""

    right = queries.READ
    effect = "write"


class LookUpView(CatalogueAskView):
    @extend_schema(
        summary="Look a product or SKU up by its id",
        request=LookUpSerializer,
        responses={200: CatalogueAnswerSerializer} | ANSWERS,
    )
    def post(self, request: Request) -> Response:
        """Also where the mirror does not know it. Repeat it while it waits."""
        scope = scope_of(request)
        sent = LookUpSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        form = LookUpForm(known_markets(scope), sent.validated_data)
        if not form.is_valid():
            told = {name: [str(one) for one in found] for name, found in form.errors.items()}
            raise serializers.ValidationError(told)
        values = form.cleaned_data
        shelf = queries.shelves(scope, values["market"])[0]
        if not queries.may(scope, queries.READ, shelf):
            raise Http404
        ids = values["product_id"], values["sku_id"]
        return _answer(asking.named(shelf.connection, values["market"], *ids, scope.user_id))


class AvailabilityCheckView(CatalogueAskView):
    @extend_schema(
        summary="Ask whether an availability is still sold",
        request=AvailabilityAskedSerializer,
        responses={200: CatalogueAnswerSerializer} | ANSWERS,
    )
    def post(self, request: Request, pk: int) -> Response:
        """What a cart names may have gone. Repeat it while it waits."""
        scope = scope_of(request)
        row = queries.product(scope, pk)
        sent = AvailabilityAskedSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        sku = queries.sku(scope, row, sent.validated_data["sku"])
        wanted = sent.validated_data["availability"]
        sold = next((one for one in queries.availabilities(scope, sku) if one.pk == wanted), None)
        if sold is None or not queries.may(scope, queries.READ, row):
            raise Http404
        return _answer(asking.availability(row, sku, sold, scope.user_id))


class OfferCheckView(CatalogueAskView):
    @extend_schema(
        summary="Ask for a legacy offer and its add-ons as they are now",
        request=None,
        responses={200: OfferCheckSerializer} | ANSWERS,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Repeat it while it waits."""
        scope = scope_of(request)
        row = legacy.offer(scope, pk)
        if not queries.may(scope, queries.READ, row):
            raise Http404
        told, added = asking.offer(row, scope.user_id), asking.addons(row, scope.user_id)
        if told.failed or added.failed:
            return upstream_refusal(told.error or added.error)
        answer = {"waits": told.waits or added.waits, "answer": told.answer}
        return Response(OfferCheckSerializer(answer | {"addons": added.answer}).data)


def _answer(told: asking.Told) -> Response:
    if told.failed:
        return upstream_refusal(told.error)
    return Response(CatalogueAnswerSerializer({"waits": told.waits, "answer": told.answer}).data)

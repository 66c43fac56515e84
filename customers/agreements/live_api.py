"""What is asked of Partner Center while somebody waits, over the API: the agreement's text by language, validation codes."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries
from customers.agreements import asking, views
from customers.models import Customer
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream


class LanguageSerializer(serializers.Serializer[dict[str, Any]]):
    """The language of the text, as "fr-FR"."""

    language = serializers.CharField(max_length=20)


class DocumentSerializer(serializers.Serializer[dict[str, Any]]):
    """Links that work for five minutes; empty while Partner Center is asked (``waits``), or where it has none."""

    waits = serializers.BooleanField()
    display_uri = serializers.CharField()
    download_uri = serializers.CharField()


class CodeSerializer(serializers.Serializer[dict[str, Any]]):
    """A validation code of the partner; ``remaining`` creations are left."""

    code = serializers.CharField(source="validationId")
    organization = serializers.CharField(source="organizationName", default="")
    remaining = serializers.IntegerField(source="remainingCreates", default=None, allow_null=True)


class CodesSerializer(serializers.Serializer[dict[str, Any]]):
    """Empty while Partner Center is asked (``waits``)."""

    waits = serializers.BooleanField()
    codes = CodeSerializer(many=True, source="items")


class DocumentView(APIView):
    right = views.AGREEMENT.right
    effect = "write"

    @extend_schema(
        summary="Get the text of the Customer Agreement in a language",
        request=LanguageSerializer,
        responses={
            200: DocumentSerializer,
            400: RefusalSerializer,
            404: RefusalSerializer,
            502: UpstreamRefusalSerializer,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the customer's country. Repeat it while it waits."""
        customer = _customer(request, pk, self.right)
        told = LanguageSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        language = told.validated_data["language"]
        found = asking.document(customer, scope_of(request).user_id, language)
        if found["failed"]:
            return _failed(found)
        links = found["items"] if isinstance(found["items"], dict) else {}
        named = {"display_uri": links.get("displayUri"), "download_uri": links.get("downloadUri")}
        named = {name: value or "" for name, value in named.items()}
        return Response(DocumentSerializer({"waits": found["waits"], **named}).data)


class CodesView(APIView):
    right = views.QUALIFICATION.right
    effect = "write"

    @extend_schema(
        summary="Get the partner's validation codes for government offers",
        request=None,
        responses={200: CodesSerializer, 404: RefusalSerializer, 502: UpstreamRefusalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Those of the customer's connection. Repeat it while it waits."""
        customer = _customer(request, pk, self.right)
        found = asking.codes(customer, scope_of(request).user_id)
        return _failed(found) if found["failed"] else Response(CodesSerializer(found).data)


def _customer(request: Request, pk: int, right: str) -> Customer:
    scope = scope_of(request)
    customer = queries.customer(scope, pk)
    require(scope, right, customer)
    return customer


def _failed(found: dict[str, Any]) -> Response:
    error = found["error"]
    return upstream(error)

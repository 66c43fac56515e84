"""The customer's purchase order over the API: sent as a form with files, and what Partner Center has of it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.models import Order
from orders.placed import queries, reading
from orders.placed.verb_api import OrderVerbView
from orders.purchase_orders import actions, asking
from orders.purchase_orders.part import RIGHT
from orders.purchase_orders.rules import Wish
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream_refusal
from portal.outbox.api_verbs import By, Told, VerbSerializer, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command


class PurchaseOrderSerializer(VerbSerializer):
    """``documents`` are the purchase order itself; a tender takes ``tender_documents`` or a ``tender_link``."""

    documents = serializers.ListField(child=serializers.FileField(), max_length=5)
    price = serializers.DecimalField(max_digits=14, decimal_places=2)
    currency = serializers.CharField(min_length=3, max_length=3)
    fx_rate = serializers.DecimalField(
        max_digits=14, decimal_places=6, required=False, allow_null=True, default=None
    )
    is_tender = serializers.BooleanField(required=False, default=False)
    tender_link = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    tender_documents = serializers.ListField(
        child=serializers.FileField(), max_length=5, required=False, default=list
    )


@described(
    "Hand in the purchase order of an order", "Of an order that waits for one. Sent as a form."
)
class HandInView(OrderVerbView):
    right = RIGHT
    serializer_class = PurchaseOrderSerializer
    parser_classes = (MultiPartParser,)

    def ask(self, by: By, row: Order, told: Told, asked: Asked) -> Command:
        """With the files."""
        return actions.hand_in(*by, row, Wish(**told), asked)


class AttachmentSerializer(serializers.Serializer[asking.Attachment]):
    """A file that Partner Center has; ``size`` in KB."""

    pc_id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    size = serializers.IntegerField(allow_null=True)


class AttachmentsSerializer(serializers.Serializer[asking.Told]):
    """Empty while Partner Center is asked (``waits``)."""

    waits = serializers.BooleanField()
    attachments = AttachmentSerializer(many=True)


class AttachmentsView(APIView):
    right = reading.RIGHT
    effect = "write"

    @extend_schema(
        summary="Get what was handed in for an order",
        request=None,
        responses={
            200: AttachmentsSerializer,
            404: RefusalSerializer,
            502: UpstreamRefusalSerializer,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Asked of Partner Center. Repeat it while it waits."""
        scope = scope_of(request)
        row = queries.order(scope, pk)
        require(scope, self.right, row)
        told = asking.attachments(row, scope.user_id)
        if told.error:
            return upstream_refusal(told.error)
        return Response(AttachmentsSerializer(told).data)

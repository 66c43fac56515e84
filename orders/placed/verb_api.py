"""The verbs of an order over the API, and what is asked of Partner Center about it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.catalogue.legacy import queries as offers
from orders.models import Order
from orders.placed import actions, asking, queries, reading, rules
from orders.placed.following import LINKS, line_of
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream_refusal
from portal.access.refusing import RefusedError
from portal.outbox.api_verbs import By, RowVerbView, Told, VerbSerializer, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command


class BillingSerializer(VerbSerializer):
    """The billing cycle that the order shall have."""

    billing_cycle = serializers.ChoiceField(choices=rules.LEGACY_CYCLES)


class AddonSerializer(VerbSerializer):
    """``subscription``: id here of the one that is added to. ``offer_id``: the legacy offer's."""

    subscription = serializers.IntegerField()
    offer_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=10_000_000)


class OrderVerbView(RowVerbView[Order]):
    """A verb of one order."""

    read = staticmethod(queries.order)


@described("Cancel an order", "Of a sandbox, or of software within its window.")
class CancelView(OrderVerbView):
    right = actions.RIGHTS[actions.CANCEL]
    act = staticmethod(actions.cancel)


@described("Bill an order in another cycle", "Legacy orders only.")
class ChangeCycleView(OrderVerbView):
    right = actions.RIGHTS[actions.CHANGE_CYCLE]
    serializer_class = BillingSerializer
    names = {"cycle": "billing_cycle"}

    def ask(self, by: By, row: Order, told: Told, asked: Asked) -> Command:
        """With the cycle."""
        return actions.change_cycle(*by, row, {"cycle": told["billing_cycle"]}, asked)


@described("Buy an add-on on an order", "Legacy orders only.")
class BuyAddonView(OrderVerbView):
    right = actions.RIGHTS[actions.BUY_ADDON]
    serializer_class = AddonSerializer
    names = {"base": "subscription", "offer": "offer_id"}

    def ask(self, by: By, row: Order, told: Told, asked: Asked) -> Command:
        """With the offer of the order's market that has this id."""
        _actor, scope = by
        known = offers.offers(scope).filter(connection=row.connection)
        country = row.customer.country if row.customer else ""
        offer = known.filter(market=country, pc_id=told["offer_id"].lower()).first()
        if offer is None:
            message = _("The catalogue of this market does not know this offer.")
            raise RefusedError("offer_unknown", message, "offer_id")
        values = {"base": told["subscription"], "offer": offer, "quantity": told["quantity"]}
        return actions.buy_addon(*by, row, values, asked)


class ProgressSerializer(serializers.Serializer[asking.Progress]):
    """How far a line is."""

    number = serializers.IntegerField(allow_null=True)
    status = serializers.CharField()


class OrderProgressSerializer(serializers.Serializer[asking.Told]):
    """Empty while Partner Center is asked (``waits``)."""

    waits = serializers.BooleanField()
    lines = ProgressSerializer(many=True)


class LinksSerializer(serializers.Serializer[asking.Told]):
    """Empty while Partner Center is asked (``waits``). Who has a link can activate the purchase."""

    waits = serializers.BooleanField()
    links = serializers.ListField(child=serializers.CharField())


ANSWERS: dict[int, Any] = {404: RefusalSerializer, 502: UpstreamRefusalSerializer}


class ProgressView(APIView):
    right = reading.RIGHT
    effect = "write"

    @extend_schema(
        summary="Get how far the lines of an order are",
        request=None,
        responses={200: OrderProgressSerializer} | ANSWERS,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Asked of Partner Center. Repeat it while it waits."""
        scope = scope_of(request)
        row = queries.order(scope, pk)
        require(scope, self.right, row)
        return _answer(asking.provisioning(row, scope.user_id), OrderProgressSerializer)


class LinksView(APIView):
    right = LINKS
    effect = "write"

    @extend_schema(
        summary="Get the activation links of a line of an order",
        request=None,
        responses={200: LinksSerializer} | ANSWERS,
    )
    def post(self, request: Request, pk: int, number: int) -> Response:
        """Asked of Partner Center, kept for two minutes. Repeat it while it waits."""
        scope = scope_of(request)
        row = queries.order(scope, pk)
        require(scope, self.right, row)
        line_of(row, number)
        answer = _answer(asking.links(row, number, scope.user_id), LinksSerializer)
        answer["Cache-Control"] = "no-store"
        return answer


def _answer(told: asking.Told, shape: type[serializers.Serializer[asking.Told]]) -> Response:
    if told.error:
        return upstream_refusal(told.error)
    return Response(shape(told).data)

"""Upgrades over the API: what a subscription can become, and asking for it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders import actions as orders
from orders import queries
from orders.api.verbs import KeepingSerializer, SubscriptionVerbView
from orders.models import Subscription
from orders.quantities import MOST
from orders.upgrades import actions, asking, kinds, targets
from orders.upgrades.actions import Wish
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream_refusal
from portal.outbox.api_verbs import By, Told, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command


class WaySerializer(serializers.Serializer[targets.Way]):
    """One way to move seats; ``barred`` says why it is none."""

    slug = serializers.CharField()
    barred = serializers.ListField(child=serializers.CharField(), source="errors")


class IntoSerializer(serializers.Serializer[targets.Into]):
    """A subscription that could take the seats."""

    pc_id = serializers.CharField()
    name = serializers.CharField()
    barred = serializers.ListField(child=serializers.CharField(), source="errors")


class TargetSerializer(serializers.Serializer[targets.Target]):
    """One product that it can become."""

    product = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField(source="most")
    billing_cycle = serializers.CharField(source="cycle")
    order = serializers.CharField()
    ways = WaySerializer(many=True)
    into = IntoSerializer(many=True)
    barred = serializers.ListField(child=serializers.CharField(), source="errors")


class TargetsSerializer(serializers.Serializer[Told]):
    """``waits``: Partner Center has not answered yet, so repeat the request."""

    waits = serializers.BooleanField()
    targets = TargetSerializer(many=True)


class TargetsAskedSerializer(serializers.Serializer[Told]):
    """Now, or with the next term."""

    scheduled = serializers.BooleanField(required=False, default=False)


class UpgradeSerializer(KeepingSerializer):
    """One of the targets, with its ``product``, ``billing_cycle`` and ``order`` as they were told."""

    product = serializers.CharField(max_length=200)
    quantity = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )
    way = serializers.ChoiceField(
        choices=list(targets.WAYS), required=False, allow_blank=True, default=""
    )
    into = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)
    billing_cycle = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=20
    )
    order = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)


class UpgradeTargetsView(APIView):
    right = actions.RIGHT
    effect = "write"

    @extend_schema(
        summary="Ask what a subscription can become",
        request=TargetsAskedSerializer,
        responses={200: TargetsSerializer, 404: RefusalSerializer, 502: UpstreamRefusalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Upgrades of new commerce, of older offers, and trials. Repeat it while it waits."""
        scope = scope_of(request)
        row = queries.subscription(scope, pk)
        require(scope, self.right, row)
        sent = TargetsAskedSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = asking.targets(row, scope.user_id, scheduled=sent.validated_data["scheduled"])
        if told.failed:
            return upstream_refusal(told.error)
        found = targets.read(kinds.of(row), told.answer or [])
        return Response(TargetsSerializer({"waits": told.waits, "targets": found}).data)


@described("Upgrade a subscription", "Some or all seats, an older offer, or a trial.")
class UpgradeView(SubscriptionVerbView):
    right = actions.RIGHT
    serializer_class = UpgradeSerializer
    names = {"seats": "quantity"}

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """With one of the targets."""
        wish = Wish(
            product=told["product"],
            quantity=told["quantity"],
            into=told["into"],
            cycle=told["billing_cycle"],
            way=told["way"],
            order=told["order"],
        )
        confirmed = orders.Confirmed(keeps=told["keep_schedule"])
        return actions.upgrade(*by, row, wish, asked, confirmed)

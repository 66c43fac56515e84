"""The same questions over the API, and registering for reservations."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders import actions as orders
from orders import queries
from orders.api.verbs import SubscriptionVerbView
from orders.asides import actions, asking, marketplace
from orders.asides.views import READ
from orders.models import Subscription
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream
from portal.outbox.api_verbs import By, Told, VerbSerializer, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command


class AskSerializer(serializers.Serializer[Told]):
    """One of the questions."""

    question = serializers.ChoiceField(choices=sorted(asking.BY_SLUG))


class AsideRowSerializer(serializers.Serializer[asking.Row]):
    """A subscription of an answer."""

    name = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    status = serializers.CharField()


class AnswerSerializer(serializers.Serializer[Told]):
    """``waits``: repeat the request. ``answer`` is told for questions that are not about subscriptions."""

    waits = serializers.BooleanField()
    answer = serializers.DictField(allow_null=True)
    subscriptions = AsideRowSerializer(many=True)


class AskView(APIView):
    right = READ
    effect = "write"

    @extend_schema(
        summary="Ask Partner Center about a subscription",
        request=AskSerializer,
        responses={200: AnswerSerializer, 404: RefusalSerializer, 502: UpstreamRefusalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add-ons, provisioning, support contact, what was bought together. Repeat it while it waits."""
        scope = scope_of(request)
        row = queries.subscription(scope, pk)
        require(scope, self.right, row)
        sent = AskSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        aside = asking.BY_SLUG[sent.validated_data["question"]]
        if aside not in asking.offered(row):
            raise Http404
        told = asking.ask(row, aside, scope.user_id)
        if told.failed:
            return upstream(told.error)
        found = asking.rows(scope, row, told.answer) if aside.lists and told.answer else []
        answer: Any = None if aside.lists else _plain(told.answer)
        return Response(
            AnswerSerializer({"waits": told.waits, "answer": answer, "subscriptions": found}).data
        )


def _plain(answer: Any) -> dict[str, Any] | None:
    """Without what is for machines only."""
    if not isinstance(answer, dict):
        return None
    return {name: value for name, value in answer.items() if name not in ("links", "attributes")}


class AutoRenewSerializer(VerbSerializer):
    """The switch."""

    renews = serializers.BooleanField()


@described("Let a marketplace subscription renew or end", "Azure Marketplace only.")
class AutoRenewView(SubscriptionVerbView):
    right = orders.RIGHTS[orders.AUTO_RENEW]
    serializer_class = AutoRenewSerializer

    def ask(self, by: By, row: Subscription, told: Told, asked: Asked) -> Command:
        """With the switch."""
        return marketplace.switch(*by, row, asked, renews=told["renews"])


@described("Register a subscription for reservations", "Azure subscriptions only.")
class RegisterView(SubscriptionVerbView):
    right = orders.RIGHTS[orders.REGISTER]

    def ask(self, by: By, row: Subscription, _told: Told, asked: Asked) -> Command:
        """Without a value."""
        return actions.register(*by, row, asked)

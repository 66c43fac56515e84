"""Budget and entitlements over the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import demand, queries
from customers.asking.api import AskingView
from customers.asking.pages import Asking
from customers.models import Entitlement
from customers.spending import actions, views
from customers.spending.part import PART
from portal.access.permissions import scope_of
from portal.outbox.verb_api import ReasonSerializer, described


class EntitlementSerializer(serializers.Serializer[Entitlement]):
    """A product that an order line entitles to."""

    kind = serializers.CharField()
    product_id = serializers.CharField()
    sku_id = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    order_pc_id = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)


class SpendingSerializer(serializers.Serializer[dict[str, Any]]):
    """As last read; ``budget`` is null where none is set."""

    budget = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    entitlements = EntitlementSerializer(many=True)
    state = serializers.CharField()
    observed_at = serializers.DateTimeField(allow_null=True)


class SpendingView(APIView):
    right = "customers.view"
    effect = "read"

    @extend_schema(
        summary="Get a customer's budget and entitlements", responses={200: SpendingSerializer}
    )
    def get(self, request: Request, pk: int) -> Response:
        """As last read."""
        customer = queries.customer(scope_of(request), pk)
        found = demand.reading(customer, PART)
        told = {
            "budget": actions.budget_of(customer),
            "entitlements": Entitlement.objects.filter(customer=customer, gone_at=None),
            "state": str(found.state),
            "observed_at": found.at,
        }
        return Response(SpendingSerializer(told).data)


class BudgetSerializer(ReasonSerializer):
    """An amount a month, in the currency in which the customer's usage is billed."""

    budget = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0)


@described("Set a customer's usage budget", "Confirmed once a read after the write finds it so.")
class SetBudgetView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = views.BUDGET
    serializer_class = BudgetSerializer

"""Profiles over the API: both as last read, and the verb that changes the billing profile."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries
from customers.asking.api import AskingView
from customers.asking.pages import Asking
from customers.profiles import actions, views
from portal.access.permissions import scope_of
from portal.outbox.api_verbs import ReasonSerializer, described


class ProfilesSerializer(serializers.Serializer[dict[str, Any]]):
    """As Partner Center answered; null until somebody has had them read."""

    company = serializers.JSONField(allow_null=True)
    billing = serializers.JSONField(allow_null=True)
    state = serializers.CharField()
    observed_at = serializers.DateTimeField(allow_null=True)


class ProfilesView(APIView):
    right = "customers.view"
    effect = "read"

    @extend_schema(summary="Get a customer's profiles", responses={200: ProfilesSerializer})
    def get(self, request: Request, pk: int) -> Response:
        """Company and billing profile."""
        customer = queries.customer(scope_of(request), pk)
        return Response(ProfilesSerializer(views.profiles_of(customer)).data)


class BillingProfileSerializer(ReasonSerializer):
    """The fields to change; what is left out stays."""

    company_name = serializers.CharField(required=False, max_length=255)
    first_name = serializers.CharField(required=False, max_length=255)
    last_name = serializers.CharField(required=False, max_length=255)
    email = serializers.EmailField(required=False, max_length=255)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=255)
    address_line1 = serializers.CharField(required=False, max_length=255)
    address_line2 = serializers.CharField(required=False, allow_blank=True, max_length=255)
    postal_code = serializers.CharField(required=False, allow_blank=True, max_length=255)
    city = serializers.CharField(required=False, max_length=255)
    state = serializers.CharField(required=False, allow_blank=True, max_length=255)


@described(
    "Change a customer's billing profile",
    "Refused by the worker where somebody else has changed it meanwhile.",
)
class UpdateBillingProfileView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = views.BILLING_PROFILE
    serializer_class = BillingProfileSerializer

"""Licences over the API: the products of tenants, what a user holds, and the two verbs."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.licences import actions, demand, queries, standing
from customers.licences.actions import Seats, Wish
from customers.models import CustomerUser, SubscribedSku
from customers.users import queries as users
from customers.users.api_verbs import UserVerbView
from portal.access.api import ScopedViewSet
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.outbox.api_verbs import By, ReasonSerializer, Told, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command


class LicenceSerializer(serializers.ModelSerializer[SubscribedSku]):
    """A product of a customer's tenant. ``ours``: seats of the reader's own subscriptions.

    Idle units are the reader's only where ``all_ours``; else another seller's may be among them.
    """

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    customer_name = serializers.CharField(source="customer.name", default="", read_only=True)
    sku = serializers.CharField(source="pc_id", read_only=True)
    ours = serializers.IntegerField(read_only=True)
    all_ours = serializers.SerializerMethodField()

    class Meta:
        model = SubscribedSku
        fields = [
            "id",
            "sku",
            "part_number",
            "name",
            "licence_group",
            "connection",
            "customer",
            "customer_pc_id",
            "customer_name",
            "capability_status",
            "units_total",
            "units_active",
            "units_consumed",
            "units_available",
            "units_suspended",
            "units_warning",
            "ours",
            "all_ours",
            "service_plans",
        ]
        read_only_fields = fields

    def get_all_ours(self, row: SubscribedSku) -> bool:
        """Whether idle seats are the reader's."""
        return standing.is_all_ours(row)


@extend_schema_view(
    list=extend_schema(
        summary="List licences of customers",
        parameters=[
            OpenApiParameter("q", str, description="Text in product, part number or customer"),
            OpenApiParameter("customer", int, description="Id of the customer here"),
            OpenApiParameter("group", str, enum=["group1", "group2"]),
        ],
    ),
    retrieve=extend_schema(summary="Get a licence of a customer"),
)
class LicenceViewSet(ScopedViewSet[SubscribedSku], viewsets.ReadOnlyModelViewSet[SubscribedSku]):
    serializer_class = LicenceSerializer
    rights = {"list": "customers.view", "retrieve": "customers.view"}

    def get_queryset(self) -> QuerySet[SubscribedSku]:
        """The rows of the reader, narrowed by the query."""
        rows = queries.skus(self.scope)
        asked = self.request.query_params
        if customer := asked.get("customer", ""):
            rows = rows.filter(customer=int(customer)) if customer.isdecimal() else rows.none()
        if group := asked.get("group", ""):
            rows = rows.filter(licence_group=group)
        text = asked.get("q", "").strip()
        return queries.matching(rows, text) if text else rows


class HeldLicenceSerializer(serializers.Serializer[queries.Line]):
    """A licence that a user holds; ``off`` are the service plans left out, by name."""

    sku = serializers.CharField(source="sku_pc_id")
    name = serializers.CharField()
    licence_group = serializers.CharField(source="group")
    plans_on = serializers.IntegerField(source="on")
    off = serializers.ListField(child=serializers.CharField())


class HeldSerializer(serializers.Serializer[dict[str, Any]]):
    """What a user holds. ``state`` tells how the reading stands, ``observed_at`` what it stands for."""

    state = serializers.CharField()
    observed_at = serializers.DateTimeField(allow_null=True)
    licences = HeldLicenceSerializer(many=True)


class UserLicencesView(APIView):
    """The licences of one user."""

    effect = "read"
    right = users.RIGHT

    @extend_schema(summary="List the licences of a user", responses={200: HeldSerializer})
    def get(self, request: Request, pk: int) -> Response:
        """As last read; ``read-licences`` has them read again."""
        user = users.user(scope_of(request), pk)
        return Response(_told(request, user, demand.reading(user)))


class UserLicencesReadView(APIView):
    """Reading them again."""

    effect = "write"
    right = "mirror.refresh"

    @extend_schema(
        summary="Have the licences of a user read", request=None, responses={202: HeldSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """A worker asks Partner Center; the state tells when it is done."""
        user = users.user(scope_of(request), pk)
        found = demand.ask(scope_of(request), user, again=True)
        return Response(_told(request, user, found), status=status.HTTP_202_ACCEPTED)


def _told(request: Request, user: CustomerUser, found: Any) -> Any:
    lines = queries.lines(scope_of(request), user)
    told = {"state": str(found.state), "observed_at": found.at, "licences": lines}
    return HeldSerializer(told).data


class SeatsSerializer(serializers.Serializer[dict[str, Any]]):
    """Seats to add first if none is left, which needs the right to change seats."""

    subscription = serializers.IntegerField(help_text="Id of the subscription here")
    number = serializers.IntegerField(min_value=1, max_value=1000, default=1)


class SkuSerializer(ReasonSerializer):
    """Which licence."""

    sku = serializers.UUIDField(help_text="GUID of the product in the customer's tenant")


class AssignSerializer(SkuSerializer):
    """``off``: service plans to leave out. ``follows``: a change that must be confirmed before.

    ``usage_location`` is set first for a user who has none, which needs the right to manage users.
    """

    off = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)
    seats = SeatsSerializer(required=False, allow_null=True, default=None)
    usage_location = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2, help_text="Two letters"
    )
    follows = serializers.IntegerField(required=False, allow_null=True, default=None)


class LicenceVerbView(UserVerbView):
    """A verb of one user's licences: about one product of the customer's tenant."""

    right = actions.RIGHT
    serializer_class: type[ReasonSerializer] = SkuSerializer

    def find(self, scope: Scope, pk: int) -> CustomerUser:
        """As the page finds it, with the right for it."""
        user = super().find(scope, pk)
        require(scope, self.right, user)
        return user

    def product(self, by: By, user: CustomerUser, told: Told) -> SubscribedSku:
        """The product; Http404 where the customer has none of it."""
        assert user.customer is not None, "a user that somebody sees has a customer"
        return queries.sku(by[1], user.customer, str(told["sku"]))


@described("Assign a licence to a user", "Or change the service plans of one that is held.")
class AssignView(LicenceVerbView):
    serializer_class = AssignSerializer

    def ask(self, by: By, row: CustomerUser, told: Told, asked: Asked) -> Command:
        """With its plans, and the seats that come first."""
        bought = told["seats"]
        seats = Seats(bought["subscription"], bought["number"]) if bought else None
        wish = Wish([str(plan) for plan in told["off"]], seats, told["usage_location"])
        return actions.assign(*by, row, self.product(by, row, told), wish, asked)


@described("Remove a licence from a user", "The seat stays bought.")
class RemoveView(LicenceVerbView):
    def ask(self, by: By, row: CustomerUser, told: Told, asked: Asked) -> Command:
        """Without anything more."""
        return actions.remove(*by, row, self.product(by, row, told), asked)

"""Users of customers over the API: the list, one user, a customer's roles."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import demand
from customers import queries as customer_queries
from customers.models import Customer, CustomerUser, DirectoryRole, UserState
from customers.users import directory, queries
from customers.users.part import PART
from portal.access.api import ScopedViewSet
from portal.access.permissions import scope_of
from portal.connections.models import Connection

STATES = {"active": UserState.ACTIVE, "deleted": UserState.INACTIVE}


class RoleSerializer(serializers.Serializer[DirectoryRole]):
    """A directory role. ``role`` is its id in Partner Center, which the verbs take."""

    role = serializers.CharField(source="pc_id")
    name = serializers.CharField()


class CustomerUserSerializer(serializers.ModelSerializer[CustomerUser]):
    """A user as the mirror knows it. ``state`` "inactive" is deleted; ``pc_id`` is Partner Center's id."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)

    class Meta:
        model = CustomerUser
        fields = [
            "id",
            "pc_id",
            "connection",
            "customer",
            "display_name",
            "first_name",
            "last_name",
            "user_principal_name",
            "phone_number",
            "usage_location",
            "state",
            "soft_deleted_at",
            "last_directory_sync_at",
            "gone_at",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="List customers' users",
        parameters=[
            OpenApiParameter("customer", int, description="Id of the customer here"),
            OpenApiParameter("state", str, enum=list(STATES)),
            OpenApiParameter("q", str, description="Text in name or user name, or a whole id"),
        ],
    ),
    retrieve=extend_schema(summary="Get a customer's user"),
)
class CustomerUserViewSet(ScopedViewSet[CustomerUser], viewsets.ReadOnlyModelViewSet[CustomerUser]):
    serializer_class = CustomerUserSerializer
    rights = {"list": queries.RIGHT, "retrieve": queries.RIGHT}

    def get_queryset(self) -> QuerySet[CustomerUser]:
        """The rows of the reader, narrowed by the query."""
        rows = queries.users(self.scope)
        asked = self.request.query_params
        if customer := asked.get("customer", ""):
            rows = rows.filter(customer=int(customer)) if customer.isdecimal() else rows.none()
        if state := asked.get("state", ""):
            rows = rows.filter(state=STATES.get(state, ""))
        text = asked.get("q", "").strip()
        return queries.matching(rows, text) if text else rows


class DirectorySerializer(serializers.Serializer[dict[str, Any]]):
    """``state`` of the reading: known, old, unread, asking, failed or closed."""

    state = serializers.CharField()
    observed_at = serializers.DateTimeField(allow_null=True)
    error = serializers.JSONField()
    roles = RoleSerializer(many=True)


class DirectoryView(APIView):
    """A customer's directory: how its reading stands, and its roles."""

    right = queries.RIGHT
    effect = "read"

    @extend_schema(summary="Get a customer's directory roles", responses={200: DirectorySerializer})
    def get(self, request: Request, pk: int) -> Response:
        """As last read."""
        return Response(_directory(customer_queries.customer(scope_of(request), pk)))


class DirectoryReadView(APIView):
    """Having a customer's users and roles read."""

    right = demand.RIGHT
    effect = "write"

    @extend_schema(
        summary="Read a customer's users again", request=None, responses={202: DirectorySerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Answers before it is done: ask again how the reading stands."""
        scope = scope_of(request)
        customer = customer_queries.customer(scope, pk)
        demand.ask(scope, customer, PART, again=True)
        return Response(_directory(customer), status=202)


def _directory(customer: Customer) -> dict[str, Any]:
    found = demand.reading(customer, PART)
    told = found.as_json() | {
        "roles": directory.roles(customer),
    }
    return dict(DirectorySerializer(told).data)

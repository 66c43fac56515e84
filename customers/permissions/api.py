"""Permissions over the API: all of them, how those of a customer stand, the request, and the end."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries
from customers.asking.api import AskingView
from customers.asking.pages import Asking
from customers.models import AdminRelationship
from customers.permissions import actions, filters, letters, views, words
from customers.permissions import queries as permissions
from customers.permissions.standing import Standing, relationships, standings
from customers.permissions.words import FAMILY, Need
from portal.access.api import ScopedViewSet
from portal.access.permissions import scope_of
from portal.mirror import freshness
from portal.outbox.api_verbs import ReasonSerializer, described


class StandingSerializer(serializers.Serializer[Standing]):
    """``state`` is given, expiring, missing or unknown; ``roles`` names those of which one is enough."""

    need = serializers.CharField()
    state = serializers.CharField()
    ends_at = serializers.DateTimeField(allow_null=True)
    is_pending = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.CharField())


class RelationshipSerializer(serializers.Serializer[AdminRelationship]):
    """``roles`` are ids of role templates; ``link`` is where the customer approves, "" unless it may now."""

    pc_id = serializers.CharField()
    name = serializers.CharField()
    status = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField(), source="role_ids")
    duration = serializers.CharField()
    extension = serializers.CharField()
    activated_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    link = serializers.SerializerMethodField()

    def get_link(self, row: AdminRelationship) -> str:
        return letters.link(row) if row.status == words.PENDING else ""


class PermissionSerializer(RelationshipSerializer):
    """A relationship with its customer."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField(source="customer_id")
    customer_name = serializers.CharField(source="customer.name")
    connection = serializers.CharField(source="connection.name")


@extend_schema_view(
    list=extend_schema(
        summary="List customers' permissions",
        parameters=[
            OpenApiParameter("customer", int, description="Id of the customer here"),
            OpenApiParameter("state", str, enum=[word for word, _label in filters.STATES]),
            OpenApiParameter("q", str, description="Text in the name, or the customer's"),
        ],
    ),
)
class PermissionViewSet(mixins.ListModelMixin, ScopedViewSet[AdminRelationship]):
    serializer_class = PermissionSerializer
    rights = {"list": views.VIEW}

    def get_queryset(self) -> QuerySet[AdminRelationship]:
        """The rows of the reader, narrowed by the query."""
        rows = permissions.permissions(self.scope)
        asked = self.request.query_params
        if customer := asked.get("customer", ""):
            rows = rows.filter(customer=int(customer)) if customer.isdecimal() else rows.none()
        if state := asked.get("state", ""):
            rows = rows.filter(filters.in_state(state))
        text = asked.get("q", "").strip()
        return permissions.matching(rows, text) if text else rows


class PermissionsSerializer(serializers.Serializer[dict[str, Any]]):
    """As the mirror knows it; ``observed_at`` tells since when.

    ``closed`` is cloud, consent or not_permitted where Microsoft Graph does not tell, else "".
    """

    standings = StandingSerializer(many=True)
    relationships = RelationshipSerializer(many=True)
    observed_at = serializers.DateTimeField(allow_null=True)
    closed = serializers.CharField()


class PermissionsView(APIView):
    right = views.VIEW
    effect = "read"

    @extend_schema(
        summary="Get what a customer permits in its tenant",
        responses={200: PermissionsSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Delegated admin relationships (GDAP) and what they open."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        read = freshness.whole(FAMILY, customer.connection_id)
        closed = actions.barred(customer, read)
        told = {
            "standings": standings(scope, customer, list(Need)),
            "relationships": relationships(scope, customer),
            "observed_at": read.current_at,
            "closed": closed.code if closed else "",
        }
        return Response(PermissionsSerializer(told).data)


class RequestSerializer(ReasonSerializer):
    """``roles`` are ids of role templates."""

    roles = serializers.ListField(child=serializers.CharField(max_length=60), max_length=40)
    days = serializers.IntegerField(min_value=1, max_value=730, default=730)
    extended = serializers.BooleanField(default=True)


@described(
    "Request a customer's permission",
    "A delegated admin relationship is made and locked for the customer's approval.",
)
class RequestView(AskingView):
    right = views.REQUEST.right
    asking: ClassVar[Asking] = views.REQUEST
    serializer_class = RequestSerializer


class EndSerializer(ReasonSerializer):
    """``relationship`` is the ``pc_id`` of one in effect."""

    relationship = serializers.CharField(max_length=200)


@described(
    "End a customer's permission",
    "The delegated admin relationship is ended at once; nobody can take that back.",
)
class EndView(AskingView):
    right = views.END.right
    asking: ClassVar[Asking] = views.END
    serializer_class = EndSerializer

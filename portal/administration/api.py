"""Connections over the API: how they stand, and retiring one. Secrets and tokens are never told."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access.api import ScopedViewSet
from portal.access.guard import require
from portal.access.refusals import RefusalSerializer, refusal
from portal.activity.actors import Actor
from portal.administration import queries
from portal.administration.actions import connections as actions
from portal.connections.models import Connection

MANAGE = "connections.manage"


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    """A connection. ``problem_code`` is why Microsoft refuses the sign-in, "" if it does not."""

    has_consent = serializers.BooleanField(read_only=True)

    class Meta:
        model = Connection
        fields = [
            "id",
            "name",
            "cloud",
            "environment",
            "mode",
            "tenant_id",
            "client_id",
            "api_url",
            "has_consent",
            "problem_code",
            "problem_at",
            "created_at",
            "retired_at",
        ]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(summary="List connections, retired ones too"),
    retrieve=extend_schema(summary="Get a connection"),
)
class ConnectionViewSet(ScopedViewSet[Connection], viewsets.ReadOnlyModelViewSet[Connection]):
    serializer_class = ConnectionSerializer
    lookup_field = "name"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    rights = {"list": "connections.view", "retrieve": "connections.view", "retire": MANAGE}
    effects = {"retire": "write"}

    def get_queryset(self) -> QuerySet[Connection]:
        return queries.connections(self.scope)

    @extend_schema(
        summary="Retire a connection for good",
        request=None,
        responses={200: ConnectionSerializer, 403: RefusalSerializer, 409: RefusalSerializer},
    )
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, **_kwargs: Any) -> Response:
        """Secret, consent and tokens are erased, nothing is read or sent any more; rows stay."""
        name = self.get_object().name
        row = queries.working_connection(self.scope, name, lock=True)
        require(self.scope, MANAGE, row)
        try:
            actions.retire(Actor.from_request(request), row)
        except actions.UnsettledError as error:
            return refusal("unsettled", str(error), status.HTTP_409_CONFLICT)
        return Response(self.get_serializer(row).data)

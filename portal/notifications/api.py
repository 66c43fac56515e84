"""One's own notifications over the API: read them, and note them as read."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access.api import ScopedViewSet
from portal.access.models import User
from portal.access.refusals import RefusalSerializer
from portal.notifications import actions, queries
from portal.notifications.models import Notification


class AskedSerializer(serializers.Serializer[dict[str, Any]]):
    """The filters of the list."""

    unread = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Only unread ones, or only read ones",
    )
    kind = serializers.CharField(required=False)


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """Something that the caller was told. ``url`` is a local address; the words are in their language."""

    title = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)

    class Meta:
        model = Notification
        fields = ["id", "kind", "title", "text", "parameters", "url", "created_at", "read_at"]
        read_only_fields = fields


class MarkedSerializer(serializers.Serializer[dict[str, int]]):
    """How many were noted as read."""

    marked = serializers.IntegerField(read_only=True)


@extend_schema_view(
    list=extend_schema(
        summary="List one's own notifications, the newest first", parameters=[AskedSerializer]
    ),
    retrieve=extend_schema(summary="Get a notification"),
)
class NotificationViewSet(ScopedViewSet[Notification], viewsets.ReadOnlyModelViewSet[Notification]):
    """What the caller was told, as far as it lies in what they may still see."""

    serializer_class = NotificationSerializer
    rights = {"list": "", "retrieve": "", "read": "", "read_all": ""}
    effects = {"read": "own", "read_all": "own"}
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet[Notification]:
        rows = queries.inbox(self.scope)
        if self.action != "list":
            return rows
        asked = AskedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        if told["unread"] is not None:
            rows = rows.filter(read_at__isnull=told["unread"])
        if kind := told.get("kind"):
            rows = rows.filter(kind=kind)
        return rows

    @extend_schema(
        summary="Mark a notification as read",
        request=None,
        responses={
            200: NotificationSerializer,
            403: RefusalSerializer,
            404: RefusalSerializer,
        },
    )
    @action(detail=True, methods=["post"])
    def read(self, request: Request, **_path: Any) -> Response:
        """Once read it stays so, with the moment of the first time."""
        actions.read(_writer(request), self.get_object())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Mark all notifications as read",
        request=None,
        responses={200: MarkedSerializer, 403: RefusalSerializer},
    )
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Those that the list shows."""
        return Response({"marked": actions.read_all(_writer(request), self.scope)})


def _writer(request: Request) -> User:
    """The caller; PermissionDenied for a token that only reads, even if it is one's own things."""
    if getattr(request.auth, "read_only", False):
        raise PermissionDenied
    return cast("User", request.user)

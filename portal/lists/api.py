"""External ids over the API: read, add, remove."""

from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access.api import ScopedViewSet
from portal.access.refusals import RefusalSerializer, refusal
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.lists import external, objects, queries
from portal.lists.external import Value
from portal.lists.models import ExternalId
from portal.lists.models.external import ExternalKind


def ids_of(object_type: str) -> ArraySubquery:
    """The external ids of each row of a queryset, for its serializer; row policies keep the scope."""
    rows = ExternalId.objects.filter(object_type=object_type, object_id=OuterRef("pk"))
    shown = JSONObject(
        id="pk",
        system="system",
        kind="kind",
        value="value",
        valid_from="valid_from",
        valid_to="valid_to",
    )
    return ArraySubquery(rows.order_by("system", "kind", "value").values(row=shown))


class ExternalIdOfSerializer(serializers.Serializer[dict[str, Any]]):
    """What a system calls the object."""

    id = serializers.IntegerField(read_only=True)
    system = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True)
    valid_from = serializers.DateField(read_only=True, allow_null=True)
    valid_to = serializers.DateField(read_only=True, allow_null=True)


class ExternalIdSerializer(serializers.ModelSerializer[ExternalId]):
    """A value that some system has for a customer, subscription, reseller or connection."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    reseller = serializers.CharField(source="reseller.name", default="", read_only=True)
    kind = serializers.ChoiceField(choices=[kind.value for kind in ExternalKind])
    object_id = serializers.IntegerField()

    class Meta:
        model = ExternalId
        fields = [
            "id",
            "connection",
            "reseller",
            "object_type",
            "object_id",
            "object_pc_id",
            "system",
            "kind",
            "value",
            "valid_from",
            "valid_to",
        ]
        read_only_fields = ["object_pc_id"]
        validators: ClassVar[list[Any]] = []  # the action answers for uniqueness, in scope


@extend_schema_view(
    list=extend_schema(
        summary="List external IDs",
        parameters=[
            OpenApiParameter("value", str, description="The whole value, in any case"),
            OpenApiParameter("object_type", str, description="customer, subscription, …"),
        ],
    ),
    retrieve=extend_schema(summary="Get an external ID"),
    destroy=extend_schema(summary="Remove an external ID"),
)
class ExternalIdViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    ScopedViewSet[ExternalId],
):
    serializer_class = ExternalIdSerializer
    rights = {
        "list": "customers.view",
        "retrieve": "customers.view",
        "create": "external_ids.edit",
        "destroy": "external_ids.edit",
    }
    effects = {"create": "write", "destroy": "write"}

    def get_queryset(self) -> QuerySet[ExternalId]:
        rows = queries.external_ids(self.scope)
        asked = self.request.query_params
        if value := asked.get("value"):
            rows = rows.filter(value__iexact=value)
        if object_type := asked.get("object_type"):
            rows = rows.filter(object_type=object_type)
        return rows

    @extend_schema(
        summary="Add an external ID",
        responses={201: ExternalIdSerializer, 404: RefusalSerializer, 409: RefusalSerializer},
    )
    def create(self, request: Request) -> Response:
        """Give an object one more."""
        told = self.get_serializer(data=request.data)
        told.is_valid(raise_exception=True)
        values = dict(told.validated_data)
        kind = objects.get(values.pop("object_type"))
        obj = kind.find(self.scope, values.pop("object_id"))
        try:
            actor = Actor.from_request(request)
            row = external.add(actor, self.scope, kind, obj, Value(**values))
        except external.RefusedError as error:
            return refusal("not_kept", str(error), status.HTTP_409_CONFLICT)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: ExternalId) -> None:
        """Take it away, with its entry."""
        external.remove(Actor.from_request(self.request), self.scope, instance)

"""Approval rules over the API: read, made, edited into the next version, ended."""

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access.api import ScopedViewSet
from portal.access.refusals import RefusalSerializer
from portal.activity.actors import Actor
from portal.administration.forms.approvals import RuleForm
from portal.outbox.approvals import queries, rules
from portal.outbox.approvals.models import HOURS, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping


class RuleSerializer(serializers.ModelSerializer[Rule]):
    """A rule in force. ``connection`` and ``reseller`` are local ids.

    ``least_seats`` and ``least_amount`` (a month, net, in ``currency``) are those from which it
    holds; of a batch the sum counts. An unknown cost, or one in another currency, comes under the rule.
    """

    connection = serializers.IntegerField(source="connection_id")
    reseller = serializers.IntegerField(source="reseller_id", required=False, allow_null=True)
    least_amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True
    )

    class Meta:
        model = Rule
        fields = [
            "id",
            "key",
            "version",
            "name",
            "connection",
            "reseller",
            "verb",
            "role",
            "least_seats",
            "least_amount",
            "currency",
            "hours",
            "created_at",
        ]
        read_only_fields = ["id", "key", "version", "created_at"]


class VersionSerializer(RuleSerializer):
    """What a rule said before."""


ANSWERS = {200: RuleSerializer, 403: RefusalSerializer, 404: RefusalSerializer}


@extend_schema_view(
    list=extend_schema(summary="List approval rules in force"),
    retrieve=extend_schema(summary="Get an approval rule"),
)
class RuleViewSet(ScopedViewSet[Rule], viewsets.ReadOnlyModelViewSet[Rule]):
    serializer_class = RuleSerializer
    rights = dict.fromkeys(["list", "retrieve", "versions", "create", "update", "end"], rules.RIGHT)
    effects = {"create": "write", "update": "write", "end": "write"}

    def get_queryset(self) -> QuerySet[Rule]:
        return queries.rules(self.scope)

    @extend_schema(
        summary="List what an approval rule said before",
        responses={200: VersionSerializer(many=True), 404: RefusalSerializer},
    )
    @action(detail=True, pagination_class=None)
    def versions(self, request: Request, **_kwargs: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """The newest first."""
        rows = queries.versions(self.scope, self.get_object())
        return Response(VersionSerializer(rows, many=True).data)

    @extend_schema(summary="Make an approval rule", responses={201: RuleSerializer})
    def create(self, request: Request) -> Response:
        """It holds from now on, for changes that are asked from now on."""
        values = self._values(request)
        row = rules.make(Actor.from_request(request), self.scope, values)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Change an approval rule: its next version", responses=ANSWERS)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """What waits already goes on under the version that it was asked with."""
        row = self.get_object()
        values = self._values(request)
        changed = rules.change(Actor.from_request(request), self.scope, row, values)
        return Response(self.get_serializer(changed).data)

    @extend_schema(
        summary="End an approval rule",
        request=None,
        responses={204: None, 403: RefusalSerializer, 404: RefusalSerializer},
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **_kwargs: Any) -> Response:
        """What waits already goes on waiting."""
        rules.end(Actor.from_request(request), self.scope, self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _values(self, request: Request) -> dict[str, Any]:
        """What the form of the page would have taken."""
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        data = cast("Mapping[str, Any]", request.data)
        names = RuleForm.Meta.fields
        if unknown := sorted(set(data) - set(names)):
            told = _("Unknown parameter. Known: %(names)s.") % {"names": ", ".join(names)}
            raise ValidationError({name: [told] for name in unknown})
        given = {name: value for name, value in data.items() if value is not None}
        form = RuleForm({"hours": HOURS} | given, scope=self.scope)
        if not form.is_valid():
            errors = {name: [str(text) for text in said] for name, said in form.errors.items()}
            raise ValidationError(errors)
        return form.cleaned_data

"""Changes over the API: what was asked, how far it is, and what a person can do about it.

A verb's own endpoint answers 202 with one of these; ``state`` and ``settled_at`` tell when to stop asking.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access.api import ScopedViewSet
from portal.access.refusals import RefusalSerializer
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.outbox import chains, commands, queries, secrets, wording
from portal.outbox.models import Command, CommandStep
from portal.outbox.states import State

F = TypeVar("F", bound=Callable[..., Any])


class AskedSerializer(serializers.Serializer[dict[str, Any]]):
    """The filters of the list."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    verb = serializers.CharField(required=False)
    customer = serializers.CharField(required=False, help_text="The customer's tenant id")
    target_type = serializers.CharField(
        required=False, help_text="What is changed, as subscription"
    )
    target = serializers.IntegerField(required=False, help_text="Its local id")


class StepSerializer(serializers.ModelSerializer[CommandStep]):
    class Meta:
        model = CommandStep
        fields = ["name", "state", "request_id", "correlation_id", "sent_at", "answered_at"]
        read_only_fields = fields


class ChangeSerializer(serializers.ModelSerializer[Command]):
    """A change. ``before`` is what was seen, ``after`` what was asked, ``result`` what is confirmed."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    reseller = serializers.CharField(source="reseller.name", default="", read_only=True)
    person = serializers.EmailField(source="actor.email", read_only=True)
    approved_by = serializers.EmailField(
        source="approved_by.email", default=None, read_only=True, allow_null=True
    )
    problem = serializers.SerializerMethodField()

    class Meta:
        model = Command
        fields = [
            "id",
            "verb",
            "state",
            "summary",
            "connection",
            "reseller",
            "customer_pc_id",
            "customer_name",
            "target_type",
            "target_id",
            "target_pc_id",
            "target_label",
            "parameters",
            "before",
            "after",
            "result",
            "reason",
            "person",
            "approved_by",
            "batch",
            "follows",
            "attempts",
            "not_before",
            "error",
            "problem",
            "withheld_body",
            "created_at",
            "sent_at",
            "settled_at",
        ]
        read_only_fields = fields

    def get_problem(self, command: Command) -> str:
        """What is wrong and the way on, in the caller's language; "" if nothing is."""
        problem = wording.problem(command)
        return f"{problem.title}. {problem.text} {problem.way}".strip() if problem else ""


class ChangeDetailSerializer(ChangeSerializer):
    """A change with its steps."""

    steps = StepSerializer(many=True, read_only=True)
    stands = serializers.SerializerMethodField()

    class Meta(ChangeSerializer.Meta):
        fields = [*ChangeSerializer.Meta.fields, "steps", "stands"]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_stands(self, command: Command) -> list[str]:
        """Of a chain that stopped at this change: what the confirmed ones before it have left."""
        return chains.standing(command)


class SecretSerializer(serializers.Serializer[Any]):
    """A value that is told once."""

    label = serializers.CharField()  # type: ignore[assignment] # the stubs think of the field's own label
    value = serializers.CharField()


def _acting(summary: str) -> Callable[[F], F]:
    """Describe an endpoint that moves a change on."""
    answers = {200: ChangeDetailSerializer, 404: RefusalSerializer, 409: RefusalSerializer}
    return extend_schema(summary=summary, request=None, responses=answers)


@extend_schema_view(
    list=extend_schema(
        summary="List changes, the newest first",
        parameters=[AskedSerializer],
    ),
    retrieve=extend_schema(summary="Get a change", responses=ChangeDetailSerializer),
)
class ChangeViewSet(ScopedViewSet[Command], viewsets.ReadOnlyModelViewSet[Command]):
    """Changes, and what a person can do about those that need one."""

    rights = {
        "list": "changes.view",
        "retrieve": "changes.view",
        "retry": "changes.settle",
        "give_up": "changes.settle",
        "cancel": "changes.view",
        "approve": "changes.approve",
        "decline": "changes.approve",
        "secrets": "changes.view",
    }
    ordering = ("-pk",)

    def get_serializer_class(self) -> type[ChangeSerializer]:
        """The list leaves the steps out."""
        return ChangeSerializer if self.action == "list" else ChangeDetailSerializer

    def get_queryset(self) -> QuerySet[Command]:
        rows = queries.commands(self.scope)
        if self.action != "list":
            return rows.prefetch_related("steps")
        asked = AskedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        columns = {"customer": "customer_pc_id", "target": "target_id"}
        return rows.filter(
            **{columns.get(name, name): value for name, value in asked.validated_data.items()}
        )

    @_acting("Try a failed change again, or look for one in doubt")
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, **_path: Any) -> Response:
        """After a difference was found, this sends the change all the same."""
        return self._act(request, commands.retry)

    @_acting("Give up a failed or doubtful change")
    @action(detail=True, methods=["post"], url_path="give-up")
    def give_up(self, request: Request, **_path: Any) -> Response:
        """It ends cancelled; its error stays on record."""
        return self._act(request, commands.give_up)

    @_acting("Cancel a change that has not been sent")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_path: Any) -> Response:
        """Its own person may, and whoever may settle changes."""
        return self._act(request, commands.cancel)

    @_acting("Approve a change as the second person")
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, **_path: Any) -> Response:
        """It goes out."""
        return self._act(request, commands.approve)

    @_acting("Decline a change as the second person")
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, **_path: Any) -> Response:
        """It ends cancelled."""
        return self._act(request, commands.decline)

    @extend_schema(
        summary="Read the password that a change was answered with, once",
        request=None,
        responses={200: SecretSerializer(many=True), 404: RefusalSerializer},
    )
    @action(detail=True, methods=["post"])
    def secrets(self, request: Request, **_path: Any) -> Response:
        """For the person who asked alone, within 24 hours; afterwards it is gone."""
        found = secrets.take(Actor.from_request(request), self.scope, self.get_object())
        told = SecretSerializer(
            [{"label": label, "value": value} for label, value in found], many=True
        )
        return Response(told.data, headers={"Cache-Control": "no-store"})

    def _act(self, request: Request, act: Any) -> Response:
        command = self.get_object()
        act(Actor.from_request(request), self.scope, command)
        return Response(self.get_serializer(self.get_object()).data)

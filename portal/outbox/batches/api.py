"""Batches over the API: select by ids, look at the dry run, start, watch, stop.

A script asks ``state`` until it is ``ready``, reads the rows, and starts with the number that it saw;
``awaiting`` means that a second person has to approve it first.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access.api import KeysetPagination, ScopedViewSet
from portal.access.refusals import RefusalSerializer
from portal.activity.actors import Actor
from portal.lists.intake.reading import unusable
from portal.outbox.api_verbs import KEY
from portal.outbox.batches import approving, capturing, queries, registry, rows, steering
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.models import Batch, BatchRow
from portal.outbox.repeating import once

F = TypeVar("F", bound=Callable[..., Any])


class WishedRowSerializer(serializers.Serializer[dict[str, Any]]):
    """One row: the local id of its target, and parameters of its own."""

    id = serializers.IntegerField(min_value=1)
    parameters = serializers.DictField(required=False, default=dict)


class WishSerializer(serializers.Serializer[dict[str, Any]]):
    """What is asked for many. ``parameters`` hold for rows that bring none of their own."""

    verb = serializers.CharField()
    parameters = serializers.DictField(required=False, default=dict)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    rows = WishedRowSerializer(many=True)

    def validate_verb(self, value: str) -> str:
        """Only a verb that can be asked for many."""
        known = [bulk.verb for bulk in registry.all_bulks()]
        if value not in known:
            raise ValidationError(_("One of: %(verbs)s.") % {"verbs": ", ".join(known)})
        return value


class StartSerializer(serializers.Serializer[dict[str, Any]]):
    """``seen``: how many rows could be done when they were looked at."""

    seen = serializers.IntegerField(min_value=1)


class UnusableSerializer(serializers.Serializer[dict[str, Any]]):
    """A line of the file that became no row, and what to do."""

    line = serializers.IntegerField()
    column = serializers.CharField()
    message = serializers.CharField()


class BatchSerializer(serializers.ModelSerializer[Batch]):
    """A batch with its numbers by group of rows."""

    person = serializers.EmailField(source="actor.email", read_only=True)
    counts = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = [
            "id",
            "verb",
            "parameters",
            "reason",
            "state",
            "source",
            "person",
            "counts",
            "left_out",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields

    def get_counts(self, batch: Batch) -> dict[str, int]:
        """Rows by group; left_out counts lines of a file that became no row."""
        return vars(queries.counts(self.context["scope"], batch))

    @extend_schema_field(UnusableSerializer(many=True))
    def get_left_out(self, batch: Batch) -> list[dict[str, Any]]:
        """Lines of the file that could not be used, in the reader's language."""
        return [vars(unusable(line)) for line in batch.left_out]


class BatchRowSerializer(serializers.ModelSerializer[BatchRow]):
    """A row: what it would change, and what became of it."""

    change = serializers.IntegerField(source="command_id", read_only=True, allow_null=True)
    change_state = serializers.CharField(source="command.state", default="", read_only=True)
    problem = serializers.SerializerMethodField()
    code = serializers.SerializerMethodField()
    correlation_id = serializers.SerializerMethodField()

    class Meta:
        model = BatchRow
        fields = [
            "id",
            "position",
            "line",
            "target_id",
            "target_pc_id",
            "target_label",
            "parameters",
            "before",
            "after",
            "state",
            "change",
            "change_state",
            "problem",
            "code",
            "correlation_id",
        ]
        read_only_fields = fields

    def get_problem(self, row: BatchRow) -> str:
        """Why it did not go through; "" if it did."""
        return rows.shown(row).problem

    def get_code(self, row: BatchRow) -> str:
        """That of the rule, or Partner Center's; "" without a problem."""
        return rows.shown(row).code

    def get_correlation_id(self, row: BatchRow) -> str:
        """Under which Partner Center knows its refusal."""
        return rows.shown(row).correlation_id


class RowPagination(KeysetPagination):
    """Rows in their order."""

    def get_ordering(
        self,
        request: Request,  # noqa: ARG002 - DRF's signature
        queryset: QuerySet[Any],  # noqa: ARG002
        view: Any,  # noqa: ARG002
    ) -> tuple[str, ...]:
        """By position."""
        return ("position", "pk")


def _acting(summary: str) -> Callable[[F], F]:
    answers = {200: BatchSerializer, 404: RefusalSerializer, 409: RefusalSerializer}
    return extend_schema(summary=summary, request=None, responses=answers)


@extend_schema_view(
    list=extend_schema(summary="List batches, the newest first"),
    retrieve=extend_schema(summary="Get a batch with its numbers"),
)
class BatchViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    ScopedViewSet[Batch],
):
    """Batches, and what a person can do with them."""

    rights = {
        "list": "changes.view",
        "retrieve": "changes.view",
        "create": "changes.view",
        "rows": "changes.view",
        "start": "changes.view",
        "pause": "changes.view",
        "resume": "changes.view",
        "cancel": "changes.view",
        "retry": "changes.settle",
        "approve": "changes.approve",
        "decline": "changes.approve",
    }
    effects = {"rows": "read"}
    ordering = ("-pk",)
    serializer_class = BatchSerializer

    def get_queryset(self) -> QuerySet[Batch]:
        return queries.batches(self.scope)

    def get_serializer_context(self) -> dict[str, Any]:
        """The numbers are those of what the caller sees."""
        return {**super().get_serializer_context(), "scope": self.scope}

    @extend_schema(
        summary="Prepare a batch: its rows are checked, nothing is sent",
        request=WishSerializer,
        parameters=[KEY],
        responses={201: BatchSerializer, 400: RefusalSerializer, 409: RefusalSerializer},
    )
    @once
    def create(self, request: Request) -> Response:
        """Rows that the caller does not see are not there."""
        asked = WishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        wish = Wish(verb=told["verb"], parameters=told["parameters"], reason=told["reason"])
        own = {row["id"]: row["parameters"] for row in told["rows"]}
        found = registry.get(wish.verb).targets(self.scope, list(own))
        targets = [Target(obj, str(obj), own[pk]) for pk, obj in sorted(found.items())]
        try:
            made = capturing.capture(Actor.from_request(request), self.scope, wish, targets)
        except (capturing.EmptyError, capturing.TooManyError) as error:
            raise ValidationError({"rows": [str(error)]}) from error
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="List the rows of a batch", responses=BatchRowSerializer(many=True))
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, **_path: Any) -> Response:
        """In their order; a page at a time."""
        found = queries.rows(self.scope, self.get_object()).select_related("batch")
        pages = RowPagination()
        page = pages.paginate_queryset(found, request, self) or []
        return pages.get_paginated_response(BatchRowSerializer(page, many=True).data)

    @extend_schema(
        summary="Start a checked batch",
        request=StartSerializer,
        responses={200: BatchSerializer, 404: RefusalSerializer, 409: RefusalSerializer},
    )
    @action(detail=True, methods=["post"])
    def start(self, request: Request, **_path: Any) -> Response:
        """Refused if another number of rows can be done by now."""
        asked = StartSerializer(data=request.data)
        batch = self.get_object()
        asked.is_valid(raise_exception=True)
        return self._act(request, steering.start, batch, seen=asked.validated_data["seen"])

    @_acting("Pause a batch")
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, **_path: Any) -> Response:
        """What has left is seen through."""
        return self._act(request, steering.pause, self.get_object())

    @_acting("Resume a paused batch")
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, **_path: Any) -> Response:
        """It goes on where it stood."""
        return self._act(request, steering.resume, self.get_object())

    @_acting("Cancel what a batch has not sent")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_path: Any) -> Response:
        """What is done stays done."""
        return self._act(request, steering.cancel, self.get_object())

    @_acting("Try the failed rows again")
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, **_path: Any) -> Response:
        """All but those found changed, which want a look of their own."""
        return self._act(request, steering.retry, self.get_object())

    @_acting("Approve a whole batch as the second person")
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, **_path: Any) -> Response:
        """All of its rows go out."""
        return self._act(request, approving.approve, self.get_object())

    @_acting("Decline a whole batch as the second person")
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, **_path: Any) -> Response:
        """It ends cancelled; nothing more of it is sent."""
        return self._act(request, approving.decline, self.get_object())

    def _act(self, request: Request, act: Any, batch: Batch, **more: Any) -> Response:
        act(Actor.from_request(request), self.scope, batch, **more)
        return Response(self.get_serializer(self.get_object()).data)

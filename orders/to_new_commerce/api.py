"""Migrations over the API: the rows, having them read, checking, migrating, and the plans."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import demand
from customers import queries as customer_queries
from orders import queries as subscriptions
from orders.models import Subscription
from orders.placed.read_api import ReadingSerializer
from orders.to_new_commerce import actions, asking, queries, rules
from orders.to_new_commerce.forms import WHEN
from orders.to_new_commerce.models import NceMigration, NceSchedule
from orders.to_new_commerce.part import CYCLES, NOW, PART, RIGHT, TERMS, VIEW
from portal.access.api import ScopedViewSet
from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, upstream_refusal
from portal.connections.models import Connection
from portal.outbox.api_verbs import RowVerbView, Told, VerbSerializer, described

SHARED = [
    "id",
    "pc_id",
    "connection",
    "customer",
    "customer_pc_id",
    "subscription",
    "current_pc_id",
    "status",
    "quantity",
    "term_duration",
    "billing_cycle",
    "full_term",
]
OF_CUSTOMER = [OpenApiParameter("customer", int, description="Id of the customer here")]


class MigrationSerializer(serializers.ModelSerializer[NceMigration]):
    """A migration to new commerce; ``subscription`` is the legacy one."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)

    class Meta:
        model = NceMigration
        fields = [
            *SHARED,
            "catalog_item_id",
            "new_pc_id",
            "new_order_pc_id",
            "started_at",
            "completed_at",
        ]
        read_only_fields = fields


class ScheduleSerializer(serializers.ModelSerializer[NceSchedule]):
    """A planned migration."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)

    class Meta:
        model = NceSchedule
        fields = [*SHARED, "target_date", "on_renewal", "created_at", "modified_at"]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(summary="List migrations to new commerce", parameters=OF_CUSTOMER),
    retrieve=extend_schema(summary="Get a migration to new commerce"),
)
class MigrationViewSet(ScopedViewSet[NceMigration], viewsets.ReadOnlyModelViewSet[NceMigration]):
    serializer_class = MigrationSerializer
    rights = {"list": VIEW, "retrieve": VIEW}

    def get_queryset(self) -> QuerySet[NceMigration]:
        """The rows of the reader, narrowed by the query."""
        return _narrowed(queries.migrations(self.scope), self.request)


@extend_schema_view(
    list=extend_schema(summary="List planned migrations", parameters=OF_CUSTOMER),
    retrieve=extend_schema(summary="Get a planned migration"),
)
class ScheduleViewSet(ScopedViewSet[NceSchedule], viewsets.ReadOnlyModelViewSet[NceSchedule]):
    serializer_class = ScheduleSerializer
    rights = {"list": VIEW, "retrieve": VIEW}

    def get_queryset(self) -> QuerySet[NceSchedule]:
        """The rows of the reader, narrowed by the query."""
        return _narrowed(queries.schedules(self.scope), self.request)


def _narrowed(rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
    customer = request.query_params.get("customer", "")
    return rows.filter(customer=int(customer)) if customer else rows


class ReadMigrationsView(APIView):
    right = demand.RIGHT
    effect = "write"

    @extend_schema(
        summary="Have a customer's migrations read",
        request=None,
        responses={202: ReadingSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A worker asks Partner Center."""
        scope = scope_of(request)
        found = demand.ask(scope, customer_queries.customer(scope, pk), PART, again=True)
        return Response(ReadingSerializer(found.as_json()).data, status=status.HTTP_202_ACCEPTED)


class PlanSerializer(VerbSerializer):
    """What the subscription becomes, and when; ``day`` only with "day"."""

    term = serializers.ChoiceField(choices=TERMS)
    cycle = serializers.ChoiceField(choices=CYCLES)
    quantity = serializers.IntegerField(min_value=1, max_value=10_000_000)
    full_term = serializers.BooleanField(required=False, default=False)
    when = serializers.ChoiceField(choices=[slug for slug, _word in WHEN], default=NOW)
    day = serializers.DateField(required=False, allow_null=True, default=None)


class MigrationCheckSerializer(serializers.Serializer[asking.Checked]):
    """Empty while Partner Center is asked (``waits``); ``reasons`` bar the migration."""

    waits = serializers.BooleanField()
    eligible = serializers.BooleanField(allow_null=True)
    catalog_item_id = serializers.CharField(source="item")
    reasons = serializers.ListField(child=serializers.CharField())


class CheckView(APIView):
    right = RIGHT
    effect = "write"

    @extend_schema(
        summary="Check whether a subscription can be migrated to new commerce",
        request=PlanSerializer,
        responses={
            200: MigrationCheckSerializer,
            404: RefusalSerializer,
            502: UpstreamRefusalSerializer,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Asked of Partner Center. Repeat it while it waits."""
        scope = scope_of(request)
        row = subscriptions.subscription(scope, pk)
        require(scope, RIGHT, row)
        sent = PlanSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        rules.may_migrate(row)
        plan = rules.plan_of(sent.validated_data, row)
        told = asking.check(row, plan, scope.user_id)
        if told.error:
            return upstream_refusal(told.error)
        return Response(MigrationCheckSerializer(told).data)


class MigrationEventSerializer(serializers.Serializer[Told]):
    """Something that has happened."""

    name = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class FollowedSerializer(serializers.Serializer[Told]):
    """Empty while Partner Center is asked (``waits``); the latest event stands last."""

    waits = serializers.BooleanField()
    status = serializers.CharField()
    events = MigrationEventSerializer(many=True)


class FollowView(APIView):
    right = demand.RIGHT
    effect = "write"

    @extend_schema(
        summary="Ask where a migration is and what has happened",
        request=None,
        responses={
            200: FollowedSerializer,
            404: RefusalSerializer,
            502: UpstreamRefusalSerializer,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Asked of Partner Center. Repeat it while it waits."""
        scope = scope_of(request)
        row = queries.migration(scope, pk)
        require(scope, self.right, row)
        told = asking.follow(row, scope.user_id)
        if told.error:
            return upstream_refusal(told.error)
        events = [{"name": name, "at": at} for name, at in told.events]
        answer = {"waits": told.waits, "status": told.status, "events": events}
        return Response(FollowedSerializer(answer).data)


@described("Migrate a subscription to new commerce", "Now, or planned for a day or the renewal.")
class MigrateView(RowVerbView[Subscription]):
    right = RIGHT
    serializer_class = PlanSerializer
    read = staticmethod(subscriptions.subscription)
    act = staticmethod(actions.migrate)


class ScheduleVerbView(RowVerbView[NceSchedule]):
    """A verb of a planned migration."""

    right = RIGHT
    read = staticmethod(queries.schedule)


@described("Change a planned migration", "Until it happens.")
class ReplanView(ScheduleVerbView):
    serializer_class = PlanSerializer
    act = staticmethod(actions.replan)


@described("Cancel a planned migration", "The legacy subscription stays as it is.")
class GiveUpView(ScheduleVerbView):
    act = staticmethod(actions.give_up)
